"""Clauses that go with what was told before them, and tell nothing done of their own."""

from __future__ import annotations

import re

from assistant.patterns import regex

GOES_WITH = (  # «…, cues for foot placement», «…, min assist», «. Goal: the top shelf»
    r"(?:(?:and|or)\s+)?(?:then\s+)?"
    r"(?:to|for|with|without|so|using|via|goals?|aims?|aimed|focus\w*|purpose|emphasi\w+|intent\w*"
    r"|(?:(?:min|mod|max|constant|occasional|frequent|verbal|tactile|visual|manual|intermittent"
    r"|therapist|pt|ot|slp|i|we)\W+){0,3}"
    r"(?:cue[sd]?|cue?ing|vc'?s?|tc'?s?|assist\w*|guard(?:ed|ing)?)"
    r"|\d+\s*x\s*\d+|\d+\s*(?:sets?|reps?|trials?|times|repetitions?)\b|x\s?\d+\b"
    r"|gr(?:ade|\.)?\s?(?:[ivIV]{1,3}|[1-5])\b"
    r"|target(?:ed|ing|s)?|address(?:ed|ing|es)?|in order|because|due|secondary|while|until"
    r"|one (?:on|doing|did|at|was)\b|me (?:going|between|watching|with)\b"
    r"|each (?:on|doing|at|with)\b"
    r"|which|who|required|requiring|needed|needing|given|progressing|progressed to|so that"
    r"|cga|sba|supervision|(?:min|mod|max)\s+a|patient'?s? goal"
    r"|(?:this|it) (?:was|is) (?:for|to|meant|about)"
    r"|(?:i|we) (?:stood|stayed|sat|watched|corrected|adjusted|graded|gave|provided|wanted"
    r"|was|were))\b"
)
_START = regex(rf"\W*{GOES_WITH}", re.I)


def goes_with(words: str) -> bool:
    """Whether the words only say how, or what for, the thing before them was done."""
    return bool(_START.match(words))
