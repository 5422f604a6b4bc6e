"""Vectors of texts that come with the program, made once and kept beside the embedder."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.library.embedder import FOLDER, Embedder
from assistant.library.guides import content_hash
from assistant.library.other_fields import OTHER_FIELDS

if TYPE_CHECKING:
    from assistant.library.embedder import Vectors


def other_vectors(data: Path, embedder: Embedder) -> Vectors:
    """One row for each question of another field."""
    return kept_vectors(data, embedder, "other_fields", OTHER_FIELDS)


def kept_vectors(data: Path, embedder: Embedder, name: str, texts: Sequence[str]) -> Vectors:
    """One row for each text; read where they were kept, or made and kept."""
    shape = (len(texts), embedder.card.dimensions)
    digest = content_hash(embedder.card.fingerprint, *texts)
    return kept(data, name, digest, shape, lambda: embedder.embed(texts))


def kept(
    data: Path, name: str, digest: str, shape: tuple[int, ...], make: Callable[[], Vectors]
) -> Vectors:
    """What was made before and kept beside the embedder, or is made and kept now.

    Args:
        digest: of all that it is made from; what was kept under that name for another is let go.
    """
    file = data / FOLDER / f"{name}-{digest[:12]}.npy"
    held = _read(file, shape)
    if held is None:
        held = make()
        _keep(file, held, name)
    return held


def _read(file: Path, shape: tuple[int, ...]) -> Vectors | None:
    import numpy as np

    try:
        held: Vectors = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return held if held.shape == shape and held.dtype == np.float32 else None


def _keep(file: Path, vectors: Vectors, name: str) -> None:
    """In place of what was kept before, whole or not at all.

    Without leave to write they are made again next time.
    """
    import numpy as np

    half = file.with_suffix(f".{os.getpid()}")
    try:
        with half.open("wb") as opened:
            np.save(opened, vectors)
        for old in file.parent.glob(f"{name}-*.npy"):
            old.unlink()
        half.replace(file)
    except OSError:
        half.unlink(missing_ok=True)
