"""The day of the visit as a message gives it: whole, without its year, or counted back."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.mentions import dated
from assistant.plain_reader.words.text import number

_MONTH_NAMES = (
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|"
    "september sep sept|october oct|november nov|december dec"
)
_MONTHS = {m: n for n, names in enumerate(_MONTH_NAMES.split("|"), start=1) for m in names.split()}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = regex(r"(?<!\d)((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})(?!\d)")
_US = regex(
    r"(?<![\d/.])(\d{1,2})([/.-])(\d{1,2})\2((?:19|20)?\d\d)"
    r"(?![\d/]|\s*(?:min|m\b|'|of\b))"
)
_NO_MONTH = regex(r"(?:1[3-9]|[2-9]\d)/\d{1,2}/\d\d")  # «15/15/15 TE MT TA» is minutes
_SAID_TO_BE_DATE = regex(r"(?:\bdos|\bdate|\bon|\bservice|\bvisit|\bseen)\W*(?:of\W*)?$", re.I)
_WORDS = regex(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b", re.I)
_WORDS_DAY_FIRST = regex(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({_MONTH})\.?,?\s+((?:19|20)\d\d)\b", re.I
)
_MONTH_YEAR = regex(rf"\b({_MONTH})\.?,?\s+(?:of\s+)?((?:19|20)\d\d)\b", re.I)
_PAID = r"(?:rates?|fees?|rvus?|allowables?|payments?|price|fee schedule)"  # «97110 rate 2019»
_YEAR = regex(
    r"\b(?:in|to|about|from|was|were|for|during|year|back in|dos|of|now|try|it|same|say|with|,)"
    r"\s*((?:19|20)\d\d)\b"
    r"(?!\s*(?:units?|min|rate|fee|conversion))"
    r"|(?:^|[,;(]\s*|\b(?:medicare|mcr|part b|pt|ot|slp)\s+|^\W*and\s+)"
    r"((?:19|20)\d\d)(?=\s*(?:[,;.:)?!]|$)"
    r"|\s+(?:visits?|dos|date|claim|session|treatment|service|medicare|mcr|pta?|c?ota?|slp)\b)"
    r"|\b(?:threshold|cap|kx)\s+((?:19|20)\d\d)\b"
    r"|(?<![\d$,/-])((?:19|20)\d\d)\s+(?:(?:kx|therapy|medicare|ot|pt|slp)\s+){0,2}"
    r"(?:threshold|cap)\b"
    rf"|\b{_PAID}\s+((?:19|20)\d\d)\b|(?<![\d$,/-])((?:19|20)\d\d)\s+(?:medicare\s+)?{_PAID}\b",
    re.I,
)
_CUE = (
    r"(?:on|dos|date(?: of service)?|seen|visit|dated|from|was|is|to|for)\W{1,3}"
    r"(?:of\s|the\s|on\s)?"
)
_SHORT = (
    r"(?:(?P<m>\d{1,2})/(?P<d>\d{1,2})"
    rf"|(?P<name>{_MONTH})\.?\s+(?P<nd>\d{{1,2}})(?:st|nd|rd|th)?)"
)
_NO_YEAR = regex(
    rf"\b{_CUE}{_SHORT}(?![\d/,.-]*\d|\s*(?:,?\s*(?:19|20)\d\d|min|m\b|'|of\b|units?|pain|strength))",
    re.I,
)
_HEADS = regex(rf"^\W*{_SHORT}(?=\s*[:-]?\s+\d{{5}}\b|\s*:\s)", re.I)  # «11/16 97110 …»
_DATE_ALONE = regex(
    r"^\W*(?:(?:it|that|the|this|was|is|dos|date|visit|on|no|sorry|actually|of|service|seen|make"
    rf"|change|to|what|if|and|yes|ok)\W+)*{_SHORT}\W*$",
    re.I,
)
_THIS_YEAR = regex(r"\b(?P<which>this|last|the previous)\s+year\b", re.I)
_YEAR_ALONE = regex(r"(?<![\d$,/-])20[12]\d(?![\d,/-])")
_NTH = regex(r"(?:^|[.;,]\s*)on the (?P<n>\d{1,2})(?:st|nd|rd|th)(?=\s*[:,.]|\s+\d{5}|$)", re.I)
_DAYS_AGO = regex(r"\b(?P<n>\d|two|three|four|five|six|seven) days ago\b", re.I)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT_DAYS = tuple(day[:3] for day in _WEEKDAYS)
_WEEKDAY = regex(rf"\b(?P<day>{'|'.join(_WEEKDAYS)})\b", re.I)
_LAST_WEEKDAY = regex(rf"\b(?:last|this past)\s+(?P<day>{'|'.join(_WEEKDAYS)})\b", re.I)
_HEADED_BY = regex(  # «Mon: 97110 20 min», a visit told apart by its day
    rf"(?:^|[.;,]\s*|\bOn\s+)(?P<day>{'|'.join(_SHORT_DAYS)})"
    r"(?:day|sday|nesday|rsday|urday|s|rs?)?\s*:\s",
    re.I,
)
_ASIDE_WORDS = (
    "no nope sorry actually it it's its was is that that's thats make i meant mean only about "
    "wait should be so far they used like more what if oops my bad typo wrong ok okay yes hmm ah "
    "now at we he she there total this year spent and dos date visit on of service the in try say "
    "seen same to for but thing done happened they're he's she's patient pt"
)
_ASIDE = frozenset(_ASIDE_WORDS.split())
_BIRTH = regex(
    r"(?:\bdob|\bborn|date of birth|birth ?date|onset|injur\w+|surgery|sx|poc|certif\w+|eval\w*"
    r"|referral|order)\W*(?:\w+\W+){0,2}$",
    re.I,
)


_MARKS = ("/", ".", "-")


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date of service, and what had to be taken for granted to make it a day."""

    day: date
    assumption: str = ""
    only_year: bool = False

    def in_year_of(self, other: NamedDate, today: date) -> NamedDate:
        """This day moved to the year that a later message gives alone: «2024, I mean»."""
        if self.only_year or not other.only_year:
            return other
        try:
            day = self.day.replace(year=other.day.year)
        except ValueError:
            return other
        return NamedDate(day) if day <= today else other


