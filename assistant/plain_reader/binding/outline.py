"""A heading with the list of what was done under it: the list's minutes are the heading's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.patterns import regex
from assistant.plain_reader.mentions import people

_TIME = regex(r"(?:(?<![\w.$:/])|(?<=\sx))(\d{1,3})\s*(?:minutes?\b|mins?\b\.?|m\b|')", re.I)
_BULLET = regex(r"^(?:\s{2,}|\s*[-*>+]\s*|\s*[a-z][.)]\s+|\t)\S")
_HEADED = regex(r"^(?P<head>[^:\n]{2,60}):(?P<rest>.*)$")

_REGION = (
    r"(?:(?:[rlb]|right|left|bilateral|upper|lower|mid)\s+)?"
    r"(?:(?:c|t|l)[ -]?spine|cervical|thoracic|lumbar|sacral|neck|back|shoulders?|elbows?"
    r"|wrists?|hands?|hips?|knees?|ankles?|foot|feet|scapula\w*|patella\w*|quads?|hamstrings?|calf|calves|ue|le)"
)
_PART = rf"\d{{1,3}}(?:\s*min\w*)?\s+(?:to\s+|on\s+|for\s+|of\s+)?(?:the\s+)?(?:{_REGION})"
_BY_REGION = regex(  # «manual: 10 cervical, 8 thoracic», «TE 15 UE, 15 LE»
    rf"(?P<head>(?:^|(?<=[;.,\n]))[^:;.,\n\d]{{2,40}}?|\b\d{{5}})(?:\s*[:-]\s*|\s+(?:for\s+)?)"
    rf"(?P<parts>{_PART}(?:(?:\s*(?:,|and|&|\+|/|,\s*and)\s*|\s+){_PART}){{1,4}})"
    r"(?=\s*(?:[;.,\n)]|$))",
    re.I,
)

Names = Callable[[str], Sequence[str]]


def told(text: str, codes_of: Names) -> str:
    """The text, each list of parts under one code told as that code's minutes once.

    Args:
        codes_of: the codes that a stretch of text names without doubt.
    """
    text = _BY_REGION.sub(lambda match: _summed(match, codes_of), text)
    text = _LISTED.sub(lambda match: _listed(match, codes_of), text)
    text = _WHOLE_LAST.sub(lambda match: _whole_last(match, codes_of), text)
    text = _WHOLE_NAMED.sub(lambda match: _whole_named(match, codes_of), text)
    text = _MAKES.sub(lambda match: _made(match, codes_of), text)
    text = _PART_OF.sub(lambda match: _without_part(match, codes_of), text)
    for pattern in (_UNDER_TIME, _BRACKETED):
        text = pattern.sub(lambda match: _untimed_parts(match, codes_of), text)
    if text.count("min") + text.count("'") < 2:
        return text
    return "\n".join(_within_a_line(line, codes_of) for line in _gathered(text, codes_of))


_ONE_HEAD = (
    r"(?P<head>\b\d{5}\s*(?:\([A-Za-z /&-]{2,30}\))?"
    r"|(?:^|(?<=[.;\n]))\s*[A-Za-z][A-Za-z /&-]{1,30}?)"
)
_SPENT = r"\d{1,3}\s*(?:minutes?|mins?|')"
_TIME_LAST = rf"[A-Za-z][^;:,.\n\d]{{2,40}}{_SPENT}"
_TIME_FIRST = rf"{_SPENT}\s+(?:of\s+)?[A-Za-z][^;:,.\n\d]{{2,40}}"
_AND = r"\s*,\s*(?:and\s+)?"
_LISTED = regex(  # «97530: sit to stand 7 min, stairs 6 min», «Manual - 5 min STM, 5 min mobs»
    rf"{_ONE_HEAD}\s*(?::|\s-+\s|\()\s*(?P<parts>{_TIME_LAST}(?:{_AND}{_TIME_LAST}){{1,5}}"
    rf"|{_TIME_FIRST}(?:{_AND}{_TIME_FIRST}){{1,5}})(?:\)|(?=\s*(?:[;.\n]|$)))",
    re.I,
)
_WHOLE_LAST = regex(  # «NMR: … BOSU 2 min x 3 = 16 min total», «TE: bike 5, SLR 5 = 10»
    rf"{_ONE_HEAD}\s*(?::|\s-+\s)(?P<parts>[^:;.\n]{{3,120}}?)\s*"
    r"(?:=\s*(?P<n>\d{1,3})(?!\d)(?:\s*min\w*)?(?:\s+total)?)(?=\s*(?:[;.\n]|$))",
    re.I,
)
_WHOLE_NAMED = regex(  # «bike 5 min, SLR 3x10; total TE 20 min»
    r"(?P<parts>(?:^|(?<=\n))[^\n]{3,160}?)"
    r"(?P<whole>\btotal\s+(?P<what>\d{5}|[A-Za-z][A-Za-z ]{1,24}?)\s*"
    r"(?:time\s*)?[:=]?\s*(?P<n>\d{1,3})\s*min)",
    re.I,
)
_MAKES = regex(  # «STM 8 min + mobs 7 min = 97140 15 min»
    r"(?P<parts>(?:^|(?<=[;.\n]))[^=;.\n]{5,100})=\s*"
    r"(?P<whole>(?P<what>\d{5}|[A-Za-z][A-Za-z ]{1,24}?)\s*[:x]?\s*(?P<n>\d{1,3})\s*min)",
    re.I,
)
_IDLE = regex(  # or somebody: whose minutes they are is not lost in a sum
    r"\b(?:rest\w*|breaks?|pt|pta|ot|c?ota|otr|dpt|therapist|assistant|student|me|I|by|tech|aide"
    r"|alone|wait\w*|then)\b",
    re.I,
)


def _listed(match: re.Match[str], codes_of: Names) -> str:
    """The head's minutes, those of all that is listed behind it; as it is where codes are."""
    own = codes_of(f"{match['head'].strip()}: 1")
    if len(own) != 1 or set(codes_of(match["parts"])) - set(own) or _IDLE.search(match["parts"]):
        return match.group()
    spent = _minutes(match["parts"])
    if len(spent) != match["parts"].count(",") + 1:
        return match.group()
    whole = sum(spent)
    return f"{match['head'].strip()}: {whole} min"


