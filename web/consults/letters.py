"""The nouns of a mailed question: the letter, what may be done with it, and the draft reply.

All that is made of them is pure: `parsing.take_in` makes a letter and its verdict of bytes,
`drafting.draft` a draft of a letter, `replying.build` bytes of both, `receipts` what is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Ours = Callable[[Collection[str]], Collection[str]]
"""Of some message ids, those under which we have sent a mail (`outgoing.message_id`)."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers: the address that clinics write to, and what its replies say of it.

    Attributes:
        address: the desk's own address; replies come from it.
        name: shown beside the address.
        aliases: other addresses of the desk; mail from them is our own too.
        allowed: senders answered without asking: addresses, or "@domain" for a whole one.
            Empty: every sender is held for a person.
        authenticator: name of the mail server whose check of the sender counts (the first word of
            its Authentication-Results); then only senders that pass DMARC there are known.
        person: how to reach a person, as one sentence for the reply's foot.
        largest: bytes of a mail that is read whole.
    """

    address: str
    name: str = "Coding desk"
    aliases: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    authenticator: str = ""
    person: str = "To reach a person, answer this mail and say so."
    largest: int = 20_000_000

    @property
    def domain(self) -> str:
        """The domain of the desk's address; its message ids end in it."""
        return self.address.rpartition("@")[2].lower() or "localhost"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a letter.

    Attributes:
        name: as the sender calls it, made safe to show; never a path to open.
        size: bytes after decoding.
        text: what it says; "" where it was not read.
        note: why it was not read, or what to know about it; "" where all is well.
    """

    name: str
    content_type: str
    size: int
    text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as a person reads it. Every text is free of NUL and lone surrogates.

    Attributes:
        message_id: with its angle brackets; "" where the mail names none that can be used.
        answers: ids that In-Reply-To names.
        references: ids that References names, the oldest first.
        thread: those ids of ours that the two name, the newest last; () for a first letter.
        sender: address of From; "" where there is none.
        reply_to: the address a reply goes to: Reply-To where it names one, else From.
        text: what is new; the whole where nothing was split off.
        quoted: the history below or between it, split off only from answers to our own mail.
        whole: new and quoted as written.
        date: as the mail says it; None where it says none that can be read.
        notes: what the reviewer has to know ("is signed", "text was cut at 200,000 characters").
    """

    message_id: str = ""
    answers: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    thread: tuple[str, ...] = ()
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    quoted: str = ""
    whole: str = ""
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()


class Fate(StrEnum):
    """What may be done with a mail."""

    ANSWER = "answer"
    HOLD = "hold"  # readable, but a person says first whether it is answered
    AUTOMATIC = "automatic"  # written by a program or a list: never answered
    BOUNCE = "bounce"  # about a mail of ours
    OWN = "own"  # from the desk itself
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be done with a mail, and why.

    Attributes:
        reason: one sentence for the queue page; holds no address and no text of the mail.
        about: ids of our own mails that a bounce, a receipt or an automatic answer is about.
        failed: whether a bounce says that our mail will not arrive (False for "delayed").
        status: its status code, such as "5.1.1"; "" where it names none.
    """

    fate: Fate
    reason: str
    about: tuple[str, ...] = ()
    failed: bool = False
    status: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A mail taken in: what it says and what may be done with it."""

    letter: Letter
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier exchange of the same thread: what was asked (masked), what was replied."""

    asked: str
    replied: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of a reply; it never changes, an edit makes another.

    Attributes:
        subject: of the reply.
        body: Markdown, as a reviewer edits it; the two below are made of it.
        text: the plain-text part.
        html: the HTML part.
        body_hash: SHA-256 over the three; what an approval names.
        answer: the Answer as JSON data, with its trace.
        asked: what the assistant was asked, masked.
        made_by: "embedded", "provider:name", or the reviewer who edited it.
        kind: what the reply is: the Answer's kind, or "unanswerable" where nothing could be asked.
        is_complete: a claim, choice or guidance without questions, warnings or unread parts;
            only such a draft may be sent by policy.
        severity: the gravest finding ("error", "warning", "info"), "" for none.
        payers, codes: for the queue's filters.
        versions: of rules, data and program, by name.
    """

    subject: str
    body: str
    text: str
    html: str
    body_hash: str
    answer: dict[str, Any]
    asked: tuple[str, ...]
    made_by: str
    kind: str
    is_complete: bool
    severity: str = ""
    payers: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of an edited draft that the tools' results do not hold.

    Attributes:
        start, end: characters of the body.
        shown: the stretch itself.
        why: one sentence for the reviewer.
    """

    start: int
    end: int
    shown: str
    why: str
