"""What is held on a payer, in words: each value with its date, and what to ask it."""

from __future__ import annotations

from datetime import date

from assistant.knowledge import Payer, value_id
from assistant.plain_reader.parts import Parts

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


def tell(parts: Parts, payer: Payer, words: str, day: date) -> None:
    """Add all that is held on a payer; a kind of payer without values says nothing.

    Args:
        words: the payer as the user named it, for one that we hold nothing on.
    """
    if payer.kind == "other" and not payer.values:
        return
    name = payer.name if payer.values else words
    items = []
    for key in payer.values:
        value = payer.on(key, day)
        if value is None or key == "still_edits":
            continue
        mark = parts.worksheet.mark(value_id(f"payer:{payer.id}/{key}", value))
        seen = f"as of {value.as_of or value.start}"
        items.append(f"- {PAYER_KEYS[key]}: {_shown(value.value)} ({seen}){mark}")
    if items:
        parts.say(f"**{name}**, as far as was seen; a plan's contract overrides it", *items)
    missing = [PAYER_KEYS[k] for k in ASKED_OF_PAYERS if k not in payer.values]
    if missing:
        parts.say(f"Not known here, so ask {name}: {'; '.join(missing)}.")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value == "cms":
        return "all timed minutes together (CMS)"
    if value == "ama":
        return "each code alone (midpoint)"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).rstrip(".")
