"""Codes in a message: by number, by name, by the trade's shorthand, misspelt."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from assistant.knowledge import Knowledge
from assistant.patterns import regex
from assistant.plain_reader.mentions import shorthand
from assistant.plain_reader.mentions.mention import CodeMention, beside, near
from assistant.plain_reader.words.spelling import Speller

_NUMBER = regex(
    r"(?:(?<![\w$.-])(?<!\d,)|(?<=\b\d{5},))(?:cpt\s*#?\s*)?"
    r"(?P<code>9[27]\d{4}(?=\s)|\d{5}|[GQ]\d{4}|(?-i:[AEKLSTV]\d{4}|\d{4}T))"
    r"(?!(?!x\s?\d)\w|,\d{3}(?!\d\d)|\.\d)",
    re.I,
)
_WITH_MODIFIER = regex(r"(?P<code>\d{5})-(?P<modifier>59|X[EPSU]|GP|GO|GN|KX|CQ|CO)\b", re.I)
_NO_CODE_BEFORE = regex(
    r"\b(?:locality|carrier|contractor|mac|zip(?: ?code)?|suite|ste\.?|box|room"
    r"|account|acct\.?|id|mrn|claim\s*(?:#|no\.?|number|id)|invoice"
    r"|ext\.?)\W{0,3}$",
    re.I,
)
_IN_SLASHES = (  # «TE/NMR/MT», «balance/NMR 13»
    r"(?:(?-i:(?<=[A-Z][A-Z]/)|(?<=NMR/))(?=(?-i:[A-Z]{2,3}\b))"
    r"|(?<=[a-z]/)(?=(?:e-?stim|ifc|ice|heat)\b)"
    r"|(?<=\d/)(?=[A-Za-z]+[\s:(x-]{1,3}\d)|(?<=[a-z]/)(?=(?-i:NMR|TE|TA|MT|GT)\b[\s:(x-]{1,3}\d))"
)
_PARTS = regex(r"[\s(-]+")  # «eval (mod)», «e-stim (unattended)» too
_BETWEEN = regex(r"[\s(,:-]+")
_GRADE = regex(r"(?:low|mod|moderate|high)\b")
_SPEECH_GROUP = ("slp group", "st group", "group speech")


class CodeReader:
    """Finds codes; built once for a knowledge base.

    Short names of two letters count only in capitals, or beside minutes: "us" and "ta" are words.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._names = {_normal(name): codes for name, codes in knowledge.code_names.items()}
        self._names |= {name: (code,) for name, code in shorthand.SHORTHAND.items()}
        self._names |= dict.fromkeys(_SPEECH_GROUP, ("92508",))
        self._speller = Speller(knowledge.code_names, knowledge.flowchart().phrases)
        longest = sorted(
            [*knowledge.code_names, *shorthand.SHORTHAND, *_SPEECH_GROUP], key=len, reverse=True
        )
        body = "|".join(_flexible(name) for name in longest)
        self._pattern = re.compile(
            rf"(?:(?<![\w/]|-(?=\w))|{_IN_SLASHES})(?:{body})(?!(?!x\d)\w|-[a-z])", re.I
        )

        self._kept = lru_cache(maxsize=512)(self._find)

    def find(self, text: str) -> list[CodeMention]:
        """Code mentions in order; one code each, or the several that share a name."""
        return list(self._kept(text))

    def _find(self, text: str) -> tuple[CodeMention, ...]:
        numbers = [
            CodeMention(m.start(), m.end(), (m["code"].upper(),))
            for m in _NUMBER.finditer(text)
            if not _NO_CODE_BEFORE.search(text, max(0, m.start() - 16), m.start())
        ]
        written = [
            CodeMention(m.start(), m.end("code"), (m["code"],))
            for m in _WITH_MODIFIER.finditer(text)
        ]
        found = [*numbers, *beside(written, numbers)]
        named = self._named(text)
        found.sort(key=lambda m: m.start)
        single = sorted([*found, *(m for m in named if len(m.codes) == 1)], key=lambda m: m.start)
        names = [m for m in named if not _repeats(m, single if len(m.codes) > 1 else found, text)]
        names = [m for m in names if not _is_described(m, names, numbers, text)]
        return tuple(sorted([*found, *beside(names, found)], key=lambda m: m.start))

    def _named(self, text: str) -> list[CodeMention]:
        corrected = self._speller.read(text)
        found, small = [], []
        for match in self._pattern.finditer(corrected.text):
            name = match.group()
            codes = self._names.get(_normal(name), ())
            start, end = corrected.place(match.start()), corrected.place(match.end())
            if codes and _counts(name, corrected.text, match):
                found.append(CodeMention(start, end, codes))
            elif codes and shorthand.counts_in_a_list(name):
                small.append(CodeMention(start, end, codes))
        return _with_listed(found, small, text)