_PART_OF = regex(  # «Education x 5 min (part of ther act)»
    r"(?:^|(?<=[\n;.,]))[^\n;.,]{2,60}?\d{1,3}\s*min\w*\s*[,(]?\s*(?:as\s+)?(?:part of|included in"
    r"|counted (?:in|with))\s+(?:the\s+)?(?P<what>[^\n;.,()]{2,30})\)?",
    re.I,
)
_UNDER_TIME = regex(  # «Therapeutic exercise (25 min): bike 10 min, leg press 3x10»
    r"(?P<head>(?:^|(?<=[.;\n])|(?<=: ))[^:;.\n]{2,60}?(?<!\d)"
    r"(?P<n>\d{1,3})\s*min\w*\)?\s*(?::|\s-\s))"
    r"(?P<rest>[^:;.\n]{3,200})",
    re.I,
)
_BRACKETED = regex(  # «THER EX X25 MIN (NUSTEP 10 MIN, LAQ 3X10)»
    r"(?P<head>(?:^|(?<=[.;,:\n]))[^:;.,\n()]{2,60}?(?<!\d)(?P<n>\d{1,3})\s*min\w*\s*[(\[])"
    r"(?P<rest>[^()\[\]\n]{3,200})(?=[)\]])",
    re.I,
)
_NO_PARTS = regex(
    r"\b(?:rest\w*|breaks?|wait\w*|pt|pta|ot|c?ota|otr|dpt|therapist|assistant|me|I|student"
    r"|aide|tech|skilled|unskilled|1:1|one-on-one"
    r"|direct|billable|timed|untimed|total|actual|alone|independent\w*|unattended|unsupervised|plus"
    r"|then|after|before|not|additional|extra|another|set[- ]?up|notes?|document\w*|am|pm)\b",
    re.I,
)


def _whole_last(match: re.Match[str], codes_of: Names) -> str:
    """The head with the sum told behind its list."""
    own = codes_of(f"{match['head'].strip()}: 1")
    spent = sum(_minutes(match["parts"]))
    others = set(codes_of(match["parts"])) - set(own) or _IDLE.search(match["parts"])
    if len(own) != 1 or others or spent > int(match["n"]):
        return match.group()
    return f"{match['head'].rstrip()}: {match['n']} min"


