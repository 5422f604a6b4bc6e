"""Finds what is said of two codes on one day: that they need 59, cannot stand together, or may."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.library.words import codes_in
from ingest.claims.nouns import Pair, Together
from ingest.claims.sentences import Said, years_in
from ingest.claims.speaking import names_another_payer, names_medicare, recalls, wavers

EVALUATIONS = ("97161", "97162", "97163")  # stand for "an evaluation" beside a code
_MOST = 4  # codes in one statement

_MARKED = re.compile(
    r"(?<!\d)(\d{4}[\dFT])[ ]?(?:-|/| with )[ ]?(?:modifier[ -]?)?(?:59|X[EPSU])\b"
)
_MARKED_OR_ON = re.compile(
    rf"(?i){_MARKED.pattern}"
    rf"|\b(?:59|X[EPSU])\b (?:is (?:required|needed) )?(?:on|to) (\d{{4}}[\dFT])\b"
)
_59 = r"(?:(?:modifiers?[ -]*)?-?\b59\b|\bX[EPSU]\b|\bX modifiers?\b)"
_NEEDS = re.compile(
    rf"""(?ix)
    \b(?:require|need|append|add|use|put|attach|apply|report|want|bill\ with)(?:s|d|ing|ed)?\b
      [^.]{{0,60}}?{_59}
    | {_59}[^.]{{0,40}}?\b(?:is|are|be)\ (?:always\ )?(?:required|needed|mandatory|necessary)\b
    | {_59}[^.]{{0,40}}?\bto\ unbundle\b
    | \bbundle[sd]?\b[^.]{{0,30}}?\b(?:into|with|together|under|by|in)\b
    | \b(?:NCCI|CCI)\b[^.]{{0,40}}?\b(?:bundles?|pairs?|edit\ (?:between|joins|pair|for|on))\b
    | \bunbundle\b
    | \bwithout\ (?:it|{_59})[^.]{{0,40}}?\b(?:denie[sd]|deny|denial)\b
    """
)
_NO_NEED = re.compile(
    rf"(?i)\b(?:no|not|never|without|don't|doesn't|isn't|neither|nor|lifts?)\b[^.]{{0,40}}?(?:{_59}"
    r"|modifiers?\b|\bedits?\b|bundl\w*)|\bunbundle (?:nothing|no)"
)
_FREE = re.compile(
    rf"(?i)\bno (?:{_59}|modifiers?) (?:is |are )?(?:needed|required|necessary)\b"
    rf"|\b(?:not|never|n't) (?:need|require)\b[^.]{{0,15}}?(?:{_59}|modifiers?\b)"
    rf"|\b(?:bill\w*|allowed|stand|paid)\b[^.]{{0,25}}\bwithout (?:an?y? )?(?:{_59}|modifiers?\b)"
    r"|\bno (?:NCCI )?edits? (?:joins|between|exists?|applies)\b|\b(?:is|are) not bundled\b"
)
_NEVER = re.compile(
    r"(?i)\b(?:can(?:not|'t)|may not|must not|never|not (?:allowed|permitted|payable|billable))\b"
    r"[^.]{0,40}?\b(?:bill(?:ed|able)?|report(?:ed)?|paid|claimed|use[d]?|stand)\b"
    r"[^.]{0,60}?\b(?:together|same (?:day|date|visit|claim)|with each other|both)\b"
    r"|\b(?:mutually exclusive)\b"
)
_SAME_WORK = re.compile(
    r"(?i)\bsame (?:\d+ )?(?:minutes?|time|task|activity|service|block|exercise|treatment|work)\b"
    r"|\bdouble|\boverlap"
)
_RANGE = re.compile(r"\b(\d{5}) ?(?:-|to|through) ?\d{5}\b")  # its first code stands for it
_EVALUATION = re.compile(r"(?i)\b(?:an? |the |PT |initial )?(?:re-?)?eval(?:uation)?s?\b")


def pairs(said: Sequence[Said], subject: str = "") -> Iterator[Pair]:
    """What is said of codes on one day.

    Args:
        said: the sentences.
        subject: the one code that the document is about, or "".
    """
    line, carried = -1, tuple[str, ...]()
    for one in said:
        if one.line != line:
            line, carried = one.line, ()
        codes = _codes(one, carried, subject)
        if len(one.codes) >= 2 or (one.codes and _EVALUATION.search(one.text)):
            carried = codes
        if not 2 <= len(codes) <= _MOST or wavers(one.text) or recalls(one.text):
            continue
        together = _together(one.text)
        if together is None or _another_payers(one.text):
            continue
        yield Pair(
            start=one.start,
            end=one.end,
            codes=codes,
            together=together,
            year=next(iter(years_in(one.text)), None),
            names_medicare=names_medicare(one.text),
            marked=_marked(one.text),
        )


def _marked(text: str) -> str:
    """The one code that 59 is put on, or ""."""
    found = {match[1] or match[2] for match in _MARKED_OR_ON.finditer(text)}
    return found.pop() if len(found) == 1 else ""


def _another_payers(text: str) -> bool:
    return names_another_payer(text) and not re.search(r"(?i)\bNCCI\b", text)


def _codes(said: Said, carried: tuple[str, ...], subject: str) -> tuple[str, ...]:
    """The codes that a sentence speaks of; what it leaves out stands in its line or the title."""
    codes = codes_in(_RANGE.sub(r"\1", said.text))
    if len(codes) >= 2:
        return codes
    if set(codes) < set(carried):
        return carried
    if len(codes) == 1 and _EVALUATION.search(said.text):
        return (*codes, EVALUATIONS[0])
    if len(codes) == 1 and subject and codes[0] != subject:
        return (subject, *codes)
    return codes


def _together(text: str) -> Together | None:
    if _NEVER.search(text) and not _SAME_WORK.search(text):
        return Together.NEVER
    if _FREE.search(text):
        return Together.FREE
    if _MARKED.search(text) or (_NEEDS.search(text) and not _NO_NEED.search(text)):
        return Together.NEEDS_59
    return None
