"""Styles of notes and single lines with identifiers, and scenarios without; see templates.yaml."""

from __future__ import annotations

from pathlib import Path

import yaml

_READ = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
NOTES: tuple[str, ...] = tuple(_READ["notes"])
LINES: tuple[str, ...] = tuple(_READ["lines"])
CLEAN: tuple[str, ...] = tuple(_READ["clean"])
