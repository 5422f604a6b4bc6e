"""«the exercise part», «the other one»: what a later message calls a code that was told before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from assistant.claim import Service
from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.plain_reader.mentions.codes import CodeReader
from assistant.plain_reader.mentions.mention import CodeMention
from assistant.plain_reader.mentions.people import AIDE, ASSISTANT, STUDENT
from assistant.plain_reader.turns import ordinals

MOST_WORDS = 14  # of a message that speaks of codes by half their names
STEM = 5  # letters by which «exercise» and «exercises» are one word
_WORD = regex(r"[a-z]{4,}", re.I)
_SHARED = ("thera", "train", "treat", "sessi", "skill", "servi", "minut", "visit", "patie", "timed")
_COMMON = (
    "with", "that", "this", "only", "just", "code", "unit", "units", "part", "used", "from",
    "each", "more", "other", "care", "home", "work", "time", "were", "what", "have", "then",
    "bill", "note", "than", "medicare", "assistant", "modifier", "separate", "hands", "full",
    "complexity", "evaluation", "tech", "techs", "technician", "student", "aide", "therapist",
)  # fmt: skip
_PIECE = (
    r"(?:parts?|portions?|pieces?|bits?|stuff|half|one|codes?|services?|minutes|time|work|line"
    r"|section|component|side)"
)
_OTHER = regex(
    r"(?:\b(?:the\s+)?(?:other|remaining)\s+(?:one|code|part|service|line|half|activity)\b"
    r"|\bthe other\b(?=\W*$))",
    re.I,
)
_OTHER_MINUTES = regex(rf"{_OTHER.pattern}\s+(?=\d{{1,3}}(?!\d))", re.I)
_PARTLY_NAMED = regex(rf"\b(?:the\s+|that\s+|my\s+)?(?P<word>[a-z]{{4,}})\s+{_PIECE}\b", re.I)
_SPOKEN_OF = regex(
    r"\b(?:make|put|change)\s+(?:the\s+)?(?P<made>[a-z]{4,})(?=\s+(?:to\s+)?\d)"
    r"|\b(?:the|my|that)\s+(?P<word>[a-z]{4,})(?=\s+(?:(?:only|really|actually|just)\s+)?"
    r"(?:was|were|is|should|had|took|lasted|to|got)\b)",
    re.I,
)
_SAID_SHORT = regex(  # «ex only 20», «eval ran 40»
    r"(?P<lead>^\W*|[,;]\s*|\b(?:and|but|no|sorry|actually|so|then|ok)\b[\s,]+)(?:the\s+|my\s+)?"
    r"(?P<word>[a-z]{2,})\s+(?:(?:ran|run|was|is|took|lasted|only|just|really|actually|for|at|went"
    r"|should be|to)\s+){0,3}(?P<n>\d{1,3})(?!\d|[:/.%]|\s*(?:units?|u\b|of|more|extra|less|fewer))"
    r"(?:\s*min\w*)?",
    re.I,
)
_SHORT = {"ex": "exercise", "exs": "exercise", "exer": "exercise", "eval": "evaluation"}
_LAST_DIGITS = regex(r"(?<![\d$.,/:-])(?:the\s+)?(?P<n>[1-9]\d\d)(?![\d%/:]|[.,]\d|\s*min)", re.I)
FEW_WORDS = 6  # of a turn in which any short name of a told code is that code: «remove mt»
_WORDS_TOO = frozenset(("us", "ta", "sc", "st", "ot", "pt", "it", "ex", "act", "man", "group"))
_TAILS = ("ex",)  # or end one: «ther ex»
_HEADS = ("adl", "cog")  # abbreviations that begin a name: «adl training»
SHORTEST = 4  # letters of a name that is an abbreviation
_BEFORE_NAME = (
    r"(?:(?<=\bthe )|(?<=\bmy )|(?<=\bno )|(?<=\d of )|(?<=\bdid )|(?<=\bremove )|(?<=\bdrop )"
    r"|(?<=w/o )|(?<=\bwithout ))"
)
MIN_STEM = 4  # letters of a word that hints at a code
_STAYS = regex(  # «TE 10, NMR stays»
    r"(?<=\d)([^,;]{0,40}[,;]\s{0,3}|\s{1,3})(?:and\s+)?(?:the\s+)?[\w-]{1,24}(?: \w+)?\s+"
    r"(?:stays?|stayed|remains?"
    r"|(?:is |was )?(?:the )?same|(?:is )?unchanged)(?: the same| as is)?(?=\s*(?:[,.;]|$))",
    re.I,
)
_ME = regex(
    r"\b(?:was|were|is)\s+(?:all\s+|just\s+)?(?:me|mine|myself)\b"
    r"(?:,?\s+(?:the\s+)?(?:pt|ot|therapist)\b)?",
    re.I,
)
_BOTH_BY = regex(
    rf"\b(?:both|all)\s+(?:(?:were|was|done|of (?:them|it)|by|with)\s+)*(?:the\s+|my\s+)?"
    rf"(?P<who>{ASSISTANT}|{STUDENT}|{AIDE})\W*$",
    re.I,
)
_HEDGED = regex(
    r"\b(?P<was>was|were|is|took|lasted|to)\s+"
    r"(?:(?:only|actually|really|just|about|like|more like|closer to)\s+)+(?=\d)",
    re.I,
)
_NUMBER_WAS = regex(
    r"(?<![\d$/.])(?P<n>\d{1,3})\s*(?:min\w*\s+)?(?:was|were|is|are)\s+(?:for\s+)?(?:the\s+)", re.I
)
_ABOUT = regex(
    r"(?<!what )(?<!how )\b(?:about|like|roughly|approximately|around|maybe|probably)\s+"
    r"(?=half\b|a (?:third|quarter)\b|\d)",
    re.I,
)
_CHANGED_TO = regex(
    r"\b(?:drop|cut|lower|reduce|bring|bump|raise|set|increase|decrease|push|move)\s+(?:the\s+)?"
    r"(?P<what>[\w-]+(?:\s[\w-]+)?)\s+(?:down\s+|up\s+|back\s+)?to\s+(?P<n>\d{1,3})"
    r"(?!\d)(?:\s*min\w*)?",
    re.I,
)
_IT_WAS = regex(r"\b(?:it|that|this|they)(?:'s|\s+(?:was|were|is))\b|\bmeant\b", re.I)
_NO_MATTER = regex(r"^\W*(?:never\s?mind|forget it|nvm)\s*[,.;:-]+\s*(?=\S)", re.I)
_BARE = regex(r"\b(?:the\s+|my\s+)?(?P<word>[a-z]{4,})\b", re.I)
_GRADES = {"low": "low", "moderate": "moderate", "mod": "moderate", "high": "high"}
_GRADE = regex(
    r"\b(?:the\s+)?(?P<grade>low|moderate|mod|high)(?:[\s-]+complexity)"
    r"(?:\s+(?:(?:pt|ot)\s+)?(?:eval(?:uation)?|one|code))?\b",
    re.I,
)
_GRADE_ALONE = regex(  # «it was moderate, sorry»
    r"^\W*(?:(?:it|that|the|eval(?:uation)?|9716\d|was|is|should|be|sorry|actually|no|make|change|switch|to"
    r"|meant|i)\W+)*"
    r"(?P<grade>low|moderate|mod|high)(?:\W+(?:sorry|please|actually|instead|complexity))*\W*$",
    re.I,
)


class Referrer:
    """Puts a code's number where a later message only hints at it; built once."""

    def __init__(self, codes: CodeReader, knowledge: Knowledge) -> None:
        self._codes = codes
        self._fields = {code: entry.disciplines for code, entry in knowledge.codes.items()}
        self._labels = {code: entry.label for code, entry in knowledge.codes.items()}
        self._stems: dict[str, set[str]] = defaultdict(set)
        self._owner = {name.lower(): owners for name, owners in knowledge.code_names.items()}
        self._names: dict[str, list[str]] = defaultdict(list)
        for name, owners in self._owner.items():
            for owner in owners:
                self._names[owner].append(name)
                self._stems[owner] |= _stems(name)
        self._shorts = {code: _short(names) for code, names in self._names.items()}
        for code, entry in knowledge.codes.items():
            self._stems[code] |= _stems(entry.label)

    def told(self, text: str, services: Sequence[Service], focus: Sequence[str]) -> str:
        """The text, the codes of these services by their numbers where it means them."""
        codes = list(dict.fromkeys(s.code for s in services))
        if not codes or len(text.split()) > MOST_WORDS:
            return text
        text = self._told_of_many(_plainly(text), codes)
        text = (_GRADE_ALONE if _GRADE_ALONE.match(text) else _GRADE).sub(
            lambda m: self._graded(m, codes), text
        )
        text = self._of_a_kind(text, codes)
        text = ordinals.told(text, services)
        others = [c for c in codes if c not in focus]
        if len(focus) == 1 and len(others) == 1 and len(codes) == 2:
            text = _OTHER.sub(others[0], _OTHER_MINUTES.sub(f"{others[0]} was ", text))
        text = _LAST_DIGITS.sub(lambda m: _by_last_digits(m, codes), text)
        text = self._short_names(text, codes)
        owners = self._owners(services)
        text = _SAID_SHORT.sub(lambda m: self._said_short(m, owners), text)
        text = _PARTLY_NAMED.sub(lambda m: self._meant(m, owners), text)
        text = _SPOKEN_OF.sub(lambda m: self._meant(m, owners), text)
        if re.search(r"\d", text) or self._codes.find(text):
            return text
        return _BARE.sub(lambda m: self._meant(m, owners), text)

    def _told_of_many(self, text: str, codes: Sequence[str]) -> str:
        """The one told code among those that share a name: «no eval» after 97162."""
        for mention in reversed(self._codes.find(text)):
            if _GRADE.fullmatch(text, mention.start, mention.end):
                continue
            told = [c for c in codes if c in mention.codes] or self._of_same_field(mention, codes)
            if len(mention.codes) > 1 and len(told) == 1:
                said = self._in_place_of(told[0], codes) if _IT_WAS.search(text) else told[0]
                text = f"{text[: mention.start]}{said}{text[mention.end :]}"
        return text

    def _of_same_field(self, mention: CodeMention, codes: Sequence[str]) -> list[str]:
        """«a re-eval» after a PT evaluation: the one of that discipline."""
        fields = {self._fields.get(c, ()) for c in codes}
        owners = {f for f in fields if len(f) == 1}
        return [c for c in mention.codes if self._fields.get(c, ()) in owners]

    def _in_place_of(self, new: str, codes: Sequence[str]) -> str:
        """«it was a re-eval»: the told code of that kind, and the one that takes its place."""
        kind = set(_WORD.findall(self._labels.get(new, "").lower()))
        old = [c for c in codes if kind & set(_WORD.findall(self._labels.get(c, "").lower()))]
        return f"{old[0]} instead {new}" if len(old) == 1 and old[0] != new else new

    def _of_a_kind(self, text: str, codes: Sequence[str]) -> str:
        """«sorry, it was unattended»: the code whose name is that word before a told one's."""
        if not _IT_WAS.search(text) or self._codes.find(text):
            return text
        for word in (w.lower() for w in _WORD.findall(text)):
            for told in codes:
                names = self._names.get(told, ())
                owners = {o for n in names for o in self._owner.get(f"{word} {n}", ())}
                if len(owners) == 1 and (new := owners.pop()) not in codes:
                    return f"{told} was {new}"
        return text

    def _graded(self, match: re.Match[str], codes: Sequence[str]) -> str:
        """«make it high complexity»: the evaluation of that grade in place of the told one."""
        grade = _GRADES[match["grade"].lower()]
        for told in (c for c in codes if _GRADE.search(self._labels.get(c, ""))):
            wanted = _GRADE.sub(f"{grade} complexity", self._labels[told])
            for code, other in self._labels.items():
                if other == wanted and code != told:
                    return f"{told} instead {code}"
        return match.group()

    def _short_names(self, text: str, codes: Sequence[str]) -> str:
        """«the adl», «last 5 of te»: short names of told codes, which alone may be other words."""
        alone = len(text.split()) <= FEW_WORDS
        for code in codes:
            for name in self._shorts.get(code, ()):
                before = r"\b" if alone and name not in _WORDS_TOO else _BEFORE_NAME
                text = re.sub(rf"{before}{name}s?\b(?!')", code, text)
        return text

    def _said_short(self, match: re.Match[str], owners: dict[str, set[str]]) -> str:
        """«eval ran 40 and exercise 8»: each by the number of its code."""
        word = _SHORT.get(match["word"].lower(), match["word"].lower())
        meant = owners.get(word[:STEM], set()) if len(word) >= MIN_STEM else set()
        if len(meant) != 1 or word in _COMMON or self._codes.find(match["word"]):
            return match.group()
        return f"{match['lead']}{next(iter(meant))} was {match['n']} min"

    def _owners(self, services: Sequence[Service]) -> dict[str, set[str]]:
        """Each stem that hints at one of the told codes, with the codes it may be."""
        owners: dict[str, set[str]] = defaultdict(set)
        for service in services:
            for stem in self._stems[service.code] | _stems(service.activity):
                owners[stem].add(service.code)
        return owners

    def _meant(self, match: re.Match[str], owners: dict[str, set[str]]) -> str:
        said = match.groupdict()
        word = (said["word"] or said["made"]).lower()
        meant = owners.get(word[:STEM], set())
        if len(meant) != 1 or word in _COMMON or self._codes.find(word):
            return match.group()
        code = next(iter(meant))
        return f"make {code}" if said.get("made") else code


