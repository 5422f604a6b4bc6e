"""Modifiers that the writer puts on a code: «97530-59 GP», «59 on 97140»."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.patterns import regex

_NOT_BEFORE = r"(?<![\w$./])"
_LINK = r"(?:\s*(?:-|/|,|\+|&|and|with|w/|modifiers?|mod\.?|\())*\s*"
_NO_TIME = r"(?!\s*(?:min|m\b|'|units?\b|%))"
_AFTER_CODE = rf"(?P<code>\d{{5}})(?P<rest>(?:{_LINK}(?:@)\b{_NO_TIME}\)?)+)"
_BEFORE_CODE = r"(?<![\w$.,-])(?P<modifier>@)\b\s+(?:on|to|for|with)\s+(?:the\s+)?(?P<code>\d{5})"
_ASKED = regex(
    r"\b(?:need|require|should|must|do|does|is|which|where|when|why|can|could|would)\b[^.?!]*\?",
    re.I,
)

_MODIFIER = regex(
    r"(?<![\w.$/])(?:modifier\s*)?(?:-)?(59|X[EPSU]|GP|GO|GN|KX|CQ|CO|GA|GX|GY|GZ|52|AT)"
    r"(?![\w/%]|\s*(?:min|m\b|')|(?<=CO)[- ]?\d{2,3}\b)"  # CO-97 is a reason code
)


def modifiers_named(text: str) -> tuple[str, ...]:
    """The modifiers that a text names, written on a code or not."""
    return tuple(dict.fromkeys(m.group(1) for m in _MODIFIER.finditer(text)))


class ModifierReader:
    """Finds modifiers written on codes; built once for a knowledge base."""

    def __init__(self, modifiers: Iterable[str]) -> None:
        one = "|".join(modifiers)
        self._one = re.compile(rf"\b(?:{one})\b", re.I)
        self._after = re.compile(_NOT_BEFORE + _AFTER_CODE.replace("@", one), re.I)
        self._before = re.compile(_BEFORE_CODE.replace("@", one), re.I)

    def find(self, text: str) -> dict[str, tuple[str, ...]]:
        """Code to the modifiers written on its line; questions about a modifier are left out."""
        told = _ASKED.sub(lambda m: " " * len(m.group()), text)
        found: dict[str, dict[str, None]] = {}
        for match in self._after.finditer(told):
            for modifier in self._one.findall(match["rest"]):
                found.setdefault(match["code"], {})[modifier.upper()] = None
        for match in self._before.finditer(told):
            found.setdefault(match["code"], {})[match["modifier"].upper()] = None
        return {code: tuple(modifiers) for code, modifiers in found.items()}
