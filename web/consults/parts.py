"""The parts of a mail: which are its text, which came along, and what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message

import nh3

from assistant.documents import text_of_html
from web.consults.headers import Headers
from web.consults.texts import clean, decode, header_text, one_line

DEEPEST = 20  # parts within parts
MOST_PARTS = 200
LONGEST_TEXT = 200_000  # characters of a letter
LONGEST_HTML = 1_000_000
_BOUNDARY = re.compile(rb"(?i)boundary(?:\*\d*\*?)?\s*=\s*\"?([^\"\s;]{1,70})")
_MOST_BOUNDARIES = 100
_MOST_PIECES = 4_000
_MOST_LINE_CHECKS = 30_000_000  # lines times boundaries; the standard parser tries each on each

_STUB = re.compile(r"(?i)\b(?:html|view this|e-?mail client)\b")
_MOST_TAGS = 20_000  # mending unclosed ones takes time by their square
_SILENT = {"script", "style", "title", "template", "noscript", "svg", "iframe"}
_TAGS = {*nh3.ALLOWED_TAGS, "body", "html", "section", "main", "form", "address", "label"} - _SILENT


@dataclass(frozen=True, slots=True)
class File:
    """A part that came along, not yet read."""

    name: str
    content_type: str
    content: bytes
    mail: Message | None = None


@dataclass(slots=True)
class Contents:
    """What a mail holds, in its order.

    Attributes:
        sealed: why its text cannot be read ("It is encrypted (S/MIME)."); "" where it can.
        methods: what calendar parts ask for ("REQUEST", "REPLY").
    """

    texts: list[str] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sealed: str = ""
    methods: list[str] = field(default_factory=list)
    count: int = 0

    @property
    def text(self) -> str:
        """All texts, one below the other, as one that can be stored."""
        whole = "\n\n".join(one.strip("\n") for one in self.texts if one.strip())
        return whole[:LONGEST_TEXT]

    def note(self, sentence: str) -> None:
        """Keep a sentence for the reviewer, once."""
        if sentence and sentence not in self.notes:
            self.notes.append(sentence)


def message_of(raw: bytes) -> Message | None:
    """The parsed mail; None where parsing it would take out of all bounds."""
    boundaries = set(_BOUNDARY.findall(raw))
    lines_checked = len(boundaries) * raw.count(b"\n")
    if len(boundaries) > 1 and lines_checked > _MOST_LINE_CHECKS:
        return None
    if len(boundaries) > _MOST_BOUNDARIES:
        return None
    if sum(raw.count(b"\n--" + one) for one in boundaries) > _MOST_PIECES:
        return None
    try:
        return message_from_bytes(raw, policy=policy.compat32)
    except (RecursionError, ValueError, LookupError, TypeError, AssertionError):
        return None


def contents(message: Message) -> Contents:
    """What the mail holds. Never raises."""
    found = Contents()
    _take(message, found, 0)
    if sum(map(len, found.texts)) > LONGEST_TEXT:
        found.note(f"Its text is longer than {LONGEST_TEXT:,} characters; the rest was cut.")
    return found


def _take(part: Message, found: Contents, depth: int) -> None:
    found.count += 1
    if depth > DEEPEST or found.count > MOST_PARTS:
        found.note("It has too many parts within parts; not all were read.")
        return
    kind = content_type(part)
    if part.is_multipart() and kind.startswith("multipart/"):
        _take_parts(part, kind, found, depth)
    elif part.is_multipart() and kind == "message/rfc822":
        found.files.append(File(_name(part) or "forwarded mail.eml", kind, b"", _inner(part)))
    elif part.is_multipart():  # message/delivery-status: blocks of headers
        found.texts += [] if depth else [""]
    else:
        _take_leaf(part, kind, found)


def _take_parts(part: Message, kind: str, found: Contents, depth: int) -> None:
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    if kind == "multipart/alternative":
        _take_alternative(children, found, depth)
    elif kind == "multipart/signed":
        found.note("It is signed; the signature was not checked.")
        for child in children[:1]:
            _take(child, found, depth + 1)
    elif kind == "multipart/encrypted":
        found.sealed = "It is encrypted (PGP)."
    else:
        for child in children:
            _take(child, found, depth + 1)


def _take_alternative(children: list[Message], found: Contents, depth: int) -> None:
    """One of several forms of the same: plain text, unless it says nothing itself."""
    made: list[Contents] = []
    for child in children:
        one = Contents(count=found.count)
        _take(child, one, depth + 1)
        found.count = one.count
        made.append(one)
    best = next((one for one in made if _speaks(one.text)), None)
    best = best or next((one for one in made if one.text.strip()), None)
    for one in made:
        found.files += one.files
        found.methods += one.methods
        found.sealed = found.sealed or one.sealed
        for sentence in one.notes if one is best else ():
            found.note(sentence)
    if best:
        found.texts += best.texts


def _speaks(text: str) -> bool:
    """Whether a plain form is more than a pointer to the HTML form."""
    return bool(text.strip()) and not (len(text) < 200 and _STUB.search(text))


def _take_leaf(part: Message, kind: str, found: Contents) -> None:
    name, headers = _name(part), Headers(part)
    attached = headers.text("content-disposition").lower().startswith("attachment")
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        signed = "signed" in str(part.get("content-type", "")).lower()
        how = "signed in a way that hides its text" if signed else "encrypted"
        found.sealed = f"It is {how} (S/MIME)."
    elif kind == "text/calendar":
        _take_calendar(part, name, found)
    elif kind in ("text/plain", "text/html", "text/enriched") and not attached and not name:
        _take_text(part, kind, found)
    elif kind != "application/pgp-signature" and "pkcs7-signature" not in kind:
        found.files.append(File(name or _unnamed(kind), kind, payload(part)))


def _take_calendar(part: Message, name: str, found: Contents) -> None:
    content = payload(part)
    method = re.search(rb"(?im)^METHOD:(\w+)", content)
    found.methods.append(method[1].decode("ascii", "replace").upper() if method else "")
    found.files.append(File(name or "invitation.ics", "text/calendar", content))


def _take_text(part: Message, kind: str, found: Contents) -> None:
    text, note = decode(payload(part), parameter(part, "charset"))
    found.note(note)
    if kind == "text/plain":
        text = clean(text)
        if parameter(part, "format").lower() == "flowed":
            text = unflowed(text, parameter(part, "delsp").lower() == "yes")
        if "-----BEGIN PGP MESSAGE-----" in text:
            found.sealed = "It is encrypted (PGP)."
    else:
        text = html_text(text)
    found.texts.append(text)


def html_text(html: str) -> str:
    """What HTML says, as clean text; what its sender hides from a reader is left out."""
    html = html[:LONGEST_HTML]
    if html.count("<") > _MOST_TAGS:
        return clean(re.sub(r"<[^<>]{0,500}>", " ", html))
    # Mended first: the time of html.parser on broken tags grows with the square of the length.
    mended = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_SILENT,
        attributes={"*": {"style", "hidden", "aria-hidden", "role"}},
        link_rel=None,
    )
    return clean(text_of_html(mended)[0])


def unflowed(text: str, joined: bool) -> str:
    """Text of `format=flowed` with its paragraphs put together (RFC 3676 §4)."""
    lines: list[str] = []
    flowing = ""
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        said = line[depth:].removeprefix(" ")
        flows = said.endswith(" ") and said != "-- "
        if flowing and _depth(lines[-1]) == depth and said != "-- ":
            lines[-1] += said.rstrip(" ") if joined and flows else said
        else:
            lines.append(f"{'>' * depth} {said}" if depth else said)
        flowing = "yes" if flows else ""
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in lines)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(">"))


def content_type(part: Message) -> str:
    """The part's kind in lower case; text/plain where it names none that can be read."""
    try:
        return one_line(part.get_content_type(), 100)
    except (ValueError, TypeError, IndexError, AttributeError):
        return "text/plain"


