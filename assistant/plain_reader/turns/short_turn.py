"""A short later turn in the words of a long one: «w/o the group», «PTA», «5 off each».

It is reworded only where every word of it is known; else it stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.claim import Clinician
from assistant.patterns import regex
from assistant.plain_reader.known import Facts
from assistant.plain_reader.mentions import people
from assistant.plain_reader.turns import short_words
from assistant.plain_reader.turns.short_words import Part, Word

_CODES = "C(?:A*C)*"
_REMOVES = regex(rf"K(?:V?{_CODES}|E|F?E)O?|(?:{_CODES}|E)W?O|T(?:V?{_CODES}|E)O|TO(?:{_CODES}|E)")
_BY_ALL = regex(r"A?(?:[FE]?W)?B?H(?:X[SB]+|A)?|XS+A?B?H|HD?V?E|E[WFV]*B?H|HDE")
_SOME_BY = regex(rf"A?{_CODES}W?B?H|A?{_CODES}W?B?S+")
_MINE = regex(rf"A?S+[VDB]*{_CODES}")
_PAIRS = regex(r"(?:A?[SH][VDB]?C){2,4}|(?:A?CW?B?[SH]){2,4}")
_ALL_MINE = regex(r"A?E[WB]*S+|S+[DBV]*E")
_NOT_BY = regex(r"A?XV?C|A?KV?C")
_WAS = regex(r"CA?Y?NU?|A?CA?F?W+Y?NU?")
_MORE = regex(r"A?M?NU?M?V?C|A?CMNU?M?|A?CNU?M")
_LESS = regex(r"A?LNU?[VO]?C|A?NU?[LO]V?C|A?CA?LNU?|A?CNU?[LO]|TNU?[VO]C|KNU?[VO]C")
_EACH = regex(r"A?[ML]NU?[ML]?V?[JE]|A?NU?[MLO]?V?[JE]|J[ML]N|TNU?[VO][JE]|KNU?[VO][JE]")
_NOT_NUMBER = regex(r"F?W?(?P<new>N)U?A?XN|XNA?(?P<late>N)U?")
_SUBSTITUTE = regex(r"(?:F?W*)?(?P<new>C)A?XC|XCA?F?W*(?P<late>C)")
_CODE_ALONE = regex(r"[FW]*C")
_SAME = regex(r"A?Q(?:V|W)?A?C|A?CA?(?:V|W)?Q|MQVC|MCQ")


def told(before: Facts, numbered: str, text: str) -> str:
    """The turn in plain words; itself where not all of it is known.

    Args:
        numbered: the turn, codes by their numbers.
    """
    said = short_words.words(numbered, before.services)
    if not said:
        return text
    if not before.tie_choice:  # there «no neuro» chooses the other one
        said = _no_as_without(said, text)
    row, codes = short_words.row(said), [w.code for w in said if w.part is Part.CODE]
    numbers = [w.minutes for w in said if w.part is Part.AMOUNT]
    return (
        _removed(before, row, codes, said)
        or _by_helper(before, row, codes, said)
        or _numbered(before, row, codes, numbers)
        or _another_code(before, row, codes, said)
        or _by_numbers(numbered, text, said)
    )


def _no_as_without(said: Sequence[Word], text: str) -> list[Word]:
    """«no TE»: «no» takes out the code right behind it, and only in front of it alone."""
    found = list(said)
    plain = text.strip().lower()
    behind = [w for w in found[1:] if w.said not in ("more", "the", "a")]
    if not behind or plain.startswith("no,"):
        return found
    codes = all(w.part in (Part.CODE, Part.AND) for w in behind)
    if found[0].said == "no" and (codes or behind[0].part is Part.HELPER):
        return [Word(Part.REMOVE, "no"), *behind]
    if found[0].said == "-" and codes:
        return [Word(Part.REMOVE, "-"), *behind]
    return found


def _removed(before: Facts, row: str, codes: list[str], said: Sequence[Word]) -> str:
    """«take both off», «TA off», «w/o the group»."""
    known = list(dict.fromkeys(s.code for s in before.services))
    if not _REMOVES.fullmatch(row):
        return ""
    if not codes:
        every = next(w.said for w in said if w.part is Part.EVERY)
        some = [c for c in before.focus if c in known]
        codes = some if every in ("them", "those", "these") and len(some) > 1 else known
        if every == "both" and len(codes) != 2:
            return ""
    return f"remove the {' and '.join(codes)}" if set(codes) <= set(known) else ""


def _by_helper(before: Facts, row: str, codes: list[str], said: Sequence[Word]) -> str:
    """«actually PTA», «PTA not PT»: who gave all; «not the eval» after it: what was not theirs."""
    who = next((w.said for w in said if w.part is Part.HELPER), "")
    alone = row.replace("A", "") in ("H", "BH", "FWH", "WH")
    if who and _BY_ALL.fullmatch(row):
        sure = people.clinician(who) is Clinician.ASSISTANT or not alone
        last_named = before.giver is not None and alone
        return f"the {who} did all of it" if sure and not last_named else ""
    if _ALL_MINE.fullmatch(row) and any(s.by is not Clinician.THERAPIST for s in before.services):
        return "no, me"
    known = {s.code for s in before.services}
    if codes and set(codes) < known and _SOME_BY.fullmatch(row) and len(codes) > 1 and who:
        return f"the {who} did the {' and the '.join(codes)}"
    if set(codes) == known and _PAIRS.fullmatch(row):
        people_said = [w.part for w in said if w.part in (Part.HELPER, Part.SELF)]
        pairs = zip(codes, people_said, strict=True)
        theirs_now = [code for code, part in pairs if part is Part.HELPER]
        return f"the {who} did only the {' and the '.join(theirs_now)}" if theirs_now else ""
    theirs = {s.code for s in before.services if s.by is not Clinician.THERAPIST}
    if _NOT_BY.fullmatch(row) and before.giver is not None and row.lstrip("A")[0] == Part.NOT:
        return f"me for the {codes[0]}" if set(codes) <= theirs else ""
    if len(codes) == 1 and set(codes) <= theirs and not who:
        is_mine = _MINE.fullmatch(row) or (_SOME_BY.fullmatch(row) and Part.SELF in row)
        return f"me for the {codes[0]}" if is_mine else ""
    return ""


def _numbered(before: Facts, row: str, codes: list[str], numbers: list[int]) -> str:
    """«the latter was 8», «5 off the TE», «plus 5 on each», «fifteen not fifty»."""
    known = [s.code for s in before.services if s.minutes is not None]
    if len(numbers) == 1 and len(codes) == 1 and known.count(codes[0]) == 1:
        for pattern, words in (
            (_WAS, "{c} was {n} min"),
            (_LESS, "take {n} min off the {c}"),
            (_MORE, "{n} more min of {c}"),
        ):
            if pattern.fullmatch(row) and (pattern is not _MORE or "M" in row):
                return words.format(c=codes[0], n=numbers[0])
    if len(numbers) == 1 and not codes and _EACH.fullmatch(row) and len(known) > 1:
        if "M" in row:
            return f"add {numbers[0]} more minutes to each"
        return f"drop {numbers[0]} min from each" if {*row} & {"L", "O", "T", "K"} else ""
    if len(numbers) == 2 and (match := _NOT_NUMBER.fullmatch(row)):
        new, old = numbers if match["new"] else numbers[::-1]
        return f"it wasn't {old}, it was {new}"
    return ""


def _another_code(before: Facts, row: str, codes: list[str], said: Sequence[Word]) -> str:
    """«97112 not 97116», «nah 97116», «same for gait»."""
    known = list(dict.fromkeys(s.code for s in before.services))
    if len(codes) == 2 and (match := _SUBSTITUTE.fullmatch(row)):
        new, old = codes if match["new"] else codes[::-1]
        return f"change the {old} to {new}" if old in known and new not in known else ""
    if len(codes) != 1 or codes[0] in known:
        return ""
    corrects = any(w.part is Part.CORRECTS for w in said)
    if corrects and _CODE_ALONE.fullmatch(row) and (old := _replaceable(before, codes[0], known)):
        return f"change the {old} to {codes[0]}"
    spent = {s.minutes for s in before.services}
    if _SAME.fullmatch(row) and len(spent) == 1 and None not in spent:
        return f"and {codes[0]} {spent.pop()} min"
    return f"and {codes[0]}" if _SAME.fullmatch(row) else ""


def _replaceable(before: Facts, code: str, known: Sequence[str]) -> str:
    """The one code told, or the one that the last turn put in this one's place; else ""."""
    if len(known) == 1:
        return known[0]
    earlier = {s.code for s in before.previous.services} if before.previous else set()
    came = [c for c in known if c not in earlier]
    return came[0] if code in earlier and len(came) == 1 else ""


def _by_numbers(numbered: str, text: str, said: Sequence[Word]) -> str:
    """The turn, codes that it counted or told by their minutes by their numbers."""
    told_so = [w for w in said if w.part is Part.CODE]
    if not told_so or len(said) == len(told_so) or all(w.code in numbered for w in told_so):
        return text
    return " ".join(w.code or w.said for w in said)
