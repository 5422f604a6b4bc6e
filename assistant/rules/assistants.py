"""Which units of a code carry CQ or CO because a PTA or OTA gave the minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from assistant.claim import Discipline
from assistant.evidence import Finding, Reason, Ruling, Severity
from assistant.knowledge import Knowledge
from assistant.rules.units import MIDPOINT, UNIT_MINUTES

MODIFIER = {Discipline.PT: "CQ", Discipline.OT: "CO"}
LEFTOVER_BOTH = range(9, UNIT_MINUTES)  # two units left: each gave 9 to 14 minutes (CY 2022 rule)


@dataclass(frozen=True, slots=True)
class Shares:
    """Whole minutes of one code by each person; minutes together are the therapist's."""

    therapist: int
    assistant: int

    @property
    def total(self) -> int:
        """Minutes of both."""
        return self.therapist + self.assistant

    @staticmethod
    def sum_of(shares: Iterable[Shares]) -> Shares:
        """Several codes' minutes together."""
        every = tuple(shares)
        return Shares(sum(s.therapist for s in every), sum(s.assistant for s in every))


@dataclass(frozen=True, slots=True)
class Split:
    """Units of one code without and with the assistant's modifier."""

    plain: int
    by_assistant: int


def modifier_required(on: date, knowledge: Knowledge) -> bool:
    """Whether Medicare wants CQ/CO at all on that day (from January 1, 2020)."""
    first = knowledge.parameter("medicare/assistant_modifiers_required").values[0].start
    return first is not None and on >= first


def split_units(
    code: str, units: int, shares: Shares, *, on: date, knowledge: Knowledge
) -> Ruling[Split]:
    """How many of a timed code's units are the assistant's, unit by unit.

    Args:
        units: the code's units as counted over both people's minutes together.
        on: date of service; the therapist's-last-unit exception holds from 2022.

    Source: Social Security Act §1834(v); CY 2022 physician fee schedule rule.
    """
    if shares.assistant == 0 or units == 0:
        return Ruling(Split(units, 0))
    if shares.therapist == 0:
        reason = Reason(f"The assistant gave all of {code}.", "cq-co-de-minimis")
        return Ruling(Split(0, units), (reason,))
    therapist, assistant = (divmod(m, UNIT_MINUTES) for m in (shares.therapist, shares.assistant))
    left = units - therapist[0] - assistant[0]
    reasons = [
        Reason(
            f"{code}: whole 15-minute blocks are {therapist[0]} by the therapist and "
            f"{assistant[0]} by the assistant.",
            "cq-co-per-unit",
        )
    ]
    if left <= 0:
        return Ruling(Split(therapist[0], units - therapist[0]), tuple(reasons))
    last = _leftover(code, left, therapist[1], assistant[1], on=on, knowledge=knowledge)
    return Ruling(
        Split(therapist[0] + last.result.plain, assistant[0] + last.result.by_assistant),
        (*reasons, *last.because),
        last.findings,
    )


def _leftover(
    code: str, left: int, therapist: int, assistant: int, *, on: date, knowledge: Knowledge
) -> Ruling[Split]:
    since = knowledge.parameter("medicare/assistant_midpoint_exception").values[0].start
    of_2022 = since is not None and on >= since
    if left >= 2:
        return _two_left(code, left, therapist, assistant, of_2022)
    if of_2022 and therapist >= MIDPOINT:
        return Ruling(
            Split(1, 0),
            (
                Reason(
                    f"{code}: the last unit has {therapist} minutes of the therapist, which earn "
                    f"it alone; the assistant's {assistant} do not count.",
                    "cq-co-midpoint-exception",
                ),
            ),
        )
    return one_service(code, Shares(therapist, assistant), on=on, knowledge=knowledge)


def _two_left(code: str, left: int, therapist: int, assistant: int, of_2022: bool) -> Ruling[Split]:
    reason = Reason(
        f"{code}: two units are left over with {therapist} minutes of the therapist and "
        f"{assistant} of the assistant: one each.",
        "cq-co-two-leftover-units",
    )
    findings: tuple[Finding, ...] = ()
    if not of_2022:
        findings = (
            Finding(
                "cq-co-leftover-before-2022",
                Severity.WARNING,
                f"{code}: two units left over are described by the rule of 2022; for an earlier "
                "day none was seen. Have a person check.",
                code,
                "cq-co-two-leftover-units",
            ),
        )
    elif therapist not in LEFTOVER_BOTH or assistant not in LEFTOVER_BOTH:
        findings = (
            Finding(
                "cq-co-leftover-not-described",
                Severity.WARNING,
                f"{code}: the rule describes two leftover units only where both people gave 9 to "
                f"14 minutes; here they gave {therapist} and {assistant}. Have a person check.",
                code,
                "cq-co-two-leftover-units",
            ),
        )
    return Ruling(Split(left - 1, 1), (reason,), findings)


def one_service(code: str, shares: Shares, *, on: date, knowledge: Knowledge) -> Ruling[Split]:
    """One unit or one untimed service shared by both: the assistant's if above ten percent."""
    percent = int(knowledge.dated("medicare/assistant_de_minimis_percent", on=on).value)
    total = shares.therapist + shares.assistant
    share = (200 * shares.assistant + total) // (2 * total) if total else 0  # half a percent: up
    above = share > percent
    by_tenth = shares.assistant >= (total + 5) // 10 + 1
    reason = Reason(
        f"{code}: the assistant gave {shares.assistant} of {total} minutes, {share} %, "
        f"{'above' if above else 'not above'} the {percent} % that Medicare disregards.",
        "cq-co-de-minimis",
    )
    findings: tuple[Finding, ...] = ()
    if above != by_tenth:
        findings = (
            Finding(
                "cq-co-ten-percent-edge",
                Severity.WARNING,
                f"{code}: CMS's two ways to work out ten percent differ for {shares.assistant} of "
                f"{total} minutes. Have a person decide.",
                code,
                "cq-co-ten-percent-two-methods",
            ),
        )
    return Ruling(Split(0, 1) if above else Split(1, 0), (reason,), findings)
