"""Finds what Medicare is said to pay for a unit, and codes that are said to pay alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from assistant.library.words import meant_in, words_in
from ingest.claims.nouns import Fee, PaidAlike
from ingest.claims.sentences import Said, years_in
from ingest.claims.speaking import names_another_payer, names_medicare, wavers

_PAYS = re.compile(r"(?i)\b(?:reimburs\w+|pays?|paid|payment|rates?|allow(?:s|ed|able)|fee)\b")
_FEE_RANGE = re.compile(
    r"\$(\d{2,3}(?:\.\d{2})?)(?: ?(?:-|to|and) ?\$?(\d{2,3}(?:\.\d{2})?))?(?![\d,.]*\d)"
)
_ABOUT = re.compile(
    r"(?i)\b(?:about|approx\w*\.?|around|roughly|some|nearly|generally|typically|~)\s*"
    r"(?:between |from )?\Z"
)
_FEE_WORDS = re.compile(r"(?i)\bmedicare\b|\bMPFS\b|\bfee schedule\b|\bnon-?facility\b")
_CLAUSE = re.compile(r"[^,;]+")
_LOCAL = re.compile(
    r"(?i)\b(?:locality|local|state|region\w*|clinic|city"
    r"|per (?:visit|session|hour)|copay|cash|self-pay|deductible|example|minus|total)\b"
)


def fees(said: Sequence[Said], subject: str, names: Mapping[str, tuple[str, ...]]) -> Iterator[Fee]:
    """What Medicare is said to pay for a unit of a code."""
    for one in said:
        if wavers(one.text) or _LOCAL.search(one.text) or not _PAYS.search(one.text):
            continue
        years = years_in(one.text)
        mentioned = names_medicare(one.text)
        for clause in _CLAUSE.finditer(one.text):
            speaks = _FEE_WORDS.search(clause[0]) or (
                _FEE_WORDS.search(one.text) and not names_another_payer(one.text)
            )
            if not speaks or (names_another_payer(clause[0]) and not names_medicare(clause[0])):
                continue
            for match in _FEE_RANGE.finditer(clause[0]):
                code = _code_of(one, clause[0], match.end(), subject, names)
                if code:
                    yield Fee(
                        start=one.start,
                        end=one.end,
                        code=code,
                        low=Decimal(match[1]),
                        high=Decimal(match[2] or match[1]),
                        about=bool(_ABOUT.search(clause[0][: match.start()])),
                        year=years[0] if len(years) == 1 else None,
                        names_medicare=mentioned,
                    )


def _code_of(
    said: Said, clause: str, after: int, subject: str, names: Mapping[str, tuple[str, ...]]
) -> str:
    """The code that an amount is of: the one behind "for", the only one, or the document's."""
    behind = re.match(r"[^$]{0,25}?\bfor (?:CPT )?(\d{5})\b", clause[after:])
    if behind:
        return behind[1]
    if len(set(said.codes)) == 1:
        return said.codes[0]
    if said.codes:
        return ""
    meant = dict.fromkeys(code for code, named in meant_in(words_in(said.text), names) if named)
    if meant:
        return next(iter(meant)) if len(meant) == 1 else ""
    return subject


_ALIKE = re.compile(
    r"(?i)\b(?:similar(?:ly)?|the same|about the same|alike|equal(?:ly)?|identical(?:ly)?)\b"
)
_MONEY = re.compile(r"(?i)\b(?:reimburse\w*|pay(?:s|ment)?|paid|rates?)\b")


def paid_alike(said: Sequence[Said], names: Mapping[str, tuple[str, ...]]) -> Iterator[PaidAlike]:
    """Two codes that are said to pay about the same."""
    for one in said:
        if wavers(one.text) or not (_ALIKE.search(one.text) and _MONEY.search(one.text)):
            continue
        if re.search(r"(?i)\bnot (?:the same|identical|similar|equal)|\bunequal", one.text):
            continue
        meant = [code for code, named in meant_in(words_in(one.text), names) if named]
        codes = tuple(dict.fromkeys((*one.codes, *meant)))
        if len(codes) == 2:
            first, second = codes
            yield PaidAlike(start=one.start, end=one.end, codes=(first, second))
