"""«50 minutes: 20 TE, 15 MT, the rest TA»: what the others leave of a whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.claim import Clinician
from assistant.patterns import regex
from assistant.plain_reader.reading import Activity, Reading

_REST = regex(
    r"\b(?:the\s+rest\s+(?=(?:ther\w*\s+)?exerc)|(?:(?:the\s+)?(?:rest|remainder)|the\s+balance|balance(?=\s+of\s+(?:it|the)\b))\b"
    r"(?!\s*(?:break|period|position|train|exerc))"
    r"|(?:the\s+)?remaining\s+(?:time|minutes?)\b)",
    re.I,
)

_ALL = regex(r"\b(?:all|entirely|nothing but)\b(?!\s*(?:by|done))", re.I)


_REST_IS = regex(
    r"\b(?:(?:the\s+)?(?:rest|remainder)|the\s+balance)\s*(?:of\s+(?:it|the\s+(?:time|visit|session))\s*)?"
    r"(?:(?:was|were|is|on|for|doing|went\s+to|spent)\s+|[:=]\s*)*"
    r"(?P<what>[A-Za-z][A-Za-z -]{3,40}?)\s*(?=[.,;]|\n|$)",
    re.I,
)


_REST_OF = regex(  # «the eval took 20 and the rest of the 45 min was ther ex»
    r"\b(?:the\s+)?(?:rest|remainder|balance)\s+of\s+(?:the|an?|his|her|their|my|our|this|that)\s+"
    r"(?P<n>\d{1,3})[\s-]*(?:min(?:ute)?s?\b\.?|m\b|')?"
    r"(?:\s*(?:session|visit|treatment|appointment|block|time|slot))?",
    re.I,
)


_OF_THE_WHOLE = regex(  # «of the 40 minutes 15 were manual and 25 ther ex»
    r"(?:^|(?<=[.;\n] ))\W*(?:out\s+)?of\s+(?:the|those|our|her|his|my|a)\s+(?:total\s+(?:of\s+)?)?"
    r"(?P<n>\d{1,3})[\s-]*min\w*(?:\s+(?:session|visit|treatment|appointment))?\s*,?\s+(?=\d)",
    re.I,
)
_OF_WARM_UP = regex(  # «30 min, 10 of which was bike warm-up»: told apart, and asked about
    r"(?<![\w.])(?P<n>\d{1,3})(?P<gap>\s*(?:min(?:ute)?s?\b\.?|m\b|')?\s*[,;(]?\s*)(?P<m>\d{1,3})\s*"
    r"(?:min(?:ute)?s?\s*)?(?:out\s+)?of\s+(?:which|it|that|those|them)\s+(?:(?:was|were|is|on|the|a)\s+)*"
    r"(?P<what>[^.;,\d]{0,30}?\bwarm[ -]?(?:ed\s+)?up\b)",
    re.I,
)
_WAS_REST = regex(  # «35 min (5 min was rest)»
    r"(?<=\()\s*(?P<n>\d{1,3})\s*(?:min(?:ute)?s?\b\.?|m\b|')?\s+"
    r"(?=(?:was|were)\s+(?:\w+\s+){0,2}?(?:rest|break|set|wait|bathroom|unattended|unsupervised|alone))",
    re.I,
)
_OF_IT = regex(  # «38 min, 5 of it US and the rest ther ex»
    r"^(?P<before>\W*(?:[A-Za-z]+[\s,:;]+){0,4}?)(?P<n>\d{1,3})\s*(?:min(?:ute)?s?\b\.?|m\b|')\s*[,:;(-]\s*"
    r"(?P<m>\d{1,3})\s*(?:min(?:ute)?s?\b\.?\s*)?of\s+(?:it|that|which|those|them|these)\s+"
    r"(?:(?:was|were|on|for|in|doing|is)\s+)*(?!(?:by|with|the|me|my)\b)"
    r"(?=[^.;]{2,60}\b(?:rest|remainder|remaining|balance)\b)",
    re.I,
)


def told(text: str) -> str:
    """The text, the whole told apart from its rest."""
    text = _OF_THE_WHOLE.sub(r"\g<n> minutes total, ", text)
    text = _OF_WARM_UP.sub(_apart, text)
    text = _WAS_REST.sub(lambda m: f"{m['n']} min of which ", text)
    text = _OF_IT.sub(lambda m: f"{m['before']}{m['n']} minutes total, {m['m']} min ", text)
    return _REST_OF.sub(lambda m: f"{m['n']} minutes total, the rest", text)


def _apart(match: re.Match[str]) -> str:
    left = int(match["n"]) - int(match["m"])
    told = f"{left} min, {match['m']} min {match['what']}"
    return told if left > 0 else match.group()


def fill(text: str, found: Reading, is_activity: Callable[[str], bool]) -> None:
    """Give what is left to what the words call the rest: a service, or something done."""
    if found.stated_total and _is_of_one(found, among=1):
        found.services = [replace(s, minutes=found.stated_total) for s in found.services]
        return
    whole = found.stated_total or found.treatment_total
    given = sum(part.minutes or 0 for part in found.subsets)
    if given and whole in (None, given) and _is_of_one(found):
        whole = given
        found.services = [replace(s, minutes=whole) for s in found.services]
        found.subsets = [p for p in found.subsets if p.by is not Clinician.THERAPIST]
        return
    if whole is None or not (_REST.search(text) or _ALL.search(text)):
        return
    told = sum(s.minutes for s in found.services if s.minutes is not None)
    told += sum(a.minutes for a in found.activities if a.minutes is not None)
    told += sum(c.minutes for c in found.choices if c.minutes is not None)
    told += sum(minutes for minutes, _ in found.unbilled_minutes)
    open_at = [n for n, s in enumerate(found.services) if s.minutes is None]
    if len(open_at) == 1 and told < whole and bool(told) == bool(_REST.search(text)):
        at = open_at[0]
        found.services[at] = replace(found.services[at], minutes=whole - told)
        return
    rest = _REST_IS.search(text)
    if rest and not open_at and 0 < told < whole and is_activity(rest["what"]):
        found.activities.append(Activity(rest["what"], whole - told))


def _is_of_one(found: Reading, *, among: int = 2) -> bool:
    """«97140, 12 min total: PT gave 11, PTA gave 1»: the parts are the one service's.

    Args:
        among: how many people at least gave it; with 1, «38 min one-on-one, 97110».
    """
    alone = len(found.services) == 1 and found.services[0].minutes is None
    givers = {part.by for part in found.subsets}
    rest = found.activities or found.loose_minutes or found.choices
    return alone and not rest and len(givers) >= (among if among > 1 else 0)
