"""Finds the passages of guides and documents that answer a question, and says where they stand."""

from assistant.library.finding import Library
from assistant.library.nouns import (
    Document,
    Kind,
    Passage,
    Reference,
    Search,
    Sentence,
)

__all__ = ["Document", "Kind", "Library", "Passage", "Reference", "Search", "Sentence"]
