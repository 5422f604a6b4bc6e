"""Dates that identify: all but those on which a claim turns, as far as words say which it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.patterns import regex
from assistant.privacy.spans import Signed, Span, matches

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ONE = (
    r"(?:\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?!\d)"
    r"|(?![0-5][+-]?/5(?!\d))\d{1,2}/\d{1,2}(?![\d/])"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s(?:\d{{4}}|'\d\d))?(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?:,?\s\d{{4}})?|{_MONTH}\s(?:of\s)?\d{{4}}"
    r"|\d{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*-\d{2,4}"
    r"|(?:0\d|1[0-2])(?:[0-2]\d|3[01])(?:19|20)\d{2}|(?:19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01]))"
)
_DATE = rf"(?P<it>{_ONE}(?:\s?(?:-|–|to|through|thru|until)\s?{_ONE})?)"
_BIRTH = (
    r"(?:d\.?\s?o\.?\s?b\.?|y\.?o\.?b\.?(?=\W)|born(?:\s(?:on|in))?|(?:date|year|day)\sof\sbirth"
    r"|birth\s?(?:date|year)|b'?day|birthday|bd(?=[:=])|birth)"
)
_EVENTS = (
    r"admit(?:ted|s)?|admission|adm|readmitted|discharged?|d/?c'?d|d/?c(?=\s(?:home|date|from"
    r"|to)\b)|died|death"
    r"|deceased|passed\saway|injur(?:y|ed)|"
    r"accident|crash|mva|mvc|doi|doa|onset|loss|fell|fall|falls|surger(?:y|ies)|sx"
    r"|operat(?:ion|ed)|procedure|arthroplasty|"
    r"replacement|tka|tha|tkr|thr|tsa|rtsa|acl\w*|orif|orif'd|rcr|repair|fusion|laminectomy"
    r"|discectomy|amputat\w+|bka|aka|"
    r"craniotomy|cabg|stent|pacemaker|implant(?:ed)?|cva|stroke|tia|mi|heart\sattack|tbi"
    r"|concussion|fracture[ds]?|fx|"
    r"diagnos(?:is|ed)|dx(?:'d)?|hospitali[sz]\w+|hospital(?:\sstay)?|er\svisit|ed\svisit|icu"
    r"|snf\sstay|"
    r"mri|x-?rays?|ct\sscan|emg|dexa|mbs|fees|imaging|labs?|injection|biopsy|chemo\w*"
    r"|radiation|covid|vaccin\w+|"
    r"appointment|appt|follow[\s-]?up|f/u|sees?\s(?:the\s)?(?:md|dr|doctor|surgeon)"
    r"|saw\s(?:the\s)?(?:md|dr|doctor|surgeon)|"
    r"md\svisit|married|marri(?:age|ed)|wedding|anniversary|divorced|widowed|retired"
    r"|graduat\w+|incident|delivery|delivered|"
    r"pregnan\w+|due\sdate|edd|s/p|post[\s-]?op|symptoms?(?:\s(?:began|started|since))?|began"
    r"|started\shaving|expire[sd]?|issued|last\sworked|off\swork\ssince|return(?:ed)"
    r"?\sto\swork|moved\sin|baptized"
)
_SIDE = (
    r"(?:[\s,]{1,2}(?:[lr]|rt|lt|left|right|bilateral|b/l|total|knee|hip|shoulder|ankle"
    r"|wrist|at\shome|(?:last|this|past)\s\w{3,6}day|ago|sustained|home|from\s(?:the\s)"
    r"?(?:hospital|snf|rehab|icu)|with|stay"
    r"|visit|date|dated|day|to\s(?:the\s)?(?:hospital|snf|rehab|er|ed|icu)|w/\w+|performed"
    r"|done|occurred|scheduled|happened)){0,3}"
)
_LINK = (
    r"\s{0,2}(?:(?:on|was|is|of|in|at|since|from|dated?|for|approx\.?|around|about|the"
    r"|scheduled|next)\s){0,3}[:=(-]?\s?"
)
# A date right before what was billed is the date of service, whatever stands before it.
_NOT_BILLED = r"(?!\s?[:,-]?\s?(?:97\d{3}|92\d{3}|\d{1,3}\s?min|te\b|ta\b|nmr\b|mt\b|ther|dos\b))"
_AGE = (
    r"(?<![\d/.$-])(?P<it>9\d|1[01]\d)(?=\s?-?\s?(?:years?[\s-]{1,2}old|y\.?\s?/?\s?o\.?\b"
    r"|yrs?\.?[\s-]?old|yof\b|yom\b|year[\s-]old))"
)
_NINETY = r"ninety(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?"
_HUNDRED = r"(?:a|one)\shundred(?:(?:\sand)?\s(?:one|two|three|four|five|six|seven|eight|nine))?"
_NO_COUNT = r"\b(?!\s?(?:min|deg|°|f(?:ee|oo)?t\b|steps|reps|percent|%|dollars|units|sec))"
# A whole date of the last century is no day that is billed; but a rule may be as old.
_NOT_A_RULE = (
    r"(?<!effective )(?<!since )(?<!as of )(?<!from )(?<!until )(?<!through )(?<!dated )"
    r"(?<!before )(?<!after )(?<!effective: )(?<!edit )"
    r"(?<!dos )(?<!dos: )(?<!service )(?<!service: )(?<!seen )(?<!visit )"
)
_OLD = (
    rf"\d{{1,2}}[/.-]\d{{1,2}}[/.-]19\d\d|19\d\d-\d{{1,2}}-\d{{1,2}}"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s19\d\d|\d{{1,2}}\s{_MONTH},?\s19\d\d"
)
_DATED = (
    ("date of birth", rf"\b{_BIRTH}(?:\W{{0,4}}(?:is|was|on)?\s{{0,2}})(?:{_DATE})"),
    ("other date", rf"\b(?:{_EVENTS})\b{_SIDE}{_LINK}{_DATE}{_NOT_BILLED}"),
    ("other date", rf"{_DATE}\s(?:surger(?:y|ies)|fall\b|accident|stroke|cva|mri|x-?ray"
                   rf"|admission|discharge\b|injury|hospitali[sz]\w+|appointment|appt|follow-?up\b)"),
    ("date of birth", rf"{_DATE}\s(?:is|was)\s(?:(?:her|his|their|the|my|pt'?s?)\s)?{_BIRTH}\b"),
    ("date of birth", rf"{_DATE}\s?\({_BIRTH}\)"),
    ("other date", rf"(?<![\w/.-]){_NOT_A_RULE}(?P<it>{_OLD})(?!\d)"),
)  # fmt: skip
_BORN = (
    ("date of birth", rf"\b{_BIRTH}(?:\W{{0,4}}(?:is|was|in)?\s{{0,2}})(?P<it>(?:19|20)\d\d)\b"),
    ("date of birth", rf"\b{_BIRTH}\W{{1,3}}(?:is|was|on)?\s?(?P<it>\w+\s(?:19|20)\d\d)\b"),
)
_AGED = (
    ("age over 89", rf"\b(?:turn(?:ed|s|ing)|age[ds]?|is|reached)\s(?P<it>{_NINETY}){_NO_COUNT}"),
    ("age over 89", rf"\b(?:turn(?:ed|s|ing)|age[ds]?)\s(?P<it>{_HUNDRED}){_NO_COUNT}"),
    ("age over 89", r"\b(?P<it>90[\s-]?(?:something|ish))\b"),
    ("age over 89", r"\bin\s(?:her|his|their)\s(?P<it>90['’]?s|nineties)\b"),
    ("age over 89", rf"\bturn(?:ed|s|ing)\s(?P<it>9\d|1[01]\d)\b{_NO_COUNT}"),
    ("age over 89", _AGE),
    ("age over 89", r"(?<![\w/.$-])(?P<it>9\d|10\d)(?=[MF](?:,|\s(?:hx|h/o|w/|with|s/p|who|c/o)))"),
    ("age over 89", rf"\b(?P<it>{_NINETY}|{_HUNDRED})(?=[\s-](?:years?[\s-]old|y/?o\b|yrs?\b))"),
    ("age over 89", r"\bage[ds]?\s?(?::|=|is|of)?\s?(?P<it>9\d|1[01]\d)\b(?!\s?min)"),
)  # fmt: skip
SIGNED = (Signed(_ONE, _DATED, re.I), Signed(r"(?:19|20)\d\d", _BORN, re.I))
_AGES = tuple((kind, regex(pattern, re.I)) for kind, pattern in _AGED)


def find(text: str) -> Iterator[Span]:
    """Dates of birth and of events in a life, and ages over 89."""
    for signed in SIGNED:
        yield from signed.find(text)
    for kind, pattern in _AGES:
        yield from matches(kind, pattern, text)
