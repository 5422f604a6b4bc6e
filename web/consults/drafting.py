"""A letter as a draft reply: what it asks is put to the assistant, and the answer into words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.answering import Assistant
from assistant.conversation import Answer, AnswerKind, Inquiry
from assistant.plain_data import to_data
from web.consults import bodies, wording
from web.consults.asking import Asked, asked
from web.consults.letters import Desk, Draft, Letter, Turn
from web.consults.merging import merged
from web.consults.versions import versions

UNANSWERABLE = "unanswerable"
_SEVERITIES = ("error", "warning", "info")
_PREFIX = re.compile(r"(?i)\A(?:\s*(?:re|aw|sv|antw)\s*(?:\[\d+\])?\s*:)+\s*")


def draft(
    letter: Letter,
    desk: Desk,
    assistant: Assistant,
    today: date,
    earlier: Sequence[Turn] = (),
    sealed: str = "",
) -> Draft:
    """The first version of a reply.

    Args:
        earlier: what was said in the thread before, the oldest first.
        sealed: why the letter's text cannot be read, where it cannot.
    """
    wanted = Asked(()) if sealed else asked(letter, assistant, goes_on=bool(earlier))
    told = versions(assistant)
    if wanted.messages:
        answer = _answer(wanted, assistant, today, earlier)
        middle = [wording.opening(letter, answer), wording.answered(answer, assistant.knowledge)]
        kind = answer.kind.value
    else:
        middle, kind = [wording.unanswerable(letter, sealed)], UNANSWERABLE
        answer = Answer(AnswerKind.CLARIFY, middle[0], engine=assistant.engine)
    parts = [
        wording.greeting(),
        *middle,
        *wording.closing(answer, wanted, letter),
        wording.sources(answer.citations),
        wording.foot(desk, told, today),
    ]
    return _made("\n\n".join(filter(None, parts)), kind, letter, wanted, answer, told, assistant)


def _answer(wanted: Asked, assistant: Assistant, today: date, earlier: Sequence[Turn]) -> Answer:
    """The answers to all that is asked as one; only the first goes on from what was said before."""
    said = tuple(assistant.mask(turn.asked).text for turn in earlier if turn.asked.strip())
    first, *others = wanted.messages
    inquiries = [(*said, first), *((other,) for other in others)]
    return merged([assistant.answer(Inquiry(messages, today)) for messages in inquiries])


def _made(
    body: str,
    kind: str,
    letter: Letter,
    wanted: Asked,
    answer: Answer,
    told: dict[str, str],
    assistant: Assistant,
) -> Draft:
    text, page = bodies.plain(body), bodies.html(body)
    severities = [s for s in _SEVERITIES if any(f.severity == s for f in answer.findings)]
    return Draft(
        subject=reply_subject(assistant.mask(letter.subject).text),
        body=body,
        text=text,
        html=page,
        body_hash=bodies.body_hash(body, text, page),
        answer=to_data(answer.to_dict()),
        asked=wanted.messages,
        made_by=answer.engine,
        kind=kind,
        is_complete=not wanted.masked and _is_complete(kind, letter, answer, severities),
        severity=severities[0] if severities else "",
        payers=tuple(dict.fromkeys(c.payer for c in answer.claims if c.payer)),
        codes=tuple(_codes(answer)),
        versions=told,
    )


def _is_complete(kind: str, letter: Letter, answer: Answer, severities: list[str]) -> bool:
    settled = kind in (AnswerKind.CLAIM, AnswerKind.CODE_CHOICE, AnswerKind.GUIDANCE)
    grave = {"error", "warning"} & set(severities)
    open_choice = any(choice.code is None for choice in answer.code_choices)
    plain = not (letter.attachments or letter.notes or wording.is_angry(letter))
    return settled and plain and not (grave or open_choice or answer.questions)


def _codes(answer: Answer) -> Iterator[str]:
    billed = (line.code for claim in answer.claims for line in claim.lines)
    chosen = (choice.code for choice in answer.code_choices if choice.code)
    yield from dict.fromkeys([*billed, *chosen])


def reply_subject(subject: str) -> str:
    """The letter's subject with one "Re: " before it."""
    return f"Re: {_PREFIX.sub('', subject).strip() or 'your question'}"


def edited(made: Draft, body: str, by: str) -> Draft:
    """Another version with a body that a person wrote; the answer behind it stays."""
    body = body.replace("\r\n", "\n").replace("\0", "").strip()
    text, page = bodies.plain(body), bodies.html(body)
    digest = bodies.body_hash(body, text, page)
    return replace(made, body=body, text=text, html=page, body_hash=digest, made_by=by)
