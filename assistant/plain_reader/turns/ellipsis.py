"""«and GO?», «what about an aide?»: a rule question that leaves out what the one before said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.patterns import regex

Span = tuple[int, int]
LONGEST = 12  # words of a follow-up that leaves something out
_KINDS = (
    r"\b(?-i:59|X[EPSU]|GP|GO|GN|KX|CQ|CO|GA|GX|GY|GZ|52|AT)\b"
    r"|(?<=modifier )(?:59|x[epsu]|gp|go|gn|kx|cq|co)\b",
    r"\b(?:19|20)\d\d\b",
    r"\b(?:(?:pt|ot|slp|physical therapy|occupational therapy|therapy|rehab)\s+)?"
    r"(?:aides?|techs?|technicians?|students?|interns?)\b"
    r"|\b(?:ptas?|c?otas?|(?:therapist |therapy )?assistants?|slpas?)\b",
    r"\b(?:pts?|ots?|slps?|st|speech(?: therapy)?|occupational therapy|physical therapy)\b",
    r"\b(?:re-?\s?eval(?:uation)?s?|evaluations?|evals?|progress (?:notes?|reports?)|daily notes?"
    r"|treatment notes?|discharge (?:notes?|summary|summaries)|plans? of care|recert\w*"
    r"|certif\w+)\b",
    r"\b(?:private practices?|hospitals?(?: outpatient)?|home health|snfs?|nursing homes?|corfs?"
    r"|clinics?)\b",
    r"\b(?:timed|untimed)\b|\b(?:individual|group|concurrent)\b",
    r"\b(?:chiropractors?|podiatrists?|optometrists?|dentists?|nurse practitioners?|nps?"
    r"|physician assistants?|pas?|physicians?|doctors?|surgeons?)\b",
)
_SIGNERS = len(_KINDS) + 1  # their number among the terms: who signs is no fact of a visit
_COMPILED = tuple(regex(kind, re.I) for kind in _KINDS)
_SMALL_WORDS = (
    "ok okay and or but so what whats how about if same for with thing is it the that does do go "
    "goes apply applies also then its in on by under was were to of a an using there are did "
    "visit patient too as well instead now today i we have need needed use again only just year "
    "one case these them both either neither would be true why not versus vs rule rules code codes "
    "modifier bill when who my our someone anyone any other say like has have though tho insurance "
    "payer plan actually she he they her his commercial primary covered"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_LEADS = regex(
    r"^\W*(?:ok(?:ay)?\W+|so\W+)?(?:and|or|but|what about|how about|what if|same (?:for|with|in)"
    r"|is (?:it|that) the same|does (?:it|that|the same)|also)\b",
    re.I,
)

_MINUTES = regex(r"\d\s*(?:min|m\b|')", re.I)
_TELLS = regex(r"\badd(?:ed|ing)?\b|(?<![\d.$/])(?!59\b)\d{1,3}(?![\d.%/])")
_BEFORE_A_YEAR = regex(  # no day to treat on, so no change of the visit
    r"^\W*(?:ok(?:ay)?\W+)?(?:(?:and|or|but|what about|how about)\W+)*"
    r"(?P<when>(?:before|prior to|until|since|after)\s+(?:(?:jan\w*|the year)\s+)?20\d\d)\W*$",
    re.I,
)


class Ellipsis:
    """Completes short follow-ups; built once.

    Args:
        codes: where a text names codes; payers: where it names payers.
    """

    def __init__(
        self, codes: Callable[[str], Sequence[Span]], payers: Callable[[str], Sequence[Span]]
    ) -> None:
        self._codes = codes
        self._payers = payers

    def asked(self, text: str, question: str, *, in_a_visit: bool) -> str:
        """The follow-up as a question of its own; "" where it leaves nothing out.

        Args:
            question: the rule question before it.
            in_a_visit: whether a visit is told: then what the question did not name is a change
                of the visit, «what about Aetna?».
        """
        if not question or len(text.split()) > LONGEST:
            return ""
        if in_a_visit and (_MINUTES.search(text) or _TELLS.search(text)):
            return ""  # «what if the self care was 25 min»
        if in_a_visit and (match := _BEFORE_A_YEAR.match(text)):
            return f"{question.rstrip(' ?.!')} {match['when']}?"
        said, before = list(self._terms(text)), list(self._terms(question))
        leads = bool(_LEADS.match(text))
        asks = leads or "?" in text or not in_a_visit
        if not asks or not (leads or self._is_bare(text, said)):
            return ""
        swaps = _swaps(text, said, before)
        if swaps:
            return _with(question, swaps)
        if said and all(kind == _SIGNERS for kind, _ in said):
            return f"{question.rstrip(' ?.!')} {_LEADS.sub('', text).strip()}"
        if in_a_visit or not (said or _LEADS.match(text)):
            return ""
        return f"{question.rstrip(' ?.!')} {_LEADS.sub('', text).strip()}"

    def _terms(self, text: str) -> Iterator[tuple[int, Span]]:
        """What a follow-up may put in another's place: its kind, and where it stands."""
        taken: list[Span] = []
        finders = (self._codes(text), self._payers(text))
        found = [(n, span) for n, spans in enumerate(finders) for span in spans]
        found += [
            (n, m.span()) for n, kind in enumerate(_COMPILED, start=2) for m in kind.finditer(text)
        ]
        for kind, (start, end) in found:
            if not any(start < b and a < end for a, b in taken):
                taken.append((start, end))
                yield kind, (start, end)

    def _is_bare(self, text: str, said: Sequence[tuple[int, Span]]) -> bool:
        """Whether nothing is left of the text beside its terms but small words."""
        if not said:
            return False
        for _, (start, end) in said:
            text = text[:start] + " " * (end - start) + text[end:]
        return all(w.lower() in _SMALL for w in re.findall(r"[A-Za-z]+|\d+", text.replace("'", "")))


def _swaps(
    text: str, said: Sequence[tuple[int, Span]], before: Sequence[tuple[int, Span]]
) -> list[tuple[Span, str]]:
    """What goes in the place of what: the terms of a kind that the question names too."""
    swaps: list[tuple[Span, str]] = []
    for kind in dict.fromkeys(k for k, _ in said):
        new = [text[a:b] for k, (a, b) in said if k == kind]
        old = [span for k, span in before if k == kind]
        if old and len(new) <= len(old):
            swaps += zip(old[-len(new) :], new, strict=True)
    return swaps


def _with(question: str, swaps: Sequence[tuple[Span, str]]) -> str:
    for (start, end), new in sorted(swaps, reverse=True):
        question = question[:start] + new + question[end:]
    return question
