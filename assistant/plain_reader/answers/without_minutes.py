"""What is told without minutes beside what has them: named, since it adds nothing to the claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.flowchart import Flowchart
from assistant.patterns import regex
from assistant.plain_reader.activities import chart_answers
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.mentions import minutes
from assistant.plain_reader.words.clauses import goes_with

MOST_NAMED = 3
_BETWEEN = regex(r"[;\n,+]|\.\s|\b(?:and\s+)?then\b|\bfollowed by\b|\bplus\b", re.I)
_CONTENT = regex(r"\([^)\n]*\)|:[^.;\n]*")  # «TE 15 min (squats, bridges)», «TE 15: squats»
_JOINED = regex(r"^(?:and|also|did)\s+", re.I)
_NOT_DONE = regex(
    r"\b(?:next|plan\w*|goals?|will|continue\w*|reports?|states?|denies|denied|complain\w*|hx|history"
    r"|s/p|status post|dx|diagnosis|tolerated|no|not|without|refused|declined|held|instead|due|for"
    r"|may|can|should|how|what|which|why|if|hep|home|units?|bill\w*|code\w*|eval\w*)\b|\?",
    re.I,
)


def say(
    parts: Parts,
    text: str,
    chart: Flowchart,
    codes_of: Callable[[str], object],
    is_told: Callable[[str], bool],
) -> None:
    """Name each part of the message that has no minutes and no line of the claim.

    Args:
        codes_of: the codes that a text names.
        is_told: whether a text tells of treatment.
    """
    billed = {line.code for claim in parts.claims for line in claim.lines}
    billed |= {one.code for claim in parts.claims for one in claim.unbilled}
    found = []
    for piece in _pieces(text):
        if minutes.find(piece) or codes_of(piece) or _NOT_DONE.search(piece):
            continue
        if chart_answers.stands_alone(piece, chart) and is_told(piece):
            choice = chart_answers.choose(piece, chart).result
            if choice.candidates and billed.isdisjoint(choice.candidates):
                found.append(piece)
    for piece in found[:MOST_NAMED]:
        parts.assumptions.append(
            f"«{piece}» has no minutes of its own and adds none to the claim. If it was done apart "
            "from the rest, say how long."
        )


def _pieces(text: str) -> Iterator[str]:
    for piece in _BETWEEN.split(_CONTENT.sub(" ", text)):
        said = _JOINED.sub("", piece.strip(" .-"))
        if said and not goes_with(said):
            yield said
