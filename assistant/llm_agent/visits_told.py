"""The visits behind an answer, and whether another reading of one would change its claim."""

from __future__ import annotations

from assistant.claim import Visit
from assistant.conversation import Answer
from assistant.errors import CodingError
from assistant.tools import BillingTools


def visits_of(answer: Answer) -> list[Visit]:
    """The visits that the answer's claims were worked out from, as the trace keeps them."""
    from pydantic import TypeAdapter  # only where a model was asked, which has loaded it

    told = [call["input"] for call in answer.trace if call["tool"] == "review_visit"]
    reader = TypeAdapter(Visit)
    return [reader.validate_python(given["visit_to_review"]) for given in told]


def changed_lines(tools: BillingTools, visit: Visit, other: Visit) -> bool:
    """Whether two readings of a visit give different lines, or one that cannot be counted."""
    return _lines(tools, visit) != _lines(tools, other)


def _lines(tools: BillingTools, visit: Visit) -> object:
    try:
        review = tools.review_visit(visit)
    except CodingError as error:
        return str(error)
    return sorted((n.code, n.units, sorted(n.modifiers)) for n in review.lines)
