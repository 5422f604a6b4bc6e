"""The knowledge base as the rules see it; nothing else knows how its folder is laid out."""

from assistant.knowledge.base import Knowledge, load
from assistant.knowledge.nouns import (
    Code,
    Dated,
    Dispute,
    EditPair,
    Element,
    Guide,
    Modifier,
    Parameter,
    Payer,
    Requirements,
    Rvu,
    UnitLimit,
    value_id,
)

__all__ = [
    "Code",
    "Dated",
    "Dispute",
    "EditPair",
    "Element",
    "Guide",
    "Knowledge",
    "Modifier",
    "Parameter",
    "Payer",
    "Requirements",
    "Rvu",
    "UnitLimit",
    "load",
    "value_id",
]
