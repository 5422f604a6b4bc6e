"""Finds amounts, percentages, intervals and limits that our dated values hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from ingest.claims.nouns import Amount, Claim, DayLimit, Ended, Interval, Outdated, Share
from ingest.claims.sentences import NUMBER, Said, number, years_in
from ingest.claims.speaking import names_another_payer, names_medicare, recalls, wavers

_DOLLARS = re.compile(
    r"(?:\$|\bUSD ?)(\d{1,3}(?:,\d{3})+(?:\.\d{2})?|\d+(?:\.\d{1,2})?)(?![\d,]*\d)"
    r"(?!\s?(?:million|billion|k\b))"
)
KX = ("medicare/kx_threshold_pt_slp", "medicare/kx_threshold_ot")
REVIEW = ("medicare/targeted_review_threshold",)
FACTORS = ("medicare/conversion_factor", "medicare/conversion_factor_qp")
_KX_WORDS = re.compile(r"(?i)\bKX\b|\btherapy (?:threshold|cap|limit)s?\b|\bthreshold\b")
_REVIEW_WORDS = re.compile(r"(?i)\b(?:targeted|medical|manual) (?:medical )?reviews?\b")
_YEARLY = range(1000, 10_000)  # dollars that a yearly amount may be
_FACTOR = re.compile(r"(?i)(?<!own )\bconversion factors?\b[^.]{0,60}?\$?(\d{2}\.\d{2,4})\b")


def _dollars(text: str) -> list[Decimal]:
    return [Decimal(match[1].replace(",", "")) for match in _DOLLARS.finditer(text)]


def yearly(said: Sequence[Said], subject: str = "") -> Iterator[Amount]:
    """KX amounts, the review amount and conversion factors, each with the year it is said of."""
    for one in said:
        if wavers(one.text) or re.search(r"(?i)\btest(?:ed)? claims?\b", one.text):
            continue
        if names_another_payer(one.text) and not names_medicare(one.text):
            continue
        years = years_in(one.text)
        year = years[0] if len(years) == 1 else None
        if len(years) > 1:
            yield from _by_year(one)
            continue
        for names, words in ((KX, _KX_WORDS), (REVIEW, _REVIEW_WORDS)):
            found = [d for d in _dollars(one.text) if int(d) in _YEARLY]
            other = (_REVIEW_WORDS if names is KX else _KX_WORDS).search(one.text)
            if words.search(one.text) and found:
                both: tuple[str, ...] = (*KX, *REVIEW) if other else names
                yield from (_amount(one, both, dollars, year) for dollars in found)
                break
        for match in _FACTOR.finditer(one.text):
            yield _amount(one, FACTORS, Decimal(match[1]), year)


_YEAR_AMOUNT = re.compile(
    r"\b(20[12]\d)\b[^.$\d]{0,25}\$(\d,\d{3})\b|\$(\d,\d{3})[^.$\d]{0,25}\b(20[12]\d)\b"
)


def _by_year(said: Said) -> Iterator[Amount]:
    """Amounts of several years, each beside its year."""
    if not _KX_WORDS.search(said.text) or _REVIEW_WORDS.search(said.text):
        return
    for match in _YEAR_AMOUNT.finditer(said.text):
        year, dollars = (match[1], match[2]) if match[1] else (match[4], match[3])
        yield _amount(said, KX, Decimal(dollars.replace(",", "")), int(year))


def _amount(said: Said, names: tuple[str, ...], amount: Decimal, year: int | None) -> Amount:
    return Amount(
        start=said.start,
        end=said.end,
        parameters=names,
        amount=amount,
        year=year,
        names_medicare=True,
    )


_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?) ?(?:%|percent\b|per cent\b)")
_PARTS = re.compile(r"(?i)\b0\.85\b|\b(?:patient's|deductible|in all)\b")
_SHARES = (
    (
        "medicare/assistant_payment_share",
        r"\b(?:CQ|CO|PTAs?|OTAs?|COTAs?|assistants?)\b",
        r"\b(?:pays?|paid|payment|reimburse\w*|rate|reduc\w+|cut|less|discount)\b",
    ),
    ("medicare/sequestration_rate", r"\bsequest\w+", r"."),
    (
        "medicare/mppr_practice_expense_share",
        r"\b(?:MPPR|multiple[- ]procedure)\b",
        r"\b(?:reduc\w+|cut|less|practice expense|pays?|paid)\b",
    ),
    ("medicare/medicare_payment_share", r"\b(?:coinsurance|co-insurance)\b", r"."),
)


def shares(said: Sequence[Said]) -> Iterator[Share]:
    """Percentages of Medicare's that a parameter of ours holds."""
    for one in said:
        years = years_in(one.text)
        percents = tuple(Decimal(match[1]) for match in _PERCENT.finditer(one.text))
        if (
            not percents
            or wavers(one.text)
            or _PARTS.search(one.text)
            or names_another_payer(one.text)
        ):
            continue
        for parameter, about, also in _SHARES:
            if re.search(f"(?i){about}", one.text) and re.search(f"(?i){also}", one.text):
                yield Share(
                    start=one.start,
                    end=one.end,
                    parameter=parameter,
                    percents=percents,
                    year=years[0] if len(years) == 1 else None,
                    names_medicare=names_medicare(one.text),
                )
                break


