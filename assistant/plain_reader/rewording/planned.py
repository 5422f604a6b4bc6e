"""«planned 30 min of TE, did 20»: what was planned, ordered or booked is nobody's minutes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from assistant.patterns import regex

_N = r"\d{1,3}(?![\d/:.]\d)"
_MIN = r"(?:[\s-]*(?:minutes?|mins?\b\.?|m\b|'))?"
_WAS = r"(?:(?:was|were|is|are|had been|been|originally|initially|we|i|pt|patient|he|she)\s+){0,3}"
_PLAN = (
    r"(?:planned|scheduled|booked|slated|intended|prescribed|ordered|allotted|budgeted|expected"
    r"|supposed|meant|going|blocked(?!\s+practice))"
)
_HEAD = regex(  # what stands behind it, to the end of its clause, was meant and not done
    rf"(?<!\bas )\b{_WAS}{_PLAN}(?:\s+(?:for|to|was|were|time|a|an|the))*+\s*:?(?=\s|$)"
    r"(?!\s+(?:bill|code|charge|submit|claim|use|put|say|ask)\b)"
    r"|\b(?:the\s+)?(?:plan|goal|target|order|schedule|script)(?:\s+for\s+today)?"
    r"\s*(?:\b(?:was|called for|says?|said)\b|[:=])"
    r"|\b(?:goal|target)(?=\s+\d)",
    re.I,
)
_DONE = (
    r"(?:(?:actually|only|really|just|but|instead|ended up|we|i|pt|patient|he|she|was|were|able to"
    r"|could|got to|managed)\s+)*+"
    r"(?:did|done|doing|gave|got|had|finish\w*|complet\w+|deliver\w+|achiev\w+|provid\w+|perform\w*"
    r"|manag\w+|tolerat\w+|receiv\w+|stay\w+|last\w+|actual|instead|fatigued|tired(?: out)?"
    r"|stopped|quit|ended|converted|switched|changed)\b"
)
_ENDS = regex(
    rf"\n|[.;](?=\s|\Z)|\s+-+\s+|\s/\s|[,(]\s*(?=(?:and\s+)?{_DONE})|\b(?:but|however|although)\b",
    re.I,
)
_FILLER = regex(
    rf"^\W*{_DONE}\W*(?:(?:for|only|just|about|it|them|at|after)\W+)*"
    rf"(?P<n>{_N}(?:\s*(?:,|&|and|,\s*and)\s*{_N})*){_MIN}(?!\w)",
    re.I,
)
_BEHIND = regex(  # «30 min planned, 20 done»
    rf"(?<![\w.$:/-]){_N}{_MIN}\s+(?:(?:was|were|had been)\s+)?{_PLAN}\b(?!\s+(?:for|to|by)\b)"
    rf"(?:\s*[,/]\s*(?:and\s+|but\s+)?(?={_N}))?",
    re.I,
)
_OF_PLANNED = regex(  # «35 of the planned 50 min»
    rf"(?P<n>\b\d{{1,3}}){_MIN}\s*(?:(?:out\s+)?of)\s+(?:the\s+|an?\s+|his\s+|her\s+|our\s+)?"
    rf"{_PLAN}\s+{_N}{_MIN}",
    re.I,
)
_INSTEAD = regex(
    rf"[\s,(]*\b(?:instead of|rather than)\s+(?:the\s+)?(?:usual\s+|{_PLAN}\s+)?{_N}{_MIN}"
    r"(?!\s*(?:of\b|units?\b)|\s*\w*\d{5})\)?",
    re.I,
)
_SPENT = regex(
    rf"\d{_MIN}\s*(?:minutes?|mins?\b|m\b|')|\d{{5}}\W{{1,3}}(?:x\s*|for\s+)?{_N}"
    rf"|\b(?:an|one|half an|\d) hours?\b|\b(?-i:[A-Z]{{2,4}}) {_N}\b",
    re.I,
)
_NUMBER = regex(rf"(?<![\w.$:/-])(?:for\s+)?(?:x\s*)?{_N}{_MIN}(?!\w)", re.I)
_CODED = regex(  # «did 23 of 97110»: the numbers have names of their own
    rf"^\W*{_DONE}\W*(?:\w+\W+){{0,3}}?{_N}{_MIN}\s*(?:of\s+|on\s+)?"
    r"(?:\d{5}|(?!(?:mins?|then|and|but|of|on)\b)(?-i:[A-Z]{2,4})\b)",
    re.I,
)
MOST_HEADS = 20  # a message with more of them is no visit
Names = Callable[[str], Sequence[str]]


def told(text: str, codes_of: Names) -> str:
    """The text without what was only meant; services named there alone keep their names.

    Args:
        codes_of: the codes that a stretch of text names without doubt.
    """
    return _done(text, codes_of)


def is_alone(text: str, codes_of: Names) -> bool:
    """Whether minutes are told and all of them were only planned."""
    kept = _done(text, codes_of)
    return kept != text and not _NUMBER.search(kept) and bool(_SPENT.search(text))


_WHOSE = regex(  # whose visit it is and who pays stay: «45 minutes of OT», «30 Medicare PT»
    r"\b(?:PT|OT|SLP|ST)\b|\b(?i:medicare|mcr|part b|medicaid|aetna|cigna|uhc|united\w*|bcbs|humana"
    r"|anthem|tricare|work\w*'? comp|self[- ]pay|cash)\b"
)
_NOT_DONE = regex(  # «97116 not done today due to pain»
    r"\b(?:\d{5}|(?-i:[A-Z]{2,4}))\s+(?:was\s+|were\s+)?(?:not\s+(?:done|performed|given|provided"
    r"|completed|tolerated|billed)|held|skipped|deferred|omitted)\b(?:\s+today)?"
    r"(?:\s+(?:due|because|d/t|secondary)\b[^.;,\n]*)?"
    r"|\b(?:did(?: not|n't) (?:do|get to|bill)|skipped|held|omitted)\s+(?:the\s+)?\d{5}\b",
    re.I,
)
_LATER = regex(  # «PT tomorrow 97110 30»
    r"[^.;,\n]{0,80}\b(?:tomorrow|next (?:visit|week|time|session))\b"
    r"(?![^.;\n]{0,20}\b(?:did|had|got|was|gave)\b)[^.;\n]{0,200}",
    re.I,
)
_REFUSED = regex(  # «refused gait today»
    r"\b(?:refused|declined|skipped|deferred|omitted|held"
    r"|did(?: not|n't) (?:do|get to)|no time for)"
    r"\s+(?:the\s+)?(?P<what>\d{5}|[A-Za-z][A-Za-z -]{2,25}?)(?:\s+today)?"
    r"(?=\s*(?:[.,;\n]|due|because|\Z))",
    re.I,
)
_EARLIER = regex(  # «97161 done last week. Today …», «last visit 97110 30, today …»
    r"\b(?:last|previous|prior) (?:visit|session|time|week)\b[^.;\n]{0,40}?\d{5}[^\n]{0,60}?"
    r"(?=\b(?:this (?:visit|time|session)|today|now)\b)|"
    r"[^.;,\n]{0,40}\b(?:\d{5}|\d{1,3}\s*min)[^.;,\n]{0,40}\b"
    r"(?:(?:done|billed|performed|completed|was|were|had|did)\s+)?"
    r"(?:last (?:week|month|visit|time|session)|(?:previous|prior|earlier|initial) "
    r"(?:visit|session|week|appointment))\b(?![^.;,\n]{0,40}\d{5})[^.;,\n]{0,40}[.;,\n]?"
    r"|(?:^|(?<=[.;\n]))\s*(?:the\s+)?(?:last|previous|prior) (?:visit|session|time)\b"
    r"[^.;\n?]{0,100}",
    re.I,
)
_SAYS_EARLIER = regex(  # stands in whatever `_EARLIER` finds; cheap to search for
    r"\b(?:last|previous|prior|earlier|initial) (?:visit|session|time|week|month|appointment)\b",
    re.I,
)
_TODAY = regex(r"\b(?:today|this (?:visit|time|session)|now)\b[^?]{0,200}\d", re.I)


def _of_today(text: str) -> str:
    """The text without what was done at an earlier visit, where today's is told too."""
    if not _SAYS_EARLIER.search(text):
        return text
    kept = _EARLIER.sub(" ", text)
    return kept if _TODAY.search(kept) else text


