"""A reply's Markdown as the two forms that are sent: plain text, and simple HTML."""

from __future__ import annotations

import hashlib
import re

from web.markdown import to_html

_HEADING = re.compile(r"(?m)^#{1,6} +(.*)$")
_EMPHASIS = re.compile(r"\*\*([^*]+)\*\*|(?<![\w*])_([^_\n]+)_(?!\w)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>-])")


def plain(body: str) -> str:
    """The body as plain text: emphasis taken off, headings underlined, tables as they stand."""
    text = _HEADING.sub(lambda m: f"{m[1]}\n{'-' * len(m[1])}", body)
    text = _EMPHASIS.sub(lambda m: m[1] or m[2], text)
    return _ESCAPED.sub(r"\1", text).strip() + "\n"


def html(body: str) -> str:
    """The body as an HTML page without styles or scripts, whatever stands in it."""
    inner = str(to_html(body)).replace(
        "<table>", '<table border="1" cellpadding="6" cellspacing="0">'
    )
    head = '<head><meta charset="utf-8"><title>Reply</title></head>'
    return f'<!DOCTYPE html>\n<html lang="en">{head}\n<body>\n{inner}</body></html>\n'


def body_hash(body: str, text: str, page: str) -> str:
    """SHA-256 over body, text and HTML: what an approval names."""
    parts = (part.encode("utf-8") for part in (body, text, page))
    return hashlib.sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts)).hexdigest()
