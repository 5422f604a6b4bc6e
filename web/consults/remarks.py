"""What reviewers write: remarks are kept masked, and an edit brings no patient's number in."""

from __future__ import annotations

from collections.abc import Iterator

from assistant import privacy
from assistant.errors import CodingError
from web.consults.letters import Mark
from web.consults.texts import clean

LONGEST_BODY = 100_000
LONGEST_REMARK = 10_000
PATIENTS = (  # kinds that can only be a patient's; a name or an address may be the desk's own
    "account number",
    "date of birth",
    "health plan number",
    "record number",
    "social security number",
)


class UnusableEdit(CodingError):
    """The text cannot be kept; says what to do."""


def usable_body(body: str, before: str) -> str:
    """An edited draft as it may be kept.

    Args:
        before: the version that was edited; what stood there stays.

    Raises:
        UnusableEdit: it is empty or too long, or brings a patient's number in.
    """
    body = _usable(body, LONGEST_BODY)
    found = {mark.shown: kind for mark, kind in _added(body, before) if kind in PATIENTS}
    if found:
        kinds = ", ".join(dict.fromkeys(found.values()))
        raise UnusableEdit(
            f"This looks like a patient's {kinds}. A reply needs none: take it out, then save."
        )
    return body


def usable_reason(text: str) -> str:
    """A reason as it is kept, masked.

    Raises:
        UnusableEdit: it is empty or too long.
    """
    return privacy.mask(_usable(text, LONGEST_REMARK)).text


def usable_note(text: str) -> str:
    """A note as it is kept, masked; it may be empty.

    Raises:
        UnusableEdit: it is too long.
    """
    return usable_reason(text) if text.strip() else ""


def identifiers(body: str, before: str) -> tuple[Mark, ...]:
    """The stretches that an edit brought in and that look like somebody's identifier."""
    return tuple(mark for mark, _ in _added(body, before))


def _added(body: str, before: str) -> Iterator[tuple[Mark, str]]:
    """Each with its kind. What the version before says too was not brought in."""
    for span in privacy.find(body):
        shown = body[span.start : span.end]
        if shown not in before:
            why = f"This looks like a patient identifier ({span.kind}); a reply needs none."
            yield Mark(span.start, span.end, shown, why), span.kind


def _usable(text: str, longest: int) -> str:
    text = clean(text).strip()
    if not text or len(text) > longest:
        raise UnusableEdit(f"Write something, up to {longest:,} characters.")
    return text
