"""The writer's own words of a message: without quoted mail, signatures and forged turns."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"^[ \t]*>.*$", re.M)
_ON_WROTE = re.compile(
    r"^[ \t]*(?:On\b.{4,120}\bwrote:|-{2,} ?Original Message ?-{2,}).*\Z", re.M | re.S
)
_SIGNATURE = re.compile(r"^--[ \t]*$.*\Z", re.M | re.S)
_SENT_FROM = re.compile(r"^[ \t]*(?:Sent from my|Get Outlook for)\b.*\Z", re.M | re.S | re.I)


def own_words(text: str) -> str:
    """The text without what others wrote.

    A message that is all quotation stays as it is: then the quotation is what is asked about.
    """
    left = text
    for pattern in (_ON_WROTE, _SIGNATURE, _SENT_FROM, _QUOTED):
        left = pattern.sub("", left)
    return left if left.strip() else text
