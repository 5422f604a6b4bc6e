"""Strict reading of knowledge files: an unknown key, a missing or ill-typed value stops."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import KnowledgeError
from assistant.evidence import Certainty

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path) -> Any:
    """The file's content; a syntax error names the file."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path.name}: cannot be read: {error}") from error
    return parse_yaml(text, path.name)


def parse_yaml(text: str, where: str) -> Any:
    """YAML text as plain data; a syntax error names where it stands."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise KnowledgeError(f"{where}: is not YAML: {error}") from error


def read_rows(path: Path, columns: frozenset[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The rows of a CSV with where each stands; its header must be exactly these columns."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if set(reader.fieldnames or ()) != columns:
            raise KnowledgeError(
                f"{path.name}: columns are {sorted(reader.fieldnames or ())}, "
                f"not {sorted(columns)}."
            )
        for number, row in enumerate(reader, start=2):
            if None in row or None in row.values():
                raise KnowledgeError(f"{path.name}:{number}: has too many or too few cells.")
            yield f"{path.name}:{number}", row


class Fields:
    """A mapping read key by key; what nobody asked for is an unknown key."""

    def __init__(self, raw: Any, where: str) -> None:
        if not isinstance(raw, Mapping):
            raise KnowledgeError(f"{where}: is not a mapping.")
        self._raw = dict(raw)
        self.where = where

    def _take(self, key: str) -> Any:
        return self._raw.pop(key, None)

    def text(self, key: str, *, optional: bool = False) -> str:
        """A string; missing or empty only where it is optional."""
        value = self._take(key)
        if value is None and optional:
            return ""
        if not isinstance(value, str | int | float | date) or (not optional and value == ""):
            raise KnowledgeError(f"{self.where}: {key} is missing or is not text.")
        return str(value).strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; missing means empty."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise KnowledgeError(f"{self.where}: {key} is not a list.")
        return tuple(str(item) for item in value)

    def flag(self, key: str) -> bool:
        """True or False; missing means False."""
        value = self._take(key)
        if value not in (None, True, False):
            raise KnowledgeError(f"{self.where}: {key} is neither true nor false.")
        return bool(value)

    def day(self, key: str) -> date | None:
        """A date, or None where missing or null."""
        return parse_day(self._take(key), f"{self.where}: {key}")

    def certainty(self, key: str = "certainty") -> Certainty:
        """How sure we are; it must be said."""
        return parse_certainty(self._take(key), self.where)

    def any(self, key: str, default: Any = None) -> Any:
        """The value as it stands."""
        return self._raw.pop(key, default)

    def end(self) -> None:
        """Refuse what is left over."""
        if self._raw:
            raise KnowledgeError(f"{self.where}: unknown key {', '.join(map(str, self._raw))}.")


def parse_day(value: Any, where: str) -> date | None:
    """An ISO date as text or as YAML reads it; empty means none."""
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise KnowledgeError(f"{where}: {value!r} is not a date.") from error


def parse_certainty(value: Any, where: str) -> Certainty:
    """One of the four words for how sure we are."""
    try:
        return Certainty(value)
    except ValueError as error:
        raise KnowledgeError(f"{where}: certainty is {value!r}.") from error


def parse_amount(value: str, where: str) -> Decimal:
    """A decimal number."""
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise KnowledgeError(f"{where}: {value!r} is not a number.") from error


def parse_count(value: str, where: str) -> int:
    """A whole number; empty means nought."""
    if value == "":
        return 0
    try:
        return int(value)
    except ValueError as error:
        raise KnowledgeError(f"{where}: {value!r} is not a whole number.") from error
