"""Works out again what a document claims, with the tools that answers use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import singledispatchmethod

from assistant.claim import ClaimLine, CountingRule, Discipline, Service, Setting, Visit
from assistant.errors import CodingError
from assistant.knowledge import Knowledge
from assistant.rules.units import Allocation
from assistant.tools import BillingTools
from ingest.claims.agreeing import (
    Held,
    agrees,
    pair_held,
    refutes,
    same,
    shown,
    units_held,
    unnamed,
    within,
)
from ingest.claims.nouns import (
    Amount,
    Band,
    Claim,
    DayLimit,
    Ended,
    Example,
    Fee,
    Interval,
    Outdated,
    PaidAlike,
    Pair,
    RuleOfThumb,
    Share,
    Together,
)

ANY_CODE = ("97110", "97530", "97112", "97140", "97116")  # stand for codes an example leaves out
_ALIKE = Decimal("0.05")  # how far apart two amounts may lie that are "about the same"
_PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Document:
    """What matters of the document that a claim stands in.

    Attributes:
        on: the day on which it is read, where it names no year.
        own_rules: whether a payer or a clinic speaks in it, whose rules may be its own.
    """

    on: date
    own_rules: bool = False


class Recomputing:
    """Holds claims against the tools."""

    def __init__(self, tools: BillingTools, knowledge: Knowledge) -> None:
        self._tools = tools
        self._knowledge = knowledge

    def contradicted(self, claim: Claim, document: Document) -> Held | None:
        """What our tools give instead; None where they agree or hold nothing on it."""
        if (
            document.own_rules
            and not claim.names_medicare
            and not isinstance(claim, Example | Band)
        ):
            return None
        try:
            held: Held | None = self._check(claim, document)
        except CodingError:  # a code, a year or minutes that no tool here judges
            return None
        return held

    @singledispatchmethod
    def _check(self, claim: Claim, document: Document) -> Held | None:
        raise NotImplementedError(type(claim).__name__)

    # Units

    @_check.register
    def _example(self, claim: Example, document: Document) -> Held | None:
        names = dict(zip([c for c in claim.minutes if unnamed(c)], ANY_CODE, strict=False))
        minutes = {names.get(code, code): spent for code, spent in claim.minutes.items()}
        rules = (CountingRule.CMS,) if claim.names_medicare else tuple(CountingRule)
        counted = [self._tools.count_units(minutes, rule) for rule in rules]
        if any(agrees(claim, one.result, names) for one in counted):
            cms = counted[0].result
            return self._tie(cms) if claim.tops and len(cms.alternatives) > 1 else None
        return units_held(counted[0], named=not names)

    def _tie(self, result: Allocation) -> Held:
        choices = " or ".join(shown(one) for one in result.alternatives)
        return Held(
            f"{result.total_units} units, but the last is a tie that the clinician decides: "
            f"{choices}",
            "units-tie-clinician-chooses",
        )

    @_check.register
    def _band(self, claim: Band, document: Document) -> Held | None:
        first = self._count(claim.first)
        last = self._count(claim.last) if claim.last is not None else claim.units
        below = self._count(claim.first - 1) if claim.first else claim.units - 1
        above = self._count(claim.last + 1) if claim.last is not None else claim.units + 1
        if (first, last, below, above) == (
            claim.units,
            claim.units,
            claim.units - 1,
            claim.units + 1,
        ):
            return None
        start = next(m for m in range(24 * 60) if self._count(m) == claim.units)
        end = next(m for m in range(start, 24 * 60) if self._count(m + 1) > claim.units)
        shown = "unit is" if claim.units == 1 else "units are"
        return Held(f"{claim.units} {shown} {start} to {end} minutes", "units-bands")

    def _count(self, minutes: int) -> int:
        return self._tools.count_units({ANY_CODE[0]: minutes}, CountingRule.CMS).result.total_units

    @_check.register
    def _rule_of_thumb(self, claim: RuleOfThumb, document: Document) -> Held | None:
        dispute = next(one for one in self._knowledge.disputes if one.id == claim.dispute)
        given = {str(code): minutes for code, minutes in dispute.check["given"].items()}
        counted = self._tools.count_units(given, CountingRule.CMS)
        published = {str(code): n for code, n in dispute.check["published"].items()}
        if counted.result.units == published:
            return None
        spent = " and ".join(f"{minutes} of {code}" for code, minutes in given.items())
        return Held(
            f"Medicare pools the day's minutes: {spent} minutes are {shown(counted.result.units)}",
            dispute.statements[0],
        )

    # Edits

    @_check.register
    def _pair(self, claim: Pair, document: Document) -> Held | None:
        if claim.year is not None and claim.year != document.on.year:
            return None
        asked = [
            (one, other) for n, one in enumerate(claim.codes) for other in claim.codes[n + 1 :]
        ]
        rulings = [
            self._tools.check_edit_pair(one, other, document.on, table)
            for one, other in asked
            for table in (Setting.PRACTITIONER, Setting.OUTPATIENT_HOSPITAL)
        ]
        wrong = [one for one in rulings if refutes(one.result, claim.together)]
        practitioner = rulings[::2]
        if claim.together is Together.FREE:
            refuted = wrong
        else:  # one edit in either table would bear the sentence out
            refuted = practitioner[:1] if len(wrong) == len(rulings) else []
        return pair_held(refuted[0]) if refuted else None

    # Dated values

    @_check.register
    def _amount(self, claim: Amount, document: Document) -> Held | None:
        year = claim.year or document.on.year
        held = [pair for name in claim.parameters for pair in self._values(name, year)]
        if not held or any(same(claim.amount, value) for _, value, _ in held):
            return None
        shown = dict.fromkeys(text for text, _, _ in held)
        return Held(" ".join(shown), held[0][2])

    @_check.register
    def _share(self, claim: Share, document: Document) -> Held | None:
        held = self._values(claim.parameter, claim.year or document.on.year)
        shares = {value * _PERCENT for _, value, _ in held}
        right = shares | {_PERCENT - share for share in shares}
        right |= {
            value
            for _, value, _ in self._values(
                "medicare/assistant_de_minimis_percent", document.on.year
            )
        }
        if not held or right & set(claim.percents):
            return None
        return Held(held[0][0], held[0][2])

    def _values(self, name: str, year: int) -> list[tuple[str, Decimal, str]]:
        """What a parameter was during a year: our sentence, the value, and its citation."""
        found: dict[str, tuple[str, Decimal, str]] = {}
        for month, day in ((1, 1), (4, 1), (7, 1), (10, 1), (12, 31)):
            try:
                ruling = self._tools.look_up_value(name, date(year, month, day))
            except CodingError:
                continue
            reason = ruling.because[0]
            value = Decimal(str(ruling.result.value))
            found.setdefault(reason.text, (reason.text, value, reason.statement or ""))
        return list(found.values())

    @_check.register
    def _interval(self, claim: Interval, document: Document) -> Held | None:
        ruling = self._tools.look_up_value(claim.parameter, document.on)
        unit = self._knowledge.parameter(claim.parameter).unit.rstrip("s")
        same_unit = claim.unit == unit or (
            claim.unit in ("day", "calendar day") and unit.startswith("calendar day")
        )
        if int(ruling.result.value) == claim.count and same_unit:
            return None
        label = self._knowledge.parameter(claim.parameter).label
        shown = f"{ruling.result.value} {unit}s ({label[0].lower()}{label[1:]})"
        return Held(shown, ruling.because[0].statement or "")

    @_check.register
    def _outdated(self, claim: Outdated, document: Document) -> Held | None:
        return self._ENDED[claim.rule](self, document)

    def _supervision(self, document: Document) -> Held | None:
        ruling = self._tools.look_up_value(
            "medicare/private_practice_assistant_supervision", document.on
        )
        reason = ruling.because[0]
        return (
            None if ruling.result.value == "direct" else Held(reason.text, reason.statement or "")
        )

    def _no_cap(self, document: Document) -> Held | None:
        ruling = self._above_the_amount(document)
        amount = f"${ruling:,.0f}" if ruling else ""
        text = f"there is no cap: above the year's amount ({amount}) the claim carries KX"
        return Held(text, "kx-no-cap") if ruling else None

    def _per_claim(self, document: Document) -> Held | None:
        amount = self._above_the_amount(document)
        text = (
            f"the ${amount:,.0f} is a running total of the patient's year, not of a claim: "
            "a claim of $100 above it needs KX"
        )
        return Held(text, "kx-cumulative") if amount else None

    def _above_the_amount(self, document: Document) -> Decimal | None:
        """The year's amount, where a claim of $100 above it goes on with KX."""
        start = self._tools.check_kx(Discipline.PT, Decimal(0), Decimal(100), document.on)
        amount = start.result.threshold
        above = self._tools.check_kx(Discipline.PT, amount, Decimal(100), document.on)
        return amount if above.result.passed else None

    _ENDED: dict[Ended, Callable[[Recomputing, Document], Held | None]] = {  # noqa: RUF012
        Ended.THERAPY_CAP: _no_cap,
        Ended.DIRECT_SUPERVISION: _supervision,
        Ended.AMOUNT_PER_CLAIM: _per_claim,
    }

    # Money and limits

    @_check.register
    def _fee(self, claim: Fee, document: Document) -> Held | None:
        day = date(claim.year, 7, 1) if claim.year else document.on
        ruling = self._tools.estimate_payment((ClaimLine(claim.code, 2),), day)
        if not ruling.result.lines:
            return None
        units = ruling.result.lines[0].units
        right = {money for unit in units for money in (unit.allowed, unit.medicare_pays)}
        if any(within(claim, money) for money in right):
            return None
        first, reduced = units[0].allowed, units[-1].allowed
        factor = self._tools.look_up_value("medicare/conversion_factor", day).because[0]
        year = day.year
        text = f"a first unit of {claim.code} is ${first:,.2f}, a reduced one ${reduced:,.2f}"
        return Held(f"{text} (Medicare {year}, national)", factor.statement or "")

    @_check.register
    def _paid_alike(self, claim: PaidAlike, document: Document) -> Held | None:
        amounts = {}
        for code in claim.codes:
            estimate = self._tools.estimate_payment((ClaimLine(code, 1),), document.on).result
            if not estimate.lines:
                return None
            amounts[code] = estimate.lines[0].allowed
        low, high = sorted(amounts.values())
        if high <= low * (1 + _ALIKE):
            return None
        shown = ", ".join(f"{code} ${dollars:,.2f}" for code, dollars in amounts.items())
        percent = (high / low - 1) * _PERCENT
        return Held(f"{percent:.1f} percent apart on a first unit: {shown}", "payment-gap-2026")

    @_check.register
    def _day_limit(self, claim: DayLimit, document: Document) -> Held | None:
        least = next((n for n in range(1, 25) if self._over(claim.code, n, document.on)), None)
        if least is None or least == claim.units + 1:
            return None
        return Held(f"at most {least - 1} units of {claim.code} a day normally pay", "mue-meaning")

    def _over(self, code: str, units: int, on: date) -> bool:
        minutes = 15 * units
        review = self._tools.review_visit(Visit((Service(code, minutes),), on))
        return any(one.id == f"mue-{code}" for one in review.findings)
