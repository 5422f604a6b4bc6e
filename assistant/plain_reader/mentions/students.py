"""A student's minutes that are the therapist's own service."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.claim import Clinician, Service
from assistant.patterns import regex

_DIRECTED = regex(
    r"\b(?:direct(?:ed|ing)\b(?!\s+(?:contact|access))|guid(?:ed|ing)\b|(?:skilled )?judge?ments?\b"
    r"|made (?:all (?:of )?)?the (?:skilled |clinical )?decisions\b|responsible for\b)",
    re.I,
)
_PRESENT = regex(
    r"\bline[- ]of[- ]sight\b|\bin the (?:same )?room\b|\bpresent\b|\bside by side\b|\bnext to\b"
    r"|\bright (?:there|beside|with)\b|\b100 ?%|\bwhole time\b|\bthroughout\b"
    r"|\bdirect supervision\b",
    re.I,
)
_ALONE = regex(
    r"\b(?:not|n't|never|without)\s+(?:be(?:ing)?\s+)?(?:treat\w*|see(?:ing)?|work\w*|help\w*|engaged|with)"
    r"(?:\s+(?:in|with|on|treating))*\s+(?:any(?:one|body|thing)?|another|other)\b"
    r"|\b(?:treat\w*|saw|seeing|see|with)\s+(?:no ?(?:one|body)\b|no other\b)"
    r"|\bno other (?:patients?|pts?)\b|\b(?:my |the )?only (?:patient|pt)\b"
    r"|\bnobody else\b|\bno one else\b",
    re.I,
)
TAKEN = (
    "The student's minutes are counted as the therapist's own service, because the therapist was "
    "there, directed it and treated nobody else, as you say. The note must show it."
)


def is_therapists_own(text: str) -> bool:
    """Whether the words say all that makes a student's part the therapist's service."""
    return all(p.search(text) for p in (_DIRECTED, _PRESENT, _ALONE))


def counted(services: Sequence[Service]) -> list[Service]:
    """The services with the student's as the therapist's."""
    return [
        replace(s, by=Clinician.THERAPIST) if s.by is Clinician.STUDENT else s for s in services
    ]