def _whole_named(match: re.Match[str], codes_of: Names) -> str:
    """What a total of a code is told behind, without its own minutes."""
    own = codes_of(f"{match['what']}: 1")
    spent = sum(_minutes(match["parts"]))
    others = set(codes_of(match["parts"])) - set(own) or _IDLE.search(match["parts"])
    if len(own) != 1 or others or not spent or spent > int(match["n"]):
        return match.group()
    named = match["whole"].partition(match["what"])[2]
    return _TIME.sub(" ", match["parts"]) + match["what"] + named


def _made(match: re.Match[str], codes_of: Names) -> str:
    """The code's minutes without the parts that make them."""
    own = codes_of(f"{match['what']}: 1")
    spent = _minutes(match["parts"])
    adds_up = len(spent) > 1 and sum(spent) == int(match["n"])
    others = set(codes_of(match["parts"])) - set(own)
    return match["whole"] if adds_up and len(own) == 1 and not others else match.group()


def _without_part(match: re.Match[str], codes_of: Names) -> str:
    """Nothing, where the minutes stand within those of a code told apart."""
    whole = codes_of(match["what"])
    others = match.string[: match.start()] + match.string[match.end() :]
    return "" if len(whole) == 1 and whole[0] in codes_of(others) else match.group()


def _untimed_parts(match: re.Match[str], codes_of: Names) -> str:
    """The list of what was done in the heading's minutes, without its own."""
    spent, rest = _minutes(match["rest"]), match["rest"]
    listed = "," in rest and 0 < sum(spent) <= int(match["n"])
    if not listed or _NO_PARTS.search(rest) or codes_of(rest) or len(codes_of(match["head"])) != 1:
        return match.group()
    return match["head"] + _TIME.sub(" ", rest)


def _summed(match: re.Match[str], codes_of: Names) -> str:
    """The heading's code with the minutes of its body regions together; people are none."""
    if _NO_PARTS.search(match["parts"]) or len(codes_of(f"{match['head']}: 1")) != 1:
        return match.group()
    whole = sum(int(n) for n in re.findall(r"\d+", match["parts"]))
    return f"{match['head']}: {whole} min"


def _gathered(text: str, codes_of: Names) -> list[str]:
    """The lines; bullets that name no code and time their parts are taken into their heading."""
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and _BULLET.match(lines[end]) and not codes_of(lines[end]):
            end += 1
        parts = lines[at + 1 : end]
        whole = _whole(lines[at], parts, codes_of) if parts else None
        kept += lines[at:end] if whole is None else [whole]
        at = end
    return kept


def _whole(head: str, parts: Sequence[str], codes_of: Names) -> str | None:
    """The heading with the minutes of its parts; None where it is no such heading."""
    if len(codes_of(head)) != 1 or _BULLET.match(head):
        return None
    spent = [_minutes(part) for part in parts]
    told = _minutes(head)
    timed = [minutes for minutes in spent if len(minutes) == 1]
    if not timed or any(len(minutes) > 1 for minutes in spent) or len(told) > 1:
        return None
    whole = sum(minutes[0] for minutes in timed)
    if told:
        lists_more = whole < told[0] and len(timed) < len(parts)
        return head if told[0] == whole or lists_more else None
    return f"{head.rstrip(' :-')}: {whole} min"


def _within_a_line(line: str, codes_of: Names) -> str:
    """«TherEx: bike 10 min, SLR 5 min, 15 min total»: the total alone stays."""
    match = _HEADED.match(line)
    if match is None or len(codes_of(match["head"])) != 1 or _TIME.search(match["head"]):
        return line
    if people.find(match["rest"]):
        return line  # «97110: 26 min (PT 14 min, PTA 12 min)»
    spent = _minutes(match["rest"])
    if len(spent) < 3 or 2 * max(spent[0], spent[-1]) != sum(spent):
        return line
    if set(codes_of(match["rest"])) - set(codes_of(match["head"])):
        return line
    return f"{match['head']}: {max(spent[0], spent[-1])} min"


def _minutes(text: str) -> list[int]:
    return [int(m[1]) for m in _TIME.finditer(text)]
