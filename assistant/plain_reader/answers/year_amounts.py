"""The year's amounts, KX or review, where a question gives no patient's dollars."""

from __future__ import annotations

import re
from datetime import date

from assistant.errors import NotInForce
from assistant.patterns import regex
from assistant.plain_reader.answers.parts import Parts
from assistant.tools import BillingTools

KX_AMOUNTS = ("medicare/kx_threshold_pt_slp", "medicare/kx_threshold_ot")
REVIEW_AMOUNT = ("medicare/targeted_review_threshold",)
_OF_REVIEW = regex(r"review|3,?000\b|\b3k\b", re.I)


def tell(parts: Parts, text: str, day: date, tools: BillingTools) -> bool:
    """Say the amounts in force on a day, or that none is held; False where none is."""
    items, known = [], False
    for name in REVIEW_AMOUNT if _OF_REVIEW.search(text) else KX_AMOUNTS:
        try:
            held = parts.worksheet.call(tools.look_up_value, name=name, date_of_service=day)
        except NotInForce as error:
            items.append(f"- {error}")
            continue
        known = True
        items += [f"- {r.text}{parts.worksheet.mark(r.statement)}" for r in held.because]
    parts.say(*items)
    return known
