"""Results as plain JSON data, for the trace and for other programs."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any


def to_data(value: Any) -> Any:
    """The value as JSON data: money and dates as text, enums by value, nouns as objects.

    Raises:
        TypeError: the value is of a kind that has no plain form.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal | date):
        return str(value)
    if hasattr(value, "to_dict"):
        return to_data(value.to_dict())
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_data(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(to_data(key)): to_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_data(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(to_data(item) for item in value)
    raise TypeError(f"{type(value).__name__} has no plain form.")
