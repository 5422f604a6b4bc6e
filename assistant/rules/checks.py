"""What else a careful biller checks on a visit, and what is still to be asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from assistant.claim import Clinician, CountingRule, Discipline, Visit
from assistant.conversation import Question
from assistant.evidence import Finding, Severity
from assistant.knowledge import Knowledge, Payer, value_id
from assistant.rules import assistants, edits
from assistant.rules.counting import Counted
from assistant.rules.units import units_of

COGNITIVE = ("97129", "97130")
FIRST_DAY = date(2018, 1, 1)  # what we hold begins here
LONG_DAY = 4 * 60  # minutes of therapy in a day that nobody bills without a second look
SHORT_EVALUATION = 11  # one contractor wants the midpoint of the shortest typical evaluation

POOLED = "It adds all timed minutes together"
EACH_ALONE = "It counts each code alone"


def findings(
    counted: Counted, visit: Visit, payer: Payer, knowledge: Knowledge
) -> tuple[Finding, ...]:
    """Limits, statuses and people that a payer would stop at."""
    return (
        *_limits(counted, visit, payer, knowledge),
        *_statuses(counted, visit, payer, knowledge),
        *_people(counted, visit, knowledge),
        *_unusual(counted, visit, knowledge),
        *_cognitive_pool(counted, knowledge),
    )


def _cognitive_pool(counted: Counted, knowledge: Knowledge) -> Iterator[Finding]:
    """97129 and 97130 count apart here; whether Medicare pools them is only remembered."""
    if counted.rule is not CountingRule.CMS:
        return
    minutes = {c: s.therapist + s.assistant for c, s in counted.shares.items()}
    pooled = sum(m for c, m in minutes.items() if knowledge.code(c).is_pooled)
    cognitive = sum(m for c, m in minutes.items() if c in COGNITIVE)
    together = units_of(pooled + cognitive)
    apart = units_of(pooled) + sum(counted.units.get(c, 0) for c in COGNITIVE)
    if not pooled or not cognitive or together == apart:
        return
    yield Finding(
        "cognitive-pool",
        Severity.WARNING,
        f"97129 and 97130 are counted on their own clock: {apart} units with the rest. If the "
        f"payer pools their minutes with the others, {pooled + cognitive} minutes are {together}. "
        "Ask your contractor.",
        "97129",
        "units-cognitive-pool",
    )


def _limits(
    counted: Counted, visit: Visit, payer: Payer, knowledge: Knowledge
) -> Iterator[Finding]:
    for code, n in _most_units(counted).items():
        yield from edits.unit_limit(
            code, n, on=visit.date_of_service, table=visit.setting, knowledge=knowledge
        )
    limit = payer.on("daily_unit_limit", visit.date_of_service)
    if limit is not None and counted.timed_units > int(limit.value):
        seen = limit.as_of or str(limit.start)
        yield Finding(
            f"payer-limit-{payer.id}",
            Severity.WARNING,
            f"{counted.timed_units} timed units: {payer.name} pays at most {limit.value} a day "
            f"as far as was seen ({seen}). {limit.note}".strip(),
            None,
            value_id(f"payer:{payer.id}/daily_unit_limit", limit),
        )


def _most_units(counted: Counted) -> dict[str, int]:
    """Code to its most units in any bill that the counting rule permits."""
    most: dict[str, int] = {}
    for bill in counted.alternatives:
        for code, n in bill.items():
            most[code] = max(n, most.get(code, 0))
    return most


_MEDICARE_STATUS = {
    "I": ("not valid for Medicare", "medicare-97014-invalid"),
    "B": ("bundled: Medicare never pays it apart", "medicare-97010-bundled"),
    "N": ("not covered by Medicare", None),
}


def _statuses(
    counted: Counted, visit: Visit, payer: Payer, knowledge: Knowledge
) -> Iterator[Finding]:
    if not (payer.is_medicare or payer.kind == "medicare-advantage"):
        return
    for code in _most_units(counted):
        held = knowledge.statuses.get((code, visit.date_of_service.year))
        if held is None or held[0] not in _MEDICARE_STATUS:
            continue
        words, statement = _MEDICARE_STATUS[held[0]]
        note = f" {held[1]}" if held[1] else ""
        yield Finding(
            f"status-{code}",
            Severity.ERROR,
            f"{code} is {words} (status {held[0]}).{note}",
            code,
            statement if statement in knowledge.statements else None,
        )


_EVALUATIONS = frozenset(str(n) for n in range(97161, 97169))


def _people(counted: Counted, visit: Visit, knowledge: Knowledge) -> Iterator[Finding]:
    assisted = {s.code for s in visit.services if s.by is Clinician.ASSISTANT}
    for code in sorted(assisted & _EVALUATIONS):
        yield Finding(
            f"assistant-evaluation-{code}",
            Severity.ERROR,
            f"{code}: an assistant cannot furnish an evaluation; the therapist must.",
            code,
            "cq-co-no-evaluation",
        )
    if assisted and visit.discipline is Discipline.SLP:
        yield Finding(
            "slp-assistant",
            Severity.ERROR,
            "Speech-language pathology has no assistant modifier: Medicare does not pay an SLP "
            "assistant's service.",
            None,
            "cq-co-no-slp",
        )
    if assisted and not assistants.modifier_required(visit.date_of_service, knowledge):
        yield Finding(
            "cq-co-not-yet",
            Severity.INFO,
            f"CQ and CO did not exist on {visit.date_of_service}: required since 2020-01-01.",
            None,
            "cq-co-required-2020",
        )


def _unusual(counted: Counted, visit: Visit, knowledge: Knowledge) -> Iterator[Finding]:
    if counted.timed_minutes > LONG_DAY:
        yield Finding(
            "long-day",
            Severity.WARNING,
            f"{counted.timed_minutes} timed minutes in a day are unusual: check the record.",
        )
    for code in sorted(_EVALUATIONS & counted.shares.keys()):
        share = counted.shares[code]
        minutes = share.therapist + share.assistant
        if 0 < minutes < SHORT_EVALUATION:
            yield Finding(
                f"short-evaluation-{code}",
                Severity.WARNING,
                f"{code}: {minutes} minutes are very short for an evaluation.",
                code,
                "evaluation-very-short",
            )
    if visit.date_of_service < FIRST_DAY:
        yield Finding(
            "before-2018",
            Severity.WARNING,
            f"The rules held here begin on {FIRST_DAY}; {visit.date_of_service} is earlier.",
        )
    yield from _expired(counted, visit, knowledge)


def _expired(counted: Counted, visit: Visit, knowledge: Knowledge) -> Iterator[Finding]:
    ends = {
        "edits": knowledge.edits_end(_most_units(counted), visit.setting),
        "limits": knowledge.limits_end(visit.setting),
    }
    over = {what: end for what, end in ends.items() if visit.date_of_service > end}
    if not over:
        return
    if len(set(over.values())) < len(over):
        over = {" and ".join(over): ends["edits"]}
    told = "; ".join(f"the {what} held here end on {end}" for what, end in over.items())
    yield Finding(
        "after-tables",
        Severity.WARNING,
        f"{told[0].upper()}{told[1:]}; for {visit.date_of_service} look them up in that quarter's "
        "tables.",
    )


def questions(
    visit: Visit,
    payer: Payer,
    counted: Counted,
    other: dict[str, int] | None,
    knowledge: Knowledge,
) -> list[Question]:
    """What would change the claim and is not known yet."""
    found = []
    if other is not None and visit.counting_rule is None and _rule_is_open(visit, payer):
        found.append(_ask_rule(visit, payer))
    if len(counted.alternatives) > 1:
        found.append(_ask_tie(counted))
    unlocked = [c for c in _most_units(counted) if not knowledge.code(c).locked]
    if visit.discipline is None and any(knowledge.code(c).therapy != "no" for c in unlocked):
        found.append(
            Question(
                "discipline",
                "Whose plan of care is it: PT (GP), OT (GO) or SLP (GN)?",
                ["PT", "OT", "SLP"],
                "claim",
            )
        )
    return found


def _rule_is_open(visit: Visit, payer: Payer) -> bool:
    return visit.payer is None or payer.on("counting_rule", visit.date_of_service) is None


def _ask_rule(visit: Visit, payer: Payer) -> Question:
    if visit.payer is None:
        return Question(
            "payer",
            "Which payer? The two counting rules differ for these minutes.",
            ["Medicare", POOLED, EACH_ALONE],
            "claim",
        )
    return Question(
        "counting-rule",
        f"How does {payer.name} count? The two rules differ for these minutes: does it add all "
        "timed minutes together, or count each code alone?",
        [POOLED, EACH_ALONE],
        "claim",
    )


def _ask_tie(counted: Counted) -> Question:
    options = [
        ", ".join(f"{code} x {n}" for code, n in units.items()) for units in counted.alternatives
    ]
    return Question(
        "tie",
        "The minutes left over are equal: which code takes the unit? The clinician chooses; "
        "record the choice.",
        [f"Bill {option}" for option in options],
        "claim",
    )
