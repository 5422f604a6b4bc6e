"""Operators that make an honest draft false; each gives None where it does not apply."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from assistant.conversation import Answer, Claim
from benchmarks.language_model.drafts import WORDS, in_words, line, units

Operator = Callable[[str, Answer, random.Random], "str | None"]
_UNITS = re.compile(r"(?:(?<=× )\d+|\b(?:\d+|[a-z]+)(?= units?\b))")
_CODE = re.compile(r"\b\d{5}\b")
_MONEY = re.compile(r"\$[\d,]+(?:\.\d\d)?")


def _claim(answer: Answer) -> Claim | None:
    return answer.claims[0] if len(answer.claims) == 1 and answer.claims[0].lines else None


def _true_units(claim: Claim) -> set[int]:
    """Every number of units that is true of something on the claim."""
    found = {claim.timed_units, sum(n.units for n in claim.lines)}
    for code in {n.code for n in claim.lines}:
        mine = [n.units for n in claim.lines if n.code == code]
        found |= {*mine, sum(mine)}
    for lines in claim.alternatives:
        found |= {n.units for n in lines}
    found |= set((claim.other_rule or {}).get("units", {}).values())
    return found


def _number(shown: str) -> int | None:
    if shown.isdigit():
        return int(shown)
    return WORDS.index(shown) if shown in WORDS else None


def _pick(pattern: re.Pattern[str], draft: str, rng: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(draft))
    return rng.choice(found) if found else None


def _put(draft: str, match: re.Match[str], new: str) -> str:
    return draft[: match.start()] + new + draft[match.end() :]


def _stated(answer: Answer, rng: random.Random) -> str | None:
    """A true sentence on one line, to be made false."""
    claim = _claim(answer)
    if claim is None:
        return None
    one = rng.choice(claim.lines)
    return rng.choice((f"{one.code} earns {units(one.units)}.", f"Bill {line(one)}."))


def unit_off(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """A unit more or fewer, of a line or of the total."""
    claim = _claim(answer)
    stated = _stated(answer, rng)
    if claim is None or stated is None:
        return None
    draft = f"{draft}\n\n{stated}"
    own = [m for m in _UNITS.finditer(draft) if _number(m.group()) is not None]
    if not own:
        return None
    match = rng.choice(own)
    new = (_number(match.group()) or 0) + rng.choice((-1, 1))
    if new < 0 or _is_true(draft, match, new, claim):
        return None
    return _put(draft, match, str(new) if match.group().isdigit() else in_words(new))


def _is_true(draft: str, match: re.Match[str], new: int, claim: Claim) -> bool:
    """Whether the sentence is true with the new number too."""
    start = max(draft.rfind(sign, 0, match.start()) for sign in (". ", "\n", "; "))
    sentence = draft[start + 1 : draft.find(".", match.end()) + 1 or len(draft)]
    codes = set(_CODE.findall(sentence))
    if not codes or len(codes) > 1:
        return new in _true_units(claim)
    mine = [n.units for n in claim.lines if n.code in codes]
    others = [n.units for lines in claim.alternatives for n in lines if n.code in codes]
    ruled = [(claim.other_rule or {}).get("units", {}).get(code) for code in codes]
    return new in {*mine, sum(mine), *others, *ruled}


def swapped_lines(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """Two lines with each other's units, minutes or modifiers."""
    claim = _claim(answer)
    if claim is None or len({n.code for n in claim.lines}) < 2:
        return None
    one, other = rng.sample(claim.lines, 2)
    if one.code == other.code or [n.code for n in claim.lines].count(one.code) > 1:
        return None
    if [n.code for n in claim.lines].count(other.code) > 1:
        return None
    kinds = []
    if one.units != other.units and not claim.alternatives and not claim.other_rule:
        kinds += [f"{one.code} earns {units(other.units)} and {other.code} {units(one.units)}."]
        kinds += [f"Bill {other.units} units of {one.code} and {one.units} units of {other.code}."]
    if one.minutes and other.minutes and one.minutes != other.minutes:
        kinds += [
            f"You gave {other.minutes} minutes of {one.code} and {one.minutes} minutes of "
            f"{other.code}.",
            f"{one.code} ({other.minutes} minutes), {other.code} ({one.minutes} minutes).",
        ]
    if set(one.modifiers) != set(other.modifiers) and one.units == other.units:
        wanted = ", ".join(other.modifiers) or "KX"
        kinds += [f"Bill {one.code} × {one.units} with {wanted}."]
    return f"{rng.choice(kinds)} {draft}" if kinds else None


