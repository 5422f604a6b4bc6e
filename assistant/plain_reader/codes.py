"""Codes in a message: by number, by name and by the trade's shorthand."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.knowledge import Knowledge
from assistant.plain_reader.mentions import Kind, Mention

_NUMBER = re.compile(
    r"(?<![\w$.,-])(?:cpt\s*#?\s*)?(?P<code>\d{5}|[GQ]\d{4})(?![\w]|,\d{3}|\.\d)", re.I
)
_WITH_MODIFIER = re.compile(r"(?P<code>\d{5})-(?P<modifier>59|X[EPSU]|GP|GO|GN|KX|CQ|CO)\b", re.I)


class CodeReader:
    """Finds codes; built once for a knowledge base.

    Short names of two letters count only in capitals, or beside minutes: "us" and "ta" are words.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._names = knowledge.code_names
        self._known = knowledge.codes
        longest = sorted(self._names, key=len, reverse=True)
        body = "|".join(_flexible(name) for name in longest)
        self._pattern = re.compile(rf"(?<![\w/]|-(?=\w))(?:{body})(?![\w]|-\w)", re.I)

    def find(self, text: str) -> list[Mention]:
        """Code mentions in order; a number nobody holds comes as an empty choice of codes."""
        found = []
        for match in _NUMBER.finditer(text):
            code = match["code"].upper()
            value = (code,)
            found.append(Mention(Kind.CODE, match.start(), match.end(), value))
        for match in _WITH_MODIFIER.finditer(text):
            found.append(Mention(Kind.CODE, match.start(), match.end("code"), (match["code"],)))
        taken = list(found)
        for match in self._pattern.finditer(text):
            mention = Mention(Kind.CODE, match.start(), match.end(), self._codes(match.group()))
            if any(mention.overlaps(m) for m in taken) or not _counts(match.group(), text, match):
                continue
            found.append(mention)
        return sorted(found, key=lambda m: m.start)

    def _codes(self, name: str) -> tuple[str, ...]:
        return self._names[_normal(name)] if _normal(name) in self._names else ()


@lru_cache(maxsize=4096)
def _normal(name: str) -> str:
    return re.sub(r"\s+", " ", name.lower().replace("\n", " ")).strip()


def _flexible(name: str) -> str:
    return r"\s+".join(re.escape(part) for part in name.split())


def _counts(name: str, text: str, match: re.Match[str]) -> bool:
    if len(name) > 2 or name.isupper():
        return True
    after = re.match(r"\s*[:=x(-]*\s*\d", text[match.end() : match.end() + 8])
    before = re.search(
        r"\d\s*(?:min\w*|m|')?\s*(?:of\s*)?$", text[max(0, match.start() - 12) : match.start()]
    )
    return bool(after or before)
