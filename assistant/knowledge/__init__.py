"""The knowledge base as the rules see it; nothing else knows how its folder is laid out."""

from assistant.knowledge.base import Knowledge, load
from assistant.knowledge.lookups import SHIPPED_EDITS_END
from assistant.knowledge.nouns import (
    Code,
    Dated,
    Dispute,
    EditPair,
    Element,
    Guide,
    Locality,
    Modifier,
    Parameter,
    Payer,
    Requirements,
    Rvu,
    UnitLimit,
    value_id,
)
from assistant.knowledge.releases import Release, Table

__all__ = [
    "SHIPPED_EDITS_END",
    "Code",
    "Dated",
    "Dispute",
    "EditPair",
    "Element",
    "Guide",
    "Knowledge",
    "Locality",
    "Modifier",
    "Parameter",
    "Payer",
    "Release",
    "Requirements",
    "Rvu",
    "Table",
    "UnitLimit",
    "load",
    "value_id",
]
