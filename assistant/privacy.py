"""Patient identifiers masked at the door, before anything is stored, logged or sent on."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"[A-Z][a-z]+(?:['-][A-Z][a-z]+)?"
_NOT_NAMES = (
    r"(?!(?:Medicare|Medicaid|Aetna|Cigna|Humana|Anthem|Tricare|Balance|Gait|Manual|Therapeutic|Physical|"
    r"Occupational|Speech|Therapy|Total|Treatment|Session|Visit|Date|Code|Billing|Performed|Completed|Worked|"
    r"Practiced|Practised|Received|Seen|Did|Was|Had|Needs|Has|Is|The|And|With|For|Training|Education|Eval\w*|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|Blue|United)\b)"
)

# kind, pattern; the group «keep» before the identifier stays.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(r"(?P<keep>)[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("web address", re.compile(r"(?P<keep>)\bhttps?://\S+", re.I)),
    ("social security number", re.compile(r"(?P<keep>)(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")),
    (
        "social security number",
        re.compile(r"(?P<keep>\b(?:ssn|social security(?: number| no\.?)?)\W{0,3})\d[\d -]{7,10}", re.I),
    ),
    (
        "Medicare number",
        re.compile(
            r"(?P<keep>)\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]"
            r"[AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b"
        ),
    ),
    (
        "record or member number",
        re.compile(
            r"(?P<keep>\b(?:mrn|mr#|medical record(?: number| no\.?| #)?|record (?:number|no\.?|#)|account(?: number| no\.?| #)|acct\.?|"
            r"member(?: id| number| no\.?| #)|policy(?: number| no\.?| #)|subscriber(?: id)?|claim(?: number| no\.?| #)|mbi|hicn|patient id|pt id"
            r"|license(?: number| no\.?| #)|npi)\s*(?:is|:|=|#)?\s*#?)(?=[\w-]*\d)[A-Z0-9][\w-]{3,}",
            re.I,
        ),
    ),
    (
        "telephone number",
        re.compile(r"(?P<keep>)(?<![\w.$-])(?:\+?1[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])"),
    ),
    (
        "date of birth",
        re.compile(
            r"(?P<keep>\b(?:dob|d\.o\.b\.?|born(?: on)?|date of birth|birth ?date|birthday)\W{0,4})"
            r"(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2} [A-Za-z]{3,9} \d{4}|(?:19|20)\d\d)",
            re.I,
        ),
    ),
    (
        "address",
        re.compile(
            r"(?P<keep>)\b\d{1,5}\s+(?:[NSEW]\.?\s+)?[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?\s+"
            r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Ln|Court|Ct|Boulevard|Blvd|Way|Place|Pl|Terrace|Circle)\b\.?"
            r"(?:,?\s+(?:Apt|Unit|Suite|#)\.?\s*\w+)?"
        ),
    ),
    ("name", re.compile(rf"(?P<keep>\b(?:Mr|Mrs|Ms|Miss|Mx)\.?\s+){_NOT_NAMES}{_NAME}(?:\s+{_NOT_NAMES}{_NAME})?")),
    (
        "name",
        re.compile(
            rf"(?P<keep>\b(?:[Pp]atient|PATIENT|[Pp]t|[Cc]lient|[Nn]ame)(?:'s)?(?:\s+[Nn]ame)?\s*(?:is|:|=)?\s+)"
            rf"{_NOT_NAMES}{_NAME}\s+(?:[A-Z]\.?\s+)?{_NOT_NAMES}{_NAME}\b"
        ),
    ),
    ("name", re.compile(rf"(?P<keep>)\b{_NOT_NAMES}{_NAME},?\s+{_NOT_NAMES}{_NAME}(?=,?\s*\(?(?:DOB|dob|MRN|mrn|age \d|\d{{1,3}}\s?(?:yo|y/o|year)))")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text without identifiers, and the kinds that were found."""

    text: str
    found: tuple[str, ...]


def mask(text: str) -> MaskedText:
    """The text with patient identifiers replaced by their kind in brackets.

    Structured identifiers (numbers, addresses, dates of birth) and names that stand where
    names stand are found; a first name alone in a sentence is not.
    """
    found: dict[str, None] = {}
    for kind, pattern in _PATTERNS:

        def hide(match: re.Match[str], kind: str = kind) -> str:
            found[kind] = None
            return f"{match['keep']}[{kind}]"

        text = pattern.sub(hide, text)
    return MaskedText(text, tuple(found))
