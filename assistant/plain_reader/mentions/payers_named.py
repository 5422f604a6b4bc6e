"""Which payer a message names, and how that payer counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.claim import CountingRule
from assistant.knowledge import Knowledge
from assistant.patterns import regex

MEDICARE, ADVANTAGE, COMMERCIAL = "medicare", "medicare-advantage", "commercial"
_ADVANTAGE = regex(
    r"\b(?:medicare[- ](?:advantage|plan|replacement)|(?:advantage|replacement) plan"
    r"|(?:aetna|humana|uhc|cigna|united\w*|anthem|bcbs)[\s-]+medicare)\b",
    re.I,
)
_MA_AFTER = regex(r"\s+(?:MA|MAPD|[Aa]dvantage|(?:[Gg]old|[Mm]edicare)\b[\w ]{0,12})\b(?!\s*\d)")
_STATE_AFTER = regex(r"\s*[(,/-]?\s*(?:in\s+|of\s+)?([A-Za-z]+)(?:\s+([A-Za-z]+))?")
_NOT_THIS = regex(
    r"(?:\bnot|isn't|instead of|rather than|unlike|no longer|non-?"
    r"|\b(?:differs?|different|differ) from|\bcompared (?:to|with))\s*$",
    re.I,
)
_SECOND = regex(
    r"\s*(?:\w+\s+)?(?:is\s+|as\s+)?(?:secondary|2ndary|2nd\b|supp\b|supplement\w*|medigap)"
    r"|\s+(?:is|as)\s+(?:the\s+)?second\b",
    re.I,
)
_SECOND_BEFORE = regex(
    r"\b(?:secondary|2ndary|2nd|supplement\w*)\s*(?:payer|payor|insurance|ins\.?|coverage|plan)?"
    r"\s*(?:is|:|=|-)?\s*$",
    re.I,
)
_MISSPELT = regex(r"\bm[aei]d+[aei]?c[aei]r[ae]?\b|\bmedciare\b|\bmedcare\b", re.I)
_UNLISTED = regex(
    r"\b(kaiser(?: permanente)?|molina|centene|ambetter|oscar|geha|healthfirst|emblem(?:health)?"
    r"|highmark|upmc|harvard pilgrim|tufts|medica|priority health|regence|carefirst|wellcare"
    r"|wellpoint|state farm|geico|allstate|progressive|liberty mutual|travelers"
    r"|va community care"
    r"|(?-i:(?<=the )VA(?= (?!\d))|VA(?= (?:patients?|benefits?|auth\w*|claims?)))"
    r"|triwest|optum va)\b",
    re.I,
)
_LABELLED = regex(
    r"\b(?:payer|payor|insurance|insurer|carrier)\s*(?:is|:|=)\s*([A-Z][\w&.' -]{2,30})"
)
_SPACE = regex(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class NamedPayer:
    """A payer as named: its id, and the name to show where we have no profile of it."""

    id: str
    words: str


def is_medicare(payer: NamedPayer | None) -> bool:
    """Whether the payer is Medicare itself, and no plan."""
    return payer is not None and payer.id == MEDICARE


class PayerReader:
    """Finds payers by name, plan and nickname; built once for a knowledge base."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._ids: dict[str, str] = {}
        for payer in knowledge.payers.values():
            for alias in (payer.name.lower(), payer.id, *payer.aliases):
                self._ids.setdefault(alias, payer.id)
                self._ids.setdefault(_SPACE.sub(" ", alias), payer.id)
        longest = sorted(self._ids, key=len, reverse=True)
        body = "|".join(re.escape(a).replace(r"\ ", r"[\s-]+") for a in longest)
        self._pattern = re.compile(rf"(?<![\w-])(?:{body})(?!\w)", re.I)
        self.find = lru_cache(maxsize=256)(self._find)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the text names payers."""
        return [m.span() for m in self._pattern.finditer(text)]

    def without(self, text: str) -> str:
        """The text without the payers it names."""
        return self._pattern.sub("", text)

    def _find(self, text: str) -> NamedPayer | None:
        """The payer that the text speaks of; the last one named, Medicare giving way to a plan."""
        found = [m for m in self._pattern.finditer(text) if not _is_denied(text, m)]
        found = [m for m in found if not _is_second(text, m)] or found
        if not found:
            misspelt = _MISSPELT.search(text)
            return NamedPayer(MEDICARE, misspelt.group()) if misspelt else _unlisted(text)
        named = [self._of_state(match, text) for match in found]
        if set(named) - {MEDICARE, COMMERCIAL} and COMMERCIAL in named:  # «United, commercial»
            own = [n for n, name in enumerate(named) if name != COMMERCIAL]
            found, named = [found[n] for n in own], [named[n] for n in own]
        plan = set(named) - {MEDICARE}
        if ADVANTAGE in named and len(plan) == 2 and named[-1] != MEDICARE:
            return NamedPayer(ADVANTAGE, "Medicare Advantage")
        if _MA_AFTER.match(text, found[-1].end()) and named[-1] != MEDICARE:
            return NamedPayer(ADVANTAGE, "Medicare Advantage")
        plans = [m for m, name in zip(found, named, strict=True) if name != MEDICARE]
        sold = any(_MA_AFTER.match(text, m.end()) for m in plans)
        if MEDICARE in named and len(plan) == 1 and (sold or _ADVANTAGE.search(text)):
            return NamedPayer(ADVANTAGE, "Medicare Advantage")
        return NamedPayer(named[-1], found[-1].group())

    def _of_state(self, match: re.Match[str], text: str) -> str:
        """«Medicaid (Texas)», «work comp in Colorado»: the state's own, where we hold it."""
        after = _STATE_AFTER.match(text, match.end())
        words = match.group().lower()
        if after:
            for state in (after[1].lower(), " ".join(after.groups("")).lower().strip()):
                if (own := self._ids.get(f"{state} {_SPACE.sub(' ', words)}")) is not None:
                    return own
        return self._id(words)

    def _id(self, words: str) -> str:
        spaced = _SPACE.sub(" ", words)
        return self._ids[spaced] if spaced in self._ids else self._ids[words]