@lru_cache(maxsize=256)
def date_of_service(text: str, today: date) -> NamedDate | None:
    """The visit's day, where the text names one.

    Raises:
        ImpossibleFact: the calendar has no such day.
    """
    lowered = text.lower()
    if re.search(r"\byesterday\b", lowered):
        return NamedDate(today - timedelta(days=1))
    written = _written_days(text)
    others = dated.others(text)
    visits = [w for w in written if w[0].start() not in others] or written
    for match, order in visits[:1]:
        parts = [g for g in match.groups() if g not in _MARKS]
        return NamedDate(_day(dict(zip(order, parts, strict=True)), match.group()))
    if nth := _NTH.search(text):
        return _in_month(int(nth["n"]), _MONTH_YEAR.search(text), today)
    if month := _MONTH_YEAR.search(text):
        day = date(int(month[2]), _MONTHS[month[1].lower()], 1)
        return NamedDate(day, f"Only the month is given: {day} is used as the date of service.")
    if year := _year_told(text, today):
        if year == today.year:
            return NamedDate(today, only_year=True)
        day = date(year, 7, 1)
        assumed = f"Only the year is given: {day} is used as the date of service."
        return NamedDate(day, assumed, only_year=True)
    if re.search(r"\btoday\b|\bthis (?:morning|afternoon)\b", lowered):
        return NamedDate(today)
    return _counted_back(text, today) or _without_year(text, today)


