"""The ways to read a row of tokens as lines: what was done, how long, by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.claim import Clinician
from assistant.patterns import regex
from assistant.plain_reader.binding.ledger.columns import EXCEPT, Columns
from assistant.plain_reader.binding.ledger.token import Join, Kind, Token
from assistant.plain_reader.binding.ledger.told import Share, Told, other_than

MOST_STEPS = 4000  # a row that takes more is not read


class TooMany(Exception):
    """There are more ways to read the row than are tried."""


_ALL = regex(r"\b(?:all|both|everything|whole|entire)\b", re.I)
_ONLY = regex(r"\bonly\b", re.I)
_LABEL = regex(
    r"\b(?:who|by|clinician|provider|staff|treating\s?\w*|rendered by|seen by|therapist)"
    r"\s*[:=-]+\s*(?:[A-Z][\w.'-]*,?\s+){0,2}\Z",
    re.I,
)
_PLAIN = regex(r"(?:\W|\b(?:for|of|x|was|were|is|total\w*|took|lasted|on|the|in|a|all)\b)*", re.I)
_VISIT = regex(
    r"\b(?:total|visit|session|appointment|appt|altogether|in all|tx time|treatment time|with us"
    r"|slot|with (?:him|her|them|the patient))\b",
    re.I,
)
_AND = regex(r"[&+]|\band\b", re.I)
_PARTS_NEXT = regex(r"[^\w,;.]*(?:total|tot|in all)?\s*[:(=-]", re.I)
_BLANK = regex(r"\s*")
_DASH = regex(r"\s+-+\s+")
_COMMA = regex(r"[,/;\n]")
_TRIPLES = {"".join(p) for p in ("CNP", "CPN", "NCP", "NPC", "PCN", "PNC")}


class Readings(Columns):
    """Every way to read a row of tokens whole."""

    def __init__(self, row: Sequence[Token], tail: str) -> None:
        super().__init__(row)
        self._tail = tail
        self._steps = 0

    def all(self) -> Iterator[Told]:
        """Each of them.

        Raises:
            TooMany: there are too many to try.
        """
        yield from self._from(0, Told())

    def _from(self, at: int, told: Told) -> Iterator[Told]:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooMany
        if at == len(self._row):
            yield told
            return
        for length, after in self._moves(at, self._ended(at, told)):
            yield from self._from(at + length, after)

    def _ended(self, at: int, told: Told) -> Told:
        """A person named first leads no further than the sentence, but under a heading."""
        if self._row[at].join is Join.ENDED and not told.led:
            return replace(told, leader=None)
        return told

    def _moves(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        two, three = self._letters[at : at + 2], self._letters[at : at + 3]
        if three in _TRIPLES and self._tight(at, 3):
            for after in self._triple(at, three, told):
                yield 3, after
        if two in ("CN", "NC") and self._tight(at, 2):
            yield 2, self._item(at, told)
        if two in ("PN", "NP", "PR", "RP") and self._tight(at, 2):
            yield from self._share(at, two, told)
            yield from self._summed(at, two, told)
        if two in ("CP", "PC") and self._tight(at, 2) and not EXCEPT.search(self._row[at].before):
            yield 2, self._assigned(at, told)
        if two in ("NU", "UN") and self._tight(at, 2):
            yield from self._idle(at, told)
        if three in ("PUN", "PNU") and self._tight(at, 3):
            yield 3, next(self._idle(at + 1, told), (0, told))[1]
        if self._letters[at] == "P":
            yield from self._headed(at, told)
        if self._letters[at] == "N" and self._is_total(at):
            yield 1, replace(told, total=self._row[at].minutes, kept=(*told.kept, self._row[at]))
        yield from self._all_but(at, told)
        yield from self._labelled(at, told)
        yield from self.in_columns(at, told)

    def _triple(self, at: int, letters: str, told: Told) -> Iterator[Told]:
        done, amount, person = (self._one(at, 3, k) for k in (Kind.CODE, Kind.AMOUNT, Kind.PERSON))
        if amount.part and (within := self._line_of(told, done, amount)) is not None:
            share = Share(person.who, amount, Join.TIGHT, False)
            yield told.and_share(share, within)
            return
        if told.lines and not done.codes and (amount.part or self._row[at].opened):
            return  # «A 20, 10 of which with the tech on the bike»: a share of A
        if of := amount.whole or self._whole_behind(at + 3, amount):
            whole = replace(amount, minutes=of)
            share = Share(person.who, amount, Join.TIGHT, False)
            yield told.and_line(done, whole, None).and_share(share)
            return
        after = replace(told.and_line(done, amount, person.who), leader=None, led=False)
        if letters[0] == "P" and _ALL.search(person.before) and not told.lines:
            return  # «entire visit by the PTA: A 15; B 20»
        if letters[0] == "P":
            yield replace(after, leader=person.who)
        elif letters[2] == "P":
            yield from self._trailing(at, after, person.who)
        else:
            yield after

    def _whole_behind(self, at: int, amount: Token) -> int:
        """«the last 3 minutes of TE (25 total)»: the total told right behind a part; 0 for none."""
        if not amount.part or self._letters[at : at + 1] != "N" or not self._is_total(at):
            return 0
        whole = self._row[at].minutes
        return whole if whole > amount.minutes else 0

    def _line_of(self, told: Told, done: Token, amount: Token) -> int | None:
        """The line that «the last 10 of the A» is a part of."""
        for n in reversed(range(len(told.lines))):
            line = told.lines[n]
            if line.done.what == done.what and amount.whole in (0, line.minutes):
                return n if line.minutes > amount.minutes else None
        return None

    def _trailing(self, at: int, told: Told, who: Clinician) -> Iterator[Told]:
        """«A 20 & B 15 by the PTA»: the one named last gave both; behind a comma maybe.

        «A 20, B 15 - PTA» is of both, and «A 20 B 15 PTA, C 10 PT» too.
        """
        gaps = [self._row[at].before]
        first = len(told.lines) - 1
        place = at
        closed = at + 3 == len(self._row) or self._row[at + 3].join is not Join.TIGHT
        bare = closed and _BLANK.fullmatch(gaps[0])
        joins = (Join.TIGHT, Join.LISTED) if bare else (Join.LISTED,)
        while first and place >= 2 and told.lines[first - 1].who is None:
            if self._row[place].join not in joins or told.lines[first - 1].shares:
                break
            if self._letters[place - 2 : place] not in ("CN", "NC"):
                break
            first, place = first - 1, place - 2
            gaps.append(self._row[place].before)
        last = self._row[at + 2].before
        dashed = _DASH.fullmatch(last) and not any("-" in gap for gap in gaps)
        joined = (
            dashed
            or bare
            or _ALL.search(last)
            or (_AND.search(gaps[0]) and not _COMMA.search(gaps[0]))
        )
        if first == len(told.lines) - 1 or not joined:
            yield told
        if first < len(told.lines) - 1:
            given = tuple(replace(line, who=who) for line in told.lines[first:])
            yield replace(told, lines=(*told.lines[:first], *given))

    def _item(self, at: int, told: Told) -> Told:
        done, amount = (self._one(at, 2, k) for k in (Kind.CODE, Kind.AMOUNT))
        after = told.and_line(done, amount, told.leader)
        line = replace(after.lines[-1], plain=bool(_PLAIN.fullmatch(self._row[at + 1].before)))
        return replace(after, lines=(*told.lines, line))

    def _share(self, at: int, letters: str, told: Told) -> Iterator[tuple[int, Told]]:
        person = self._one(at, 2, Kind.PERSON)
        first = self._row[at]
        amount = None if "R" in letters else self._one(at, 2, Kind.AMOUNT)
        if amount is None and (told.assigned or told.rest is not None):
            yield 2, replace(told, rest=person.who)
        if not told.lines:
            return
        bare = [line for line in told.lines if line.who is None and not line.shares]
        alone = bare == [told.lines[-1]] and bare[0].plain
        share = Share(person.who, amount, first.join, first.opened, alone)
        if amount is not None and amount.whole:
            fits = [n for n, one in enumerate(told.lines) if one.minutes == amount.whole]
            if len(fits) == 1:
                yield 2, told.and_share(share, fits[0])
            return
        yield 2, told.and_share(share)
        behind = self._row[at + 2] if at + 2 < len(self._row) else None
        others = behind is not None and behind.kind is Kind.PERSON and behind.who is not person.who
        if behind and others and amount and amount.but and behind.join is not Join.ENDED:
            yield 3, told.and_share(share)  # «the PTA, except the last 5, those were PT»

    def _summed(self, at: int, letters: str, told: Told) -> Iterator[tuple[int, Told]]:
        """«PTA 38 min: A 25, B 13»: the sum stands in front of its parts."""
        behind = self._row[at + 2] if at + 2 < len(self._row) else None
        if "R" in letters or behind is None or not _PARTS_NEXT.match(behind.before):
            return
        person, amount = (self._one(at, 2, k) for k in (Kind.PERSON, Kind.AMOUNT))
        sums = (*told.sums, (person.who, amount.minutes))
        yield 2, replace(told, sums=sums, leader=person.who)

    def _assigned(self, at: int, told: Told) -> Told:
        done, person = (self._one(at, 2, k) for k in (Kind.CODE, Kind.PERSON))
        around = " ".join(one.before for one in self._row[at : at + 2])
        given = (*told.assigned, (done.what, person.who))
        return replace(told, assigned=given, only=told.only or bool(_ONLY.search(around)))

    def _idle(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """«5 min notes»; minutes within others are left to who reads those."""
        amount, why = (self._one(at, 2, k) for k in (Kind.AMOUNT, Kind.UNTREATED))
        last = told.lines[-1] if told.lines else None
        if amount.part and last and not last.shares and amount.minutes < last.minutes:
            left = replace(last, minutes=last.minutes - amount.minutes)
            yield 2, replace(told.with_idle(amount, why), lines=(*told.lines[:-1], left))
        elif not amount.part or (told.total and not told.lines):
            yield 2, told.with_idle(amount, why)

    def _headed(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """«Clinician: PTA», and what was done in the lines below."""
        person = self._row[at]
        behind = self._row[at + 1] if at + 1 < len(self._row) else None
        if behind is None or behind.kind not in (Kind.CODE, Kind.AMOUNT):
            return
        colon = re.match(r"[^\w]*[:-]", behind.before)
        alone = behind.join is Join.ENDED and (_LABEL.search(person.before) or colon)
        if alone or (_ALL.search(person.before) and not told.lines):
            yield 1, replace(told, leader=person.who, led=True)

    def _labelled(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """«A 25 min», and below it «Performed by: PTA»."""
        row = self._row[at : at + 3]
        if self._letters[at : at + 3] not in ("CNP", "NCP") or not self._tight(at, 2):
            return
        if row[2].join is Join.ENDED and _LABEL.search(row[2].before):
            done, amount = (self._one(at, 2, kind) for kind in (Kind.CODE, Kind.AMOUNT))
            yield 3, replace(told, leader=None, led=False).and_line(done, amount, row[2].who)

    def _is_total(self, at: int) -> bool:
        behind = self._row[at + 1].before if at + 1 < len(self._row) else self._tail
        return bool(_VISIT.search(self._row[at].before[-25:]) or _VISIT.search(behind[:25]))

    def _all_but(self, at: int, told: Told) -> Iterator[tuple[int, Told]]:
        """«all PTA but the manual, that was me», «everything except the manual was the PTA»."""
        row = self._row[at : at + 3]
        letters = self._letters[at : at + 3]
        if letters[:2] == "CP" and EXCEPT.search(row[0].before) and _ALL.search(row[0].before):
            given = (*told.assigned, (row[0].what, other_than(row[1].who)))
            yield 2, replace(told, assigned=given, rest=row[1].who)
        if letters[:2] != "PC" or not EXCEPT.search(row[1].before):
            return
        if not (_ALL.search(row[0].before[-30:]) or _ALL.search(row[1].before)):
            return
        named = letters == "PCP" and row[2].join is not Join.ENDED
        who = row[2].who if named else other_than(row[0].who)
        given = (*told.assigned, (row[1].what, who))
        yield 3 if named else 2, replace(told, assigned=given, rest=row[0].who)
