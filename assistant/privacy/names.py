"""Names of people: where names stand, words that are names, and words that can be nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.privacy import name_cues as cues
from assistant.privacy.name_words import Words
from assistant.privacy.spans import Span, is_code


class _Namer(Words):
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
        before = self._text[max(0, token.start - 48) : token.start]
        length = self._expected(at, before) or self._listed(at) or self._unknown(at, before)
        return length

    def _may_begin(self, at: int) -> bool:
        """Whether it is worth looking: most words are ordinary ones in small letters."""
        token = self._tokens[at]
        if re.fullmatch(r"[A-Z]{2,}s", token.bare):  # several of an abbreviation
            return False
        return not token.bare.islower() or self._lower_name(at) or self._is_odd(at)

    def _expected(self, at: int, before: str) -> int:
        """A name where names stand: after a title, a label or words that want a person."""
        if before[-1:] not in (" ", "\t", "\n", ":", "=", "#", "-", '"', "“", "("):
            return 0
        if cues.TITLE.search(before):
            return self._run(at, self._may_follow)
        if cues.LABEL.search(before):
            return self._labelled(at)
        token = self._tokens[at]
        strong = cues.STRONG.search(before)
        if strong and (
            self._may_be_name(at) or self._is_odd(at) or self._is_set_off(at, strong[0])
        ):
            return max(1, self._run(at, self._may_follow))
        if cues.BEFORE.search(before) and (
            (
                token.is_capitalised
                and (self._is_also_word(at) or self._is_unknown(at))
                and not self._has_own_name(at)
            )
            or self._lower_name(at)
        ):
            return self._run(at, self._may_follow)
        return 0

    def _labelled(self, at: int) -> int:
        length = self._run(at, self._may_follow)
        some = any(
            self._tokens[n].bare.lower() in self._lists.last_also_words
            or self._in_lists(n)
            or self._is_unknown(n)
            or self._is_also_word(n)
            for n in range(at, at + length)
        )
        return length + self._closing(at + length) if some else 0

    def _closing(self, n: int) -> int:
        """1 where one more word with a capital ends the entry, whatever word it is."""
        if n >= len(self._tokens) or not self._joined(n):
            return 0
        token = self._tokens[n]
        ends = re.match(r"\s{2}|\s?[\n,;<|(]|\.?$", self._text[token.end : token.end + 3])
        return int(
            bool(ends) and (token.is_capitalised or token.is_shouted) and len(token.bare) > 2
        )

    def _listed(self, at: int) -> int:
        """A word that is a first name, or a last one between words that say so."""
        token = self._tokens[at]
        if self._has_own_name(at):
            return 0
        if self._is_first(at):
            return self._run(at, self._may_follow)
        if token.is_shouted and self._lower_name(at) and cues.AFTER.match(self._text, token.last):
            return self._run(at, self._may_follow)
        if self._pair(at):
            return self._run(at, self._may_follow)
        after = self._text[token.last : token.last + 24]
        if self._is_person_word(at) and cues.AFTER.match(after):
            return self._run(at, self._may_follow)
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
            listed = self._is_first(at + 1) or self._is_also_word(at + 1)
            there = listed or (self._is_unknown(at + 1) and self._tokens[at].is_capitalised)
            low = self._tokens[at].bare.lower()
            return ((self._is_last(at) or self._is_unknown(at)) and there) or (
                low in self._lists.last_also_words
                and self._is_first(at + 1)
                and self._is_line_start(at)
            )
        if gap != " ":
            return False
        if gap == " | ":
            return False
        here = self._is_also_word(at) or self._is_unknown(at)
        if here and (self._is_last(at + 1) or self._is_first(at + 1)):
            return True
        if self._is_unknown(at) and self._is_unknown(at + 1) and self._tokens[at].is_capitalised:
            return True
        told = self._text[self._tokens[at + 1].last : self._tokens[at + 1].last + 24]
        by_words = (
            cues.CREDENTIALS.match(told) or cues.IDENTIFIED.match(told) or cues.AFTER.match(told)
        )
        return (
            bool(by_words)
            and here
            and self._tokens[at + 1].bare.lower() in self._lists.last_also_words
        )

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

    def _run(self, at: int, fits: Callable[[int], bool]) -> int:
        """How many words from here belong to one name."""
        length = 0
        while at + length < len(self._tokens) and length < cues.MOST:
            n = at + length
            if length and not self._joined(n):
                break
            if not (fits(n) or (length and self._is_initial(n))):
                break
            length += 1
            if re.match(r"['’]s\b", self._text[self._tokens[n].last :][:2] + " "):
                break
        while (
            length
            and self._is_initial(at + length - 1)
            and length > 1
            and not self._tokens[at + length - 1].word.endswith(".")
        ):
            length -= 1
        return length

    def _joined(self, n: int) -> bool:
        gap = self._text[self._tokens[n - 1].end : self._tokens[n].start]
        if self._tokens[n - 1].word.endswith(".") and not self._is_initial(n - 1):
            return False
        if gap == ", ":
            return self._lower_name(n) or self._is_also_word(n) or self._is_unknown(n)
        return gap in (" ", "  ", "") and gap != ""


def find(text: str) -> Iterator[Span]:
    """Names, initials that stand for a patient, and employers."""
    yield from _Namer(text).spans()
    for match in cues.INITIALS.finditer(text):
        yield Span(*match.span("it"), "name")
    for match in cues.EMPLOYER.finditer(text):
        yield Span(*match.span("it"), "employer")
