"""The ways to read people, minutes and codes that are told apart from one another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.patterns import regex
from assistant.plain_reader.binding.ledger.token import Join, Kind, Token
from assistant.plain_reader.binding.ledger.told import Share, Told

MOST_COLUMNS = 4  # things done that are told apart from their minutes
EXCEPT = regex(
    r"\b(?:but|except|besides|other than|apart from|aside from|save)(?:\s+for)?"
    r"(?:\s+(?:the|that|for))*\s*\Z",
    re.I,
)
_AND = regex(r"\s*(?:[&+/,]|and|plus|with)\s*(?:(?:the|my|our|a)\s+)?", re.I)
_TWO = ("CNPPNN", "PPCNN", "CPPNN", "PPNNC", "CNNPP", "NNPPC")  # two people, their minutes
_OF_TWO = ("CNPP", "NCPP", "PPNC", "PPCN")  # two people, and the minutes that each gave
_EACH = regex(r"\beach\b", re.I)
_OUT_OF = regex(r"\bof\s+(?:the\s+|those\s+|my\s+|an?\s+)?(?:total\s+)?\Z", re.I)


def is_of_two(row: Sequence[Token]) -> bool:
    """Whether the tokens tell minutes that two people gave each: «PT and PTA, 15 min each»."""
    people = [one for one in row if one.kind is Kind.PERSON]
    letters = "".join(one.kind.value for one in row)
    return letters in _OF_TWO and len({one.who for one in people}) == 2


class Columns:
    """A row of tokens, and what it tells in columns."""

    def __init__(self, row: Sequence[Token]) -> None:
        self._row = row
        self._letters = "".join(one.kind.value for one in row)

    def in_columns(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """How many tokens from there on tell people, minutes and codes apart, and what."""
        yield from self._people_first(at, told)
        yield from self._code_first(at, told)
        yield from self._respectively(at, told)
        yield from self._two_people(at, told)
        yield from self._each_of_two(at, told)
        yield from self._out_of(at, told)
        yield from self._whole_first(at, told)

    def _one(self, at: int, count: int, kind: Kind) -> Token:
        return next(t for t in self._row[at : at + count] if t.kind is kind)

    def _tight(self, at: int, count: int) -> bool:
        """Whether so many tokens stand together with nothing that parts them."""
        row = self._row[at + 1 : at + count]
        return len(row) == count - 1 and all(
            one.but or (one.join is Join.TIGHT and not EXCEPT.search(one.before)) for one in row
        )

    def _code_first(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """«the PTA took over A, PT 6 and PTA 12», «the PTA and I shared A: 18 hers, 12 mine»."""
        first = at + 1 if self._letters[at : at + 2] == "PC" and self._tight(at, 2) else at
        if self._letters[at : at + 3] == "PPC" and _AND.fullmatch(self._row[at + 1].before):
            first = at + 2
        if self._letters[first : first + 1] != "C":
            return
        pairs, here = self._pairs(first + 1)
        people = {person.who for person, _ in pairs}
        if len(people) < 2 or self._row[first + 1].join is Join.ENDED:
            return
        later = [amount for _, amount in pairs[1:]]
        if any(one.but or one.part for one in later) and not pairs[0][1].part:
            return  # «A 30 by the PTA, the last 5 by the PT»
        for person, amount in pairs:
            told = told.and_line(self._row[first], amount, person.who)
        yield here - at, told

    def _respectively(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """«A and B, 23 and 15 min, the PTA and the PT respectively»."""
        for n in range(2, MOST_COLUMNS + 1):
            if self._letters[at : at + 3 * n] == "C" * n + "N" * n + "P" * n:
                row = self._row[at : at + 3 * n]
                for done, amount, person in zip(row[:n], row[n : 2 * n], row[2 * n :], strict=True):
                    told = told.and_line(done, amount, person.who)
                yield 3 * n, told

    def _pairs(self, at: int) -> tuple[list[tuple[Token, Token]], int]:
        """Persons with their minutes told in a row from there, and where the row ends."""
        pairs: list[tuple[Token, Token]] = []
        while self._letters[at : at + 2] in ("PN", "NP") and self._tight(at, 2):
            if pairs and self._row[at].join is Join.ENDED:
                break
            person, amount = (self._one(at, 2, k) for k in (Kind.PERSON, Kind.AMOUNT))
            pairs.append((person, amount))
            at += 2
        return pairs, at

    def _people_first(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """«PT 15 and PTA 8 of A»."""
        pairs, here = self._pairs(at)
        behind = self._row[here] if here < len(self._row) else None
        if len(pairs) < 2 or behind is None or behind.kind is not Kind.CODE:
            return
        if behind.join is not Join.TIGHT or self._letters[here + 1 : here + 2] == "N":
            return
        for person, amount in pairs:
            told = told.and_line(behind, amount, person.who)
        yield here + 1 - at, told

    def _two_people(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """«OT & COTA A: 25 + 20 min», «A: 10/20 PT/PTA», «A 30 min, PT/PTA 10/20»."""
        letters = next((p for p in _TWO if self._letters.startswith(p, at)), "")
        row = self._row[at : at + len(letters)]
        if not row or any(one.join is Join.ENDED for one in row[1:]):
            return
        people = [one for one in row if one.kind is Kind.PERSON]
        spent = [one for one in row if one.kind is Kind.AMOUNT]
        done = self._one(at, len(row), Kind.CODE)
        whole = spent.pop(0) if len(spent) > len(people) else None
        beside = _AND.fullmatch(people[1].before) and _AND.fullmatch(spent[1].before)
        if people[0].who is people[1].who or not beside:
            return
        if whole and whole.minutes != sum(one.minutes for one in spent):
            return
        for person, amount in zip(people, spent, strict=True):
            told = told.and_line(done, amount, person.who)
        yield len(row), told

    def _each_of_two(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """«A 15 min each, PT and PTA»: who else is named in the message is not read."""
        row = self._row[at : at + 4]
        edges = [self._row[n].before for n in range(at + 1, min(at + 5, len(self._row)))]
        if not is_of_two(row) or not any(_EACH.search(gap) for gap in (row[0].before, *edges)):
            return
        done, amount = (self._one(at, 4, kind) for kind in (Kind.CODE, Kind.AMOUNT))
        for person in (one for one in row if one.kind is Kind.PERSON):
            told = told.and_line(done, amount, person.who)
        yield 4, told

    def _out_of(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """«4 min by the PTA out of 30 min of A»."""
        row = self._row[at : at + 4]
        if self._letters[at : at + 4] not in ("NPNC", "PNNC") or not self._tight(at, 4):
            return
        person = self._one(at, 2, Kind.PERSON)
        amount, whole, done = self._one(at, 2, Kind.AMOUNT), row[2], row[3]
        if not _OUT_OF.search(whole.before) or amount.minutes >= whole.minutes:
            return
        share = Share(person.who, replace(amount, part=True), Join.TIGHT, False)
        yield 4, told.and_line(done, whole, None).and_share(share)

    def _whole_first(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """«45 min, 15 of that PTA and the rest PT, A»."""
        shares, here = self._shares(at + 1)
        if self._letters[at] != "N" or not shares or self._letters[here : here + 1] != "C":
            return
        behind = self._letters[here + 1 : here + 2]
        if behind in ("N", "P") and self._row[here + 1].join is Join.TIGHT:
            return  # the code has minutes of its own
        if any(one.join is Join.ENDED for one in self._row[at + 1 : here + 1]):
            return
        spent = sum(one.amount.minutes for one in shares if one.amount)
        marked = any(one.amount is None or one.amount.part for one in shares)
        if not marked and spent != self._row[at].minutes:
            return
        told = told.and_line(self._row[here], self._row[at], None)
        for share in shares:
            told = told.and_share(share)
        yield here + 1 - at, told

    def _shares(self, at: int) -> tuple[list[Share], int]:
        """People with their minutes, or the rest, told in a row from there; where the row ends."""
        found: list[Share] = []
        while self._letters[at : at + 2] in ("PN", "NP", "PR", "RP") and self._tight(at, 2):
            person = self._one(at, 2, Kind.PERSON)
            pair = self._row[at : at + 2]
            amount = next((one for one in pair if one.kind is Kind.AMOUNT), None)
            first = self._row[at]
            found.append(Share(person.who, amount, first.join, first.opened))
            at += 2
        return found, at
