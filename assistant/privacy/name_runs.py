"""How far a name goes: which words beside each other belong to one person."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.privacy import name_cues as cues
from assistant.privacy.name_words import Words

_LETTERS = frozenset("bcdefghjklmnpqrstvwyz")  # neither words, nor «x» of «x 15»


class Runs(Words):
    """The words of a text, and what may stand before and after them in one name."""

    def _middle(self, at: int, length: int) -> int:
        """1 where an initial ends a name that begins with the last one: «GARCIA, ANA M»."""
        n = at + length
        if length < 2 or n >= len(self._tokens) or not self._is_initial(n):
            return 0
        comma = self._text[self._tokens[at].end : self._tokens[at + 1].start] == ", "
        single = self._text[self._tokens[n - 1].end : self._tokens[n].start] == " "
        ends = re.match(
            r"\.?\s*(?:$|[\d\n,;:|(\[-]|[A-Z]{2})", self._text[self._tokens[n].last :][:6]
        )
        return int(comma and single and bool(ends))

    def _closing(self, n: int) -> int:
        """1 where one more word with a capital ends the entry, whatever word it is."""
        if n >= len(self._tokens) or not self._joined(n):
            return 0
        token = self._tokens[n]
        ends = re.match(r"\s{2}|\s?[\n,;<|(]|\.?$", self._text[token.end : token.end + 3])
        return int(
            bool(ends) and (token.is_capitalised or token.is_shouted) and len(token.bare) > 2
        )

    def _is_sole_last(self, n: int) -> bool:
        """Whether a last name follows its initial: «R. Castellanos»."""
        if n >= len(self._tokens) or not self._tokens[n].is_capitalised:
            return False
        if not self._is_initial(n - 1):
            return False
        joined = self._text[self._tokens[n - 1].end : self._tokens[n].start] in (" ", "")
        return joined and (self._is_last(n) or self._is_unknown(n)) and not self._has_own_name(n)

    def _is_surname(self, n: int) -> bool:
        """Whether any word with a capital ends a name here: «Agnes Kiss (72 yo)»."""
        if (
            n >= len(self._tokens)
            or self._text[self._tokens[n - 1].end : self._tokens[n].start] != " "
        ):
            return False
        token = self._tokens[n]
        if not token.is_capitalised or token.low in cues.NO_PERSON | self._lists.proper:
            return False
        told = self._text[token.last : token.last + 24]
        return bool(cues.CREDENTIALS.match(told) or cues.IDENTIFIED.match(told))

    def _joins_first(self, n: int) -> bool:
        """A first name after a last one without a comma: «ZHANG WEI», «Garcia Maria»."""
        return (
            self._is_first(n)
            or self._is_also_word(n)
            or (self._tokens[n].is_shouted and self._lower_name(n))
        )

    def _is_short(self, at: int) -> bool:
        token = self._tokens[at]
        return token.is_capitalised and len(token.bare) == 2 and token.low not in cues.TWO

    def is_last_at(self, start: int) -> bool:
        """Whether the word that begins there can be a last name."""
        for n, token in enumerate(self._tokens):
            if token.start == start:
                return self._is_last(n) or self._is_unknown(n) or self._is_surname_word(n)
        return False

    def _lower_pair(self, at: int) -> bool:
        """A last name and a first one after it, both in small letters: «hernandez maria»."""
        if at + 1 >= len(self._tokens) or not self._lower_name(at + 1):
            return False
        return self._text[self._tokens[at].end : self._tokens[at + 1].start] in (" ", ", ")

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
        if length and self._is_low_initial(at + length):
            return length + 1
        while (
            length
            and self._is_initial(at + length - 1)
            and length > 1
            and not self._tokens[at + length - 1].word.endswith(".")
        ):
            length -= 1
        return length

    def _is_low_initial(self, n: int) -> bool:
        """«karen p,»: a single small letter that ends a name in small letters."""
        if n >= len(self._tokens) or not self._tokens[n - 1].bare.islower():
            return False
        token = self._tokens[n]
        return (
            token.word.rstrip(".") in _LETTERS
            and self._text[self._tokens[n - 1].end : token.start] == " "
            and self._text[token.end : token.end + 1] in ("", ",", ";", ":", "\n", ")", "-")
        )

    def _joined(self, n: int) -> bool:
        gap = self._text[self._tokens[n - 1].end : self._tokens[n].start]
        if self._tokens[n - 1].word.endswith(".") and not self._is_initial(n - 1):
            return False
        if gap == ", ":
            return self._lower_name(n) or self._is_also_word(n) or self._is_unknown(n)
        return gap in (" ", "  ", "") and gap != ""
