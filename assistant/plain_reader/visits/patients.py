"""«Maria: 97110 23 min» and «Tom: …», «Mrs A had …, Mr B had …»: one visit a patient."""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.mentions.dated import DATE
from assistant.plain_reader.visits import repeated
from assistant.privacy.words import lists

_LABEL = regex(
    r"^[ \t]*(?:[-*]\s+|\d{1,2}[.)]\s+)?"
    r"(?P<label>(?:(?:Mrs?|Ms|Miss)\.?[ ])?(?:\[name\]|[A-Z][a-z]+)"
    r"(?:[ ][A-Z]\.?)?|[A-Z]\.[ ]?[A-Z]\.)[ \t]*(?::|[ ]-)[ \t]*(?=\S)",
    re.M,
)
_TITLE = r"(?i:mrs?|ms|miss)\b\.?[ ]"
_START = (
    r"(?:^|(?<=[.;,:/] )|(?<=\bsaw )|(?<=\band )|(?<=\bAND ))"
    r"[ \t]*(?:[-*]\s+|\d{1,2}[.)]\s+)?(?:[Ff]or[ ])?"
)
_SEEN = (
    r"(?:(?:had|got|received|underwent|attended|came (?:in )?for|(?:was |were )?(?:seen|treated)"
    r"(?: for)?|for(?=\s+(?:\d|[A-Z]{2,4}\s\d)))\b)"
)
_TRADE = (
    "manual|self|pool|gait|bill|price|walker|cane|hand|home|group|balance|cold|heat|ice|may|will"
    "|pta|cota|ota|otr|dpt|slp|assistant|therapist|student|aide|tech"
)
_RUNNING = regex(
    rf"{_START}(?P<label>{_TITLE}(?:\[name\]|[A-Z]\w*"
    r"|[a-z]\w*(?=:|[ ](?:te|ta|mt|nmr)[ ]|[ ]\d{5}))|\[name\]|[A-Z]\.[ ]?[A-Z]\."
    r"|(?<=[Ff]or[ ])(?:[A-Z][a-z]+|(?!TE|TA|MT|GT|SC|US|PT|OT|ST|HP|CP|ES|MH)[A-Z]{2}(?=[ ]\d{5}))"
    r"|(?:\[name\]|[A-Z][a-z]+|[A-Z]{3,})[ ][A-Z]\.?(?=:|,?[ ]+(?:\d{5}|[A-Z]{2,3}[ ]\d))"
    rf"|[A-Z][a-z]+(?=,?[ ]+on[ ]+(?:{DATE}))"
    rf"|(?P<beside>(?!(?i:{_TRADE})\b)[A-Za-z]{{3,}})(?=[ ]+\d{{5}}))"
    r"(?:[ \t]*(?::|-(?=\s))|"
    rf"(?=,?[ \t]+(?:(?:on|dos:?)[ ]+)?(?:{DATE}))|(?=,?[ \t]+\d{{5}})"
    rf"|(?=[ \t]+(?!PT|OT|ST|SLP)(?:[A-Z]{{2,4}}|te|ta|mt|nmr)[ ]\d)|[ \t]+{_SEEN})[ \t]*(?=\S)",
    re.M,
)
_TITLED = regex(r"\b(?P<title>mrs?|ms|miss)\b\.? (?:\[name\]|[A-Z]\w*)", re.I)
_DID = regex(
    rf"{_START}(?P<label>{_TITLE}(?:\[name\]|[A-Z]\w*)|\[name\])[ ](?:did|does|completed)\b"
    r"(?! (?:also|then|another|more))",
    re.M,
)
_SPEECH = regex(r"\b(?:I|[Ww]e|[Yy]ou|[Mm]y|[Ll]ol|[Tt]hanks)\b|\?")
_TREATED = regex(
    r"\d{5}|\d\s*(?:min|m\b|')|\b[A-Z]{2,4}\s*\d{1,2}\b|\b\d{1,2}\s+(?-i:[A-Z]{2,4})\b|\d{1,2}\s*$",
    re.I,
)


def labels(text: str) -> list[re.Match[str]]:
    """The names that head a patient's visit each; none where the lines are talk, or only one is."""
    headed = list(_LABEL.finditer(text))
    found = [m for m in headed if _is_person(m["label"])]
    if found:  # «Smith», «Lee»: words too, but not in a list of people
        others = lists().last_also_words
        found = [m for m in headed if m in found or m["label"].lower() in others]
    running = _in_a_line(text)
    titled = [m for m in _DID.finditer(text) if m["label"] != "[name]"]
    lines = found
    found = max((lines, running, [*titled, *running]), key=len)
    found.sort(key=lambda m: m.start())
    if len(found) < 2:
        return []
    ends = [m.start() for m in found[1:]] + [len(text)]
    bodies = [text[m.end() : end] for m, end in zip(found, ends, strict=True)]
    talk = found is lines and any(map(_SPEECH.search, bodies))
    told = [bool(_TREATED.search(body)) or repeated.is_untold(body) for body in bodies]
    return [] if talk or not (all(told) and _TREATED.search(bodies[0])) else found


def _in_a_line(text: str) -> list[re.Match[str]]:
    """The names that stand before what was done; a word that is also one, only beside names."""
    found = [m for m in _RUNNING.finditer(text) if m["beside"] or _is_person(m["label"])]
    known = lists()
    named = [m for m in found if not m["beside"] or m["beside"].lower() in known.last_also_words]
    sure = [m for m in named if not m["beside"] or m["beside"].lower() not in known.also_words]
    return named if len(sure) > 1 else []


def refuse_unclear(text: str) -> None:
    """Nothing where one name alone is said to have done something.

    Raises:
        ImpossibleFact: two names did something, who may be patients or clinicians.
    """
    titled = list(_TITLED.finditer(text))
    if len({m["title"].lower() for m in titled}) > 1:
        apart = [text[a:b] for a, b in pairwise([m.start() for m in titled] + [len(text)])]
        if sum(bool(_TREATED.search(words)) for words in apart) > 1:
            raise ImpossibleFact(
                "patient",
                len(titled),
                "Two patients are told, and each has a claim of its own: whose minutes are whose? "
                "Say «patient 1: … patient 2: …».",
            )
    found = [m for m in _DID.finditer(text) if m["label"] == "[name]"]
    bounds = [m.start() for m in found] + [len(text)]
    told = [text[a:b] for a, b in pairwise(bounds)]
    if sum(bool(_TREATED.search(words)) for words in told) > 1:
        raise ImpossibleFact(
            "patient",
            len(told),
            "Two names are told: are they two patients, each with a claim of its own, or two "
            "clinicians who treated one patient? Say «patient 1: … patient 2: …», or PT and PTA.",
        )


def _is_person(label: str) -> bool:
    if "[name]" in label or re.match(r"(?:Mrs?|Ms|Miss)\b", label, re.I):
        return True
    if re.fullmatch(r"[A-Z]\.\s?[A-Z]\.|[A-Z]{2}", label):
        return True
    first = label.split()[0].lower()
    known = lists()
    return (
        first in known.last
        or first in known.first
        or first in known.first_capitalised
        or first in known.also_words
    )
