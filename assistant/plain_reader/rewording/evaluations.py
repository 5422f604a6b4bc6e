"""An evaluation told as something done: «evaluated a new pt (mod complexity, 40 min)»."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from assistant.patterns import regex
from assistant.plain_reader.reading import Reading

_GRADE = r"(?P<grade>low|mod(?:erate)?|high)\s+complexity"
_SEEN = (
    r"(?:(?:a|an|the|my|our|this|one|new|medicare|eval)\s+){0,4}"
    r"(?:pts?|patients?|clients?|him|her|them|child)\b"
)
_GRADED = regex(
    rf"\b(?P<re>re-?)?evaluated\s+(?P<whom>{_SEEN}[^.;:\n(]{{0,30}}?)(?P<open>\(\s*|,\s*|\s){_GRADE}",
    re.I,
)
_BARE = regex(
    rf"\b(?P<re>re-?)?evaluated\s+{_SEEN}"
    r"|(?<=\bPT )(?P<pt>re-?)?evaluated(?=\s*[,(]|\s+(?:low|mod|high|for\s+\d|\d))"
    r"|(?<=\bOT )(?P<ot>re-?)?evaluated(?=\s*[,(]|\s+(?:low|mod|high|for\s+\d|\d))",
    re.I,
)
_BY = regex(  # «patient evaluated by PT, low complexity»
    r"\b(?:patient|pt|client|child|he|she) (?:was )?evaluated by (?:the |our |a )?"
    r"(?P<who>(?-i:PT|OT))\b",
    re.I,
)
EVALUATIONS = frozenset(("97161", "97162", "97163", "97165", "97166", "97167"))
_OF_OTHERS = frozenset(("92521", "92522", "92523", "92524", "92610", "92607", "92597"))
_WORDS = {"low": "low", "mod": "moderate", "moderate": "moderate", "high": "high"}
_SAID = regex(
    r"\b(?P<grade>low|mod(?:erate)?|high)(?=[\s-]+complex|\s*[),;])"
    r"|\bcomplexity\W{1,3}(?:was\s+|is\s+)?(?P<after>low|mod(?:erate)?|high)\b",
    re.I,
)
_SPEECH = r"speech[ -]sounds?|sound production|articulation|phonolog\w+|apraxia|dysarthria"
_LANGUAGE = r"language|comprehension|expressi\w+|recepti\w+"
_OF_SPEECH = regex(  # «evaluated the child for stuttering»: in the service's own words
    r"(?<!re-)(?<!re)(?<!scopic )\b(?:evaluat(?:ed|es|ing)\b|(?:evaluation|eval) (?:of|for)\b)"
    r"(?P<of>[^.;?\n]{0,60}?\b(?:stutter\w*|fluency|cluttering|voice|resonance|dysphoni\w*"
    rf"|swallow\w*|dysphagi\w*|{_SPEECH}|{_LANGUAGE}))"
    rf"(?P<more>(?:[^.;?\n\d(]{{0,30}}\b(?:{_SPEECH}|{_LANGUAGE})\b)*)",
    re.I,
)
_NAMES = (
    (regex(r"stutter|fluency|clutter", re.I), "fluency evaluation"),
    (regex(r"swallow|dysphagi", re.I), "swallow evaluation"),
    (
        regex(rf"^(?=.*(?:{_SPEECH}))(?=.*(?:{_LANGUAGE}))", re.I | re.S),
        "speech and language evaluation",
    ),
    (regex(_SPEECH, re.I), "speech sound evaluation"),
    (regex(_LANGUAGE, re.I), "speech evaluation"),
)
_NUMBERED = regex(r"\A[^.;\n]{0,60}?\b9(?:716[1-8]|25\d\d|2610)\b", re.I)


def told(text: str) -> str:
    """The text, the doing told as the service's name, with its grade beside it."""
    text = _GRADED.sub(
        lambda m: f"{m['whom']}{m['open']}{m['re'] or ''}evaluation {m['grade']} complexity", text
    )
    text = _BY.sub(lambda m: f"{m['who']} evaluation", _OF_SPEECH.sub(_of_speech, text))
    return _BARE.sub(_named, text)


def _of_speech(match: re.Match[str]) -> str:
    """The name of what was evaluated, unless the code's number stands behind it."""
    if _NUMBERED.match(match.string, match.end()):
        return match.group()
    said = match["of"] + match["more"]
    return next((name for pattern, name in _NAMES if pattern.search(said)), "voice evaluation")


def _named(match: re.Match[str]) -> str:
    """The name in place of the doing, unless the code's number stands behind it."""
    if _NUMBERED.match(match.string, match.end()):
        return match.group()
    return f"{match['re'] or match['pt'] or match['ot'] or ''}evaluation"


_FAR = regex(r"\b(?:low|mod(?:erate)?|high)[\s-]+complexity\b", re.I)


def take_grades(text: str, found: Reading) -> None:
    """«PT eval 40 min. It was moderate complexity»: one evaluation, told in two sentences."""
    several = [c for c in found.choices if EVALUATIONS.issuperset(c.codes)]
    said = {m.group().lower() for m in _FAR.finditer(text)}
    if len(several) == len(said) == 1 and not _SAID.search(several[0].around):
        at = found.choices.index(several[0])
        found.choices[at] = replace(several[0], around=f"{several[0].around}, {said.pop()}")
        return
    for other in several[1:]:
        first = found.choices[found.choices.index(several[0])]
        both = tuple(c for c in first.codes if c in other.codes)
        if both and None in (first.minutes, other.minutes):
            around = f"{first.around}, {other.around}"
            minutes = other.minutes if first.minutes is None else first.minutes
            found.choices.remove(other)
            merged = replace(first, codes=both, around=around, minutes=minutes)
            found.choices[found.choices.index(first)] = several[0] = merged
    told = {s.code for s in found.services}
    for choice in list(found.choices):
        same = len(told.intersection(choice.codes)) == 1
        only = EVALUATIONS.issubset(choice.codes) and len(told & _OF_OTHERS) == 1
        if EVALUATIONS.issuperset(choice.codes) and (same or only):
            found.choices.remove(choice)


def of_grade(codes: tuple[str, ...], said: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    """Those of the evaluations that have the grade said beside them; all where none is said."""
    grades = {_WORDS[(m["grade"] or m["after"]).lower()] for m in _SAID.finditer(said)}
    if len(grades) != 1 or not EVALUATIONS.issuperset(codes):
        return codes
    (grade,) = grades
    return tuple(c for c in codes if grade in labels[c]) or codes
