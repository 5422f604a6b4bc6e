"""Patient identifiers masked at the door, before anything is stored, logged or sent on.

The kinds are those of the HIPAA Safe Harbor list (45 CFR 164.514(b)(2)) that text can hold. A
date of service stays, because claims turn on it; so do codes, minutes and amounts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CAPITAL = r"[A-Z][a-z]+(?:['-][A-Z][a-z]+)?|[OD]'[A-Z][a-z]+|Mc[A-Z][a-z]+"
_NO_NAME = (
    r"(?!(?:Medicare|Medicaid|Aetna|Cigna|Humana|Anthem|Tricare|Blue|United|Balance|Gait|Manual"
    r"|Therapeutic|Physical|Occupational|Speech|Therapy|Total|Time|Timed|Treatment|Session|Visit"
    r"|Date|Code|Billing|Did|Was|Were|Is|Are|Has|Had|Have|Needs|Will|Can|The|This|That|And|With|For"
    r"|From|In|On|At|To|Of|No|Not|Yes|Education|Eval|Evaluation|Exercise|Activities|Care|Plan|Goal"
    r"|Goals|Able|Unable|Demonstrates?|Reports?|States?|Tolerates?|Performs?|Requires?|Presents?"
    r"|Completes?|Continues?|Denies|Shows?|Seen|Complains?|Given|Home|Safety|Status|History"
    r"|Assessment|Subjective|Objective|Name|Patient|Client|Male|Female|Insurance|Payer|Part|Low"
    r"|Moderate|High|Outpatient|Inpatient|Hospital|Clinic|Minutes|Units?|Ther|Neuro|Right|Left"
    r"|Knee|Hip|Shoulder|Ankle|Back|Neck|Pain|Post|Status|Stroke|Monday|Tuesday|Wednesday|Thursday"
    r"|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Today|Yesterday|Case|Both|Each|How|What|Which|Who|If)\b"
    r"|(?:Perform|Complet|Work|Practic|Practis|Receiv|Tolerat|Demonstrat|Report|Requir|Present"
    r"|Treat|Train|Educat|Instruct|Walk|Ambulat|Exercis|Strengthen|Stretch|Lift|Need|Train)\w*)"
)
_NAME = rf"{_NO_NAME}(?:{_CAPITAL})"
_INITIAL = r"(?:[A-Z]\.?\s+)?"
_FULL = rf"{_NAME}\s+{_INITIAL}{_NAME}"
_SHOUTED = r"(?!(?:PT|OT|SLP|TE|TA|NMR|MT|THE|AND|FOR|GAIT)\b)[A-Z]{2,}(?:[-'][A-Z]+)?"
_DATE = (
    r"(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|[A-Za-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Za-z]{3,9},? \d{4})"
)
_IS = r"\s*(?:is|was|:|=|#|-)?\s*#?"
_NUMBER = r"(?=[\w-]*\d)[A-Z0-9][\w-]{3,}"
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Ln|Court|Ct|Boulevard|Blvd|Way|Place|Pl"
    r"|Terrace|Ter|Circle|Cir|Highway|Hwy|Parkway|Pkwy)"
)
_STATE = r"(?:[A-Z]{2})"
_PLACE = rf"(?:,?\s+(?:{_CAPITAL})(?:\s+(?:{_CAPITAL}))?,\s*{_STATE}(?:\s+\d{{5}}(?:-\d{{4}})?)?)?"
_RELATIVE = (
    r"wife|husband|spouse|partner|daughter|son|mother|father|mom|dad|sister|brother|caregiver|niece"
    r"|nephew|grandson|granddaughter|aunt|uncle"
)

# kind, pattern; the group «keep» before the identifier stays.
_PATTERNS: tuple[tuple[str, str, bool], ...] = (
    ("e-mail", r"(?P<keep>)[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", False),
    ("web address", r"(?P<keep>)\b(?:https?://|www\.)\S+", True),
    ("IP address", r"(?P<keep>)(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", False),
    ("social security number", r"(?P<keep>)(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])", False),
    (
        "social security number",
        r"(?P<keep>\b(?:ssn|social security(?: number| no\.?)?|last (?:4|four) of (?:the )?ssn)"
        r"[:#\s]{0,3}(?:is\s+)?)(?:\d{3}[ -]?\d{2}[ -]?\d{4}|\d{4})\b",
        True,
    ),
    (
        "Medicare number",
        r"(?P<keep>)\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]"
        r"[AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}\b",
        False,
    ),
    ("vehicle number", r"(?P<keep>\bVIN\W{0,3})[A-HJ-NPR-Z0-9]{11,17}\b", True),
    ("vehicle number", rf"(?P<keep>\b(?:license )?plate(?: number| no\.?)?{_IS}){_NUMBER}", True),
    (
        "device number",
        rf"(?P<keep>(?:\b(?:serial|device|implant)(?: number| no\.?| id| #)"
        rf"|\bs/n){_IS}\s*){_NUMBER}",
        True,
    ),
    (
        "record or member number",
        r"(?P<keep>\b(?:mrn|mr ?#|medical record(?: number| no\.?| #)?|record (?:number|no\.?|#)"
        r"|chart(?: number| no\.?| #)|account(?: number| no\.?| #)|acct\.?(?: #)?"
        r"|member(?: id| number| no\.?| #)|policy(?: number| no\.?| #)|subscriber(?: id)?"
        r"|group (?:number|no\.?|#)|claim(?: number| no\.?| #)|mbi|hicn|(?:patient|pt|case) id"
        rf"|insurance id|medicaid id|license(?: number| no\.?| #)|certificate(?: number| no\.?| #)"
        rf"|npi|auth(?:orization)?(?: number| no\.?| #)){_IS}){_NUMBER}",
        True,
    ),
    (
        "telephone number",
        r"(?P<keep>)(?<![\w.$-])(?:\+?1[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])",
        False,
    ),
    (
        "telephone number",
        r"(?P<keep>\b(?:phone|tel(?:ephone)?|cell|mobile|fax|call(?: (?:her|him|me|them))?(?: at)?"
        rf"|contact)(?: number| no\.?)?{_IS}\s*)(?:\+?1[ .-]?)?(?:\d{{10}}|\d{{3}}[ .-]\d{{4}})\b",
        True,
    ),
    (
        "date of birth",
        r"(?P<keep>\b(?:dob|d\.o\.b\.?|born(?: on)?|date of birth|birth ?date"
        r"|birthday)\W{0,4}(?:is\s+)?)"
        rf"(?:{_DATE}|(?:19|20)\d\d)",
        True,
    ),
    (
        "other date",
        r"(?P<keep>\b(?:admitted|admission(?: date)?|discharged?(?: date)?|died|deceased"
        r"|date of (?:death|injury|accident|onset|loss)|onset(?: date)?|injured|injury date|doi"
        r"|surgery(?: date)?|operated|sx(?: date)?)\W{0,3}(?:(?:on|was|of|is)\W{1,2}){0,2})"
        rf"{_DATE}",
        True,
    ),
    (
        "age over 89",
        r"(?P<keep>)\b(?:9\d|1[01]\d)(?=[- ]?(?:years?[- ]old|y/?o\b|yrs?[- ]old))",
        True,
    ),
    (
        "address",
        rf"(?P<keep>)\b\d{{1,5}}\s+(?:[NSEW]\.?\s+)?(?:(?:{_CAPITAL})|\d+(?:st|nd|rd|th))"
        rf"(?:\s+(?:{_CAPITAL}))?\s+{_STREET}\b\.?(?:,?\s+(?:Apt|Unit|Suite|#)\.?\s*\w+)?{_PLACE}",
        False,
    ),
    ("address", r"(?P<keep>)\bP\.?\s?O\.?\s+Box\s+\d+", True),
    ("address", r"(?P<keep>\bzip(?: ?code)?\W{0,3}(?:is\s+)?)\d{5}(?:-\d{4})?\b", True),
    (
        "address",
        rf"(?P<keep>)\b(?:{_CAPITAL})(?:\s+(?:{_CAPITAL}))?,\s*[A-Z]{{2}}\s+\d{{5}}\b",
        False,
    ),
    (
        "address",
        rf"(?P<keep>\b(?:lives|resides|residing|living) in\s+)(?:{_CAPITAL})(?:\s+(?:{_CAPITAL}))?",
        False,
    ),
    ("name", rf"(?P<keep>\b(?:Mr|Mrs|Ms|Miss|Mx)\.?\s+){_NAME}(?:\s+{_NAME})?", False),
    (
        "name",
        r"(?P<keep>\b(?:[Pp]atient|PATIENT|[Pp]t|[Cc]lient|[Rr]esident)(?:'s)?(?:\s+[Nn]ame)?"
        rf"\s*(?:is|:|=|,|-)?\s+){_FULL}\b",
        False,
    ),
    (
        "name",
        rf"(?P<keep>\b(?:(?:[Pp]atient|[Pp]t|[Cc]lient|[Ff]ull|[Ll]ast|[Ff]irst)\s+)?"
        rf"(?:[Nn]ame|NAME|[Nn]amed|[Cc]alled)\s*(?:is|:|=)?\s+)(?:{_NAME},\s*)?{_NAME}"
        rf"(?:\s+{_INITIAL}{_NAME})?",
        False,
    ),
    (
        "name",
        rf"(?P<keep>\b(?:RE|Re|NAME|PATIENT|PT NAME):\s*)(?:{_FULL}|{_SHOUTED},\s*{_SHOUTED})",
        False,
    ),
    ("name", rf"(?P<keep>\b(?:[Mm]y|[Oo]ur|[Tt]he)\s+(?:patient|client|pt)\s+){_NAME}\b", False),
    (
        "name",
        rf"(?P<keep>\b(?:{_RELATIVE}),?\s+(?:is\s+|named\s+)?){_NAME}\b(?:\s+{_NAME})?",
        False,
    ),
    (
        "name",
        rf"(?P<keep>)\b(?:{_NAME},\s+{_NAME}|{_FULL})(?=,?\s*\(?(?:DOB|dob|MRN|mrn|SSN|ssn|born"
        rf"|aged?\s\d"
        r"|\d{1,3}\s?-?(?:yo\b|y/o|year)))",
        False,
    ),
)
_COMPILED = tuple((k, re.compile(p, re.I if loose else 0)) for k, p, loose in _PATTERNS)


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
    for kind, pattern in _COMPILED:
        text, times = pattern.subn(rf"\g<keep>[{kind}]", text)
        if times:
            found[kind] = None
    return MaskedText(text, tuple(found))