def _done(text: str, codes_of: Names) -> str:
    kept = _OF_PLANNED.sub(lambda m: f"{m['n']} minutes", _INSTEAD.sub("", _of_today(text)))
    without = _REFUSED.sub(
        lambda m: " " if codes_of(m["what"]) else m.group(), _NOT_DONE.sub(" ", kept)
    )
    if _SPENT.search(without):
        kept = without
    kept = _LATER.sub(lambda m: _whose(m.group()) if _SPENT.search(m.group()) else m.group(), kept)
    kept = _BEHIND.sub(" ", kept)
    heads = islice(_HEAD.finditer(kept), MOST_HEADS)
    spans = [(m.start(), _end(kept, m.end())) for m in heads]
    spans = [
        (a, b)
        for a, b in spans
        if _SPENT.search(kept, a, b) or _is_redone(kept, a, b) or _is_changed(kept, a, b, codes_of)
    ]
    for start, end in reversed(_apart(spans)):
        kept = _without(kept, start, end, codes_of)
    return kept


def _end(text: str, start: int) -> int:
    end = _ENDS.search(text, start)
    return end.start() if end else len(text)


def _is_redone(text: str, start: int, end: int) -> bool:
    """«97110: planned 30 / actual 22»: a number alone, and behind it what was done."""
    joint = _ENDS.match(text, end)
    told = joint and _FILLER.match(text[joint.end() :])
    return bool(told and _NUMBER.search(text, start, end))


def _is_changed(text: str, start: int, end: int, codes_of: Names) -> bool:
    """«scheduled 97530 but did 97110 for 25 min»: another service than the one meant."""
    joint = _ENDS.match(text, end)
    behind = text[joint.end() :] if joint else ""
    done = re.match(rf"\W*{_DONE}", behind, re.I)
    return bool(done and codes_of(text[start:end]) and codes_of(behind.partition(".")[0]))


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans without those that begin within the one before."""
    return [s for n, s in enumerate(spans) if not n or s[0] >= spans[n - 1][1]]


def _without(text: str, start: int, end: int, codes_of: Names) -> str:
    """The text without that stretch; its names stay where only numbers tell what was done."""
    meant, behind = text[start:end], text[end:]
    joint = _ENDS.match(behind)
    rest = behind[joint.end() :] if joint else behind
    filler = _FILLER.match(rest) if not _CODED.match(rest) else None
    if filler and codes_of(meant):
        names = _NUMBER.sub("", _HEAD.sub("", meant)).strip(" ,:")
        return f"{text[:start]}{names}: {filler['n']} minutes{rest[filler.end() :]}"
    if filler and codes_of(text[:start]):
        return f"{text[:start].rstrip(' ,:;')}: {filler['n']} minutes{rest[filler.end() :]}"
    return f"{text[:start]} {_whose(meant)} {behind}"


def _whose(words: str) -> str:
    return " ".join(_WHOSE.findall(words))
