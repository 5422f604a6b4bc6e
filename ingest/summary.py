"""What adding did as plain data, for the program that asked for it."""

from __future__ import annotations

from typing import Any

from ingest.adding import Added


def summary(added: Added) -> dict[str, Any]:
    """The documents added, unchanged, skipped and failed, with what was left out of them."""
    return {
        "added": [
            {"id": one.id, "title": one.title, "passages": len(passages)}
            for one, passages in added.documents
        ],
        "unchanged": list(added.unchanged),
        "skipped": [{"path": path, "reason": reason} for path, reason in added.skipped],
        "failed": [{"path": path, "reason": reason} for path, reason in added.failed],
        "notes": [{"path": path, "note": note} for path, note in added.notes],
    }
