"""What a conversation is made of, and what may be said in one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.conversation import Answer
from assistant.errors import CodingError
from web.errors import NotKept

LONGEST_MESSAGE = 20_000  # characters
TITLE = 80

GONE = "This conversation is not kept here (any more)."


class UnusableMessage(CodingError):
    """The message cannot be taken; says what to do."""


class NoSuchConversation(NotKept):
    """No conversation is kept under that id."""


class State(StrEnum):
    """How far the answer to a message is."""

    ASKED = "asked"
    ANSWERED = "answered"
    STOPPED = "stopped"
    FAILED = "failed"


class Thumb(StrEnum):
    """What the asker thinks of an answer."""

    UP = "up"
    DOWN = "down"
    NONE = ""


REASONS = {
    "code": "Wrong code",
    "units": "Wrong units",
    "modifiers": "Wrong modifier",
    "misread": "My message was misread",
    "source": "The source does not say that",
    "missing": "Something is missing",
    "unclear": "Hard to understand",
}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message of the user and its answer.

    Attributes:
        masked: kinds of identifiers taken out of the text before it was kept.
        answer: None until there is one.
        reason: key of `REASONS`, or "".
        consult_id: the consult as which it was put before the reviewers.
    """

    position: int
    text: str
    masked: tuple[str, ...]
    answer: Answer | None
    state: State = State.ANSWERED
    thumb: Thumb = Thumb.NONE
    reason: str = ""
    note: str = ""
    consult_id: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it stands among those before it.

    Attributes:
        token: what its form carried, so that a form sent twice is one message.
        ticket: names one try to answer.
    """

    position: int
    text: str
    token: str
    state: State
    ticket: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A conversation as a list shows it."""

    id: str
    title: str
    updated: datetime
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with all that was said."""

    id: str
    title: str
    exchanges: tuple[Exchange, ...]
    pinned: bool = False

    @property
    def next_position(self) -> int:
        """Where the next message goes."""
        return self.exchanges[-1].position + 1 if self.exchanges else 0

    def at(self, position: int) -> Exchange:
        """The exchange at a place.

        Raises:
            NoSuchConversation: nothing stands there.
        """
        for exchange in self.exchanges:
            if exchange.position == position:
                return exchange
        raise NoSuchConversation("This message is not kept here (any more).")


def new_id() -> str:
    """An id nobody can guess."""
    return uuid.uuid4().hex


def plain(name: str) -> str:
    """An id or token as a database can look it up: PostgreSQL takes no zero bytes."""
    return name.replace("\x00", "")[:64]


def checked(text: str) -> str:
    """The message without surrounding space.

    Raises:
        UnusableMessage: it is empty or too long.
    """
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    text = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be kept
    if not text:
        raise UnusableMessage(
            "Nothing was written yet. Describe the visit: codes or activities, minutes, payer."
        )
    if len(text) > LONGEST_MESSAGE:
        raise UnusableMessage(
            f"This is {len(text):,} characters; one message takes up to {LONGEST_MESSAGE:,}. "
            "Keep the visit you ask about and send the rest as a second message."
        )
    return text


def title_of(text: str) -> str:
    """A title from a message's first words."""
    line = " ".join(text.split())
    if len(line) <= TITLE:
        return line
    return line[:TITLE].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
