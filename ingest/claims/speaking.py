"""Of whom a sentence speaks, and whether it says a thing or denies, asks or recalls it."""

from __future__ import annotations

import re

_MEDICARE = re.compile(
    r"(?i)\b(?:medicare(?! advantage)|CMS|NCCI|MPFS|physician fee schedule|MACs?)\b"
)
_OTHER_PAYER = re.compile(
    r"(?i)\b(?:payers?|insurers?|plans?(?! of care)|carriers?|commercial|aetna|anthem|cigna|humana"
    r"|uhc|united ?health\w*|blue ?cross|bcbs|tricare|medicaid|workers'? comp\w*"
    r"|our (?:plan|policy)|kaiser|optum)\b"
)
_DENIES = re.compile(
    r"(?i)\b(?:wrong(?:ly)?|incorrect(?:ly)?|mistaken(?:ly)?|myth|errors?|false|do not bill"
    r"|don't bill|avoid|contrary|misread|are said|is said|(?:another|one|a third) says?"
    r"|some (?:say|pages|guides|publish\w+)"
    r"|published (?:page|example)s?)\b"
    r"|\b(?:an?|one|another|other|some|many|older) (?:[\w-]+ ){0,3}?"
    r"(?:sites?|pages?|guides?|articles?|blogs?|vendors?)\b|\?\s*\Z"
)
_PAST = re.compile(
    r"(?i)\b(?:previous(?:ly)?|former(?:ly)?|used to|no longer|ended|deleted|withdrawn|retired"
    r"|repealed|eliminated|abolished|removed|expired|before|until|was|were|had|history|historical"
    r"|since|void\w*)\b"
)


def names_medicare(text: str) -> bool:
    """Whether Medicare, or what is Medicare's, is named."""
    return bool(_MEDICARE.search(text))


def names_another_payer(text: str) -> bool:
    """Whether payers in general or another one by name are spoken of."""
    return bool(_OTHER_PAYER.search(text))


def wavers(text: str) -> bool:
    """Whether a sentence calls its own statement wrong, reports it, or asks."""
    return bool(_DENIES.search(text))


def recalls(text: str) -> bool:
    """Whether a sentence speaks of what was, not of what is."""
    return bool(_PAST.search(text))
