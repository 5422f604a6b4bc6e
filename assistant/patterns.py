"""Regular expressions that are compiled when they are first used.

The reader holds some five hundred, and a message meets about half of them: a command from a cold
start would spend an eighth of its time on the others.
"""

from __future__ import annotations

import re
from typing import Any, cast


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern that `re.compile` gives, made when something is first asked of it.

    For patterns of a module. A fault in the text shows at that moment: a test asks each of them.
    A match's `re` is the compiled pattern, never this one.
    """
    return cast("re.Pattern[str]", Uncompiled(text, flags))


class Uncompiled:
    """A pattern until it is used, and the way to it from then on."""

    def __init__(self, text: str, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """A part of the compiled pattern, kept here: it is looked for once."""
        part = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, part)
        return part
