"""Who is named to have treated, in any of the words for it; «PT» may be a label as well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.claim import Clinician
from assistant.patterns import regex
from assistant.plain_reader.mentions import people
from assistant.plain_reader.mentions.mention import Mention, beside
from assistant.plain_reader.mentions.people import AIDE, ASSISTANT, STUDENT, THERAPIST


@dataclass(frozen=True, slots=True)
class Person(Mention):
    """Somebody named; maybe only a discipline: «Medicare PT»."""

    clinician: Clinician
    maybe: bool = False


_NAMED = regex(
    rf"\b(?:(?P<student>{STUDENT})|(?P<assistant>{ASSISTANT})|(?P<aide>{AIDE})"
    rf"|(?P<therapist>{THERAPIST}))",
    re.I,
)
_LETTERS = regex(
    r"(?:(?<![\w/-])|(?<=\d/)|(?<=\d:)|(?<=[NnSsMmWw]/))(?:PT|OT|SLP)(?![\w'])(?!/(?:OT|PT|SLP|ST)\b)|(?<=A/)(?:PT|OT)\b"
)
_SMALL = regex(r"(?<=\()(?:pt|ot)(?=\))|(?<=\bthe )(?:pt|ot)(?=\s+(?:did|gave|took|had)\b)")
_I = regex(
    r"(?-i:\bI\b)(?=\s*:?\s*\d)|"
    r"\b(?:I|i)(?=\s+(?:(?:also|then|personally|only|just|finally)\s+)?(?!bill(?!ed\s+(?:for\s+)?\d{5})|code|use|put|add|charge|think"
    r"|know|guess|need|want|have\b|am\b|was\b|can|should|would|could|must|think|believe|wonder)"
    r"[a-z])(?<!do i)(?<!can i)(?<!should i)(?<!did i)(?<!would i)(?<!could i)(?<!must i)(?<!if i)"
    r"|(?<!helped )(?<!not )"
    r"(?<!for )(?<!assisted )(?<!joined )(?<!assisting )(?<!from )(?<!to )\bme\b"
    r"|\bmyself\b|\bmine\b",
    re.I,
)
_AT_AN_EVAL = regex(r"\s*(?:rate\b|eval\w*)", re.I)
_SIGNED = regex(
    r"\b(?:supervis(?:(?:ed|ing)\b(?!\s+(?:the|my|our|a)\b)|ion|or)|co-?sign(?:ed|ature)?"
    r"|sign(?:ed)? off|overseen|reviewed"
    r"|referred|t(?:ook|aking|akes) over\b[^.;,]{0,24}\bfrom|not)"
    r"(?:\s+(?:by|from|of))?:?\s*(?:the\s+|my\s+|a\s+)?\Z",
    re.I,
)
_DID = regex(
    r"\s*[:=-]?\s*(?:did|does|gave|gives|took|takes|had|ran|led|started|finish\w*|handled"
    r"|treat\w*"
    r"|provid\w*|perform\w*|furnish\w*|deliver\w*|[a-z]{3,}(?:s|ed)(?=\s+(?:for\s+)?\d)"
    r"|came in|stepped in|continued|complet\w+|spent|worked|saw|covered)\b",
    re.I,
)
_AND_ASSISTANT = regex(  # «Medicare PT 10 min + PTA 12 min»
    rf"\s*\d{{1,3}}\s*(?:min\w*|m\b|')?\s*(?:[+&,/]|and|plus)\s*(?:the\s+|a\s+)?{ASSISTANT}", re.I
)
_SPENT = regex(r"\s*[:=-]?\s*\d{1,3}\s*(?:min|m\b|')", re.I)
_BY = regex(r"\b(?:by\s*:?|with|w/|from|was|were)\s+(?:the\s+|a\s+|my\s+)?\Z", re.I)
_DONE_TO = regex(
    r"\b(?:walked|treated|saw|seen|took|assisted|transferred|guarded|cued|helped|had)\s+(?:the\s+)?\Z",
    re.I,
)
_PAYER = regex(
    r"\b(?:medicare|mcr|part\s+b|b|medicaid|aetna|cigna|uhc|bcbs|humana|tricare|outpatient|op)"
    r"[\s,(/-]*\Z",
    re.I,
)


_GAVE = (
    r"(?:did|gave|spent|provided|performed|completed|worked|treated|ran|led|started|began|took"
    r"|instructed|trained|guided|furnished|delivered|continued|had|handled|covered|finished|kept)"
)
_SUBJECTLESS = regex(  # «OT. Did 22 min of A, COTA then took B»
    r"(?:\A|(?<=[.;\n]\s)|(?<=\n))(?:(?:then|first|today|also)\s+)?"
    rf"(?P<did>(?!treat|had|took|kept|finish|cover|continu){_GAVE}|{_GAVE}(?=\s+(?:for\s+)?\d))\b"
    r"(?!\s*(?:by|with|w/|the\s+(?:pta|c?ota|pt|ot)\b|(?:he|she|they|you|we|i)\b|:))",
    re.I,
)
_HEAD = regex(rf"\W*(?:(?:hi|hello|hey)\W+)?{ASSISTANT}\W*(?:here|writing)?\W*", re.I)
_HERS = regex(
    rf"\b(?:hers|theirs)\b|\bhis\b(?=\s*(?:[,.;)]|$))|\b(?:s?he|they)(?=\s+(?:then\s+|also\s+)?{_GAVE}\b)",
    re.I,
)
_I_GAVE = regex(rf"\bI\s+(?:then\s+|also\s+|only\s+)?{_GAVE}\b|\bmine\b", re.I)
_THE_PATIENT = regex(
    r"\b(?:patient|client|resident|mrs?|ms|husband|wife|son|daughter)\b|(?<![A-Z])\bpt\b|\[name\]"
)


def _hers(text: str, named: Sequence[Person]) -> list[Person]:
    """«she», beside what «I» gave, where it can only be the one assistant named before."""
    others = [p for p in named if p.clinician is not Clinician.THERAPIST]
    alone = {p.clinician for p in others} == {Clinician.ASSISTANT}
    if not (alone and _I_GAVE.search(text)) or _THE_PATIENT.search(text):
        return []
    return [
        Person(m.start(), m.end(), Clinician.ASSISTANT) for m in _HERS.finditer(text, others[0].end)
    ]


def find(text: str, writer: Clinician) -> list[Person]:
    """The people named, in order; who only supervises or signs is left out.

    Two who treat together are the therapist; a sentence without a subject is the writer's, unless
    somebody else is named before it.
    """
    found = [
        Person(m.start(), m.end(), Clinician.THERAPIST)
        for m in people.together(text)
        if not re.search(r"\d", m.group())
    ]
    found += beside(
        [Person(m.start(), m.end(), Clinician(m.lastgroup or "")) for m in _NAMED.finditer(text)],
        found,
    )
    others = [p.start for p in found if p.clinician is not Clinician.THERAPIST] or [len(text)]
    found += [
        Person(*m.span("did"), writer if m.start("did") < others[0] else found[0].clinician, True)
        for m in _SUBJECTLESS.finditer(text)
        if m.start("did") < others[0] or _HEAD.fullmatch(text, 0, m.start("did"))
    ]
    found += _hers(text, found)
    taken = {place for p in found for place in range(p.start, p.end)}
    for pattern, who, maybe in (
        (_LETTERS, Clinician.THERAPIST, True),
        (_SMALL, Clinician.THERAPIST, True),
        (_I, writer, False),
    ):
        found += [
            Person(m.start(), m.end(), who, maybe and not _treats(text, m))
            for m in pattern.finditer(text)
            if m.start() not in taken
            and not (maybe and (_is_label(text, m) or _is_patient(text, m)))
        ]
    return sorted((p for p in found if not _is_idle(text, p)), key=lambda p: p.start)


def _treats(text: str, named: re.Match[str]) -> bool:
    """«by the PT», «PT did»: letters that can be no label."""
    before = text[max(0, named.start() - 12) : named.start()]
    does = _DID.match(text, named.end()) or _SPENT.match(text, named.end())
    return bool(does or _BY.search(before))


def _is_idle(text: str, person: Person) -> bool:
    before = text[max(0, person.start - 48) : person.start]
    if person.clinician is Clinician.AIDE:
        return people.only_helps(text, person.start, person.end)
    idle = people.NOT_TREATING.match(text, person.end) or _AT_AN_EVAL.match(text, person.end)
    return bool(idle or _SIGNED.search(before))


def _is_patient(text: str, named: re.Match[str]) -> bool:
    """«the tech walked PT 10 min»: the patient, in capitals."""
    return bool(_DONE_TO.search(text, max(0, named.start() - 16), named.start()))


def _is_label(text: str, named: re.Match[str]) -> bool:
    """«Medicare PT»: letters behind the payer name whose plan of care it is."""
    before = text[max(0, named.start() - 24) : named.start()]
    treats = _DID.match(text, named.end()) or _AND_ASSISTANT.match(text, named.end())
    return bool(_PAYER.search(before)) and not treats
