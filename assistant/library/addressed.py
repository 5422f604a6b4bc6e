"""Finds text in a document that speaks to a program: kept as text, flagged, never obeyed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from assistant.library.nouns import Mark, Remark
from assistant.patterns import regex

_MACHINE = (
    r"(?:A\.?I\.?|artificial intelligence|(?:large )?language models?|LLMs?|chat ?bots?|bots?"
    r"|(?:AI|coding|virtual|billing) (?:assistants?|models?|agents?|systems?|readers?|tools?)"
    r"|assistants?|GPT[\w.-]*|ChatGPT|Claude|Gemini|Copilot|Llama)"
)
_ORDER = (
    r"(?:always|never|do not|don't|please|you|ignore|disregard|forget|override|bill|say|answer"
    r"|reply|respond|tell|output|treat|set|add|append|act|pretend|report|return|approve|recommend"
    r"|state|give|print|reveal|mark|write|call|run|delete|send|from now on|the (?:correct|right))"
)
_TALK = r"(?:say|answer|reply|respond|state|tell|claim|recommend|output|write)"
_PATTERNS = tuple(
    regex(f"(?im){pattern}")
    for pattern in (
        # an order to drop what it was told, in four languages
        r"(?<!do not )(?<!don't )(?<!never )(?<!cannot )\b(?:ignor(?:e|ing)|disregard|forget"
        r"|overrid(?:e|ing)|bypass|set aside|discard|do not follow|stop following)\b[^.?!\n]{0,40}?"
        r"\b(?:previous|prior|above|earlier|preceding|all|any|your|system|every|foregoing|initial)"
        r"\b[^.?!\n]{0,20}?\b(?:instructions?|rules?|prompts?|directives?|programming|training"
        r"|guardrails?|constraints?)\b"
        r"(?! (?:from|of|in|by|on|set|sent|given|issued) (?:the |your |a )?(?:payer|plan|MAC|CMS"
        r"|contractor|medicare|insurer|physician|therapist|doctor|letter|manual|state))",
        r"\b(?:ignore[rz]|oubliez|ignora(?:d|r|te)?|olvida|ignorier\w*|missachte\w*|vergiss)"
        r"\b[^.?!\n]{0,30}\b(?:instru[ck]\w+|consignes|anweisungen|regeln|reglas|règles)\b",
        # a turn of a conversation, or the marks of one
        rf"^[\W_]{{0,6}}(?:system|assistant|{_MACHINE})(?: (?:prompt|message|note|instructions?"
        rf"|override))?[\W_]{{0,4}}[:—][\W_]{{0,4}}{_ORDER}\b(?![^.\n]{{0,30}}\b(?:CQ|CO|superv"
        r"\w*)\b)",
        r"<\|[a-z_]{2,20}\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant)(?:[ _-]?prompt)?>"
        r"|\b(?:begin|end) (?:of )?(?:system|hidden) (?:prompt|instructions?|message)\b"
        r"|^\W*(?:system|developer) (?:prompt|override)\b",
        # a program called by its name
        rf"\b(?:attention|note to|message (?:to|for)|instructions? (?:to|for)|dear|hey|hello|hi"
        rf"|listen),?:? (?:the |any |all |every |our |your )?{_MACHINE}\b(?! (?:clinician|therap"
        r"|services?|who treat))",
        rf"\bif you(?:'re| are) (?:an? |the )?{_MACHINE}\b|\byou(?:'re| are) (?:now |no longer )?"
        r"(?:an? |the )?(?:AI|DAN|(?:large )?language model|chat ?bot|unrestricted|jailbroken"
        r"|(?:AI|coding|billing|helpful|virtual) assistant)\b",
        rf"\b{_MACHINE}(?:,| that are| that is| who are)? (?:reading|processing|parsing|ingesting"
        r"|summari[sz]ing|indexing|answering from) (?:this|these)\b",
        r"\bas an (?:AI|artificial intelligence|language model)(?: \w+)?,? you\b",
        # what it shall answer
        rf"\b(?:when(?:ever)?|if|each time) (?:(?:a|the|any|your) users?|users|anyone|somebody"
        rf"|someone) (?:asks?|wants?|queries|inquires?)\b[^.?!\n]{{0,80}}\b{_TALK}\b",
        rf"\bwhen(?:ever)? (?:you are |you're )?(?:asked|queried|prompted) (?:about|how|what|for"
        rf"|whether|which)\b[^.?!\n]{{0,60}}\b(?:always |only |you (?:must|should) )?{_TALK}\b",
        r"\byour (?:answers?|repl(?:y|ies)|responses?|outputs?) (?:must|should|shall|has to|have"
        r" to|will) (?:always )?(?:say|state that|recommend|begin with|end with|claim)\b",
        r"\bfrom now on,? you(?: (?:will|must|are to|should|shall))? (?:answer|respond|reply|act"
        r"|ignore|obey|pretend|say|tell)\b",
        r"\b(?:do not|don't|never|without) (?:tell\w*|inform\w*|mention\w*|alert\w*|warn\w*"
        r"|reveal\w*|disclos\w*)\b[^.?!\n]{0,20}\b(?:the users?|users|(?:this|these)"
        r" (?:instructions?|message|prompt))\b",
        # what it shall do with itself or with the document
        r"\b(?:reveal|print|show|repeat|output|leak|expose|disclose)\b[^.?!\n]{0,30}\b(?:system"
        r" prompt|hidden prompt|your (?:prompt|instructions|api keys?|secrets?|configuration))\b",
        r"\b(?:pretend|act as if|role-?play)\b[^.?!\n]{0,30}\b(?:you are|you're|to be"
        r"|you have no)\b",
        r"\b(?:treat|rank|cite|regard|mark|trust) this (?:document|text|page|passage|file|source)\b"
        r"[^.?!\n]{0,40}\b(?:law|authority|authoritative|highest|verified|above|over|first)\b"
        r"|\braise (?:my|its|this document's|the) authority\b",
    )
)
# Cyrillic letters that look like Latin ones, by number, and characters that nobody sees.
_LOOKS_LIKE = {
    0x0430: "a",
    0x0435: "e",
    0x043E: "o",
    0x0440: "p",
    0x0441: "c",
    0x0445: "x",
    0x0443: "y",
    0x0456: "i",
    0x0455: "s",
    0x0501: "d",
    0x04BB: "h",
    0x051B: "q",
    0x051D: "w",
    0x0410: "A",
    0x0412: "B",
    0x0415: "E",
    0x041A: "K",
    0x041C: "M",
    0x041D: "H",
    0x041E: "O",
    0x0420: "P",
    0x0421: "C",
    0x0422: "T",
    0x0425: "X",
    0x2019: "'",
}
_UNSEEN = regex(r"[\u200b-\u200f\u2060-\u2064\ufeff\u00ad\u202a-\u202e]")
_SPACED = regex(r"\b(?:\w[ .\-_]){5,}\w\b")
_MOST = 50  # remarks of one document
_LONGEST = 300  # characters of a quotation


def addressed(text: str) -> list[Remark]:
    """Where a text speaks to a program, each place once, in order."""
    plain, places = _plain(text)
    spans = sorted(
        _sentence(plain, match.start(), match.end())
        for pattern in _PATTERNS
        for match in pattern.finditer(plain)
    )
    return list(_remarks(text, spans, places))[:_MOST]


def _remarks(text: str, spans: list[tuple[int, int]], places: Sequence[int]) -> Iterator[Remark]:
    last = -1
    for first, end in spans:
        if first < last:
            continue
        last = end
        start, stop = places[first], places[end - 1] + 1
        quote = " ".join(text[start:stop].split())[:_LONGEST]
        yield Remark(Mark.ADDRESSED, quote, start, stop)


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text as a reader sees it, and where each of its characters stands in the text."""
    if text.isascii():
        return _closed_up(text, range(len(text)))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if _UNSEEN.match(character):
            continue
        plain = character
        if not character.isascii():
            plain = unicodedata.normalize("NFKC", character).translate(_LOOKS_LIKE)
        letters.append(plain)
        places += [place] * len(plain)
    plain_text = "".join(letters)
    return _closed_up(plain_text, places)


def _closed_up(text: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Letters with a space between each put together: "i g n o r e"."""
    if not _SPACED.search(text):
        return text, places
    kept, where, start = [], list[int](), 0
    for match in _SPACED.finditer(text):
        kept.append(text[start : match.start()])
        where += places[start : match.start()]
        kept.append(match[0][::2])
        where += places[match.start() : match.end() : 2]
        start = match.end()
    return "".join([*kept, text[start:]]), [*where, *places[start:]]


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence or line that holds a place."""
    while start < end - 1 and text[start].isspace():
        start += 1
    before = max(text.rfind(mark, 0, start) for mark in ("\n", ". ", "! ", "? "))
    first = before + 1
    while first < start and text[first].isspace():
        first += 1
    after = [at for mark in ("\n", ". ", "! ", "? ") if (at := text.find(mark, end)) >= 0]
    return first, max(min(after, default=len(text)), end)
