"""The commands, on a data folder of its own, and a Chroma server for several processes."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.library import Kind, Library
from assistant.library.locking import FileLock
from assistant.library.store import FILE
from ingest.building import LOCK_FILE
from tests.built import ingest
from tests.papers import LATIN, LETTER, write


def test_building_again_changes_nothing(data: Path):
    before = (data / FILE).read_bytes()
    done = ingest(data, "build")
    assert "nothing to do" in done.stdout
    assert (data / FILE).read_bytes() == before


def test_add_list_show_remove(data: Path, tmp_path: Path):
    folder = tmp_path / "letters"
    folder.mkdir()
    write(folder / "letter.md", LETTER)
    write(folder / "latin.txt", LATIN)
    done = ingest(data, "add", folder)
    assert done.returncode == 1
    assert "1 added, 0 unchanged, 0 skipped, 1 failed" in done.stdout
    assert "latin.txt: is not UTF-8" in done.stderr

    library = Library(data)
    found = library.search(
        "how many days to send treatment notes to the plan", payer="example-plan"
    )
    assert found.mode == "fused"
    assert found.passages[0].text.startswith("Send the treatment notes within ten days")
    library.close()

    name = "document:provider-letter-on-modifier-59"
    assert name in ingest(data, "list").stdout
    shown = ingest(data, "show", name).stdout
    assert "Our plan asks for modifier 59 on 97530" in shown
    assert ingest(data, "remove", name).returncode == 0
    assert "No documents were added" in ingest(data, "list").stdout
    library = Library(data)
    assert library.search("how many days to send treatment notes").mode == "fused"
    assert all(one.kind is not Kind.DOCUMENT for one in library.search(LETTER).passages)
    library.close()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("show", "nothing"), "There is no document and no passage nothing"),
        (("remove", "nothing"), "There is no document nothing"),
        (("remove", "kx-modifier"), "Remove its file under knowledge_base"),
        (("add", "/no/such/file.txt"), "is not a file"),
    ],
)
def test_what_cannot_be_done_is_said(data: Path, arguments: tuple[str, ...], reason: str):
    done = ingest(data, *arguments)
    assert done.returncode == 1
    assert reason in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_one_ingest_at_a_time(data: Path):
    lock = FileLock(data / LOCK_FILE)
    assert lock.take()
    done = ingest(data, "build")
    lock.release()
    assert done.returncode == 1
    assert "Another ingest is at work" in done.stderr


def test_a_search_that_goes_on_during_a_build_follows_to_the_new_index(data: Path, tmp_path: Path):
    library = Library(data)
    assert library.search("8 minute rule").mode == "fused"
    write(tmp_path / "letter.md", LETTER)
    assert ingest(data, "add", tmp_path / "letter.md").returncode == 0
    found = library.search(
        "how many days to send treatment notes to the plan", payer="example-plan"
    )
    assert found.mode == "fused"
    assert found.passages[0].kind is Kind.DOCUMENT
    assert ingest(data, "build").returncode == 0
    library.close()
    assert ingest(data, "remove", found.passages[0].document).returncode == 0
    assert len([one for one in (data / "index").iterdir() if one.is_dir()]) == 1


FIND = """
from pathlib import Path
from assistant.library import Library
found = Library(Path({!r})).search("when do I need the KX modifier")
print(found.mode, found.passages[0].document)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A Chroma server of our own, as docker-compose.yml starts one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    command = [chroma, "run", "--path", tmp_path / "served", "--host", "127.0.0.1"]
    process = subprocess.Popen(
        [*map(str, command), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(timeout=20)


def test_a_chroma_server_serves_more_than_one_process(
    data: Path, server: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ASSISTANT_CHROMA_URL", server)
    assert "new index serves" in ingest(data, "build").stdout
    assert "nothing to do" in ingest(data, "build").stdout
    both = [
        subprocess.Popen([sys.executable, "-c", FIND.format(str(data))], stdout=-1, text=True)
        for _ in range(2)
    ]
    assert [one.communicate(timeout=60)[0] for one in both] == ["fused kx-modifier\n"] * 2


def test_a_chroma_server_that_does_not_answer_is_said(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ASSISTANT_CHROMA_URL", "http://127.0.0.1:9")
    done = ingest(data, "build")
    assert done.returncode == 1
    assert "ASSISTANT_CHROMA_URL" in done.stderr
    assert "Traceback" not in done.stderr
    command = [sys.executable, "-c", FIND.format(str(data))]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout == "lexical kx-modifier\n"