def parameter(part: Message, name: str) -> str:
    """A parameter of the part's Content-Type; "" where there is none."""
    try:
        value = part.get_param(name, "")
    except (ValueError, TypeError, IndexError, LookupError, AttributeError):
        return ""
    return str(value[2] if isinstance(value, tuple) else value or "")


def payload(part: Message) -> bytes:
    """The part's bytes, decoded as far as they can be."""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, TypeError, LookupError, AssertionError, IndexError):
        content = None
    if isinstance(content, bytes):
        return content
    raw = part.get_payload()
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def _name(part: Message) -> str:
    """The file name as its sender wrote it, as one line that is no path; "" for none."""
    try:
        name = part.get_filename("") or ""
    except (ValueError, TypeError, LookupError, IndexError, AttributeError):
        name = ""
    name = header_text(str(name))
    return one_line(re.split(r"[/\\]", name)[-1], 120).strip(". ")


def _unnamed(kind: str) -> str:
    main, _, sub = kind.partition("/")
    return f"unnamed.{'txt' if sub == 'plain' else sub}" if main == "text" else "unnamed"


def _inner(part: Message) -> Message | None:
    inner = part.get_payload()
    return inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], Message) else None


def every_part(message: Message) -> Iterator[Message]:
    """The mail and its parts, from the outermost inwards, as many as are looked at."""
    waiting = [message]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        yield part
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting += [child for child in inner if isinstance(child, Message)]