@lru_cache(maxsize=4096)
def _normal(name: str) -> str:
    return _BETWEEN.sub(" ", name.lower()).strip()


def _flexible(name: str) -> str:
    """The name with any blanks, hyphens or an opening bracket between its words."""
    first, *others = _PARTS.split(name)
    gaps = (r"[\s(,:-]+" if _GRADE.match(part) else r"[\s(-]+" for part in others)
    return re.escape(first) + "".join(
        gap + re.escape(part) for gap, part in zip(gaps, others, strict=True)
    )


_NEXT_IN_LIST = regex(r"\s*(?:,|/|&|\+|and|,\s*and)\s*")


def _with_listed(
    found: list[CodeMention], small: list[CodeMention], text: str
) -> list[CodeMention]:
    """«te, ta, nmr»: letters that are names where they stand in one list with a name."""
    ordered = sorted([*found, *small], key=lambda m: m.start)
    kept = set(found)
    for way in (ordered, ordered[::-1]):
        for one, other in pairwise(way):
            if one in kept and _are_listed(one, other, text):
                kept.add(other)
    return [m for m in ordered if m in kept]


def _are_listed(one: CodeMention, other: CodeMention, text: str) -> bool:
    gap = text[min(one.end, other.end) : max(one.start, other.start)]
    return len(gap) < 8 and bool(_NEXT_IN_LIST.fullmatch(gap))


_AT_HAND = 80  # characters; what is farther off says nothing of a name
_IN_BRACKETS = regex(r"(?:\s+[A-Za-z]+){1,3}\s*\(")  # «SLP eval of swallow (92610)»


def _repeats(name: CodeMention, numbers: list[CodeMention], text: str) -> bool:
    """«92523 evaluation»: a name of many codes beside a number only repeats what it is."""
    if len(name.codes) == 1 and text[name.start : name.end].lower() not in shorthand.SHORTHAND:
        return False
    at_hand = near(numbers, name.start - _AT_HAND, name.end + _AT_HAND)
    gaps = [text[min(name.end, n.end) : max(name.start, n.start)] for n in at_hand]
    said = [text[name.end : n.start] for n in at_hand if n.start >= name.end]
    return any(len(gap) <= 3 and not gap.strip(" -(:") for gap in gaps) or (
        len(name.codes) > 1 and any(map(_IN_BRACKETS.fullmatch, said))
    )


def _is_described(
    name: CodeMention, names: list[CodeMention], numbers: list[CodeMention], text: str
) -> bool:
    """«aquatic therapy with exercise (97113)»: a name within what the number stands for."""
    behind = next(iter(near(numbers, name.end, name.end + _AT_HAND)), None)
    if behind is None or set(behind.codes) & set(name.codes):
        return False
    if text[name.end : behind.start].strip(" ") not in ("(", "["):
        return False
    before = near(names, name.start - _AT_HAND, name.start)
    whole = [n for n in before if n.end <= name.start and n.codes == behind.codes]
    return any(name.start - n.end < 12 and "," not in text[n.end : name.start] for n in whole)


_BOOK_BEFORE = regex(
    r"\b(?:their|provider|payer|payor|policy|cms|medicare|claims|processing|coding|billing|benefit"
    r"|plan'?s?|insurance|user|procedure)\s+$",
    re.I,
)
_BOOK_AFTER = regex(
    r"\s+(?:says?|states?|chapter|ch\.|section|§|requires?|lists?|pub\b|100-0)", re.I
)


def _is_book(name: str, text: str, match: re.Match[str]) -> bool:
    """«their manual says» names no treatment."""
    if name.lower() not in ("manual", "manuals"):
        return False
    before = text[max(0, match.start() - 14) : match.start()]
    return bool(_BOOK_BEFORE.search(before) or _BOOK_AFTER.match(text, match.end()))


_BY_HAND = regex(r"\W+(?:by (?:the )?hands?|manually|with (?:my |the |his |her )?hands)\b", re.I)


_TISSUE = regex(
    r"\b(?:scar|friction|soft[- ]tissue|deep[- ]tissue|retrograde|lymph\w*|edema|self|perineal)"
    r"[\s-]+\Z",
    re.I,
)
_TAUGHT = regex(r"\s+(?:was\s+)?(?:taught|teach\w*|instruct\w*|technique|demonstrat\w*)\b", re.I)
_PAST = regex(r"\s+(?:was|were)\s+(?:on|in|last|back|done on)\s+(?:[A-Z][a-z]{2}|\d|week|month)")

_DAY_OF = regex(r"\b(?:date of|since)\s+(?:the\s+|initial\s+|last\s+){0,2}\Z", re.I)