def _plainly(text: str) -> str:
    """The text with who and how much in the words that a first message would use."""
    text = re.sub(r"\bi(?=\s+(?:did|gave|had|took|provided|treated|ran|covered)\b)", "I", text)
    text = re.sub(r"\bI\s+(?:only|just|actually|really)\s+(?=did|gave|had)", "I ", text)
    text = _BOTH_BY.sub(r"everything was done by the \g<who>", _NO_MATTER.sub("", text))
    text = _HEDGED.sub(r"\g<was> ", _ME.sub("was by the therapist", text))
    text = _ABOUT.sub("", _NUMBER_WAS.sub(r"\g<n> was ", text))
    text = _STAYS.sub(r"\g<1>", text)
    return _CHANGED_TO.sub(r"\g<what> was \g<n> min", text)


def _short(names: Sequence[str]) -> list[str]:
    """The names that are abbreviations, and the one that begins another: «adl» (training)."""
    found = [n for n in names if n.isalpha() and len(n) <= SHORTEST]
    found += [h for h in _HEADS if any(n.startswith(f"{h} ") for n in names)]
    found += [t for t in _TAILS if any(n.endswith(f" {t}") for n in names)]
    return list(dict.fromkeys(found))


def _stems(words: str) -> set[str]:
    found = (w.lower() for w in _WORD.findall(words))
    return {w[:STEM] for w in found if w not in _COMMON} - set(_SHARED)


def _by_last_digits(match: re.Match[str], codes: Sequence[str]) -> str:
    """«the 535»: the one told code that ends so."""
    meant = [c for c in codes if c.endswith(match["n"])]
    return meant[0] if len(meant) == 1 else match.group()
