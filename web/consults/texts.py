"""Bytes of unknown making as text that can be stored, shown and sent on."""

from __future__ import annotations

import codecs
import re
from email.errors import HeaderParseError
from email.header import decode_header

LONGEST_HEADER = 10_000  # characters that are looked at

# What a declared name really means to the programs that write it (WHATWG Encoding, names and
# labels): Windows' supersets of what they claim.
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "x-mac-roman": "mac-roman",
    "unicode-1-1-utf-7": "utf-7",
}
# Codecs of Python's that are no charset of a mail, or take time by the square of the length.
_NO_CHARSET = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]")
# Marks that are not seen and could hide what a figure is, or turn the order of what is read.
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def clean(text: str) -> str:
    """The text with `\\n` line ends, without NUL, other controls, lone surrogates, unseen marks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _UNSEEN.sub("", _CONTROL.sub("", text)).replace("\u00a0", " ")


def one_line(text: str, most: int = 500) -> str:
    """The text cleaned, as one line of at most so many characters."""
    line = " ".join(clean(text[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def decode(content: bytes, charset: str) -> tuple[str, str]:
    """The text, and a note where it is not in the charset that it declares.

    In order: the declared charset, UTF-8, Windows-1252, and at last what can be read with the
    rest replaced. Never raises.
    """
    declared = charset.strip("\"' \t").lower()[:40]
    text = _exactly(content, _MEANT.get(declared, declared or "ascii"))
    if text is not None:
        return text, ""
    text = _exactly(content, "utf-8")
    if text is None:
        text = _exactly(content, "cp1252")
    note = f"Its text is not in the character set it declares ({_shown(declared)})."
    if text is None:
        return content.decode("cp1252", "replace"), note + " Some characters are lost."
    return text, note if declared else ""


def _shown(charset: str) -> str:
    return re.sub(r"[^\w.:-]", "?", charset) or "none"


def _exactly(content: bytes, charset: str) -> str | None:
    try:
        if codecs.lookup(charset).name.replace("-", "_") in _NO_CHARSET:
            return None
        return content.decode(charset)
    except (LookupError, ValueError, RecursionError):  # bytes.decode refuses what is no text codec
        return None


def header_text(value: str) -> str:
    """A header's value as parsed from bytes, its encoded words decoded (RFC 2047), on one line."""
    value = _from_bytes(value[:LONGEST_HEADER])
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):  # an encoded word whose base64 is broken
        pieces = [(value, None)]
    said = (
        piece if isinstance(piece, str) else decode(piece, charset or "utf-8")[0]
        for piece, charset in pieces
    )
    return one_line("".join(said), LONGEST_HEADER)


def _from_bytes(value: str) -> str:
    """8-bit characters, which the parser keeps as surrogates, as text."""
    value = re.sub(r"[\r\n]+[ \t]*", " ", value)
    if value.isascii():
        return value
    return decode(value.encode("utf-8", "surrogateescape"), "utf-8")[0]