_MANUAL_OTHER = regex(
    r"\s+(?:wheelchairs?|w/?c\b|chairs?|muscle|resist\w*|cue\w*|cuing|facilitat\w+|assist\w*"
    r"|perturbation\w*|dexterity|coordination|labor|lifting|contacts?)\b",
    re.I,
)

_EMG = regex(r"\bs?emg\b|\bbio-?feedback\b", re.I)
_OTHER_AFTER = {  # «manual wheelchair», «gait belt training», «laser dot on the head»
    "manual": _MANUAL_OTHER,
    "gait": regex(r"\s+(?:belts?|speed|velocity|analysis|assessment|test\w*)\b", re.I),
    "ta": regex(r"\s+(?:activat\w+|contract\w+|brac\w+|engag\w+|recruit\w+|isometric\w*)\b", re.I),
    "laser": regex(r"\s+(?:dot|point\w*|beam|head\w*|track\w*|target\w*|light|lamp)\b", re.I),
}

ALONE = 4  # words of «caregiver training» with nothing told beside it: was the patient there?
_CAREGIVER = ("caregiver training", "caregiver education")
_PATIENT = regex(r"\b(?:patients?|pt|child|client|resident)\b", re.I)
_MINUTES = regex(r"\d\s*(?:min|m\b|')", re.I)
_IS_AWAY = regex(r"\b(?:not|without|no|absent|away|isn't|wasn't)\b", re.I)


def _is_of_patient(text: str) -> bool:
    """«Caregiver education», nothing said of the patient's absence: the chart asks about it."""
    if _MINUTES.search(text):
        return not _IS_AWAY.search(text)
    return bool(_PATIENT.search(text)) or len(text.split()) <= ALONE


_WHOSE = regex(
    r"\s+(?:patients?|pts?|clients?|residents?|plan|poc|caseload|goals?|script|orders?|referral"
    r"|department|dept|side|threshold|cap)\b",
    re.I,
)


_WITH_US = regex(  # «45 min with us», «two of us»; not «5 min of us»
    r"\b(?:with|to|for|from|by|told|gave|let|(?<!min )(?<!mins )(?<!minutes )(?<!\d )of)\s+\Z", re.I
)


def _is_other(name: str, text: str, match: re.Match[str]) -> bool:
    """«traction by hand», «scar massage», «the eval was on 10/28»: not the service of that name."""
    if name.endswith("therapy") and name.startswith("speech"):
        return bool(_WHOSE.match(text, match.end()))
    if name in _CAREGIVER:
        return _is_of_patient(text)
    if name == "us":
        said = match.group().islower() or text.isupper()
        return said and bool(_WITH_US.search(text, max(0, match.start() - 10), match.start()))
    if name == "electrodes":
        return bool(_EMG.search(text))
    if name in _OTHER_AFTER:
        return bool(_OTHER_AFTER[name].match(text, match.end()))
    if name.endswith("traction"):
        return bool(_BY_HAND.match(text, match.end()))
    if name == "massage":
        of_tissue = _TISSUE.search(text, max(0, match.start() - 14), match.start())
        return bool(of_tissue or _TAUGHT.match(text, match.end()))
    if not name.endswith(("eval", "evaluation")):
        return False
    dated = _DAY_OF.search(text, max(0, match.start() - 24), match.start())
    return bool(dated or _PAST.match(text, match.end()))


def _counts(name: str, text: str, match: re.Match[str]) -> bool:
    if _is_book(name, text, match) or _is_other(name.lower(), text, match):
        return False
    if name.lower() not in shorthand.SHORTHAND and (len(name) > 2 or name.isupper()):
        return True
    after = re.match(r"\s*[:=x(-]*\s*\d", text[match.end() : match.end() + 8])
    before = re.search(
        r"\d\s*(?:min\w*|m|')?\s*(?:(?:of|on|doing|was|were|unattended|passive)\s*)*$",
        text[max(0, match.start() - 30) : match.start()],
        re.I,
    )
    return bool(after or before or _asked_for(text, match))


_ASKED_BEFORE = regex(r"\b(?:codes?|cpt|bill|charge|use|covers?) (?:for )?(?:an? |the )?$", re.I)
_ASKED_AFTER = regex(r"\W*(?:(?:which|what|the|cpt) )*(?:cpt|code)\W*$", re.I)


def _asked_for(text: str, match: re.Match[str]) -> bool:
    """«code for ice?», «ice - which code?»: the name is all that is asked of."""
    before = _ASKED_BEFORE.search(text, max(0, match.start() - 20), match.start())
    alone = re.compile(r"\W*$").match(text, match.end())
    return bool((before and alone) or (not match.start() and _ASKED_AFTER.match(text, match.end())))
