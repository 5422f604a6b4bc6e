"""Payer profiles: what we, or a clinic, know of one payer, each value dated and sourced."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import KnowledgeError
from assistant.knowledge.nouns import Dated, Payer
from assistant.knowledge.reading import Fields, read_yaml

KINDS = (
    *("medicare", "medicare-advantage", "medicaid", "commercial", "military", "workers-comp"),
    "other",
)


def payers(paths: Sequence[Path]) -> Mapping[str, Payer]:
    """`payers/*.yaml`: id to profile."""
    found = {}
    for path in paths:
        fields = Fields(read_yaml(path), f"payers/{path.name}")
        payer = Payer(
            id=fields.text("id"),
            name=fields.text("name"),
            aliases=tuple(alias.lower() for alias in fields.texts("aliases")),
            kind=fields.text("kind"),
            values=_payer_values(fields.any("values") or {}, fields.where),
            note=fields.text("note", optional=True),
        )
        fields.end()
        if payer.kind not in KINDS:
            raise KnowledgeError(
                f"{fields.where}: kind is {payer.kind!r}, not one of {', '.join(KINDS)}."
            )
        found[payer.id] = payer
    return found


_PAYER_KEYS = frozenset(
    {
        *("counting_rule", "daily_unit_limit", "daily_limit_text", "edits", "still_edits"),
        *("modifier_59", "modifier_order", "discipline_modifiers", "assistant_modifiers"),
        *("assistant_payment_share", "mppr", "authorisation"),
    }
)


def _payer_values(raw: Any, where: str) -> Mapping[str, tuple[Dated, ...]]:
    if not isinstance(raw, Mapping) or not all(isinstance(v, list) for v in raw.values()):
        raise KnowledgeError(f"{where}: values is not a mapping of keys to lists of dated values.")
    unknown = raw.keys() - _PAYER_KEYS
    if unknown:
        raise KnowledgeError(f"{where}: unknown key {', '.join(sorted(map(str, unknown)))}.")
    return {
        key: tuple(_payer_value(item, key, f"{where}: {key}") for item in values)
        for key, values in raw.items()
    }


def _payer_value(raw: Any, key: str, where: str) -> Dated:
    fields = Fields(raw, where)
    found = Dated(
        value=fields.any("value"),
        start=fields.day("from"),
        until=fields.day("until"),
        source=fields.text("source"),
        locator=fields.text("locator", optional=True),
        certainty=fields.certainty(),
        note=fields.text("note", optional=True),
        as_of=fields.text("as_of", optional=True),
    )
    fields.end()
    if found.start is None and not found.as_of:
        raise KnowledgeError(f"{where}: has neither a first day nor a day on which it was seen.")
    if key in _SHAPES and not _SHAPES[key][0](found.value):
        raise KnowledgeError(f"{where}: is {found.value!r}, not {_SHAPES[key][1]}.")
    return found


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_limit(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_order(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(m, str) and len(m) == 2 for m in value)


def _are_edits(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(edit, Mapping)
        and edit.keys() == {"pair", "on"}
        and isinstance(edit["pair"], list)
        and len(edit["pair"]) == 2
        and str(edit["on"]) in map(str, edit["pair"])
        for edit in value
    )


_SHAPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "counting_rule": (("cms", "ama").__contains__, "cms or ama"),
    "daily_unit_limit": (_is_limit, "a whole number of units"),
    "discipline_modifiers": (_is_flag, "true or false"),
    "assistant_modifiers": (_is_flag, "true or false"),
    "modifier_order": (_is_order, "a list of two-character modifiers, each in quotes"),
    "still_edits": (_are_edits, "a list of {pair: [code, code], on: one of the two}"),
}