_INTERVALS = (
    (
        "medicare/progress_report_treatment_days",
        rf"\bprogress (?:reports?|notes?)\b[^.]{{0,60}}?\b(?:every|each|by the|once in every|per)"
        rf" (?P<count>{NUMBER})(?:th|st|nd|rd)? (?P<unit>treatment days?|calendar days?|days?"
        r"|visits?|sessions?|weeks?)",
    ),
    (
        "medicare/initial_certification_days",
        r"\b(?:plan of care|POC|initial certification|plan)\b[^.]{0,60}?\b(?:certif\w+|sign\w*)\b"
        r"[^.]{0,40}?\bwithin (?P<count>\d{1,3}) (?P<unit>calendar days?|business days?|days?)",
    ),
    (
        "medicare/certification_interval_days",
        r"\brecertif\w+[^.]{0,50}?\b(?:every|each|within) (?P<count>\d{1,3})"
        r" (?P<unit>calendar days?|days?|visits?)",
    ),
)


def intervals(said: Sequence[Said]) -> Iterator[Interval]:
    """How often, or within how many days, something is said to be due."""
    for one in said:
        speaks = re.sub(r"(?i)\bplans?\b", "", one.text)  # the plan of care, here
        if wavers(one.text) or recalls(one.text) or names_another_payer(speaks):
            continue
        for parameter, pattern in _INTERVALS:
            match = re.search(f"(?i){pattern}", one.text)
            other = "initial" in parameter and re.search(r"(?i)recert|verbal|order", one.text)
            if match and not other:
                yield Interval(
                    start=one.start,
                    end=one.end,
                    parameter=parameter,
                    count=number(match["count"]),
                    unit=match["unit"].lower().rstrip("s"),
                    names_medicare=names_medicare(one.text),
                )


_LIMIT = re.compile(
    rf"(?i)\b(?:MUE|NCCI|medically unlikely|medicare)\b[^.]{{0,80}}?\b(?:limit\w*|maximum|at most"
    rf"|up to|no more than|is|of)\b[^.]{{0,20}}?(?<![\d,.])({NUMBER}) units?\b"
    r"[^.]{0,12}?\b(?:a|per|each|in a) (?:day|date)"
)


def day_limits(said: Sequence[Said], subject: str) -> Iterator[DayLimit]:
    """How many units of a code are said to be paid a day."""
    for one in said:
        match = _LIMIT.search(one.text)
        codes = tuple(dict.fromkeys(one.codes)) or ((subject,) if subject else ())
        if match and len(codes) == 1 and not wavers(one.text) and not names_another_payer(one.text):
            yield DayLimit(start=one.start, end=one.end, code=codes[0], units=number(match[1]))


_OUTDATED = (
    (
        Ended.THERAPY_CAP,
        r"\btherapy caps?\b",
        r"\b(?:repeal\w*|eliminat\w*|ended|no longer|former\w*|replac\w*|2018|abolish\w*|remov\w*"
        r"|no (?:hard )?(?:therapy )?caps?|old|once|history|not a cap|instead|called|until|was|were"
        r"|exceptions?$)\b",
    ),
    (
        Ended.DIRECT_SUPERVISION,
        r"\bdirect supervision\b[^.]{0,40}\b(?:is|are|remains?|requires?|required|must|needed)\b"
        r"[^.]*\b(?:private practice|group practice|physician or|PTAs?|OTAs?|assistants?)\b"
        r"|\b(?:PTAs?|OTAs?|assistants?)\b[^.]*\b(?:need|require|must)[^.]*\bdirect supervision\b",
        r"\bincident[- ]to\b|\bgeneral supervision\b|\b(?:until|before|through|was|were|used to|no"
        r" longer)\b|\bstate law\b",
    ),
    (
        Ended.AMOUNT_PER_CLAIM,
        r"\bKX\b[^.]*\bclaims? (?:over|above|exceeding|of more than|that exceeds?) (?:\$[\d,]+"
        r"|this (?:amount|threshold)|the (?:threshold|amount))",
        r"\b(?:year|annual|running|cumulative|calendar)\b",
    ),
)


def outdated(said: Sequence[Said]) -> Iterator[Claim]:
    """Rules that have ended, or never were, said as if they held."""
    for one in said:
        if wavers(one.text):
            continue
        for rule, pattern, unless in _OUTDATED:
            if re.search(f"(?i){pattern}", one.text) and not re.search(f"(?i){unless}", one.text):
                yield Outdated(start=one.start, end=one.end, rule=rule)
