"""Complete schemas for the MCP tools: a plain description of every field, however deep it lies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_ATTRIBUTE = re.compile(r"^ {4}(\w+): (.+(?:\n {8,}.+)*)", re.M)

# What the nouns' own docstrings leave to the name.
_FIELDS = {
    "activity": "The words for what the patient did.",
    "add_on": "Whether it is an add-on code.",
    "block": "Clock time of the stretch, where known.",
    "by": "Who gave the minutes.",
    "code": "Five-character procedure code.",
    "date_of_service": "The day of the visit, YYYY-MM-DD.",
    "discipline": "Whose plan of care the visit belongs to.",
    "end": "End, in minutes after midnight.",
    "locality": "Name of the payment locality.",
    "minutes": "Whole one-to-one minutes.",
    "modifiers": "Two-character modifiers in billing order.",
    "mp": "Factor for malpractice.",
    "payer": "Payer id, such as medicare; see therapy://payers.",
    "pe": "Factor for practice expense.",
    "services": "Each code's minutes by one clinician.",
    "setting": "Which of the two edit tables applies.",
    "start": "Start, in minutes after midnight.",
    "statement": "Id of the statement that carries it; see therapy://statements/{id}.",
    "text": "The sentence.",
    "units": "Units billed.",
    "why": "Reasons for the line; may be left empty.",
    "work": "Factor for work.",
}
_VALUES = {  # what a mapping's values may be, where its type says only text
    ("choose_code", "answers"): {"type": "string", "enum": ["yes", "no"]},
}


def complete(tool: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The tool's schema, each property described.

    Raises:
        KeyError: a field has no description anywhere; the message names it.
    """
    for noun in schema.get("$defs", {}).values():
        told, attributes = _split(noun.get("description", ""))
        noun["description"] = told
        for name, field in noun.get("properties", {}).items():
            if "description" not in field:
                field["description"] = attributes.get(name) or _FIELDS[name]
    for name, field in schema.get("properties", {}).items():
        if (tool, name) in _VALUES:
            field["additionalProperties"] = _VALUES[tool, name]
    return schema


def undescribed(schema: dict[str, Any]) -> Iterator[str]:
    """Properties at any depth without a description, or without a type."""
    nouns = {name: noun.get("properties", {}) for name, noun in schema.get("$defs", {}).items()}
    for owner, properties in {"": schema.get("properties", {}), **nouns}.items():
        for name, field in properties.items():
            typed = any(key in field for key in ("type", "anyOf", "$ref", "enum", "allOf"))
            if not field.get("description") or not typed:
                yield f"{owner}.{name}"


def _split(docstring: str) -> tuple[str, dict[str, str]]:
    """What a noun is, and what each of its attributes is, from its docstring."""
    told, _, attributes = docstring.partition("Attributes:\n")
    found = {name: " ".join(text.split()) for name, text in _ATTRIBUTE.findall(attributes)}
    return told.strip(), {name: text[0].upper() + text[1:] for name, text in found.items()}
