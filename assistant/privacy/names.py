"""Names of people: where names stand, words that are names, and words that can be nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.privacy import name_cues as cues
from assistant.privacy.name_runs import Runs
from assistant.privacy.spans import Span, is_code


class _Namer(Runs):
    """Finds the names of one text."""

    def spans(self) -> Iterator[Span]:
        at = 0
        while at < len(self._tokens):
            length = self._name_at(at)
            if length:
                first, last = self._tokens[at], self._tokens[at + length - 1]
                yield Span(first.start, last.last, "name")
            at += max(length, 1)

    def _name_at(self, at: int) -> int:
        """How many words from here are a name; 0 where none begins."""
        token = self._tokens[at]
        if len(token.bare) < 2 and not self._is_initial(at):
            return 0
        if not self._may_begin(at) or is_code(token.bare) or self._is_glued(token):
            return 0
        if self._is_staff(at):
            return 0
        before = self._text[max(0, token.start - 48) : token.start]
        if self._is_locality(at, before):
            return 0
        expected = self._expected(at, before)
        if expected:
            return expected + self._middle(at, expected)
        length = self._listed(at) or self._unknown(at, before) or self._heads(at, before)
        if length and self._has_own_name(at + length - 1):
            return 0
        return length + self._middle(at, length)

    def _heads(self, at: int, before: str) -> int:
        """«Hope 97110 20 min, Drew 97140 15 min»: a name that is a word too, and what was done."""
        token = self._tokens[at]
        if not token.is_capitalised or token.low in cues.NO_HEADS or len(token.bare) < 3:
            return 0
        known = token.low in self._lists.also_words or token.low in self._lists.last
        if not known or not cues.HEADS.search(before):
            return 0
        return int(bool(cues.CODED.match(self._text, token.last)))

    def _is_locality(self, at: int, before: str) -> bool:
        """«in Manhattan», «locality Detroit»: where Medicare pays, and no name of a person."""
        token = self._tokens[at]
        named = token.low in cues.LOCALITIES and not self._is_first(at)
        after = self._text[token.last : token.last + 24]
        goes_on = re.match(r"\s[A-Z][a-z]+\b", after) or cues.AFTER.match(after)
        return named and not goes_on and bool(cues.LOCALITY_BEFORE.search(before))

    def _may_begin(self, at: int) -> bool:
        """Whether it is worth looking: most words are ordinary ones in small letters."""
        token = self._tokens[at]
        if re.fullmatch(r"[A-Z]{2,}s", token.bare):  # several of an abbreviation
            return False
        return (
            not token.bare.islower()
            or self._lower_name(at)
            or self._is_odd(at)
            or (token.low in self._lists.also_words or token.low in self._lists.last)
        )

    def _expected(self, at: int, before: str) -> int:
        """A name where names stand: after a title, a label or words that want a person."""
        if before[-1:] not in (" ", "\t", "\n", ":", "=", "#", "-", '"', "“", "("):
            return 0
        if cues.TITLE.search(before[-12:]):
            lead = int(self._is_initial(at))
            if lead and not self._follows_closely(at + 1):
                return 0  # «Mr. B - TE 30»: one letter names nobody, and the next word is apart
            run = self._run(at + lead, self._may_follow)
            if not run and cues.SURE_TITLE.search(before):
                run = int(not self._tokens[at + lead].bare.islower())
            return lead + run if run else 0
        if cues.MAY_LABEL.search(before[-12:]) and cues.LABEL.search(before):
            return self._labelled(at)
        token = self._tokens[at]
        strong = cues.STRONG.search(before[-28:])
        if strong and (
            self._may_be_name(at) or self._is_odd(at) or self._is_set_off(at, strong[0])
        ):
            return max(1, self._run(at, self._may_follow))
        if self._is_lower_person(at, before):
            return 1
        if self._is_surname_word(at) and cues.PATIENT.search(before[-12:]):
            return max(1, self._run(at, self._may_follow))
        fits = self._lower_name(at) or (
            token.is_capitalised
            and (self._is_also_word(at) or self._is_unknown(at))
            and not self._has_own_name(at)
        )
        if fits and cues.BEFORE.search(before[-36:]):
            return self._run(at, self._may_follow)
        return 0

    def _is_lower_person(self, at: int, before: str) -> bool:
        """«her husband ray was», «treated heather today»: a name that is a word, uncapitalised."""
        token = self._tokens[at]
        if not token.bare.islower() or token.low not in self._lists.also_words:
            return False
        if token.low in cues.BEGIN_SENTENCES:
            return False
        after = self._text[token.last : token.last + 24]
        kin = cues.KIN.search(before) and (cues.AFTER.match(after) or cues.AND.match(after))
        return bool(kin or (cues.SEEN.search(before) and cues.WHEN.match(after)))

    def _labelled(self, at: int) -> int:
        length = self._run(at, lambda n: self._may_follow(n) or self._is_odd(n))
        some = any(
            self._is_odd(n)
            or self._tokens[n].low in self._lists.last_also_words
            or self._in_lists(n)
            or self._is_unknown(n)
            or self._is_also_word(n)
            for n in range(at, at + length)
            if self._tokens[n].low not in cues.NO_PERSON  # «Clinician: COTA»
        )
        return length + self._closing(at + length) if some else 0

    def _listed(self, at: int) -> int:
        """A word that is a first name, or a last one between words that say so."""
        token = self._tokens[at]
        if self._has_own_name(at):
            return 0
        if self._is_first(at):
            length = self._run(at, self._may_follow)
            return length + int(length > 0 and self._is_surname(at + length))
        if self._lower_name(at) and cues.AFTER.match(self._text, token.last):
            return self._run(at, self._may_follow)
        apart = self._text[max(0, token.start - 1) : token.start] in ("", " ", "\n", "(", "|", ":")
        if apart and token.word.endswith(".") and self._is_sole_last(at + 1):
            return 1 + self._run(at + 1, self._may_follow)
        if self._pair(at):
            return self._run(at, self._may_follow) or 1 + self._run(at + 1, self._may_follow)
        if token.bare.islower() and token.low in self._lists.last and self._is_line_start(at):
            following = self._run(at + 1, self._may_follow) if self._lower_pair(at) else 0
            return following and 1 + following
        after = self._text[token.last : token.last + 24]
        if self._is_person_word(at) and cues.AFTER.match(after):
            return max(1, self._run(at, self._may_follow))
        if self._is_last(at) and self._is_mid_sentence(at):
            return 1
        return 0

    def _pair(self, at: int) -> bool:
        """First and last name, or last and first; one of them may be any word with a capital."""
        if at + 1 >= len(self._tokens) or not (
            self._tokens[at].is_capitalised or self._tokens[at].is_shouted
        ):
            return False
        gap = self._text[self._tokens[at].end : self._tokens[at + 1].start]
        if gap == ", ":
            listed = self._is_also_word(at + 1) or self._lower_name(at + 1)
            ends = self._text[self._tokens[at + 1].last :].lstrip(" ")[:1]
            if listed and ends in ("|", "\t", "\n", "") and self._is_line_start(at):
                last = self._is_last(at) or self._is_surname_word(at) or self._is_unknown(at)
                return last or (self._tokens[at].low in cues.SHORT)
            there = listed or (self._is_unknown(at + 1) and self._tokens[at].is_capitalised)
            low = self._tokens[at].low
            return ((self._is_last(at) or self._is_unknown(at)) and there) or (
                low in self._lists.last_also_words
                and self._is_first(at + 1)
                and self._is_line_start(at)
            )
        if gap != " ":
            return False
        if self._is_line_start(at) and self._is_last(at) and self._joins_first(at + 1):
            return True
        here = self._is_also_word(at) or self._is_unknown(at) or self._is_short(at)
        if here and (self._is_last(at + 1) or self._is_first(at + 1)):
            return True
        if self._is_unknown(at) and self._is_unknown(at + 1) and self._tokens[at].is_capitalised:
            return True
        told = self._text[self._tokens[at + 1].last : self._tokens[at + 1].last + 24]
        by_words = (
            cues.CREDENTIALS.match(told) or cues.IDENTIFIED.match(told) or cues.AFTER.match(told)
        )
        return bool(by_words) and here and self._tokens[at + 1].low in self._lists.last_also_words

    def _unknown(self, at: int, before: str) -> int:
        """A word with a capital within a sentence that is no word of the language or the field."""
        token = self._tokens[at]
        after = self._text[token.last : token.last + 24]
        if not self._is_unknown(at) or self._has_own_name(at):
            return 0
        if token.is_shouted:
            return (
                self._run(at, self._may_follow)
                if len(token.bare) > 3 and cues.AFTER.match(after)
                else 0
            )
        if cues.DONE.match(after.lstrip()) and after.startswith(" "):
            return self._run(at, self._may_follow)
        if self._is_mid_sentence(at) or cues.AFTER.match(after) or cues.IDENTIFIED.match(after):
            return self._run(at, self._may_follow)
        signed = self._run(at, self._may_follow)
        tail = self._text[self._tokens[at + signed - 1].end : self._tokens[at + signed - 1].end + 8]
        return (
            signed
            if signed > 1 and (cues.CREDENTIALS.match(tail) or cues.IDENTIFIED.match(tail))
            else 0
        )

    def beside(self, names: list[Span]) -> Iterator[Span]:
        """Those named together with somebody: «Alma, Hector and June», «Priya & Om Patel»."""
        starts = {token.start: n for n, token in enumerate(self._tokens)}
        for span in names:
            n = starts[span.start]
            while (n := self._one_before(n)) >= 0:
                yield Span(self._tokens[n].start, self._tokens[n].last, "name")
            end = span.end
            while (joint := cues.JOINT.match(self._text, end)) and joint.end() in starts:
                token = self._tokens[starts[joint.end()]]
                if not self._is_company(starts[joint.end()]):
                    break
                yield Span(token.start, token.last, "name")
                end = token.last

    def _follows_closely(self, n: int) -> bool:
        """Whether only a full stop and a blank part a word from the one before: «J. Smith»."""
        if n >= len(self._tokens):
            return False
        return self._text[self._tokens[n - 1].last : self._tokens[n].start] in (" ", ". ", ".")

    def _one_before(self, n: int) -> int:
        """The word that stands beside another as a name does; -1 where none does."""
        back = n - 2 if n > 1 and self._tokens[n - 1].low == "and" else n - 1
        if back < 0 or not self._is_company(back):
            return -1
        gap = self._text[self._tokens[back].last : self._tokens[n].start]
        return back if cues.JOINT.fullmatch(gap) else -1

    def _is_company(self, n: int) -> bool:
        token = self._tokens[n]
        if not token.is_capitalised or token.low in cues.NO_COMPANY | self._lists.proper:
            return False
        return self._is_unknown(n) or self._is_first(n) or self._is_also_word(n)


def find(text: str) -> Iterator[Span]:
    """Names, initials that stand for a patient, and employers."""
    namer = _Namer(text)
    names = list(namer.spans())
    yield from names
    yield from namer.beside(names)
    for pattern in (cues.INITIALS, cues.LAST_INITIAL):
        for match in pattern.finditer(text):
            if pattern is cues.INITIALS or namer.is_last_at(match.start()):
                yield Span(*match.span(match.lastgroup or 0), "name")
    for match in cues.EMPLOYER.finditer(text):
        yield Span(*match.span("it"), "employer")
