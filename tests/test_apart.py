"""The built-in part in a process of its own: the same answers, whatever becomes of the process."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psutil
import pytest

from assistant.answering import Assistant
from assistant.apart import Apart, FailedApart
from assistant.conversation import Inquiry
from assistant.errors import LibraryError
from assistant.library.found import Only
from assistant.library.store import FILE

TODAY = date(2026, 11, 2)
CONVERSATIONS = (
    ("97530 x 23 and 97110 x 8, Medicare, PT",),
    ("97530 x 23 and 97110 x 8, Medicare, PT", "the PTA did the last 8"),
    ("How often is a progress report due?",),
    ("Mrs. Margaret Miller, DOB 3/4/1950: 97535 25 min",),
    ("",),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def apart(folder: Path) -> Iterator[Assistant]:
    made = Assistant.open(folder, apart=True)
    yield made
    made.close()


def readers() -> list[psutil.Process]:
    """The processes that read for this one."""
    ours = {child.pid for child in multiprocessing.active_children()}
    return [one for one in psutil.Process().children() if one.pid in ours]


def killed() -> None:
    for one in readers():
        one.kill()
        one.wait(30)


@pytest.mark.parametrize("said", CONVERSATIONS)
def test_answers_are_those_of_this_process(apart: Assistant, folder: Path, said) -> None:
    inquiry = Inquiry(said, TODAY)
    assert apart.answer(inquiry) == Assistant.open(folder).answer(inquiry)


def test_passages_are_those_of_this_process(apart: Assistant, folder: Path) -> None:
    only = Only(codes=("97535",))
    asked = {"k": 3, "codes": ("97535",), "only": only}
    found = apart.search("home management training", **asked)
    assert found == Assistant.open(folder).search("home management training", **asked)
    assert found.passages
    assert apart.retrieval.note.startswith("By words alone")


def test_one_that_was_killed_is_begun_anew(apart: Assistant) -> None:
    inquiry = Inquiry(CONVERSATIONS[0], TODAY)
    before = apart.answer(inquiry)
    killed()
    assert apart.answer(inquiry) == before
    assert len(readers()) == 1


def test_closed_it_ends_and_may_be_asked_again(apart: Assistant) -> None:
    apart.answer(Inquiry(CONVERSATIONS[0], TODAY))
    apart.close()
    assert not readers()
    assert apart.answer(Inquiry(CONVERSATIONS[0], TODAY)).claims


def test_one_that_ends_at_every_question_is_said(folder: Path, monkeypatch) -> None:
    monkeypatch.setenv("ASSISTANT_LOCAL", str(folder / "nowhere"))  # it cannot begin
    broken = Apart(folder)
    with pytest.raises(FailedApart) as raised:
        broken.read(Inquiry(("shoulder pulleys 97110",), TODAY))
    broken.close()
    assert "ended" in raised.value.kind
    assert "pulleys" not in str(raised.value)


def test_what_fails_there_is_told_by_its_place_alone(folder: Path) -> None:
    made = Apart(folder)
    with pytest.raises(FailedApart) as raised:
        made.read(Inquiry((97110,), TODAY))  # type: ignore[arg-type]
    made.close()
    assert raised.value.kind == "TypeError"
    assert ".py:" in raised.value.places


def test_a_store_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database " * 100)
    made = Apart(tmp_path)
    with pytest.raises(LibraryError, match="cannot be used as the store"):
        made.search("progress report", 5, (), None)
    made.close()


ASKS_AND_STAYS = """
import time
from datetime import date
from pathlib import Path
from assistant.answering import Assistant
from assistant.conversation import Inquiry
if __name__ == "__main__":
    Assistant.open(Path({folder!r}), apart=True).answer(Inquiry(("97530 x 23",), date(2026, 11, 2)))
    print("answered", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a kill without notice")
def test_it_ends_with_a_page_that_was_killed(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "page.py"
    script.write_text(ASKS_AND_STAYS.format(folder=str(folder)))
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as page:
        assert page.stdout is not None
        assert page.stdout.readline() == b"answered\n"
        (reader,) = [
            one
            for one in psutil.Process(page.pid).children()
            if "spawn_main" in " ".join(one.cmdline())
        ]
        os.kill(page.pid, signal.SIGKILL)
    for _ in range(100):
        if not reader.is_running() or reader.status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.1)
    reader.kill()
    pytest.fail("the reader's process outlived the page")
