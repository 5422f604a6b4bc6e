"""The questions of other fields as vectors, made once and kept beside the embedder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.library.embedder import FOLDER, Embedder
from assistant.library.guides import content_hash
from assistant.library.other_fields import OTHER_FIELDS

if TYPE_CHECKING:
    from assistant.library.embedder import Vectors


def other_vectors(data: Path, embedder: Embedder) -> Vectors:
    """One row for each question of another field; read where they were kept, or made and kept."""
    digest = content_hash(embedder.card.fingerprint, *OTHER_FIELDS)[:12]
    file = data / FOLDER / f"other_fields-{digest}.npy"
    held = _read(file, embedder)
    if held is None:
        held = embedder.embed(OTHER_FIELDS)
        _keep(file, held)
    return held


def _read(file: Path, embedder: Embedder) -> Vectors | None:
    import numpy as np

    try:
        held: Vectors = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = held.shape == (len(OTHER_FIELDS), embedder.card.dimensions)
    return held if fits and held.dtype == np.float32 else None


def _keep(file: Path, vectors: Vectors) -> None:
    """In place of what was kept before, whole or not at all.

    Without leave to write they are made again next time.
    """
    import numpy as np

    half = file.with_suffix(f".{os.getpid()}")
    try:
        with half.open("wb") as opened:
            np.save(opened, vectors)
        for old in file.parent.glob("other_fields-*.npy"):
            old.unlink()
        half.replace(file)
    except OSError:
        half.unlink(missing_ok=True)
