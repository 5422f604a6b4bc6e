"""Lists of English words, each a file in this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def common_words() -> frozenset[str]:
    """Words that nearly every English sentence holds some of."""
    return _words("common_words.txt")


@cache
def general_words() -> frozenset[str]:
    """Words of any explanation, whatever its field."""
    return _words("general_words.txt")


def _words(name: str) -> frozenset[str]:
    return frozenset(Path(__file__).with_name(name).read_text(encoding="utf-8").split())
