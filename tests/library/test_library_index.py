"""The index and the embedder: missing, held by another, damaged; what opening costs."""

import os
import random
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from assistant.errors import LibraryError
from assistant.library import Library
from assistant.library.embedder import FOLDER, SentenceTransformersEmbedder, model_folder
from assistant.library.embedder import open_embedder as open_onnx
from assistant.library.others import other_vectors
from assistant.library.store import FILE, Store
from tests.built import copied

SAME_DAY = "Can I bill 97110 and 97530 on the same day? Do I need 59?"


def test_nothing_built_yet_finds_the_shipped_guides_by_words(unbuilt: Library):
    found = unbuilt.search(SAME_DAY)
    assert found.mode == "lexical"
    assert "python -m ingest build" in found.note
    assert found.passages[0].document == "bill-97110-and-97530-same-day"
    assert found.passages[0].sentences[0].refs
    assert not (unbuilt.folder / FILE).exists()


def test_an_index_that_another_process_has_open_is_said_and_words_still_find(
    built: Path, tmp_path: Path
):
    data = copied(built, tmp_path / "data")
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD.format(str(data))],
        stdin=subprocess.PIPE,
        stdout=-1,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "fused"
        second = Library(data)
        found = second.search(SAME_DAY)
        assert found.mode == "lexical"
        assert "nother process" in found.note
        assert found.passages[0].document == "bill-97110-and-97530-same-day"
    finally:
        holder.communicate("done\n", timeout=30)
    second._retry_at = 0.0
    assert second.search(SAME_DAY).mode == "fused"
    second.close()
    third = Library(data)  # in the process that had it open before
    assert third.search(SAME_DAY).mode == "fused"
    third.close()


_HOLD = """
import sys
from pathlib import Path
from assistant.library import Library
library = Library(Path({!r}))
print(library.search("8 minute rule").mode, flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize(
    "harm", ["removed", "emptied", "garbage", "crashed", "embedder", "pointer"]
)
def test_a_bad_index_is_said_and_words_still_find(built: Path, tmp_path: Path, harm: str):
    data = copied(built, tmp_path / "data")
    folder = next(one for one in (data / "index").iterdir() if one.is_dir())
    database = folder / "chroma.sqlite3"
    store = Store(data / FILE)
    pointer = store.pointer()
    assert pointer is not None
    if harm == "removed":
        subprocess.run(["rm", "-r", str(folder)], check=True)
    elif harm == "emptied":
        database.unlink()
    elif harm == "garbage":
        database.write_bytes(os.urandom(50_000))
    elif harm == "crashed":  # a process died while it opened a bad index
        (data / "index" / f"{folder.name}.opening").touch()
        database.write_bytes(os.urandom(50_000))
    elif harm == "embedder":
        subprocess.run(["rm", "-r", str(data / FOLDER)], check=True)
    else:
        store.point_to(replace(pointer, fingerprint="0" * 12))
    library = Library(data)
    found = library.search(SAME_DAY)
    assert found.mode == "lexical"
    assert found.note.startswith("By words alone: ")
    assert "python -m ingest build" in found.note
    assert found.passages[0].document == "bill-97110-and-97530-same-day"
    library.close()


def test_a_crash_while_opening_is_looked_into_and_a_whole_index_serves(built: Path, tmp_path: Path):
    data = copied(built, tmp_path / "data")
    folder = next(one for one in (data / "index").iterdir() if one.is_dir())
    mark = data / "index" / f"{folder.name}.opening"
    mark.touch()
    library = Library(data)
    assert library.search(SAME_DAY).mode == "fused"
    assert not mark.exists()
    library.close()


def test_a_file_that_is_no_store_of_ours_is_refused(tmp_path: Path):
    (tmp_path / FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(LibraryError, match="cannot be used as the store"):
        Library(tmp_path).search("8 minute rule")


def test_answering_imports_neither_torch_nor_transformers(built: Path, tmp_path: Path):
    data = copied(built, tmp_path / "data")
    probe = (
        "import sys; from pathlib import Path; from assistant.library import Library; "
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'chromadb', 'onnxruntime'}; "
        "print(sorted(heavy & set(sys.modules))); "
        f"print(Library(Path({str(data)!r})).search('8 minute rule').mode); "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:3] == ["[]", "fused", "['chromadb', 'onnxruntime']"]


@pytest.mark.filterwarnings("default")
def test_onnx_and_sentence_transformers_give_the_same_vectors(built: Path):
    texts = [SAME_DAY, "8", "Strength, range and flexibility of the shoulder. " * 80]
    onnx = open_onnx(built).embed(texts)
    original = SentenceTransformersEmbedder(model_folder(), None).embed(texts)
    assert (onnx * original).sum(axis=1).min() > 0.9999


def test_vectors_of_other_fields_are_kept_and_made_again_where_the_file_is_bad(
    built: Path, tmp_path: Path
):
    data = copied(built, tmp_path / "data")
    embedder = open_onnx(data)
    made = other_vectors(data, embedder)
    file = next((data / FOLDER).glob("other_fields-*.npy"))
    assert (other_vectors(data, embedder) == made).all()
    file.unlink()  # it may be linked to what other tests share
    file.write_bytes(b"not an array")
    (data / FOLDER / "other_fields-000000000000.npy").write_bytes(b"of an older list")
    assert (other_vectors(data, embedder) == made).all()
    assert len(list((data / FOLDER).glob("other_fields-*"))) == 1


def test_an_index_that_ends_its_process_leaves_a_page_standing(built: Path, tmp_path: Path):
    data = copied(built, tmp_path / "data")
    (vectors,) = (data / "index").glob("*/*/data_level0.bin")
    size = vectors.stat().st_size
    vectors.unlink()  # it may be linked to what other tests share
    vectors.write_bytes(random.Random(1).randbytes(size))
    page = Assistant.open(data, apart=True)
    answer = page.answer(Inquiry((SAME_DAY,), date(2026, 11, 2)))
    assert answer.citations
    assert page.retrieval.mode == "lexical"
    assert "python -m ingest build" in page.retrieval.note
    page.close()
