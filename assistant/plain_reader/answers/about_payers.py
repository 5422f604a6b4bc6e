"""What is held on a payer, in words: each value with its date, and what to ask it."""

from __future__ import annotations

import re
from datetime import date

from assistant.knowledge import Payer, value_id
from assistant.patterns import regex
from assistant.plain_reader.answers.parts import Parts

PAYER_KEYS = {
    "counting_rule": "counting rule (all timed minutes together, or each code alone)",
    "daily_unit_limit": "most timed units a day",
    "daily_limit_text": "daily limit",
    "edits": "edit table in use",
    "modifier_59": "59 or X modifiers, and on which line",
    "discipline_modifiers": "GP, GO and GN wanted",
    "assistant_modifiers": "CQ and CO wanted",
    "assistant_payment_share": "share paid for assistants",
    "mppr": "payment reduction for several procedures",
    "authorisation": "authorization",
    "modifier_order": "order of modifiers",
}
ASKED_OF_PAYERS = (
    "counting_rule",
    "daily_unit_limit",
    "modifier_59",
    "discipline_modifiers",
    "assistant_modifiers",
    "authorisation",
)


_ASKED = {  # what a question asks of a payer -> the keys that answer it
    ("counting_rule",): r"8[- ]?min|eight[- ]min|counting (?:rule|method)|midpoint|rule of eights"
    r"|\bcount\w* (?:units|minutes)|\bhow does \w+ count",
    (
        "daily_unit_limit",
        "daily_limit_text",
    ): r"\blimit|\bmax|\bcap\b|units? (?:a|per|each) (?:day|visit)"
    r"|how many units",
    ("modifier_59",): r"(?<!\d)59(?!\d)|\bx[epsu]\b|\bx modifiers?",
    ("edits",): r"\bncci\b|\bcci\b|\bedits?\b|\bbundl",
    ("discipline_modifiers",): r"\b(?:GP|GO|GN)\b|discipline modifier",
    ("assistant_modifiers", "assistant_payment_share"): r"\b(?:CQ|CO|pta|c?ota|assistants?)s?\b",
    ("mppr",): r"\bmppr\b|multiple procedure",
    ("authorisation",): r"authori[sz]ation|\bauth\b|precert|prior auth",
    ("modifier_order",): r"order of (?:the )?modifiers|modifier order|which modifier first",
}
_QUESTIONS = tuple((keys, regex(pattern, re.I)) for keys, pattern in _ASKED.items())


def asked_keys(text: str) -> list[str]:
    """What a question asks of a payer, as keys of its values."""
    return [key for keys, pattern in _QUESTIONS if pattern.search(text) for key in keys]


def tell(parts: Parts, payer: Payer, words: str, day: date, text: str) -> None:
    """Add what is held on a payer, what was asked first; nothing of a kind of payer without values.

    Args:
        words: the payer as the user named it, for one that we hold nothing on.
        text: the question.
    """
    if payer.kind == "other" and not payer.values:
        return
    name = payer.name if payer.values else words
    asked = asked_keys(text)
    held = [key for key in payer.values if key != "still_edits" and payer.on(key, day)]
    first = [key for key in asked if key in held]
    if first:
        parts.say(f"**{name}**, on what was asked", *(_item(parts, payer, k, day) for k in first))
    elif asked:
        parts.say(f"**Not known here for {name}**: {PAYER_KEYS[asked[0]]}. Ask the plan.")
    others = [key for key in held if key not in first]
    if others:
        also = ", what else was seen" if first else ", as far as was seen"
        items = [_item(parts, payer, key, day) for key in others]
        parts.say(f"**{name}**{also}; a plan's contract overrides it", *items)
    said = asked[:1] if asked and not first else []
    missing = [PAYER_KEYS[k] for k in ASKED_OF_PAYERS if k not in (*payer.values, *said)]
    if missing:
        also = "Nor is this known here" if said else "Not known here"
        parts.say(f"{also}, so ask {name}: {'; '.join(missing)}.")


def _item(parts: Parts, payer: Payer, key: str, day: date) -> str:
    value = payer.on(key, day)
    assert value is not None
    mark = parts.worksheet.mark(value_id(f"payer:{payer.id}/{key}", value))
    seen = value.as_of or value.start
    dated = "undated" if seen == "undated" else f"as of {seen}"
    return f"- {PAYER_KEYS[key]}: {_shown(key, value.value)} ({dated}){mark}"


def _shown(key: str, value: object) -> str:
    if key == "assistant_payment_share":
        return f"{float(str(value)):.0%}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value == "cms":
        return "all timed minutes together (CMS)"
    if value == "ama":
        return "each code alone (midpoint)"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).rstrip(".")
