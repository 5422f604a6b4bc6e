"""What a message tells of who did what for how long, as a row of tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.claim import Block, Clinician
from assistant.patterns import regex
from assistant.plain_reader.binding import bare_numbers, leftover
from assistant.plain_reader.binding.ledger import persons
from assistant.plain_reader.binding.ledger.joins import joined
from assistant.plain_reader.binding.ledger.token import Kind, Token
from assistant.plain_reader.mentions import minutes
from assistant.plain_reader.mentions.clock import NOON
from assistant.plain_reader.mentions.mention import CodeMention, Mention, TimeMention, beside

MOST_TOKENS = 32  # of one message; a longer one is read sentence by sentence, as before
LONGEST_GAP = 90  # characters between two tokens that still belong to one another
LEAST_WORD = 5  # a smaller number in words counts units or codes: «did two of them»
LEAST_SPENT, MOST_SPENT = 0, 180  # minutes that a bare number may be


Codes = Callable[[str], Sequence[CodeMention]]
IsActivity = Callable[[str], bool]

_OF_IT = r"of\s+(?:which|(?:those|that|these|this)(?!\s+[a-z]{3,}\s+\d)|them|it)\b"
_WHOLE = regex(
    r"\s*(?:out\s+)?of\s+(?:the\s+|those\s+|that\s+|his\s+|her\s+|my\s+|our\s+|an?\s+)?(?:total\s+)?"
    r"(?P<n>\d{1,3})(?![\d/])\s*-?(?:min(?:ute)?s?\b|m\b|')?",
    re.I,
)
_PART_BEFORE = regex(
    rf"(?:\b(?:first|last|final|initial)\s+|{_OF_IT}[^\d.;]{{0,24}}"
    r"|\b(?:stepped|filled|jumped|subbed|popped) in\b[^\d.;,]{0,30}"
    r"|\bcovered for\b[^\d.;,]{0,20}|\bincl(?:uding|udes?|\.)?\s+)(?:about\s+)?\Z",
    re.I,
)
_SHE_DID = r"of\s+which\s+(?:\d|(?:the\s+|my\s+|a\s+)?[a-z]+\s+(?:did|gave|took|had|ran|covered))"
_PART_AFTER = regex(rf"[\s,]*(?!{_SHE_DID}){_OF_IT}|\s*of\s+the\b(?!\s+\d{{1,3}}(?!\d))", re.I)
_AFTERWARDS = regex(r"\bbefore\s+(?:I|(?:the|my)\s+\w+)\s[^.;,\d]{0,30}\Z", re.I)
_OTHER = regex(r"\b(?:other|remaining|rest of the|another|an? (?:extra|additional))\s+\Z", re.I)
_MORE_AFTER = regex(r"\s*(?:more|extra|additional)\b", re.I)
_MORE_WITHIN = regex(r"\b(?:more|extra|additional)\b", re.I)
_ALL_BUT = regex(  # «all but 8», «the PTA, except the last 5»
    r"\b(?:but|except(?:ing)?|minus|(?:apart|aside)\s+from|other\s+than|besides|save)\s+(?:for\s+)?(?:the\s+)?(?:(?:first|last|final)\s+)?\Z",
    re.I,
)
_OVER_AT = regex(
    r"\b(?:took|taking|takes)\s+(?:over|it from there)\b[^\d.;,]{0,12}\b(?:after|at)\s+"
    r"(?:about\s+|minute\s+|the\s+)*\Z",
    re.I,
)
_STARTED = regex(
    r"\s+(?:then\s+|also\s+)?(?P<it>(?:started|began|opened|continued|finished|completed"
    r"|took over|took it from there|closed out)"
    r"(?:\s+(?:it|things|her|him|them|off|up|out|the session))?)"
    r"(?=\s*(?:[,;.)](?!\s*(?:for\s+|about\s+)?\d)|\band\b|\bthen\b|\bbefore\b|\bwhile\b|\Z))",
    re.I,
)
_OVER_TIME = regex(
    r"\b(?:took|taking|takes)\s+(?:over|it from there)\b[^\d.;,]{0,12}\bat\s+"
    r"(?P<time>(?P<h>\d{1,2}):(?P<m>[0-5]\d)(?:\s*[ap]\.?m\b)?)(?!\s*-)",
    re.I,
)
_REST = regex(
    r"\b(?:otherwise|(?:all|everything)\s+(?:of\s+)?the\s+(?:rest|others?)|(?:(?:the\s+)?(?:rest|remainder)|the\s+balance)"
    r"(?:\s+of\s+(?:it|them|the\s+(?:time|session|visit|codes|treatment|minutes)))?"
    r"|(?:the\s+)?others?(?=\s*(?:=|:|by|was|were|is|-)|\s+(?:PT|OT|C?OTA|me)\b)|the\s+(?:others?|remaining\s+(?:time|minutes)))\b"
    r"(?!\s*(?:break|period|position|interval|\d|train))",
    re.I,
)
_UNTREATED = regex(
    r"(?:(?<=\d )|(?<=min )|(?<=mins )|(?<=was )|(?<=were )|(?<=for )|(?<=of )|(?<=this )"
    r"|(?<=that )|(?<=it ))rest\b"
    r"(?!\s*(?:of|by|was|were|is|me|position|-?ther|exerc|PT|OT|C?OTA))"
    r"|\b(?:notes?|note[- ]writing|document(?:ation|ing|ed)|chart(?:ing|ed)|paper\s?work|set[- ]?up"
    r"|(?:water|bathroom|restroom|phone)\s+(?:break|call)s?|breaks?|rest(?:ed|ing|\s+breaks?)"
    r"|bathroom|restroom|toilet\w*|talking\s+to\s+(?:the\s+)?(?:md|doctor|family|physician)"
    r"|wait(?:ing|ed)|scheduling|clean(?:ing)?[- ]?up)\b(?!\s*(?:position|of))",
    re.I,
)
_COUNTS = regex(r"\s*(?:CQ|CO|GP|GO|modifiers?|lines?|claims?|codes?)\b", re.I)
_OF_THOSE = regex(rf"(?<![\w.$:/-])\d{{1,3}}(?=\s+{_OF_IT})", re.I)
_CELL = regex(r"(?<=\d{5}[/:])\d{1,3}(?=[/:][A-Za-z])")  # «97110/20/PTA»


def tokens(text: str, codes: Codes, is_activity: IsActivity, writer: Clinician) -> list[Token]:
    """The tokens of a message in order; none where it tells anything that they cannot.

    Raises:
        ImpossibleFact: a clock block cannot be.
    """
    named = _codes(text, codes)
    told = _amounts(text, named) if 0 < len(named) <= MOST_TOKENS else None
    if told is None or len(told) > MOST_TOKENS:
        return []
    found: list[Token] = [*named, *told]
    who = [p for p in persons.find(text, writer) if not _overlaps(p, found)]
    found += [Token(Kind.PERSON, p.start, p.end, who=p.clinician, maybe=p.maybe) for p in who]
    found += _went_on(text, who)
    for kind, pattern in ((Kind.UNTREATED, _UNTREATED), (Kind.REST, _REST)):
        rest = [Token(kind, m.start(), m.end(), (), m.group()) for m in pattern.finditer(text)]
        found += [one for one in rest if not _overlaps(one, found)]
    if len(found) > MOST_TOKENS:
        return []
    return joined(text, _merged(text, _with_activities(text, found, is_activity)))


def _went_on(text: str, who: Sequence[persons.Person]) -> list[Token]:
    """«my PTA started, I finished it, 9 min»: who is told without minutes gave what is left."""
    matches = [m for p in who if (m := _STARTED.match(text, p.end))]
    return [Token(Kind.REST, *m.span("it"), (), m["it"]) for m in matches]


def _overlaps(one: Mention | Token, others: Sequence[Token]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _codes(text: str, codes: Codes) -> list[Token]:
    return [Token(Kind.CODE, m.start, m.end, m.codes, text[m.start : m.end]) for m in codes(text)]


def _amounts(text: str, named: Sequence[Token]) -> list[Token] | None:
    """The minutes told; None where they are no whole ones."""
    times = minutes.find(text)
    sure = [t for t in times if t.sure]
    if any(t.minutes != int(t.minutes) for t in sure):
        return None
    bare = [t for t in times if not t.sure and not bare_numbers.is_a_modifier(t, sure, text)]
    bare += [
        TimeMention(m.start(), m.end(), float(m[0]), sure=False)
        for pattern in (_CELL, _OF_THOSE)
        for m in pattern.finditer(text)
    ]
    bare = [t for t in bare if t.minutes >= LEAST_WORD or text[t.start : t.end].strip().isdigit()]
    bare = [t for t in bare if not (_COUNTS.match(text, t.end) or _is_ordinal(text, t.end))]
    bare = [t for t in bare if LEAST_SPENT <= t.minutes <= MOST_SPENT]
    spans = beside([*sure, *bare], named)
    found: list[Token] = _taken_over_at(text, [t.block for t in sure if t.block])
    spans = beside(spans, found)
    end = 0
    for time in sorted(spans, key=lambda t: t.start):
        if time.start >= end:  # no whole in «10 of the 25»
            found.append(_amount(text, time))
            end = found[-1].end
        if len(found) > MOST_TOKENS:
            break
    return sorted(found, key=lambda t: t.start)


def _is_ordinal(text: str, end: int) -> bool:
    """«1) A 25 2) B 12»: a bracket closes that none opened."""
    return text[end : end + 1] == ")" and text.count("(", 0, end) <= text.count(")", 0, end)


def _taken_over_at(text: str, blocks: Sequence[Block]) -> list[Token]:
    """«1:00-1:30, the PTA took over at 1:18»: how long the one before treated."""
    found: list[Token] = []
    for match in _OVER_TIME.finditer(text):
        clock = int(match["h"]) * 60 + int(match["m"])
        within = [
            at - block.start for block in blocks for at in (clock, clock + NOON)
            if block.start < at < block.end
        ]  # fmt: skip
        if len(within) == 1:
            start, end = match.span("time")
            found.append(Token(Kind.AMOUNT, start, end, minutes=within[0], but=True))
    return found


def _amount(text: str, time: TimeMention) -> Token:
    whole = _WHOLE.match(text, time.end)
    if whole and re.match(r"\d{5}", text[whole.start("n") :]):
        whole = None
    end = whole.end() if whole else time.end
    start = max(0, time.start - 60)
    after = _AFTERWARDS.search(text, start, time.start)
    return Token(
        Kind.AMOUNT,
        time.start,
        end,
        minutes=int(time.minutes),
        block=time.block,
        part=bool(
            whole
            or (_PART_BEFORE.search(text, start, time.start) and not after)
            or _PART_AFTER.match(text, time.end)
        ),
        other=bool(
            after
            or _OTHER.search(text, start, time.start)
            or _MORE_AFTER.match(text, time.end)
            or _MORE_WITHIN.search(text, time.start, time.end)
        ),
        whole=int(whole["n"]) if whole else 0,
        but=bool(
            _ALL_BUT.search(text, start, time.start) or _OVER_AT.search(text, start, time.start)
        ),
    )


def _with_activities(text: str, found: Sequence[Token], is_activity: IsActivity) -> list[Token]:
    """The tokens with the words between them that name something done."""
    ordered = sorted(found, key=lambda t: t.start)
    bounds = [0, *(edge for t in ordered for edge in (t.start, t.end)), len(text)]
    every = list(ordered)
    for start, end in zip(bounds[::2], bounds[1::2], strict=True):
        for piece in _PIECE.finditer(text, start, end):
            words = leftover.words(text, piece.start(), piece.end(), [])
            at = text.find(words, piece.start()) if words else -1
            named = at >= 0 and len(words) < LONGEST_GAP and not _WENT_ON.search(words)
            if named and is_activity(words):
                every.append(Token(Kind.CODE, at, at + len(words), (), words, maybe=True))
    return sorted(every, key=lambda t: t.start)


_WENT_ON = regex(
    r"\b(?:pick|took|take|carr|kept|keep|finish|wrap|start|hand|jump|step|pass)\w*"
    r"\s+(?:it|her|him|them|up|on|off|out|over|in|things)\b(?!\s+(?:to|from)\s+(?:sit|stand|the\s+f))",
    re.I,
)
_PIECE = regex(r"(?:\b(?!and\b|then\b)\w+|[^\w,;.:()\n])++", re.I)
_TITLE = regex(r"\W*(?:(?:the|my|our|a|an)\s+)*\W*", re.I)
_TWIN = regex(r"\W{0,3}")
_OF = regex(r"\s*(?:of|on|for)\s+(?:the\s+)?", re.I)
_SAME = regex(r"[^\d,;.:+&]{0,24}")


def _is_repeated(kept: Sequence[Token], token: Token, gap: str) -> bool:
    """«97140 10 min of the 25 min of manual»: behind its minutes the code by its other name."""
    if len(kept) < 2 or [t.kind for t in (*kept[-2:], token)] != [*"CNC"]:
        return False
    return bool(set(kept[-2].codes) & set(token.codes)) and bool(_OF.fullmatch(gap))


def _is_twin(one: Token, other: Token, gap: str) -> bool:
    """«balance (97112)», «ther act session (97530)»: one thing by two names."""
    if set(one.codes) & set(other.codes):
        return bool(_SAME.fullmatch(gap)) and not re.search(r"\band\b", gap)
    return not (one.codes and other.codes) and bool(_TWIN.fullmatch(gap))


def _merged(text: str, found: Sequence[Token]) -> list[Token]:
    """The tokens, «COTA (COTA/L)» and «balance (97112)» taken as one each."""
    kept: list[Token] = []
    for token in found:
        last = kept[-1] if kept else None
        gap = text[last.end : token.start] if last else ""
        persons_too = last and last.kind is token.kind is Kind.PERSON and last.who is token.who
        if last and persons_too and _TITLE.fullmatch(gap):
            kept[-1] = replace(last, end=token.end, maybe=last.maybe and token.maybe)
            continue
        if last and last.kind is token.kind is Kind.CODE and _is_twin(last, token, gap):
            one = min((last, token), key=lambda t: len(t.codes) or 99)
            kept[-1] = replace(one, start=last.start, end=token.end, maybe=False)
            continue
        if last and _is_repeated(kept, token, gap):
            kept[-1] = replace(last, end=token.end)
            continue
        if last and last.kind is token.kind is Kind.UNTREATED:
            kept[-1] = replace(last, end=token.end)
            continue
        kept.append(token)
    return kept
