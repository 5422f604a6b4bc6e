"""Files that cannot be read, or should not be: each gets a line, none stops the run."""

import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import pytest

from assistant.documents import Apart
from assistant.knowledge import load
from assistant.library.store import Store
from ingest.about import About
from ingest.adding import Added, add_files
from ingest.apart import Reading, reader_apart
from ingest.reading import LARGEST
from tests.bad_files import BAD, GOOD, LITTLE, NOBODY, bomb_pdf

pytest.importorskip("pdfplumber", reason="pip install '.[documents]'")
pytest.importorskip("docx", reason="pip install '.[documents]'")


def add(paths: list[Path], reader: Apart[Reading]) -> Added:
    return add_files(
        Store(None), paths, About(), today=date(2026, 11, 21), knowledge=load(), reader=reader
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Added, dict[str, str]]:
    """One run over all of them, a good file after each tenth; and the reasons by name."""
    folder = tmp_path_factory.mktemp("bad")
    paths = []
    for number, (name, (content, _)) in enumerate(BAD.items()):
        path = folder / name
        path.write_bytes(bomb_pdf() if name == "bomb.pdf" else content)
        paths.append(path)
        if number % 10 == 0:
            good = folder / f"good-{number}.txt"
            good.write_text(f"{GOOD} This is file {number}.")
            paths.append(good)
    found = add(paths, reader_apart(seconds=60, memory=LITTLE))
    return found, {Path(path).name: why for path, why in found.failed}


def test_there_are_enough_of_them():
    assert len(BAD) >= 60


@pytest.mark.parametrize("name", BAD)
def test_each_is_named_with_the_reason(ran: tuple[Added, dict[str, str]], name: str):
    _, reasons = ran
    assert BAD[name][1] in reasons[name]
    assert "\n" not in reasons[name]
    assert 8 <= len(reasons[name]) < 250


def test_none_stops_the_run(ran: tuple[Added, dict[str, str]]):
    found, reasons = ran
    assert set(reasons) == set(BAD)
    assert len(found.documents) == (len(BAD) + 9) // 10
    assert not found.skipped


def test_large_files_links_that_turn_in_circles_and_pipes(tmp_path: Path):
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "circle").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.txt")
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(200_000_000)
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    (tmp_path / "good.txt").write_text(GOOD)
    found = add([tmp_path, tmp_path / "missing.txt"], reader_apart())
    reasons = {Path(path).name: why for path, why in found.failed}
    assert reasons == {
        "gone.txt": "is not a file",
        "large.txt": f"is larger than {LARGEST // 1_000_000} MB; split it",
        "loop.txt": "is not a file",
        "missing.txt": "is not a file",
        "pipe.txt": "is not a file",
        "zero.txt": "is not a file",
    }
    assert [one.title for one, _ in found.documents] == ["good"]


def test_what_may_not_be_read_is_said():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "closed.txt").write_text(GOOD)
        (folder / "closed.txt").chmod(0)
        (folder / "inner").mkdir(mode=0)
        (folder / "good.txt").write_text(GOOD)
        reader = reader_apart()
        reader.read(b"Some words to begin with.", ".txt")  # starts before the rights go
        knowledge = load()
        assert knowledge.sources
        is_root = os.geteuid() == 0
        try:
            if is_root:
                os.seteuid(NOBODY)
            found = add_files(
                Store(None),
                [folder],
                About(),
                today=date(2026, 11, 21),
                knowledge=knowledge,
                reader=reader,
            )
        finally:
            if is_root:
                os.seteuid(0)
            (folder / "inner").chmod(0o755)
    reasons = {Path(path).name: why for path, why in found.failed}
    assert reasons == {
        "closed.txt": "cannot be read: Permission denied",
        "inner": "cannot be looked into: Permission denied",
    }
    assert len(found.documents) == 1


def test_a_file_that_takes_for_ever_is_given_up(tmp_path: Path):
    (tmp_path / "slow.html").write_text("<p>" * 300_000 + GOOD)
    (tmp_path / "good.txt").write_text(GOOD)
    with reader_apart(seconds=0.05) as hasty:
        hasty.close()
        found = add([tmp_path / "slow.html"], hasty)
    assert "took longer than" in found.failed[0][1]
    found = add([tmp_path / "slow.html", tmp_path / "good.txt"], reader_apart())
    assert not found.failed  # deep, but readable


def test_one_huge_line_is_cut_into_passages(tmp_path: Path):
    (tmp_path / "line.txt").write_text("Bill the units that the minutes allow, no more. " * 8_000)
    (tmp_path / "word.txt").write_text("x" * 300_000)
    found = add([tmp_path], reader_apart())
    assert [Path(path).name for path, _ in found.failed] == ["word.txt"]
    [(document, passages)] = found.documents
    assert len(document.text) > 300_000
    assert max(len(one.text.split()) for one in passages) <= 170


MEASURE = """
import resource, sys
from datetime import date
from pathlib import Path
from assistant.knowledge import load
from assistant.library.store import Store
from ingest.about import About
from ingest.adding import add_files
from ingest.apart import reader_apart
if __name__ == "__main__":
    found = add_files(Store(None), [Path(sys.argv[1])], About(), today=date(2026, 11, 21),
                      knowledge=load(), reader=reader_apart(memory=int(sys.argv[2])))
    # Not its own ru_maxrss: that counts what stood here before, the program that ran the tests.
    status = Path("/proc/self/status").read_text()
    ours = int(status.partition("VmHWM:")[2].split()[0])
    readers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(len(found.failed), len(found.documents), ours // 1024, readers // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded by Linux's own limits")
def test_memory_is_bounded(tmp_path: Path):
    folder = tmp_path / "bombs"
    folder.mkdir()
    (folder / "bomb.pdf").write_bytes(bomb_pdf())
    (folder / "bomb.docx").write_bytes(BAD["bomb.docx"][0])
    with (folder / "large.txt").open("wb") as file:
        file.truncate(200_000_000)
    (folder / "good.txt").write_text(GOOD)
    (tmp_path / "measure.py").write_text(MEASURE)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "measure.py"), str(folder), str(LITTLE)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    failed, added, ours, readers = map(int, done.stdout.split())
    assert (failed, added) == (3, 1)
    assert ours < 300  # MB
    assert readers < LITTLE // 1_000_000
