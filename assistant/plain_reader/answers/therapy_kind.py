"""«Is 97140 an always therapy code?»: which kind of therapy code Medicare's list calls it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.knowledge import Knowledge
from assistant.patterns import regex

_ASKED = regex(r"\b(?:always|sometimes)[- ]therap", re.I)
_KINDS = {
    "always": "an always-therapy code: GP, GO or GN goes on it whoever gives it",
    "sometimes": "a sometimes-therapy code: GP, GO or GN goes on it under a therapy plan of care",
    "no": "neither an always-therapy nor a sometimes-therapy code",
}


def told(text: str, codes: Sequence[str], knowledge: Knowledge) -> list[str]:
    """One sentence a code, with how sure that is; none where it is not asked."""
    if not _ASKED.search(text):
        return []
    held = [knowledge.code(code) for code in codes if code in knowledge.codes]
    return [f"**{c.code} is {_KINDS[c.therapy]}** ({c.certainty.value})." for c in held]
