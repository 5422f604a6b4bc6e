"""A mail's headers: ids, addresses, subject and date, whatever stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from web.consults.texts import LONGEST_HEADER, header_text, one_line

MOST_IDS = 200
LONGEST_ID = 900  # a line of a mail holds 998 (RFC 5322 §2.1.1)
MOST_ADDRESSES = 100

_ID = re.compile(rf"<([!-;=?-~]{{1,{LONGEST_ID}}})>")
_BARE_ID = re.compile(r"\s*([!-;=?-~]+@[!-;=?-~]+)\s*\Z")
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}\Z"
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address of a header; `address` is "" where it could not be written to."""

    name: str
    address: str


class Headers:
    """The headers of a mail or of one of its parts; nothing here raises."""

    def __init__(self, message: Message) -> None:
        self._raw = [(name.lower(), str(value)) for name, value in message.raw_items()]

    def raw(self, name: str) -> list[str]:
        """Every value under that name, as it stands, cut where it is far too long."""
        return [value[:LONGEST_HEADER] for n, value in self._raw if n == name]

    def text(self, name: str) -> str:
        """The first value as a line of text; "" where there is none."""
        return next((header_text(value) for value in self.raw(name)), "")

    def names(self) -> set[str]:
        """The names that occur, in lower case."""
        return {name for name, _ in self._raw}

    def ids(self, name: str) -> tuple[str, ...]:
        """The message ids under that name, with angle brackets, each once."""
        return tuple(dict.fromkeys(_ids(self.raw(name))))[:MOST_IDS]

    def mailboxes(self, name: str) -> tuple[Mailbox, ...]:
        """The addresses under that name."""
        return tuple(_mailboxes(self.raw(name)))[:MOST_ADDRESSES]

    def date(self) -> datetime | None:
        """The date; None where none stands there that a calendar holds."""
        for value in self.raw("date"):
            try:
                found = parsedate_to_datetime(one_line(value, 100))
                aware = found if found.tzinfo else found.replace(tzinfo=UTC)
                return aware.astimezone(UTC)
            except (ValueError, TypeError, OverflowError, IndexError):
                continue
        return None


def _ids(values: list[str]) -> Iterator[str]:
    for value in values:
        found = _ID.findall(value)
        bare = _BARE_ID.match(value)
        if not found and bare and len(bare[1]) <= LONGEST_ID:
            found = [bare[1]]
        yield from (f"<{one}>" for one in found)


def _mailboxes(values: list[str]) -> Iterator[Mailbox]:
    # Taken apart before the names are decoded: an encoded name must not become an address.
    for value in values:
        try:
            pairs = getaddresses([re.sub(r"[\r\n]+[ \t]*", " ", value)])
        except (ValueError, IndexError, RecursionError, TypeError):
            continue
        for name, address in pairs:
            if name or address:
                yield Mailbox(one_line(header_text(name), 200), _usable(address))


def _usable(address: str) -> str:
    """The address with its domain in lower case; "" where no mail could be sent to it."""
    address = address.strip()
    if not _ADDRESS.match(address) or ".." in address or address.startswith("."):
        return ""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"
