"""Minutes told without any code: how many units they are."""

from __future__ import annotations

from datetime import date

from assistant.claim import CountingRule
from assistant.conversation import AnswerKind, Claim, Question
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.known import Facts
from assistant.tools import BillingTools

LEAST = 8  # minutes of a code that earn its first unit where each code counts alone


def count(parts: Parts, facts: Facts, tools: BillingTools, today: date) -> None:
    """Minutes without a code: how many units they are of any one timed code.

    Where the payer adds all timed minutes together, they are as many of any codes.
    """
    total = sum(facts.loose_minutes)
    are_pooled = _counts(facts, tools, today) is CountingRule.CMS
    ruling = parts.worksheet.call(
        tools.count_units, minutes={"97530": total}, counting_rule=CountingRule.CMS
    )
    allocation = ruling.result
    parts.kind = AnswerKind.CLAIM
    claimed = facts.claimed.get("")
    mark = parts.worksheet.cite("units-total-sets-count")
    word = "unit" if allocation.total_units == 1 else "units"
    parts.say(
        f"**{total} timed minutes are {allocation.total_units} {word}** "
        + (_OF_ANY if are_pooled else _OF_ONE)
        + f" [{mark}]."
    )
    if claimed is not None and claimed != allocation.total_units:
        parts.say(f"Not {claimed}: the minutes decide, and nothing said in a message changes that.")
        _say_by_code(parts, total, claimed)
    parts.claims.append(
        Claim(
            payer=facts.payer.id if facts.payer else None,
            counting_rule=CountingRule.CMS.value,
            date_of_service=None,
            discipline=facts.discipline.value if facts.discipline else None,
            lines=[],
            total_timed_minutes=total,
            total_treatment_minutes=facts.treatment_total,
            timed_units=allocation.total_units,
        )
    )
    if not are_pooled:
        text = "Which code were the minutes?"
        parts.questions.append(Question("code", text, ["97110", "97530", "97535"], "line"))


def _counts(facts: Facts, tools: BillingTools, today: date) -> CountingRule | None:
    """How the payer counts, where the message or a settled value of the payer says so."""
    if facts.rule is not None or facts.payer is None:
        return facts.rule
    day = facts.day.day if facts.day else today
    known = tools.look_up_payer(facts.payer.id).on("counting_rule", day)
    settled = known is not None and known.certainty.is_settled
    return CountingRule(known.value) if known and settled else None


_OF_ONE = "by either counting rule if they are all of one 15-minute code"
_OF_ANY = (
    "where the day's timed minutes are added together, whichever 15-minute codes they were: the "
    "minutes of each code then say on which line each unit stands"
)


def _say_by_code(parts: Parts, total: int, claimed: int) -> None:
    """Whether a payer that counts each code alone could pay the units named, and of how many."""
    codes = next((n for n in range(2, claimed + 1) if _most(total, n) >= claimed), None)
    mark = parts.worksheet.mark("units-midpoint-rule")
    if codes is not None:
        parts.say(
            f"Where the payer counts each code alone, {claimed} units would need the minutes to "
            f"lie on {codes} or more codes{mark}; Medicare adds them up."
        )


def _most(total: int, codes: int) -> int:
    """The most units that so many codes can earn of the minutes, each counted alone."""
    if total < LEAST * codes:
        return 0
    return codes + (total - LEAST * codes) // 15
