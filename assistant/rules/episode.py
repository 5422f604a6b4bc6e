"""Certification, recertification and progress reports: what is due when in an episode of care."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from assistant.errors import ImpossibleFact, NotInForce
from assistant.evidence import Finding, Reason, Ruling, Severity
from assistant.knowledge import Knowledge

MOST_TREATMENT_DAYS = 366


class State(StrEnum):
    """How something due stands on the day asked about."""

    DONE = "done"
    OPEN = "open"
    OVERDUE = "overdue"
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"  # a fact is missing; the text asks for it


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode of care of one discipline, as far as it is known.

    Attributes:
        first_treatment: first treatment day; an evaluation is one.
        certified_on: date beside the physician's or NPP's signature on the plan.
        verbal_order_on: day of a verbal order for the plan, to be signed later.
        plan_days: the plan's stated duration from the first treatment, or from the
            recertification where there is one.
        signed_order: whether a signed and dated order or referral naming the discipline is on file.
        plan_sent_on: day on which the plan went to the one who ordered.
        recertified_on: day of the latest recertification.
        treatment_dates: treatment days, each once.
        treatment_days: their number since the last progress report, where dates are not given.
        last_report: day of the latest progress report by the therapist.
        discharged_on: last day of the episode.
    """

    first_treatment: date
    certified_on: date | None = None
    verbal_order_on: date | None = None
    plan_days: int | None = None
    signed_order: bool | None = None
    plan_sent_on: date | None = None
    recertified_on: date | None = None
    treatment_dates: tuple[date, ...] = ()
    treatment_days: int | None = None
    last_report: date | None = None
    discharged_on: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One thing the episode needs.

    Attributes:
        by: last day for it, where it falls on a date.
        days_left: calendar days to then (negative: late), or treatment days for a progress report.
    """

    what: str
    state: State
    by: date | None
    days_left: int | None
    text: str
    statement: str

    def to_dict(self) -> dict[str, Any]:
        """The item as plain JSON data."""
        return {
            "what": self.what,
            "state": self.state.value,
            "by": self.by.isoformat() if self.by else None,
            "days_left": self.days_left,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Clock:
    """Where an episode stands on a day."""

    on: date
    certification: Due
    recertification: Due
    progress_report: Due

    @property
    def items(self) -> tuple[Due, ...]:
        """All three, in the order in which an episode meets them."""
        return self.certification, self.recertification, self.progress_report

    def to_dict(self) -> dict[str, Any]:
        """The clock as plain JSON data."""
        return {"on": self.on.isoformat(), "due": [item.to_dict() for item in self.items]}


def clock(episode: Episode, *, on: date, knowledge: Knowledge) -> Ruling[Clock]:
    """What Medicare needs next in an episode of care, and by when.

    Args:
        episode: its dates and counts.
        on: the day asked about.

    Raises:
        ImpossibleFact: dates contradict each other, or a count cannot be.
        NotInForce: we hold no period for that day.

    Source: Medicare Benefit Policy Manual ch. 15 §220.1.3 and §220.3 D; 42 CFR 424.24(c).
    """
    _check(episode, on)
    result = Clock(
        on,
        _certification(episode, on, knowledge),
        _recertification(episode, on, knowledge),
        _progress_report(episode, on, knowledge),
    )
    reasons = tuple(Reason(item.text, item.statement) for item in result.items)
    return Ruling(result, reasons, tuple(_findings(result)))


def _check(episode: Episode, on: date) -> None:
    first = episode.first_treatment
    later = {
        "the day asked about": on,
        "the recertification": episode.recertified_on,
        "the progress report": episode.last_report,
        "the discharge": episode.discharged_on,
        "a treatment day": min(episode.treatment_dates, default=None),
    }
    for what, day in later.items():
        if day is not None and day < first:
            raise ImpossibleFact(
                what, day, f"{what.capitalize()}, {day}, is before the first treatment, {first}."
            )
    for what, count in (
        ("plan_days", episode.plan_days),
        ("treatment_days", episode.treatment_days),
    ):
        if count is not None and (isinstance(count, bool) or not isinstance(count, int)):
            raise ImpossibleFact(what, count, f"Give {what.replace('_', ' ')} as a whole number.")
        if count is not None and not 0 <= count <= MOST_TREATMENT_DAYS:
            raise ImpossibleFact(
                what, count, f"{count} {what.replace('_', ' ')} cannot be; give 0 to 366."
            )


def _period(name: str, on: date, knowledge: Knowledge) -> int:
    return int(knowledge.dated(f"medicare/{name}", on=on).value)


def _certification(episode: Episode, on: date, knowledge: Knowledge) -> Due:
    first = episode.first_treatment
    days = _period("initial_certification_days", first, knowledge)
    limit = first + timedelta(days=days)
    signed, verbal = episode.certified_on, episode.verbal_order_on
    if signed is not None and signed <= on:
        timely = signed <= limit or _follows_verbal_order(episode, limit, knowledge)
        text = f"The plan was certified on {signed}" + (
            f", by {limit}." if timely else f", after {limit}: it needs the reasons for the delay."
        )
        rule = "certification-30-days" if timely else "certification-delayed"
        return Due("certification", State.DONE, limit, None, text, rule)
    if _has_exception(episode, limit, on, knowledge):
        return Due(
            "certification",
            State.DONE,
            limit,
            None,
            f"A signed order is on file and the plan was sent on {episode.plan_sent_on}: the first "
            "signature on the plan is not needed. Recertification is.",
            "certification-signed-order",
        )
    if verbal is not None and verbal <= min(limit, on):
        limit = verbal + timedelta(days=_period("verbal_order_signature_days", first, knowledge))
        text = f"The verbal order of {verbal} is to be signed by {limit}."
        return _dated_due("certification", limit, on, text, "certification-verbal-order")
    text = f"The plan's dated signature is due by {limit}, {days} days from the first treatment."
    if episode.signed_order and _exception_holds(first, knowledge):
        text += " With the signed order on file, sending the plan by then is enough."
        return _dated_due("certification", limit, on, text, "certification-signed-order")
    return _dated_due("certification", limit, on, text, "certification-30-days")


def _follows_verbal_order(episode: Episode, limit: date, knowledge: Knowledge) -> bool:
    verbal, signed = episode.verbal_order_on, episode.certified_on
    if verbal is None or signed is None or verbal > limit:
        return False
    days = _period("verbal_order_signature_days", episode.first_treatment, knowledge)
    return signed <= verbal + timedelta(days=days)


def _exception_holds(first: date, knowledge: Knowledge) -> bool:
    try:
        return bool(knowledge.dated("medicare/certification_signature_exception", on=first).value)
    except NotInForce:
        return False


def _has_exception(episode: Episode, limit: date, on: date, knowledge: Knowledge) -> bool:
    sent = episode.plan_sent_on
    return (
        bool(episode.signed_order)
        and sent is not None
        and sent <= min(limit, on)
        and _exception_holds(episode.first_treatment, knowledge)
    )


def _recertification(episode: Episode, on: date, knowledge: Knowledge) -> Due:
    start = episode.recertified_on or episode.first_treatment
    longest = _period("certification_interval_days", start, knowledge)
    length = min(longest, episode.plan_days) if episode.plan_days is not None else longest
    until = start + timedelta(days=length)
    why = (
        f"the plan's {length} days"
        if length < longest
        else f"{longest} days, or the plan's duration where that is shorter,"
    )
    text = f"The certified interval ends {until}, {why} after {start}; recertify by then."
    if episode.discharged_on is not None and episode.discharged_on <= until:
        text = f"The episode ended on {episode.discharged_on}, inside the interval to {until}."
        return Due(
            "recertification",
            State.NOT_NEEDED,
            until,
            None,
            text,
            "recertification-not-needed",
        )
    return _dated_due("recertification", until, on, text, "recertification-90-days")


def _progress_report(episode: Episode, on: date, knowledge: Knowledge) -> Due:
    every = _period("progress_report_treatment_days", on, knowledge)
    rule, what = "progress-report-10-treatment-days", "progress_report"
    since = episode.last_report
    days = sorted(
        d for d in set(episode.treatment_dates) if d <= on and (since is None or d > since)
    )
    count = len(days) if episode.treatment_dates else episode.treatment_days
    if count is None:
        text = f"A progress report is due by the {every}th treatment day: how many have there been?"
        return Due(what, State.UNKNOWN, None, None, text, rule)
    left, by = every - count, days[every - 1] if len(days) >= every else None
    place = f"Treatment day {count} since {since or 'the start'}"
    if left < 0:
        text = f"{place}: the therapist's progress report was due by the {every}th."
        return Due(what, State.OVERDUE, by, left, text, rule)
    when = f"in {left} treatment day{'s' * (left > 1)}" if left else "today"
    text = f"{place}: the therapist's progress report is due by the {every}th, {when}."
    return Due(what, State.OPEN, by, left, text, rule)


def _dated_due(what: str, by: date, on: date, text: str, statement: str) -> Due:
    state = State.OVERDUE if on > by else State.OPEN
    return Due(what, state, by, (by - on).days, text, statement)


def _findings(result: Clock) -> Iterator[Finding]:
    for item in result.items:
        if item.state is State.OVERDUE:
            slug = item.what.replace("_", "-")
            yield Finding(
                f"episode-{slug}-overdue",
                Severity.WARNING,
                f"Overdue. {item.text}",
                statement=item.statement,
            )
        if item.statement == "certification-delayed":
            yield Finding(
                "episode-certification-late",
                Severity.WARNING,
                item.text,
                statement=item.statement,
            )
