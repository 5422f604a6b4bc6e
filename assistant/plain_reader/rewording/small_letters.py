"""«the pta did A, the pt did B»: small letters told as the clinician they stand for there."""

from __future__ import annotations

import re

from assistant.patterns import regex

_HELPER = r"(?:[cl]?pta|c?ota|assistant|aide|tech|student|s?pt student|atc)s?"
_HELPERS = regex(rf"\b{_HELPER}\b", re.I)
_GAVE = (
    r"(?:did|does|gave|gives|furnish\w*|provid\w*|perform\w*|deliver\w*|spen[dt]s?|took|finish\w*"
    r"|handled|covered|was|had)"
)
_NO_AGE = r"(?!\s*(?:y/?o|years?|yrs?)\b)"
_MIN = r"(?:\s*(?:min\w*|m\b|'))?"
_NO_PATIENT = r"(?<![\w/-])(?<!medicare )(?<!mcr )(?<!this )(?<!a )(?<!w/ )(?<!with )"
_ENDS = r"(?=\s*(?:[,;.)/&+|\]-]|\Z|\n|\d|and\b|then\b|(?:c?o|p)ta\b|medicare\b|mcr\b))"
_WENT = r"(?:\s+(?:over|in|up|it|with|from there|on|off|for|of|the|on|another|last|first|other))"
_HOW = r"(?:independently|then|also|only|alone|just|finally)"
_PERSON = regex(
    rf"(?<![\w/-])(?P<a>pt|ot)(?=\s*(?:[:=-]\s*)?\d{{1,3}}"
    rf"(?:\s*(?:min\w*|m\b|')|\s*[,;/+)]|\.(?!\d)|\s*(?:\n|$)){_NO_AGE})"
    rf"|{_NO_PATIENT}(?P<b>pt|ot)"
    rf"(?=\s+(?:{_HOW}\s+)*(?:{_GAVE}|came|popped|stepped|joined|started|wrapped|jumped)"
    rf"(?:{_WENT}){{0,4}}\s+(?:the\s+)?(?:\d|all\b|rest\b){_NO_AGE}"
    r"(?![^.;,]{0,40}\b(?:alone|on (?:his|her|their) own|independent|with (?:the )?(?:c?o|p)ta)\b))"
    r"|(?:(?<=\bby )|(?<=\bby the )|(?<=\bby: )|(?<=provider: )|(?<=who: )|(?<=clinician: ))"
    r"(?P<c>pt|ot)\b(?!\s+(?:assist|stud))"
    r"|(?:(?<=[,;./(\n] )|(?<=[,;(/\n])|(?<=\A))(?P<j>pt|ot)(?=\s*[:=-]?\s*(?:te|ta|mt|nmr|sc|adls?"
    r"|gait|manual|neuro|exercises?|balance|us)\s*[:=-]?\s*\d)"
    rf"|{_NO_PATIENT}(?P<i>pt|ot)(?=\s+(?:x\s*\d|\d{{1,3}}\s+(?:on|of)\b|for\s+(?:the\s+)?\d|time\b|portion\b)|[\s-]\d{{5}}\b)"
    rf"|(?<![\w/-])(?P<e>pt|ot)(?=\s*(?:&|and|\+|/)\s*(?:the\s+)?{_HELPER}\b)"
    r"|(?:(?<=ta and )|(?<=ta & )|(?<=ta/)|(?<=ta\+))(?P<f>pt|ot)\b"
    rf"|(?<=\d)(?:{_MIN})\s*[-:=/x]?\s*(?P<l>pt|ot){_ENDS}"
    r"|(?:(?<=rest )|(?<=remainder )|(?<=was )|(?<=were ))(?P<m>pt|ot)(?=\s*(?:[,;.)]|\Z))"
    r"|(?<=\[)(?P<n>pt|ot)(?=\])|(?:(?<=\n)|(?<=[;.] ))(?P<o>pt|ot)(?=\s*:)"
)
_STAFF = regex(r"(?<![\w.-])(?:[cls]?pta|s?c?ota|otr|atc(?=\s+(?:did|ran|gave|took|\d)))(?!\w)")
_WITH_BOTH = regex(r"\b(?:w/|with)\s*(?:the\s+)?(?:c?o|p)ta\b")
_WITH = regex(r"\b(?:w/|with)\s*(?:the\s+)?pt(?=\s*(?:[,;.)]|\d|\Z|for\b|medicare))")
_OT = regex(r"(?<![\w/-])ot(?![\w/])")  # never a patient
_AMOUNT = regex(  # «pt/slp $2,350», «pt+st»
    r"\b(?:pt|ot|slp|st)(?:\s*(?:[/+&]|and)\s*(?:pt|ot|slp|st))?"
    r"(?=\s+(?:(?:used|total|amount|ytd|so far|is|was|at|of)\s+)*\$)"
    r"|\b(?:pt\s*[/+&]\s*(?:slp|st)|(?:slp|st)\s*[/+&]\s*pt)\b"
)
_THERAPY = regex(  # «30 minutes of pt (97112)», «pt today 97110»
    r"(?<=\bof )(?:pt|ot|st|slp)(?=\s*\()"
    r"|\b(?:pt|ot|slp)(?=\s+(?:today|session|visit|treatment)\b[^.;\d]{0,20}\d{5})"
)


def told(text: str) -> str:
    """The text with those letters as capitals; a «pt» who is the patient stays as it is."""
    text = _THERAPY.sub(_capitals, _AMOUNT.sub(_capitals, text))
    if not _HELPERS.search(text):
        return text
    own = _PERSON.sub(_person, text)
    if _WITH_BOTH.search(own):  # beside «w/ pta»; alone «w/ pt» is the patient
        own = _WITH.sub(lambda match: f"{match[0][:-2]}PT", own)
    return _STAFF.sub(_capitals, _OT.sub("OT", own))


def _person(match: re.Match[str]) -> str:
    """The match with who is named in it as capitals."""
    start, end = match.span(match.lastgroup or 0)
    text = match.string
    return f"{text[match.start() : start]}{text[start:end].upper()}{text[end : match.end()]}"


def _capitals(match: re.Match[str]) -> str:
    return match.group().upper()
