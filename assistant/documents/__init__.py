"""Files and mails as text, for whoever takes them in."""

from assistant.documents.apart import Apart
from assistant.documents.errors import Unreadable, Unsupported
from assistant.documents.markup import text_of_html
from assistant.documents.nouns import PAGE_BREAK, Text
from assistant.documents.reading import READERS, decode, read_document

__all__ = [
    "PAGE_BREAK",
    "READERS",
    "Apart",
    "Text",
    "Unreadable",
    "Unsupported",
    "decode",
    "read_document",
    "text_of_html",
]
