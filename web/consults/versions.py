"""Which program and which knowledge stand behind an answer."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assistant.answering import Assistant

_KINDS = {".yaml", ".csv", ".md"}


def versions(assistant: Assistant) -> dict[str, str]:
    """Program, rules with their data, and who worded it, each as a short name."""
    knowledge = assistant.knowledge
    return {
        "program": _program(),
        "knowledge": knowledge_digest(knowledge.folder, knowledge.local),
        "engine": assistant.engine,
    }


def _program() -> str:
    try:
        return version("therapy-coding-assistant")
    except PackageNotFoundError:  # run from a copy that was never installed
        return "not installed"


@lru_cache(maxsize=8)
def knowledge_digest(folder: Path, local: Path | None) -> str:
    """Twelve characters that change whenever a file of the knowledge base does."""
    digest = hashlib.sha256()
    for root in filter(None, (folder, local)):
        for file in sorted(path for path in root.rglob("*") if path.suffix in _KINDS):
            content = file.read_bytes()
            digest.update(f"{file.relative_to(root)}:{len(content)}:".encode() + content)
    return digest.hexdigest()[:12]
