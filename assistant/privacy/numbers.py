"""Numbers, addresses of the net, files and the like that identify a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.patterns import regex
from assistant.privacy.spans import Span, matches

_IS = (
    r"(?![a-z-])(?:\s(?:number|no\.?|num|nbr|id))?(?:\s?[:=#]|\s(?:is|was|of|-|–)\s)"
    r"?\s?[:#]?\s{0,4}"
)
_VALUE = (
    r"(?P<it>(?=[\w./-]*\d|[A-Z]{2,4}[ -]\d)[A-Z0-9](?:[\w-]|[./](?=\w)){2,28}"
    r"(?:\s\d{1,6}(?![\w/.:'-])){0,3})"
)
_LONG = r"(?P<it>(?=[\w-]*\d{2})[A-Z0-9][\w-]{3,28})"


def _labelled(labels: str, value: str = _VALUE) -> str:
    return rf"\b(?:{labels}){_IS}{value}"


_LABELS = (
    ("social security number",
     r"\b(?:ssn|ss#|social security|soc\.? sec\.?|last (?:4|four)(?: digits)? of (?:the |her "
     r"|his )?"
     rf"(?:ssn|social))(?: (?:on file|ends? in|ending(?: in)?))?{_IS}(?P<it>[\dx*]{{3}}[ "
     rf"-]?[\dx*]{{2}}[ -]?\d{{4}}|\d{{4}})\b"),
    ("social security number", r"\blast (?:4|four)(?: digits)?\s?(?:is|are|:)?\s(?P<it>\d{4})\b"),
    ("health plan number",
     r"\b(?:member|policy|insured|subscriber)\s(?P<it>(?=\w*\d{3})[A-Z]{1,5}\d\w{3,14}"
     r"(?:\s\d{3,6}\b)?|\d{8,14})\b"),
    ("health plan number", r"(?-i:\bID)\s?[:#]?\s(?P<it>[A-Z]{1,4}\d[\d -]{5,14}\d)\b"),
    ("vehicle number", _labelled(r"vin|vehicle(?: identification| id)?",
                                 r"(?P<it>(?=\w*\d)[A-HJ-NPR-Z0-9]{8,17})\b")),
    ("vehicle number",
     rf"\b(?:licen[cs]e |number |parking )?(?:plate|tag)s?\b{_IS}(?P<it>(?=[\w -]{{0,7}}\d)[A-Z0-9]"
     r"{1,4}[ -]?[A-Z0-9]{2,4}(?:[ -]?[A-Z0-9]{2,4})?)\b"),
    ("device number",
     _labelled(r"(?:serial|device|implant|pacemaker|pump|hearing aid|wheelchair|walker|prosthesis|"
               r"stimulator|orthosis|cgm)(?: serial| device| model)?(?: number| no\.?| id| #|#)|"
               r"s/n|sn|udi|lot(?: number| no\.?| #|#)|serial", _LONG)),
    ("health plan number",
     _labelled(r"(?:member|subscriber|policy(?: ?holder)?|group|grp|plan|medicaid|insurance|ins|"
               r"beneficiary|medicare|payer|enrollee|dependent|aetna|cigna|bcbs|uhc|humana"
               r"|anthem|tricare"
               r"|blue ?cross|blue ?shield|kaiser|healthcare)(?:'s)?(?: id| number| no\.?| "
               r"num| #|#)"
               r"|mbi|hicn|subscriber|cardholder(?: id)?")),
    ("record number",
     _labelled(r"mrn|mr ?#|med(?:ical)?\.? rec(?:ord)?s?|record (?:number|no\.?|#)|chart"
               r"|emr(?: id)?|"
               r"ehr(?: id)?|(?:patient|pt|client|resident|episode|visit|encounter|case|referral)"
               r"(?: id| number| no\.?| #|#)|fin|csn|har")),
    ("account number",
     _labelled(r"account|acct\.?|iban|(?:invoice|statement|guarantor|billing|credit card|card"
               r"|routing)"
               r"(?: id| number| no\.?| #|#)", _LONG)),
    ("licence or certificate number",
     _labelled(r"(?:driver'?s? |dl |state |pt |ot |slp |pta |rn |md |professional )?licen[cs]e"
               r"|lic\.?|"
               r"certificate|cert\.?|npi|dea|dl(?:n|#)?|passport|visa|badge", _LONG)),
    ("biometric",
     r"\b(?:(?:finger|thumb|voice|palm|hand|face|retinal?|iris)[ -]?(?:prints?|scans?|geometry|id|"
     rf"template|hash)(?: (?:id|template|hash|file|scan))?|biometric(?: id| template)?){_IS}"
     r"(?P<it>(?=\S*\d)[A-Za-z0-9][\w.:/+-]{3,60})"),
    ("other number",
     _labelled(r"(?:claim|claim (?:ctl|control)|auth(?:orization)?|prior auth|pre-?cert"
               r"|tracking|confirmation|order|rx|"
               r"prescription|study|subject|research|accession|specimen|locker|employee|student|"
               r"military|service|unique|reference|ref|incident|ticket|portal|user(?: ?name)?"
               r"|login|"
               r"loyalty|membership|unit record|icn|dcn|tcn)(?: id| number| no\.?| #|#)|rx|icn"
               r"|dcn|tcn",
               _LONG)),
    ("other number", r"\b(?:user ?name|login|screen name|handle)\s*(?:is|:|=)"
                     r"\s*(?P<it>@?[\w.-]{3,40})"),
    ("telephone number",
     r"\b(?:phone|ph|tel(?:ephone)?|cell(?: phone)?|mobile|home|work|fax|pager|call(?:ed|s)"
     r"?(?: (?:her"
     r"|him|me|them|us|back))?(?: (?:at|on))?|text(?: (?:her|him|me))?(?: at)?|contact"
     r"|reach(?:ed)?(?:"
     r" (?:her|him|me))?(?: at)?)(?: number| no\.?| #)?\s*(?:is|:|=|#|at)?\s*(?P<it>(?:\+?1[ .-]?)?"
     r"(?:\d{10}|\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}|\d{3}[ .-]\d{4})(?:\s?(?:x|ext\.?)\s?\d{1,"
     r"6})?)\b"),
)  # fmt: skip
_SHAPES = (
    ("e-mail", r"[\w.+%-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    ("web address", r"\b(?:https?://|ftp://|www\.)[^\s<>\"')\]]+"),
    ("web address",
     r"(?<![\w@.-])(?:[\w-]{1,60}\.){1,3}(?:com|org|net|edu|gov|health|care|io|us|info|me)"
     r"/[^\s<>\"')]+"),
    ("photograph", r"(?<![\w/.-])[\w.-]{1,80}\.(?:jpe?g|png|heic|gif|tiff?|bmp|dcm|webp)\b"),
    ("IP address", r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2})?(?![\d.]\d)"),
    ("IP address",
     r"(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}(?::?[0-9a-f]{1,4}){1,4}(?![\w:])"
     r"|(?<![\w:])(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}:?){1,6}(?![\w:])"),
    ("device number", r"(?<![\w:])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:])"),
    ("social security number", r"(?<![\d-])[\dx*]{3}-[\dx*]{2}-\d{4}(?![\d-])"),
    ("health plan number",
     r"\b[1-9][ac-hjkmnp-rt-y][ac-hjkmnp-rt-y0-9]\d[ -]?[ac-hjkmnp-rt-y][ac-hjkmnp-rt-y0-9]\d[ -]?"
     r"[ac-hjkmnp-rt-y]{2}\d{2}\b"),
    ("vehicle number", r"\b(?=[A-HJ-NPR-Z]*\d)(?=\d*[A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{11}\d{6}\b"),
    ("telephone number",
     r"(?<![\w.$,/-])(?:\+?1[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}"
     r"(?:\s?(?:x|ext\.?)\s?\d{1,6})?(?![\w-])"),
    ("telephone number", r"(?<![\w.$,/:-])(?![1-9][0-5]\d-(?:0?[1-9]|1[0-2])[0-5]\d(?!\d))"
                         r"\d{3}-\d{4}(?![\w:-]|\s?(?:ft|feet|m\b|meters|steps))"),
    ("telephone number", r"(?<![\w.$,/-])(?<!npi )\+\d{1,3}[ .-]?\(?\d{2,4}\)?(?:[ .-]?\d{2,4})"
                         r"{2,4}"),
    ("other number", r"(?<![\w$.,/:-])(?![LA]\d{5}\b)(?!(?:PTA?|C?OTA?|OTR|SLP)-9[267]\d{3}(?!\d))"
                     r"(?=[A-Z]{0,4}-?\d)[A-Z]{1,5}-?\d{5,14}[A-Z]?(?![\w.]\w|\w)"),
    ("other number", r"(?<![\w$.,/:-])(?!20[0-4]\d(?:0\d|1[0-2])(?:[0-2]\d|3[01])\b)"
                     r"(?!(?:0\d|1[0-2])(?:[0-2]\d|3[01])20[0-4]\d\b)\d{7,20}(?![\w,.:/-]\w|\w)"),
)  # fmt: skip
_CASED = ("other number",)
_COMPILED = tuple(
    (kind, regex(pattern, 0 if kind in _CASED and (kind, pattern) in _SHAPES else re.I))
    for kind, pattern in (*_LABELS, *_SHAPES)
)


def find(text: str) -> Iterator[Span]:
    """Every number, address of the net and file name that identifies."""
    for kind, pattern in _COMPILED:
        yield from matches(kind, pattern, text)
