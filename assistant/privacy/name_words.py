"""The single words of a text: which can be a name, by its writing, its place and the lists."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from assistant.patterns import regex
from assistant.privacy import name_cues as cues
from assistant.privacy.spans import PLACEHOLDER
from assistant.privacy.words import Lists, lists

_TOKEN = regex(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*\.?")


@dataclass(frozen=True)
class Token:
    """A word of the text and how it may be read."""

    start: int
    end: int
    word: str

    @cached_property
    def bare(self) -> str:
        """The word without a full stop and a possessive."""
        return re.sub(r"(?:['’`]s)?\.?$", "", self.word)

    @cached_property
    def low(self) -> str:
        """The bare word in small letters without accents, as the lists have it."""
        low = self.bare.lower()
        return low if low.isascii() else _without_accents(low)

    @property
    def last(self) -> int:
        """Where the bare word ends."""
        return self.start + len(self.bare)

    @property
    def is_capitalised(self) -> bool:
        """Whether it begins with a capital and goes on in small letters."""
        return self.word[0].isupper() and not self.is_shouted

    @property
    def is_shouted(self) -> bool:
        """Whether it is all capitals."""
        return len(self.bare) > 1 and self.bare.isupper()


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(ch for ch in apart if not unicodedata.combining(ch))


class Words:
    """The words of a text, and how each may be read; `_lists` says what is known of them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lists: Lists = lists()
        blank = PLACEHOLDER.sub(lambda m: " " * len(m[0]), text)
        self._tokens = [Token(m.start(), m.end(), m[0]) for m in _TOKEN.finditer(blank)]

    def _may_be_name(self, n: int) -> bool:
        token = self._tokens[n]
        if token.is_shouted:
            return self._in_lists(n) or (self._is_unknown(n) and len(token.bare) > 3)
        return (
            token.is_capitalised
            and (self._is_unknown(n) or self._in_lists(n) or self._is_also_word(n))
        ) or (self._lower_name(n))

    def _may_follow(self, n: int) -> bool:
        """Whether a word goes on a name that has begun, or stands where a name is wanted."""
        token = self._tokens[n]
        low = token.low
        if self._is_staff(n):
            return False
        if token.is_capitalised or token.is_shouted:
            listed = low in self._lists.last_also_words or (
                low in cues.SHORT and n > 0 and self._is_first(n - 1)
            )
            return listed or self._may_be_name(n) or self._in_lists(n)
        if low in cues.PARTICLES and 0 < n < len(self._tokens) - 1:
            return self._tokens[n + 1].is_capitalised and self._tokens[n - 1].is_capitalised
        lower = low in self._lists.last and n > 0 and self._lower_name(n - 1)
        return lower or self._may_be_name(n)

    def _is_staff(self, n: int) -> bool:
        """«Lisa COTA»: what she is; «Lisa Cota» is her name."""
        return self._tokens[n].is_shouted and self._tokens[n].low in cues.STAFF

    def _is_surname_word(self, n: int) -> bool:
        """A last name that is a word too, written as a name: «pt Smith», not «pt Will need»."""
        token = self._tokens[n]
        if not token.is_capitalised or token.low not in self._lists.last_also_words:
            return False
        return token.low not in cues.BEGIN_SENTENCES and not self._has_own_name(n)

    def _is_odd(self, n: int) -> bool:
        """A word in small letters that is no word; it may be a name that no list holds."""
        bare, low = self._tokens[n].bare, self._tokens[n].low
        vowels = len(re.findall(r"[aeiouy]", low))
        if not bare.islower() or len(bare) <= 3 or vowels <= 1 or self._lists.is_word(low):
            return False
        return not all(len(part) < 3 or self._lists.is_word(part) for part in self._parts(n))

    def _is_line_start(self, at: int) -> bool:
        start = self._tokens[at].start
        return (
            start == 0
            or self._text[start - 1] == "\n"
            or self._text[max(0, start - 2) : start] in ("| ", "- ", ": ")
        )

    def _is_initial(self, n: int) -> bool:
        return bool(re.fullmatch(r"[A-Z]\.?", self._tokens[n].word))

    def _parts(self, n: int) -> list[str]:
        return re.split(r"['’`-]", self._tokens[n].low)

    def _is_first(self, n: int) -> bool:
        token = self._tokens[n]
        low = token.low
        if low in self._lists.first or (
            token.is_capitalised and low in self._lists.first_capitalised
        ):
            return True
        parts = self._parts(n)
        return (
            len(parts) == 2
            and token.is_capitalised
            and all(p in self._lists.first or p in self._lists.first_capitalised for p in parts)
        )

    def _lower_name(self, n: int) -> bool:
        low = self._tokens[n].low
        return low in self._lists.first or low in self._lists.first_capitalised

    def _is_also_word(self, n: int) -> bool:
        token = self._tokens[n]
        if token.low not in self._lists.also_words or len(token.bare) < 3:
            return False
        counted = re.match(
            r"\.?\s\d", self._text[token.last : token.last + 3]
        )  # «Bill 97110», «June 3»
        return (token.is_capitalised or token.is_shouted) and not counted

    def _is_last(self, n: int) -> bool:
        token = self._tokens[n]
        if not (token.is_capitalised or token.is_shouted):
            return False
        low = token.low
        if low in self._lists.last:
            return True
        return (
            token.is_capitalised
            and bool(
                re.fullmatch(
                    r"(?:Mc|Mac|O['’]|D['’]|De|Di|Van|Von|Fitz)[A-Z]\w+|[A-Z]\w+-[A-Z]\w+",
                    token.bare,
                )
            )
            and self._is_unknown(n)
        )

    def _is_person_word(self, n: int) -> bool:
        return self._is_last(n) or self._is_also_word(n)

    def _in_lists(self, n: int) -> bool:
        return self._is_first(n) or self._is_last(n) or self._lower_name(n)

    def _is_unknown(self, n: int) -> bool:
        token = self._tokens[n]
        if len(token.bare) < 3 or not (token.is_capitalised or token.is_shouted):
            return False
        if re.search(r"[a-z][A-Z]|[A-Z]{2}[a-z]|^[A-Z]{2}s$", token.bare) and not re.match(
            r"(?:Mc|Mac|De|Di|La|Le|Van|O)[A-Z]", token.bare
        ):
            return False
        if token.low in self._lists.also_words:
            return False
        return not all(self._lists.is_word(part) or len(part) < 3 for part in self._parts(n))

    def _has_own_name(self, at: int) -> bool:
        return bool(cues.OWN_NAME.match(self._text, self._tokens[at].last))

    def _is_mid_sentence(self, at: int) -> bool:
        """After a word in small letters, on the same line, with a space or a comma between."""
        if at == 0 or not self._tokens[at].is_capitalised:
            return False
        earlier = self._tokens[at - 1]
        gap = self._text[earlier.end : self._tokens[at].start]
        return (
            gap in (" ", ", ", " (", " “", ' "')
            and earlier.word.islower()
            and earlier.word[-1] != "."
        )

    def _is_set_off(self, at: int, before: str) -> bool:
        """The one word with a capital, where all before it is in small letters."""
        token = self._tokens[at]
        low = token.low
        if not token.is_capitalised or not before.islower() or low in self._lists.proper:
            return False
        return low not in cues.NO_PERSON and not self._has_own_name(at)

    def _is_glued(self, token: Token) -> bool:
        around = (
            self._text[max(0, token.start - 1) : token.start]
            + self._text[token.end : token.end + 1]
        )
        return any(ch.isdigit() or ch in "_@\\" for ch in around)
