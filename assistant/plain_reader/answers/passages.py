"""Passages that answer a question: the first quoted, the next pointed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.knowledge import Knowledge
from assistant.library import Library, Passage
from assistant.plain_reader.answers import disputed, quoting
from assistant.plain_reader.answers.parts import Parts
from assistant.rules import disputes

SEE_ALSO = 2  # passages pointed to beside the one that is quoted
LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to the library: its words, and what it is about."""

    text: str
    codes: tuple[str, ...]
    payer: str | None
    topics: tuple[str, ...]
    on: date


def find(parts: Parts, asked: Asked, library: Library) -> Sequence[Passage]:
    """The passages that answer, the best first; none where none is relevant."""
    found = library.search(
        asked.text,
        k=LOOKED_AT,
        codes=asked.codes,
        payer=asked.payer,
        topics=asked.topics,
        on=asked.on,
    )
    parts.worksheet.record(
        "find_passages",
        {"query": asked.text, "topics": asked.topics},
        {"search": found.mode, "note": found.note, "passages": [p.id for p in found.passages]},
    )
    return found.passages


def tell(
    parts: Parts, found: Sequence[Passage], knowledge: Knowledge, wanted: Sequence[str] = ()
) -> bool:
    """Quote the first passage and point to the next; False where there is none.

    Args:
        wanted: codes that the passage to be quoted must all be about; the others are pointed to.
    """
    of_all = [p for p in found if set(wanted) <= set(p.codes)]
    ordered = [*of_all, *(p for p in found if p not in of_all)]
    if of_all:
        quoting.quote(parts, ordered[0], knowledge)
        touched = disputes.on_guide(knowledge.disputes, ordered[0].document)
        disputed.add(parts, touched, knowledge)
    named = {p.title: p for p in reversed(ordered)}
    titles = dict.fromkeys(p.title for p in ordered)
    more = [named[t] for t in titles if not (of_all and t == ordered[0].title)]
    if more:
        pointers = [quoting.pointer(parts, p, knowledge) for p in more[:SEE_ALSO]]
        parts.say("**See also**", *pointers)
    return bool(found)