def _in_month(n: int, month: re.Match[str] | None, today: date) -> NamedDate | None:
    """«on the 9th»: that day of the month named, else the last such day."""
    if month is not None:
        months = [date(int(month[2]), _MONTHS[month[1].lower()], 1)]
    else:
        first = today.replace(day=1)
        months = [first, (first - timedelta(days=1)).replace(day=1)]
    for one in months:
        with suppress(ValueError):
            if (day := one.replace(day=n)) <= today:
                assumed = "" if month else f"«the {n}» of the month is taken as {day}."
                return NamedDate(day, assumed)
    return None


def year_of(text: str) -> int:
    """The year that a text gives for the visit; 0 where it gives none."""
    if written := _YEAR.search(text):
        return int(next(filter(None, written.groups())))
    alone = _YEAR_ALONE.search(text)
    return int(alone.group()) if alone and is_alone(text, alone) else 0


def _year_told(text: str, today: date) -> int:
    """The same, or «this year» and «last year» where that is all a message says."""
    if year := year_of(text):
        return year
    near = _THIS_YEAR.search(text)
    if near is None or not is_alone(text, near):
        return 0
    return today.year - (near["which"].lower() != "this")


def _written_days(text: str) -> list[tuple[re.Match[str], str]]:
    """Whole dates and the order of their parts; births, surgeries and plans left out."""
    found = []
    for pattern, order in ((_ISO, "ymd"), (_US, "mdy"), (_WORDS, "mdy"), (_WORDS_DAY_FIRST, "dmy")):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 40) : match.start()]
            no_date = _NO_MONTH.fullmatch(match.group()) and not _SAID_TO_BE_DATE.search(before)
            if not (no_date or _BIRTH.search(before)):
                found.append((match, order))
    return found


def is_date_alone(text: str) -> bool:
    """Whether a message is nothing but a date without its year: «it was 10/3»."""
    return bool(_DATE_ALONE.match(text))


def _counted_back(text: str, today: date) -> NamedDate | None:
    """«three days ago», «last Tuesday»."""
    if ago := _DAYS_AGO.search(text):
        return NamedDate(today - timedelta(days=int(number(ago["n"]) or 0)))
    if heads := _HEADED_BY.search(text):
        back = (today.weekday() - _SHORT_DAYS.index(heads["day"].lower())) % 7
        day = today - timedelta(days=back)
        return NamedDate(day, f"«{heads['day']}» is taken as {day}.")
    named = _LAST_WEEKDAY.search(text)
    if named is None:
        named = _WEEKDAY.search(text)
        if named is None or not is_alone(text, named):
            return None
    back = (today.weekday() - _WEEKDAYS.index(named["day"].lower())) % 7 or 7
    day = today - timedelta(days=back)
    return NamedDate(day, f"«{named.group()}» is taken as {day}.")


def _without_year(text: str, today: date) -> NamedDate | None:
    """«on 10/3», «Oct 3»: the last such day."""
    match = _DATE_ALONE.match(text) or _NO_YEAR.search(text) or _HEADS.match(text)
    if match is None or _BIRTH.search(text[max(0, match.start() - 40) : match.start()]):
        return None
    month = int(match["m"] or _MONTHS[match["name"].lower()])
    for year in (today.year, today.year - 1):
        try:
            day = date(year, month, int(match["d"] or match["nd"]))
        except ValueError:
            return None
        if day <= today:
            return NamedDate(day, f"The year is not given: {day} is used as the date of service.")
    return None


def _day(parts: dict[str, str], written: str) -> date:
    year = int(parts["y"])
    year += 2000 if year < 100 else 0
    month = _MONTHS.get(parts["m"].lower()) or int(parts["m"])
    try:
        return date(year, month, int(parts["d"]))
    except ValueError as error:
        raise ImpossibleFact(
            "date of service", written, f"{written.strip()} is no day of the calendar; correct it."
        ) from error


def is_alone(text: str, match: re.Match[str]) -> bool:
    """Whether nothing but small words stands beside a number."""
    left = text[: match.start()] + text[match.end() :]
    return all(word in _ASIDE for word in re.findall(r"[\w'$]+", left.lower()))
