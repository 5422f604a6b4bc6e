"""«All by the PTA except the manual»: one person gave everything, another what is named behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.claim import Clinician, Service
from assistant.patterns import regex
from assistant.plain_reader.mentions.people import ASSISTANT, STUDENT, THERAPIST, clinician
from assistant.plain_reader.reading import Reading

_ANYONE = rf"(?:{ASSISTANT}|{THERAPIST}|{STUDENT}|PT\b|OT\b)"
_DID = r"(?:did|gave|provided|performed|furnished|treated|handled|took)"
_BUT = (
    r"\s*[,;(]?\s*\b(?:except|besides|but(?!\s+not\s+all)|other than|apart from|aside from|save)\b"
    r"(?:\s+for)?(?!\s+(?:the\s+)?(?:first\s+|last\s+)?\d{1,3}\s*(?:min\w*\s*)?of\s+(?:the\s+)?"
    r"(?:\d|it\b|th[eo]))"
)
_ALL = r"(?:all(?: of (?:it|this|them))?|everything|the (?:whole|entire) (?:visit|session))"
_ALL_BUT = regex(
    rf"(?P<head>\b{_ALL}\b"
    r"(?:\s+(?:of\s+)?(?:the\s+)?(?:treatments?|minutes|time|care|services?|codes|visit|session))?"
    r"(?:\s+(?:was|were|is))?(?:\s+(?:done|given|provided|performed|furnished|treated))?"
    r"\s+(?:by|with)\s+"
    rf"(?:the\s+|a\s+|our\s+|my\s+)?(?P<by>{_ANYONE}){_BUT}"
    rf"|\b(?:the\s+|our\s+|my\s+)?(?P<did>{_ANYONE})\s+{_DID}\s+{_ALL}{_BUT})"
    r"(?P<rest>[^.;\n]{3,90})",
    re.I,
)
_PERSON = regex(rf"\b(?:the\s+|our\s+|my\s+|a\s+)?(?P<who>{_ANYONE})\s*(?:{_DID}\b)?", re.I)
_WHICH = regex(r"\b(?:which|that|was|were|done|given|provided|by|with|the fact)\b", re.I)


def take(text: str, found: Reading, codes_of: Callable[[str], Sequence[str]]) -> str:
    """The text, of the same length, without who gave what; it goes to the reading."""
    match = _ALL_BUT.search(text)
    if match is None:
        return text
    named = codes_of(match["rest"])
    whole = clinician(match["by"] or match["did"])
    said = _PERSON.search(match["rest"])
    other = clinician(said["who"]) if said else _the_other(whole)
    if not named or other is whole:
        return text
    found.all_but = (whole, other, tuple(named))
    rest = _WHICH.sub(_blank, _PERSON.sub(_blank, match["rest"]))
    start = match.start("rest")
    return f"{text[: match.start()]}{' ' * (start - match.start())}{rest}{text[match.end() :]}"


def give(found: Reading) -> None:
    """Everything read goes to whom it was said to be of; minutes told in both places count once."""
    if found.all_but is None:
        return
    whole, other, codes = found.all_but
    services: list[Service] = []
    for service in found.services:
        given = replace(service, by=other if service.code in codes else whole)
        twice = service.code in codes and given.block is None and given.minutes is not None
        if not (twice and given in services):
            services.append(given)
    found.services = services
    found.activities = [replace(a, by=whole) for a in found.activities]
    found.choices = [replace(c, by=whole) for c in found.choices]


def _the_other(one: Clinician) -> Clinician:
    """Who gave the rest where nobody is named: the therapist beside another, else the assistant."""
    return Clinician.ASSISTANT if one is Clinician.THERAPIST else Clinician.THERAPIST


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