def code_digit(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """A wrong digit in a code."""
    stated = _stated(answer, rng)
    if stated is None:
        return None
    match = _pick(_CODE, stated, rng)
    if match is None:
        return None
    at = rng.randrange(5)
    digit = rng.choice([d for d in "0123456789" if d != match.group()[at]])
    wrong = match.group()[:at] + digit + match.group()[at + 1 :]
    claim = _claim(answer)
    if claim and wrong in {n.code for n in claim.lines}:
        return None
    return f"{draft} {_put(stated, match, wrong)}"


def modifier_added(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """A modifier that no line has."""
    claim = _claim(answer)
    if claim is None:
        return None
    one = rng.choice(claim.lines)
    every = {m for n in claim.lines for m in n.modifiers}
    every |= {m for lines in claim.alternatives for n in lines for m in n.modifiers}
    sign = rng.choice(
        [m for m in ("59", "KX", "CQ", "CO", "XS", "GA", "AT", "76") if m not in every]
    )
    said = rng.choice(
        (
            f"Bill {one.code} × {one.units} with {', '.join([*one.modifiers, sign])}.",
            f"{one.code} needs {sign}.",
            f"Add modifier {sign} to {one.code}.",
            f"{one.code}-{sign} is what the claim shows.",
            f"Append {sign}.",
        )
    )
    return f"{draft} {said}"


def modifier_dropped(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """A line without one of its modifiers, or said to need none."""
    claim = _claim(answer)
    lines = [n for n in claim.lines if n.modifiers] if claim else []
    if not lines:
        return None
    one = rng.choice(lines)
    gone = rng.choice(one.modifiers)
    left = [m for m in one.modifiers if m != gone]
    if any(
        set(n.modifiers) == set(left) and n.units == one.units and n.code == one.code for n in lines
    ):
        return None
    with_left = f" with {', '.join(left)}" if left else ""
    said = rng.choice(
        (
            f"Bill {one.code} × {one.units}{with_left}.",
            f"Put down {one.code} x {one.units}{with_left} on the claim.",
            "No modifiers are needed here.",
            f"You can drop {gone}.",
            f"{one.code} goes without {gone}.",
        )
    )
    return f"{said} {draft}"


def wrong_year(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """The KX amount of another year, or another year for an amount."""
    amounts = {2022: "2,150", 2023: "2,230", 2024: "2,330", 2025: "2,410", 2026: "2,480"}
    year, other = rng.sample(sorted(amounts), 2)
    said = rng.choice(
        (
            f"In {year} the threshold is ${amounts[other]}.",
            f"The {year} amount is ${amounts[other]}.",
            f"The KX threshold was ${amounts[other]} in {year}.",
            f"For {year}, KX starts above ${amounts[other]}.00.",
        )
    )
    return f"{draft} {said}"


def money_digit(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """A wrong digit in an amount."""
    claim = _claim(answer)
    own = (
        [claim.payment["total_allowed"], claim.payment["medicare_pays"]]
        if claim and claim.payment
        else []
    )
    stated = f"${rng.choice(own)} is allowed or paid." if own else ""
    match = _pick(_MONEY, f"{draft} {stated}", rng)
    if match is None:
        return None
    digits = [n for n, ch in enumerate(match.group()) if ch.isdigit()]
    at = rng.choice(digits)
    new = rng.choice([d for d in "0123456789" if d != match.group()[at]])
    wrong = match.group()[:at] + new + match.group()[at + 1 :]
    if wrong.replace(",", "") in answer.text.replace(",", ""):
        return None
    return _put(f"{draft} {stated}", match, wrong)


def number_as_word(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """A wrong number, in words."""
    claim = _claim(answer)
    if claim is None:
        return None
    one = rng.choice(claim.lines)
    wrong = one.units + rng.choice((1, 2, 3))
    mine = [n.units for n in claim.lines if n.code == one.code]
    if wrong in {*mine, sum(mine)} or wrong in _true_units(claim):
        return None
    said = rng.choice(
        (
            f"{one.code} earns {in_words(wrong)} units.",
            f"Bill {in_words(wrong)} units of {one.code}.",
            f"{one.code} is billed {in_words(wrong)} times.",
            f"The visit makes {in_words(wrong)} units.",
            f"{one.code} gets {in_words(wrong)}.",
        )
    )
    return f"{draft} {said}"


def vague(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """An amount that is no number."""
    claim = _claim(answer)
    if claim is None:
        return None
    one = rng.choice(claim.lines)
    said = rng.choice(
        (
            f"{one.code} earns a couple of units.",
            f"Bill several units of {one.code}.",
            f"{one.code} was given for about {(one.minutes or 15)} minutes.",
            f"That is roughly {units(one.units)}.",
            f"You may bill a few units of {one.code}.",
            f"{one.code} gets an extra unit.",
            "Double the units where the work was hard.",
            f"Half of the minutes of {one.code} count twice.",
            f"Bill another unit of {one.code}.",
        )
    )
    return f"{said} {draft}"


def a_range(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """A range where one number holds."""
    claim = _claim(answer)
    if claim is None:
        return None
    one = rng.choice(claim.lines)
    more = one.units + 1
    said = rng.choice(
        (
            f"Bill {one.units}-{more} units of {one.code}.",
            f"{one.code} earns {one.units} to {more} units.",
            f"{one.code} earns {one.units}–{more} units.",
            f"{in_words(one.units).capitalize()} to {in_words(more)} units of {one.code} are fine.",
        )
    )
    return f"{draft} {said}"


def footnote(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """A footnote, or a note that does not exist."""
    claim = _claim(answer)
    mark = rng.choice(
        ("[^1]", "¹", "²", " [^note]: see the manual", f" [{len(answer.citations) + 1}]", "⁷")
    )
    if claim is None:
        return f"{draft}{mark}"
    one = rng.choice(claim.lines)
    return f"{draft} {one.code} earns {units(one.units)}{mark}."


def other_script(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """Digits of another script, or letters that look like digits."""
    stated = _stated(answer, rng)
    if stated is None:
        return None
    start = rng.choice((0x0660, 0x06F0, 0x0966, 0xFF10, 0x1D7CE, 0x2080, 0x0E50))
    table = {ord(str(d)): chr(start + d) for d in range(10)}
    changed = rng.choice(
        (
            stated.translate(table),
            stated.replace(
                re.findall(r"\d(?= units?|\b)", stated)[-1], chr(0x2460 + rng.randint(0, 8))
            ),
            _CODE.sub(lambda m: m.group()[:2] + "\u200b" + m.group()[2:], stated),
            stated.replace("0", "\u041e").replace("1", "l")
            if "0" in stated
            else stated.translate(table),
            _CODE.sub(lambda m: " ".join(m.group()), stated),
            stated.replace(" × ", " × I") if " × " in stated else "It earns III units.",
        )
    )
    return f"{draft} {changed}" if changed != stated else None


def invented_link(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """A link or address from nowhere."""
    said = rng.choice(
        (
            "See https://www.cms.gov/therapy-services for more.",
            "See [the manual](https://example.com/manual).",
            "See www.cms.gov/medicare.",
            "![chart](http://example.com/x.png)",
            "Write to help@cms-billing.org.",
            "See cms.gov for this.",
            "<a href='//example.com'>manual</a>",
            "Look at example dot com.",
            "[1]: http://example.com",
            "Call 1-800-633-4227.",
            "Write to 7500 Security Boulevard.",
            "See hxxps://evil.example/x",
            "javascript:alert(1)",
        )
    )
    return f"{draft}\n\n{said}"


def invented_citation(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """A source that the answer does not cite."""
    beyond = len(answer.citations) + rng.randint(1, 9)
    said = rng.choice(
        (
            f"That is the rule [{beyond}].",
            "That is the rule (42 CFR 410.60).",
            "It stands in chapter 19, §230.7 of the manual.",
            "CMS Transmittal 4567 says so.",
            "It stands in section 140.9 of the manual.",
            "See MLN Matters MM11055.",
            "The manual says “a unit may be billed at any time of the day”.",
        )
    )
    return f"{draft} {said}"


def minutes_off(draft: str, answer: Answer, rng: random.Random) -> str | None:
    """Minutes that nobody gave."""
    claim = _claim(answer)
    if claim is None:
        return None
    one = rng.choice(claim.lines)
    known = {int(n) for n in re.findall(r"\d+", answer.text)} | {n.minutes for n in claim.lines}
    wrong = (one.minutes or 15) + rng.choice((-7, -3, -1, 1, 2, 5, 10))
    if wrong < 1 or wrong in known:
        return None
    said = rng.choice(
        (
            f"You gave {wrong} minutes of {one.code}.",
            f"{one.code} ({wrong} minutes) stands on the claim.",
            f"It took {wrong} minutes.",
        )
    )
    return f"{draft} {said}"


OPERATORS: dict[str, Operator] = {
    "unit ± 1": unit_off,
    "swapped lines": swapped_lines,
    "code digit": code_digit,
    "modifier added": modifier_added,
    "modifier dropped": modifier_dropped,
    "wrong year's threshold": wrong_year,
    "money digit": money_digit,
    "number as word": number_as_word,
    "vague amount": vague,
    "range": a_range,
    "footnote": footnote,
    "other script": other_script,
    "invented link": invented_link,
    "invented citation": invented_citation,
    "minutes off": minutes_off,
}