def _is_second(text: str, match: re.Match[str]) -> bool:
    """«secondary: Medicare», «Medicare is second»: it pays what another leaves."""
    before = _SECOND_BEFORE.search(text, max(0, match.start() - 30), match.start())
    return bool(before or _SECOND.match(text, match.end()))


def _is_denied(text: str, match: re.Match[str]) -> bool:
    return bool(_NOT_THIS.search(text, max(0, match.start() - 22), match.start()))


def _unlisted(text: str) -> NamedPayer | None:
    match = _UNLISTED.search(text) or _LABELLED.search(text)
    if match is None:
        return None
    words = match.group(1).strip(" .,")
    return NamedPayer(re.sub(r"\W+", "-", words.lower()), words)


_EACH_ALONE = regex(
    r"\bcount(?:s|ing|ed)? (?:each|every) (?:one |code )?(?:alone|separately|by itself|on its own)|"
    r"each (?:timed )?(?:service|code|procedure|cpt)\w* (?:stands?|counts?|is (?:counted|judged)) "
    r"(?:alone|on its own|by itself|separately)|"
    r"counts? (?:each|every) code (?:alone|separately|by itself|on its own|individually)"
    r"|\b(?:counts?|goes|does (?:it|units)|bills?|units are) (?:by|per) (?:each )?code\b"
    r"|^\W*(?:(?:it'?s|they|do|go|just|ok|no|count)\W+){0,3}(?:by|per) (?:the )?(?:each )?code\W*$"
    r"|each code (?:counts? |(?:is )?counted |(?:is )?judged |stands? )?"
    r"(?:alone|on its own|separately|individually|by itself)"
    r"|\bspm\b|substantial portion|\bmid-?point\b|per[- ]code (?:counting|rule|basis)"
    r"|\bama(?:'s)? (?:rule|method|counting|guidelines?|8|eight|midpoint|way)"
    r"|\bama\b(?=\s*(?:[,.;)?]|$))|individual(?:ly)? (?:per )?code|\brule of (?:8|eight)s? \(?ama"
    r"|(?<!minutes )(?<!mins )(?<!min )(?<!units )(?<!time )\b(?:uses?|follows?|under|by|per|with) "
    r"(?:the )?(?:ama|cpt)\b(?! code)",
    re.I,
)
_POOLED = regex(
    r"adds? (?:up )?(?:all|every) (?:of )?(?:the )?(?:timed )?minutes"
    r"|\bpool(?:s|ed|ing)?\b(?! (?:therapy|exercise))"
    r"|(?:total|cumulative)[- ](?:time|timed[- ]minutes?|minutes?) (?:rule|method|counting)"
    r"|\bcms (?:rule|method|counting|guidelines?|way|8|eight)"
    r"|(?:follows?|uses?|under|by|per) (?:the )?(?:cms|medicare)(?: 8| eight)?\b"
    r"|medicare (?:8|eight)[- ]minute|medicare(?:'s)? (?:rules?|counting|guidelines?|way)\b",
    re.I,
)


@lru_cache(maxsize=256)
def counting_rule(text: str) -> CountingRule | None:
    """How the payer counts, where the text says so; "rule of eights" alone says nothing."""
    alone, pooled = _EACH_ALONE.search(text), _POOLED.search(text)
    if alone and not pooled:
        return CountingRule.AMA
    if pooled and not alone:
        return CountingRule.CMS
    return None
