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
_PERSON = regex(
    rf"(?<![\w/-])(?P<a>pt|ot)(?=\s*(?:[:=-]\s*)?\d{{1,3}}"
    rf"(?:\s*(?:min\w*|m\b|')|\s*[,;/+)]|\.(?!\d)|\s*$){_NO_AGE})"
    r"|(?<![\w/-])(?<!medicare )(?<!mcr )(?<!my )(?P<b>pt|ot)"
    rf"(?=\s+(?:independently\s+|then\s+|also\s+|only\s+|alone\s+)*{_GAVE}\s+"
    rf"(?:(?:the|another|an additional|other|last|first|remaining|only|all)\s+)*\d{_NO_AGE})"
    r"|(?:(?<=[,;./(\n] )|(?<=[,;(/\n])|(?<=\A))(?P<j>pt|ot)(?=\s*[:=-]?\s*(?:te|ta|mt|nmr|sc|adls?"
    r"|gait|manual|neuro|exercises?|balance|us)\s*[:=-]?\s*\d)"
    r"|(?:(?<=\bby )|(?<=\bby the ))(?P<c>pt|ot)\b(?!\s+(?:assist|stud))"
    r"|(?<![\w/-])(?P<i>pt|ot)(?=\s+\d{5}\b)"
    rf"|(?<![\w/-])(?P<e>pt|ot)(?=\s*(?:&|and|\+|/)\s*(?:the\s+)?{_HELPER}\b)"
    rf"|(?<=ta and )(?P<f>pt|ot)\b|(?<=ta & )(?P<g>pt|ot)\b|(?<=ta/)(?P<h>pt|ot)\b"
)
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
    return _PERSON.sub(_capitals, text) if _HELPERS.search(text) else text


def _capitals(match: re.Match[str]) -> str:
    return match.group().upper()
