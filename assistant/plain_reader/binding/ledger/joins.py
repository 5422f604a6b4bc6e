"""How closely each token stands to the one before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.patterns import regex
from assistant.plain_reader.binding.ledger.token import Join, Kind, Token
from assistant.plain_reader.words.text import sentences

_LISTS = regex(  # «came in and did» lists nothing
    r"[,&+|]|\band\b(?!\s+(?:then\s+)?(?:did|does|gave|took|finish\w*|treat\w*|provid\w*|worked|ran|led))"
    r"|\b(?:then|plus|while|but|before|after|also|n|followed by)\b",
    re.I,
)
_THEN_DID = regex(r"\A\s+(?:then|also)\s+", re.I)  # «PTA then did 20»: the same person
_ABBREVIATED = regex(r"\.\s+(?=[A-Z]|\d{5}|[a-z]+\s*:)")  # «15 min. PTA …»: a sentence, maybe
_ALL_BY = regex(  # «A 30, all PTA», «A, 20 min, was the PTA»
    r"\s*,\s*(?=(?:was|were|is|all|both|entirely|done|given|by)\b)(?:(?:was|were|is)\s+)?"
    r"(?:(?:all|both|entirely|done|given)\s+){0,2}(?:(?:by|with)\s+)?(?:the\s+|my\s+|our\s+|a\s+)?",
    re.I,
)
_COMMA = regex(r"(?:\s+(?:portion|part|time|work))?\s*,\s*(?:for\s+|about\s+)?")
_ONLY_COMMA = regex(r"[^,;.&+|\d]*,[^,;.&+|\d]*", re.I)
_OVER = regex(r"\s*(?:not\b[^;.\n]{0,20})?(?:[;.\n]|\Z)", re.I)
_DID_IT = regex(  # «I finished it, 9 min»
    r"\s+(?:then\s+)?(?:did|gave|took|had|finished|completed|started|began|covered)\s+"
    r"(?:it|that|this|them|the rest|things)(?:\s+(?:up|off))?\s*,\s*(?:for\s+|about\s+)?",
    re.I,
)
_WAS = regex(r"\s*,\s*(?:was|were|is|by|all)\b", re.I)
_CLOSES = regex(r"[)\]]")
_ENDS = regex(r"[;\n]")


def _is_list(text: str, end: int) -> bool:
    """Whether the bracket that closes behind there holds more than one thing."""
    inside = text[max(text.rfind("(", 0, end), text.rfind("[", 0, end)) + 1 : end]
    return bool(re.search(r"\d.*[,/;&+].*\d|\d.*\band\b.*\d", inside))


def _is_aside(text: str, token: Token, gap: str) -> bool:
    """«A 30, all PTA», «A, 20 min, was the PTA»: a comma that parts nothing."""
    if token.kind is Kind.PERSON:
        return bool(_ALL_BY.fullmatch(gap))
    if _DID_IT.fullmatch(gap):
        return True
    behind = token.kind is Kind.AMOUNT and _WAS.match(text, token.end)
    return bool(behind and _COMMA.fullmatch(gap))


def _is_cell(text: str, kept: Sequence[Token], token: Token) -> bool:
    """«A, 45 min», and «A, 45 min, OT» as all that a sentence says."""
    kinds = {one.kind for one in kept[-2:]}
    if token.kind is not Kind.PERSON:
        return len(kept) > 0 and {kept[-1].kind, token.kind} == {Kind.CODE, Kind.AMOUNT}
    first = len(kept) == 2 or (
        len(kept) > 2 and (kept[-2].join is Join.ENDED or ". " in kept[-2].before)
    )
    return kinds == {Kind.CODE, Kind.AMOUNT} and first and bool(_OVER.match(text, token.end))


def joined(text: str, found: Sequence[Token], *, commas_part: bool = True) -> list[Token]:
    """The tokens, each with how it is joined to the one before."""
    breaks = [start for start, _ in sentences(text)]
    kept: list[Token] = []
    end = 0
    for token in found:
        gap = text[end : token.start]
        over_at = token.but and "," not in gap  # «took over after 18 min»
        if kept and kept[-1].kind is Kind.PERSON:
            gap = _THEN_DID.sub(" ", gap)
        sentence = _ABBREVIATED.search(text, end, token.end)
        listed = bool(sentence or (_LISTS.search(gap) and not over_at))
        if _CLOSES.search(gap) and _is_list(text, end):
            listed = True  # «(PTA 18, PT 10) MT 12»: what the bracket lists stays in it
        elif _is_aside(text, token, gap):
            listed = False
        elif not commas_part and _is_cell(text, kept, token):
            listed = listed and not _ONLY_COMMA.fullmatch(gap)
        ended = _ENDS.search(gap) or any(end < at <= token.start for at in breaks)
        join = Join.ENDED if ended else Join.LISTED if listed else Join.TIGHT
        kept.append(replace(token, join=join, opened=bool(re.search(r"[(\[]", gap)), before=gap))
        end = token.end
    return kept
