"""Minutes told person by person, beside the whole that they add up to."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.claim import Clinician, Service
from assistant.errors import ImpossibleFact
from assistant.patterns import regex
from assistant.plain_reader.mentions.people import ASSISTANT, STUDENT, THERAPIST
from assistant.plain_reader.reading import Reading
from assistant.plain_reader.rewording import people_columns

_WHO = rf"(?:the\s+|a\s+|an\s+|my\s+|our\s+)?(?P<{{}}>{ASSISTANT}|{THERAPIST}|{STUDENT}|PT\b|OT\b)"
_MIN = r"\s*(?:minutes?|mins?\b\.?|m\b|')?\s*"
_OF_PEOPLE = regex(  # «15 minutes of PT and 7 of PTA»
    rf"(?<![\w.:/$-])(?P<n>\d{{1,3}}){_MIN}(?:of|by|from|with)\s+{_WHO.format('one')}(?:'s)?(?:\s+time)?"
    rf"\s*(?:,|and|&|\+|/|plus|,\s*and)\s*(?P<m>\d{{1,3}}){_MIN}(?:of|by|from|with)\s+{_WHO.format('two')}"
    r"(?:'s)?(?:\s+time)?(?!\s+(?:did|gave|took|\w+ed)\b)",
    re.I,
)
_WHICH = r"(?:first|next|then|second|third|last|final|remaining|other)"
_IN_TURN = regex(  # «first 15 min PT, next 15 min PTA»
    rf"(?P<which>(?:the\s+)?{_WHICH}\s+)(?P<spent>\d{{1,3}}{_MIN}(?:(?:was|were|by|with|the)\s+)*"
    rf"(?P<who>{ASSISTANT}|{THERAPIST}|{STUDENT}|PT\b|OT\b))(?=\s*(?:[),;./]|and\b|then\b|$))",
    re.I,
)
_ALL_OF_IT = regex(  # «30 minutes of A with the PTA's help for the full 30 minutes»
    r"\s*(?:,\s*)?\b(?:for|during|throughout)\s+(?:the\s+)?(?:full|entire|whole|all)\s+(?:of\s+)?(?:the\s+)?"
    r"(?P<n>\d{1,3})[\s-]*(?:minutes?|mins?)\b",
    re.I,
)
_WORKINGS = regex(  # «20 min (1 unit + 5 min)», «= 1 unit with 5 remainder»
    r"\s*[(=]\s*\d{1,2}\s*units?\s*(?:(?:\+|plus)\s*\d{1,2}\s*(?:min\w*)?\s*"
    r"|(?:and|with|,)\s*\d{1,2}\s*"
    r"(?:min\w*)?\s*(?=left|remain|extra))"
    r"(?:(?:left ?over|remainder|remaining|extra|left)\b\s*)?\)?",
    re.I,
)
_SPLIT_HEAD = regex(
    r"\b(?:PT\s*/\s*PTA|PTA\s*/\s*PT|OT\s*/\s*C?OTA|C?OTA\s*/\s*OT)\s+split\s*[:,-]", re.I
)
_FRACTION = (
    r"(?:(?:one|two|three|a|1|2|3)[- ](?:thirds?|quarters?|fifths?)"
    r"|(?:1/3|2/3|1/4|3/4)(?!\d)|\d{1,3}\s?(?:%|percent))"
)
_HELPER = rf"(?:{ASSISTANT}|{STUDENT})"
_SHARE = regex(  # «the PTA gave a third», «a third was done by the PTA»
    rf"{_HELPER}[^.;\n]{{0,30}}?\b(?P<share>{_FRACTION})"
    r"(?!\s*(?:of\s+an?\s+)?(?:hour|rule|threshold|payment|reduc|less))"
    rf"|(?P<of>{_FRACTION})(?!\s*(?:of\s+an?\s+)?hour)\s+(?:of\s+[^.;\n]{{1,40}}?\s+)?"
    r"(?:was\s+|were\s+)?"
    r"(?:done\s+|given\s+)?(?:(?:by|with)\s+|(?<=was )|(?<=were ))(?:the\s+|a\s+|our\s+)?"
    rf"{_HELPER}",
    re.I,
)
_IN_SLASHES = regex(  # «PT 16/PTA 14»
    r"(?<![\w/])(?P<one>C?OTA?|PTA?|therapist|assistant)\s*(?P<n>\d{1,3})(?:\s*min\w*)?\s*/\s*"
    r"(?P<two>C?OTA?|PTA?|therapist|assistant)\s*(?P<m>\d{1,3})(?!\d)"
)
_OF_THE = regex(  # «Of the 38 minutes of A, 15 were with the PTA»
    rf"\bof (?:the|those) (?P<whole>\d{{1,3}}{_MIN}of [^,;.\n]{{2,40}}), (?P<n>\d{{1,3}}){_MIN}"
    rf"(?:was|were)\s+(?:done\s+|given\s+|furnished\s+)?(?:by|with)\s+{_WHO.format('who')}",
    re.I,
)
_CODE_ALONE = regex(  # «97110 is billed. The PT furnishes 18 minutes and the PTA 8»
    rf"(?P<code>\b\d{{5}}\b[^.;:,\n\d]{{0,25}})\.\s+"
    rf"(?P<parts>(?:the\s+)?(?:{ASSISTANT}|{THERAPIST}|PT|OT)\s+\w+\s+\d{{1,3}}\s*min\w*[^.;\d]{{0,30}}?"
    rf"(?:{ASSISTANT}|{THERAPIST}|PT\b|OT\b)(?:\s+\w+)?\s+\d{{1,3}}(?:\s*min\w*)?)(?=\s*[.;,\n]|\s*\Z)",
    re.I,
)
_VERB = regex(
    r"\b(?:furnish\w*|provid\w*|perform\w*|deliver\w*|did|does|gave|gives|spen[dt]s?)\s+", re.I
)
_TOLD = regex(r"\d\s*(?:minutes?|mins?\b|m\b|')|(?<=\d{5})\W{1,3}(?:x\s*)?\d{1,3}(?!\d)", re.I)


def told(text: str) -> str:
    """The text, what each person gave told person first: «PT 15 min, PTA 7 min».

    Parts told in turn stay parts where the whole is told before them.
    """
    text = _SPLIT_HEAD.sub(" ", _WORKINGS.sub(" ", people_columns.told(text)))
    text = _CODE_ALONE.sub(_of_the_code, text)
    text = _IN_SLASHES.sub(r"\g<one> \g<n> min, \g<two> \g<m> min", text)
    text = _OF_THE.sub(lambda m: f"{m['whole']}, the {m['who']} did {m['n']} of those", text)
    for match in reversed(list(_ALL_OF_IT.finditer(text))):
        if re.search(rf"(?<!\d){match['n']}(?!\d)", text[: match.start()]):
            text = text[: match.start()] + text[match.end() :]
    text = _OF_PEOPLE.sub(lambda m: f"{m['one']} {m['n']} min, {m['two']} {m['m']} min", text)
    parts = list(_IN_TURN.finditer(text))
    if len(parts) < 2 or _TOLD.search(text[: parts[0].start()]):
        return text
    return _IN_TURN.sub(_person_first, text)


def _of_the_code(match: re.Match[str]) -> str:
    """The code with what each person gave behind it, unless minutes stand before the code too."""
    before = match.string[: match.start()].rpartition(".")[2]
    if re.search(r"\d\s*min(?!ute unit)", before) or re.search(r"\d{5}", before):
        return match.group()
    return f"{match['code']}: {_VERB.sub('', match['parts'])}"


def _person_first(match: re.Match[str]) -> str:
    minutes = re.match(r"\d+", match["spent"])
    return f"{match['who']} {minutes.group() if minutes else ''} min"


def refuse_share(text: str, found: Reading) -> None:
    """Nothing, unless an assistant's part is told as a share and not in minutes.

    Raises:
        ImpossibleFact: it is, beside minutes of something done.
    """
    match = _SHARE.search(text)
    share = (match["share"] or match["of"] or "") if match else ""
    told = any(s.minutes for s in found.services)
    if not told or not share or re.match(r"(?:10|15|85)\s?(?:%|p)", share):
        return
    raise ImpossibleFact(
        "minutes",
        share,
        f"«{share}» is a share: how many minutes did each person give? Say them per code.",
    )


def without_whole(found: Reading) -> None:
    """Drop a code's whole where two people's parts beside it add up to it: it counts once."""
    for code in {s.code for s in found.services}:
        own = [s for s in found.services if s.code == code and s.minutes is not None]
        alone = len({s.code for s in found.services}) == 1
        parts = [
            p for p in found.subsets if p.minutes and (p.code == code or (alone and not p.code))
        ]
        whole = max(own, key=lambda s: s.minutes or 0, default=None)
        if whole is None or whole.block is not None:
            continue
        others = [s for s in own if s is not whole]
        spent = sum(s.minutes or 0 for s in others) + sum(p.minutes or 0 for p in parts)
        givers = {s.by for s in others} | {p.by for p in parts}
        if not others or spent != whole.minutes or len(givers) < 2 or None in givers:
            continue
        found.subsets = [p for p in found.subsets if p not in parts]
        told_parts = [
            Service(code, p.minutes, p.by or Clinician.THERAPIST, None, whole.activity)
            for p in parts
        ]
        at = found.services.index(whole)
        found.services[at : at + 1] = [replace(s) for s in told_parts]
