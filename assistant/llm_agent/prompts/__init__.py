"""The texts that a model is told, each a file in this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

NAMES = ("system", "read", "word", "again")


@cache
def prompt(name: str) -> str:
    """The prompt of that name."""
    return (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8").strip()


@cache
def every_prompt() -> str:
    """All prompts as one text, to notice a draft that repeats them."""
    return "\n".join(prompt(name) for name in NAMES)
