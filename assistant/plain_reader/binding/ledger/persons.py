"""Who is named to have treated, in any of the words for it; «PT» may be a label as well."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.claim import Clinician
from assistant.patterns import regex
from assistant.plain_reader.mentions.mention import Mention
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
    r"(?:(?<![\w/-])|(?<=\d/)|(?<=\d:)|(?<=min/)|(?<=mins/)|(?<=m/)|(?<=w/))(?:PT|OT|SLP)(?![\w'])(?!/(?:OT|PT|SLP|ST)\b)|(?<=A/)(?:PT|OT)\b"
)
_SMALL = regex(r"(?<=\()(?:pt|ot)(?=\))|(?<=\bthe )(?:pt|ot)(?=\s+(?:did|gave|took|had)\b)")
_I = regex(
    r"\b(?:I|i)(?=\s+(?:(?:also|then|personally|only|just|finally)\s+)?(?!bill|code|use|put|add|charge|think"
    r"|know|guess|need|want|have\b|am\b|was\b|can|should|would|could|must|think|believe|wonder)"
    r"[a-z])(?<!do i)(?<!can i)(?<!should i)(?<!did i)(?<!would i)(?<!could i)(?<!must i)(?<!if i)"
    r"|(?<!helped )(?<!for )(?<!assisted )(?<!joined )(?<!assisting )(?<!from )(?<!to )\bme\b"
    r"|\bmyself\b|(?<=was )mine\b|(?<=were )mine\b",
    re.I,
)
_IDLE = regex(
    r"\s*(?:(?:was|were|is|then|also|only)\s+)*"
    r"(?:supervis\w+|observ\w+|watch\w+|on-?\s?site|in the (?:building|room|clinic)|available"
    r"|sign\w*|co-?sign\w*|present\b(?!\s+(?:and|for\s+\d))|not\b|wasn't|modifier|plan\b|poc\b|clinic\b|patient\b"
    r"|called away|pulled|rate\b|eval\w*)",
    re.I,
)
_SIGNED = regex(
    r"\b(?:supervis(?:ed|ing|ion|or)|co-?sign(?:ed|ature)?|sign(?:ed)? off|overseen|reviewed"
    r"|referred)"
    r"(?:\s+(?:by|from|of))?:?\s*(?:the\s+|my\s+|a\s+)?\Z",
    re.I,
)
_DID = regex(
    r"\s*[:=-]?\s*(?:did|does|gave|gives|took|takes|had|ran|led|started|finish\w*|handled|treat\w*"
    r"|provid\w*|perform\w*|came in|stepped in|continued|complet\w+|spent|worked|saw|covered)\b",
    re.I,
)
_SPENT = regex(r"\s*[:=-]?\s*\d{1,3}\s*(?:min|m\b|')", re.I)
_BY = regex(r"\b(?:by|with|w/|from)\s+(?:the\s+|a\s+|my\s+)?\Z", re.I)
_DONE_TO = regex(
    r"\b(?:walked|treated|saw|seen|took|assisted|transferred|guarded|cued|helped|had)\s+(?:the\s+)?\Z",
    re.I,
)
_PAYER = regex(
    r"\b(?:medicare|mcr|part\s+b|b|medicaid|aetna|cigna|uhc|bcbs|humana|tricare|outpatient|op)"
    r"[\s,(/-]*\Z",
    re.I,
)


def find(text: str, writer: Clinician) -> list[Person]:
    """The people named, in order; who only supervises or signs is left out."""
    found = [
        Person(m.start(), m.end(), Clinician(m.lastgroup or "")) for m in _NAMED.finditer(text)
    ]
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
    before = text[max(0, person.start - 40) : person.start]
    idle = person.clinician is not Clinician.AIDE and _IDLE.match(text, person.end)
    return bool(idle or _SIGNED.search(before))


def _is_patient(text: str, named: re.Match[str]) -> bool:
    """«the tech walked PT 10 min»: the patient, in capitals."""
    return bool(_DONE_TO.search(text, max(0, named.start() - 16), named.start()))


def _is_label(text: str, named: re.Match[str]) -> bool:
    """«Medicare PT»: letters behind the payer name whose plan of care it is."""
    before = text[max(0, named.start() - 24) : named.start()]
    return bool(_PAYER.search(before)) and not _DID.match(text, named.end())
