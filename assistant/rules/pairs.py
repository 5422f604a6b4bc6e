"""What the edits between a visit's codes mean for its lines: 59, a question, or a warning."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.claim import Visit
from assistant.conversation import Question
from assistant.evidence import Finding, Reason, Ruling, Severity
from assistant.knowledge import Knowledge, Payer, value_id
from assistant.rules.edits import PairRuling, PairStatus, pair

SEPARATE = "Yes, separate minutes"
NOT_SEPARATE = "No, the minutes were shared"


@dataclass(frozen=True, slots=True)
class PairEffect:
    """What the pairs of a visit bring.

    Attributes:
        attested: two codes, the one of them whose line carries 59, and why.
        checked: every pair looked up, for the trace.
    """

    attested: tuple[tuple[str, str, str, Reason], ...]
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    checked: tuple[Ruling[PairRuling], ...]

    def distinct(self, billed: Container[str]) -> dict[str, Reason]:
        """The billed codes whose lines carry 59, each with the reason."""
        found: dict[str, Reason] = {}
        for one, other, denied, why in self.attested:
            if one in billed and other in billed:
                found.setdefault(denied, why)
        return found


def effect(
    bills: Sequence[Collection[str]], visit: Visit, payer: Payer, knowledge: Knowledge
) -> PairEffect:
    """Look up every pair of billed codes and say what follows for the claim.

    59 is an attestation: it is put on a line only where the visit says that the minutes were
    separate; where nothing is said, it is asked.

    Args:
        bills: the codes billed together; several bills where the counting rule leaves a choice.
    """
    attested: list[tuple[str, str, str, Reason]] = []
    findings: list[Finding] = []
    questions: list[Question] = []
    checked: list[Ruling[PairRuling]] = []
    for one, other in _pairs(bills):
        ruling = pair(
            one, other, on=visit.date_of_service, table=visit.setting, knowledge=knowledge
        )
        checked.append(ruling)
        denied, why, found = _of_pair(ruling, visit, payer)
        findings += found
        if not denied:
            continue
        if visit.separate:
            attested.append((one, other, denied, why))
        elif visit.separate is None:
            questions.append(_ask_separate(one, other, denied))
    return PairEffect(tuple(attested), tuple(findings), tuple(questions), tuple(checked))


def _pairs(bills: Sequence[Collection[str]]) -> Iterator[tuple[str, str]]:
    """Every two codes billed together, named alike in whatever order the visit has them."""
    found = {two for codes in bills for two in combinations(sorted(codes, reverse=True), 2)}
    return iter(sorted(found, reverse=True))


def _of_pair(
    ruling: Ruling[PairRuling], visit: Visit, payer: Payer
) -> tuple[str, Reason, list[Finding]]:
    """The code that needs 59 ("" if none), why, and what to warn of."""
    found, reason = ruling.result, ruling.because[0]
    slug = f"ncci-{found.codes[0]}-{found.codes[1]}"
    own = _payer_edit(found, visit, payer)
    if own is not None:
        return own
    if found.status is PairStatus.NONE:
        if not found.has_lived:
            return "", reason, []
        text = f"{reason.text} {_no_59(visit, payer)}"
        return "", reason, [Finding(slug, Severity.INFO, text, None, reason.statement)]
    if found.status is PairStatus.NOT_HELD:
        return "", reason, [Finding(slug, Severity.INFO, reason.text, None, reason.statement)]
    if found.status is PairStatus.BLOCKED:
        return (
            "",
            reason,
            [Finding(slug, Severity.ERROR, reason.text, found.denied, reason.statement)],
        )
    if found.status is PairStatus.UNCONFIRMED:
        text = f"{reason.text} 59 is not added for an edit that is not confirmed."
        return "", reason, [Finding(slug, Severity.WARNING, text, found.denied, reason.statement)]
    why = Reason(
        f"59: {reason.text} The minutes were separate; the note must show it.",
        "modifier-59-separate-minutes",
    )
    return found.denied, why, [_edit_finding(slug, found, reason, visit)]


def _no_59(visit: Visit, payer: Payer) -> str:
    if payer.kind in ("medicare", ""):
        return "Medicare needs no 59; some other payers still ask for it."
    return (
        f"Whether {payer.name} still runs the ended edit is not known here: ask before adding 59."
    )


def _edit_finding(slug: str, found: PairRuling, reason: Reason, visit: Visit) -> Finding:
    if visit.separate:
        text = f"{reason.text} 59 stands on {found.denied} because the minutes were separate."
        return Finding(slug, Severity.INFO, text, found.denied, reason.statement)
    if visit.separate is False:
        text = f"{reason.text} The minutes were not separate: {found.denied} is not billable."
        return Finding(slug, Severity.ERROR, text, found.denied, reason.statement)
    text = (
        f"{reason.text} 59 goes on {found.denied} if the minutes were separate and not shared, "
        "each with a purpose of its own."
    )
    return Finding(slug, Severity.WARNING, text, found.denied, reason.statement)


def _payer_edit(
    found: PairRuling, visit: Visit, payer: Payer
) -> tuple[str, Reason, list[Finding]] | None:
    value = payer.on("still_edits", visit.date_of_service)
    for edit in value.value if value else ():
        if set(map(str, edit["pair"])) != set(found.codes) or value is None:
            continue
        cited = value_id(f"payer:{payer.id}/still_edits", value)
        on = str(edit["on"])
        text = (
            f"{payer.name} has run its own edit between {' and '.join(found.codes)} after "
            f"Medicare's ended (seen {value.as_of or value.start}); it asks for 59 on {on} where "
            "the minutes were separate. Confirm with the payer."
        )
        slug = f"payer-edit-{payer.id}-{'-'.join(found.codes)}"
        finding = Finding(slug, Severity.WARNING, text, on, cited)
        return on, Reason(f"59: {text}", cited), [finding]
    return None


def _ask_separate(one: str, other: str, denied: str) -> Question:
    return Question(
        id=f"separate-{one}-{other}",
        text=(
            f"Were the minutes of {one} and {other} separate, no minute counted for both, each "
            f"with a purpose of its own? Only then does 59 go on {denied}."
        ),
        options=[SEPARATE, NOT_SEPARATE],
        about=f"{one} + {other}",
    )
