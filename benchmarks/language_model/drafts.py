"""Messages, and honest drafts of answers to them: every sentence says what the answer holds."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date

from assistant.conversation import Answer, Claim, Line

TODAY = date(2026, 11, 21)
CODES = ("97110", "97112", "97116", "97530", "97535", "97140", "97113")
RULES = (
    "what is the KX threshold for 2026?",
    "what were the KX thresholds in earlier years?",
    "can I bill 97530 and 97140 together?",
    "what must the note show for 97530?",
    "how does the 8-minute rule work?",
    "difference between 97530 and 97535",
    "how often is a progress report due?",
    "do I need 59 for 97530 with 97116?",
    "what does CQ do to payment?",
    "when does modifier CO apply?",
    "how is 97150 billed with 97110?",
    "squats and stairs",
    "how many units are 38 minutes?",
)
WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]


def messages(rng: random.Random, how_many: int) -> Iterator[str]:
    """Visits of one to four codes, and questions on rules."""
    for n in range(how_many):
        if n % 6 == 5:
            yield RULES[(n // 6) % len(RULES)]
            continue
        codes = rng.sample(CODES, rng.choice((1, 2, 2, 3, 3, 4)))
        told = " and ".join(f"{rng.randint(4, 45)} min {code}" for code in codes)
        discipline = rng.choice(("PT", "PT", "OT"))
        who = f", the {discipline}A did all of the {codes[0]}" if rng.random() < 0.25 else ""
        payer = rng.choice(("Medicare", "Medicare", "Medicare", "Aetna", "Cigna"))
        day = rng.choice(("", f" on {rng.randint(1, 10)}/{rng.randint(1, 28)}/2026"))
        spent = rng.choice(("", "", f". ${rng.randint(10, 40) * 100} used this year"))
        yield f"{told}{who}, {payer}, {discipline}{day}{spent}"


def units(n: int) -> str:
    return "1 unit" if n == 1 else f"{n} units"


def line(one: Line) -> str:
    modifiers = f" with {', '.join(one.modifiers)}" if one.modifiers else ""
    return f"{one.code} × {one.units}{modifiers}"


def in_words(n: int) -> str:
    return WORDS[n] if n < len(WORDS) else str(n)


Sayer = Callable[[Claim, random.Random], str]


def _single(claim: Claim, rng: random.Random) -> Line | None:
    """A line whose code stands on no other line."""
    codes = [n.code for n in claim.lines]
    ones = [n for n in claim.lines if codes.count(n.code) == 1]
    return rng.choice(ones) if ones else None


def total(claim: Claim, rng: random.Random) -> str:
    if not claim.total_timed_minutes:
        return ""
    minutes, earned = claim.total_timed_minutes, units(claim.timed_units)
    if claim.counting_rule != "cms":
        return f"The timed minutes are {minutes} in all."
    return rng.choice(
        (
            f"The {minutes} timed minutes earn {earned}.",
            f"Together that is {minutes} minutes, which makes {earned}.",
            f"In total, {earned} can be billed for {minutes} timed minutes.",
            f"The day's total of {minutes} minutes allows {in_words(claim.timed_units)} "
            f"{'unit' if claim.timed_units == 1 else 'units'}.",
        )
    )


def own_units(claim: Claim, rng: random.Random) -> str:
    one = _single(claim, rng)
    if one is None:
        return ""
    counted = f"{in_words(one.units)} {'unit' if one.units == 1 else 'units'}"
    return rng.choice(
        (
            f"{one.code} earns {units(one.units)}.",
            f"So {one.code} gets {counted}.",
            f"You can bill {counted} of {one.code}.",
            f"For {one.code} that comes to {units(one.units)}.",
        )
    )


def own_minutes(claim: Claim, rng: random.Random) -> str:
    one = _single(claim, rng)
    if one is None or one.minutes is None:
        return ""
    return rng.choice(
        (
            f"You gave {one.minutes} minutes of {one.code}.",
            f"{one.code} was given for {one.minutes} minutes and earns {units(one.units)}.",
            f"With {one.minutes} minutes, {one.code} earns {units(one.units)}.",
        )
    )


def whole_lines(claim: Claim, rng: random.Random) -> str:
    if not claim.lines:
        return ""
    told = rng.choice(("; ", " and ", ", then ")).join(line(one) for one in claim.lines)
    return f"{rng.choice(('Bill', 'The claim shows', 'Put down'))} {told}."


def filled_lines(claim: Claim, rng: random.Random) -> str:
    if not claim.lines:
        return ""
    return rng.choice((f"Bill {{{{line {claim.lines[0].code}}}}}.", "In short: {{bill}}"))


def modifier(claim: Claim, rng: random.Random) -> str:
    for one in claim.lines:
        for sign in one.modifiers:
            if sign in ("CQ", "CO"):
                return f"{sign} goes on {one.code}, since the assistant gave those minutes."
            if sign in ("GP", "GO") and rng.random() < 0.5:
                return f"{one.code} carries {sign} because of the plan of care."
    return ""


def money(claim: Claim, rng: random.Random) -> str:
    paid = claim.payment
    if not paid:
        return ""
    return rng.choice(
        (
            f"Medicare allows ${paid['total_allowed']}, pays ${paid['medicare_pays']}, and the "
            f"patient owes ${paid['patient_pays']}.",
            f"The estimate is ${paid['total_allowed']} allowed; Medicare's share is "
            f"${paid['medicare_pays']}.",
            "The allowed amount is {{allowed}}.",
        )
    )


def day(claim: Claim, rng: random.Random) -> str:
    if not claim.date_of_service:
        return ""
    on = date.fromisoformat(claim.date_of_service)
    return rng.choice(
        (
            f"This is for the visit of {on:%B} {on.day}, {on.year}.",
            f"The date of service is {on.isoformat()}.",
        )
    )


def kx(claim: Claim, rng: random.Random) -> str:
    held = claim.threshold
    if not held or "threshold" not in held:
        return ""
    return f"The amount for the year is ${held['threshold']}."


SAYERS: tuple[Sayer, ...] = (
    total, own_units, own_units, own_minutes, whole_lines, filled_lines, modifier, money, day, kx,
)  # fmt: skip
CLOSINGS = (
    "Check the contract where the payer is not Medicare.",
    "The minutes decide, not the wish.",
    "Document what each code was for.",
    "If the payer counts differently, its own rule applies.",
    "Anything still open is asked below.",
)


def from_answer(answer: Answer, rng: random.Random) -> str:
    """A sentence of the built-in wording or of a citation, word for word, with its number."""
    quotes = [f"{c.quote} [{c.n}]" for c in answer.citations if c.quote]
    own = [
        text.lstrip("- ")
        for text in answer.text.split("\n")
        if len(text) > 30 and not text.startswith(("**", "#")) and text.endswith((".", "]"))
    ]
    return rng.choice(quotes + own) if quotes + own else ""


def honest(answer: Answer, rng: random.Random) -> str:
    """A draft of two to six sentences, each true of the answer."""
    said: list[str] = []
    if len(answer.claims) == 1:
        sayers = rng.sample(SAYERS, rng.randint(2, 5))
        said += [text for sayer in sayers if (text := sayer(answer.claims[0], rng))]
    said += [from_answer(answer, rng) for _ in range(rng.randint(0 if said else 1, 2))]
    if rng.random() < 0.5:
        said.append(rng.choice(CLOSINGS))
    said = [text for text in dict.fromkeys(said) if text]
    rng.shuffle(said)
    return rng.choice((" ", "\n\n", "\n- ")).join(said)
