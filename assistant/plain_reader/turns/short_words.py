"""The words of a short later turn, each by what it does there; none where one is not known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.claim import Clinician, Service
from assistant.patterns import regex
from assistant.plain_reader.mentions import people
from assistant.plain_reader.turns import ordinals
from assistant.plain_reader.words.text import NUMBER_WORD, number

LONGEST = 10  # words
MOST_LETTERS = 200


class Part(StrEnum):
    """What a word does; a turn is a row of these letters."""

    CODE = "C"
    AMOUNT = "N"
    MINUTES = "U"
    HELPER = "H"
    SELF = "S"
    EVERY = "E"
    EACH = "J"
    THAT = "F"
    REMOVE = "K"
    TAKE = "T"
    OFF = "O"
    NOT = "X"
    MORE = "M"
    LESS = "L"
    ONLY = "Y"
    WAS = "W"
    DID = "D"
    BY = "B"
    OF = "V"
    AND = "A"
    SAME = "Q"
    CORRECTS = "R"
    ASIDE = "Z"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the turn, with the code or the number that it is."""

    part: Part
    said: str
    code: str = ""
    minutes: int = 0
    placed: bool = False


_BY_PART = {
    Part.MINUTES: "min mins minute minutes m",
    Part.EVERY: "both all everything them those these",
    Part.EACH: "each apiece",
    Part.THAT: "it that this its thats it's that's",
    Part.REMOVE: "remove drop delete lose scratch scrap nix kill omit exclude skip strike ditch "
    "cancel forget without minus dump erase axe clear removing dropping",
    Part.TAKE: "take leave pull",
    Part.OFF: "off out gone",
    Part.NOT: "not",
    Part.MORE: "more extra longer add plus additional another",
    Part.LESS: "less fewer shorter subtract",
    Part.ONLY: "only just",
    Part.WAS: "was were is are to should be at had",
    Part.DID: "did gave treated saw ran covered handled does provided had took",
    Part.BY: "by with w",
    Part.OF: "of for on from in off",
    Part.AND: "and also too n",
    Part.SAME: "same ditto likewise",
    Part.CORRECTS: "no nope nah sorry actually oops wait meant mean correction really rather "
    "instead whoops ack wrong sry srry soz oop",
    Part.ASIDE: "ok okay so then please pls plz the a an my i we he she him her well yes yeah yep "
    "time today again though tho guess think say just thanks thx stuff part thing one ones code "
    "codes line lines there u you can let's lets now about like right hm hmm ah oh",
}
_PARTS: dict[str, Part] = {}
for _part, _said in _BY_PART.items():
    for _one in _said.split():
        _PARTS.setdefault(_one, _part)
_NEVER = r"\b(?:did ?n[o']?t|didnt|did not|never)"
_PHRASES = (
    (regex(rf"(?<!\w)w/o(?:ut)?\b|{_NEVER} (?:do|bill)\b", re.I), "without"),
    (regex(rf"{_NEVER} happen(?:ed)?\b"
           r"|\b(?:was ?n[o']?t|wasnt|was not|were ?n[o']?t|not) done\b", re.I), "off"),
    (regex(r"\bcross(?:ed)? (?:off|out)\b|\bget rid of\b|\btake away\b", re.I), "remove"),
    (regex(r"(?<!\w)w/(?=\s|\w)", re.I), "with "),
    (regex(r"\b(?:all|both|each|half) of (?=them|it|those|these|that)", re.I), " "),
    (regex(r"\bit is\b|\bit was\b|\bthat was\b", re.I), "it's"),
)  # fmt: skip
_TOKEN = regex(
    rf"(?P<code>\b\d{{5}}\b|\b[GQ]\d{{4}}\b)|(?P<n>(?<![\d.:/$])\d{{1,3}}(?![\d:/%]|\.\d)"
    rf"|\b{NUMBER_WORD}\b)(?=(?:\s*(?:min\w*|m)\b)?)|(?P<word>[a-z]+(?:'[a-z]+)?)"
    r"|(?P<mark>[-+&,]|\S)",
    re.I,
)
_SELF = frozenset(("me", "myself", "pt", "ot", "therapist", "otr", "mine", "slp"))
_MARKS = {"+": Part.MORE, "-": Part.LESS, "&": Part.AND, ",": Part.AND}
_ENDS = regex(r"[\s.!]+\Z")


def words(text: str, services: Sequence[Service]) -> list[Word]:
    """The words of the turn; none where it is long, asks, or one of them is not known.

    Args:
        text: the turn, codes by their numbers; services: those told before, in order.
    """
    if "?" in text or len(text) > MOST_LETTERS or len(text.split()) > LONGEST:
        return []
    text = _ENDS.sub("", text)
    for pattern, plain in _PHRASES:
        text = pattern.sub(plain, text)
    text = ordinals.counted(text, ordinals.in_order(services))
    found: list[Word] = []
    for match in _TOKEN.finditer(text):
        word = _word(match, found, services)
        if word is None:
            return []
        found.append(word)
    return found


def _word(match: re.Match[str], before: Sequence[Word], services: Sequence[Service]) -> Word | None:
    said = match.group().lower()
    if match["code"]:
        return Word(Part.CODE, said, code=match["code"].upper())
    if match["n"]:
        minutes = int(number(said) or 0)
        code = _of_minutes(minutes, before, services)
        return Word(Part.CODE if code else Part.AMOUNT, said, code, minutes)
    if match["mark"]:
        part = None if said == "-" and before else _MARKS.get(said)  # «TE - 20» is no minus
        return Word(part, said) if part else None
    if said in _SELF:
        return Word(Part.SELF, said)
    if people.clinician(said) is not Clinician.THERAPIST:
        return Word(Part.HELPER, said)
    return Word(_PARTS[said], said) if said in _PARTS else None


def _of_minutes(minutes: int, before: Sequence[Word], services: Sequence[Service]) -> str:
    """«the COTA did the 12», «drop the 12»: the one code of so many minutes; "" for others."""
    if not before or before[-1].said != "the":
        return ""
    lead = [w.part for w in before[:-1] if w.part not in (Part.ASIDE, Part.CORRECTS, Part.AND)]
    if len(lead) > 1 and lead[-1] is Part.OF and lead[-2] is Part.HELPER:
        lead.pop()  # «cota for the 10»
    lead = [] if lead == [Part.OF] else lead  # «and for the 16»
    if lead and lead[-1] not in (Part.DID, Part.REMOVE, Part.TAKE, Part.HELPER):
        return ""
    own = [s.code for s in services if s.minutes == minutes]
    return own[0] if len(own) == 1 else ""


def row(found: Sequence[Word]) -> str:
    """The words by their letters, those left out that say nothing."""
    return "".join(w.part for w in found if w.part not in (Part.ASIDE, Part.CORRECTS))
