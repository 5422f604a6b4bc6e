"""What a program that was killed left behind does not stay: the file was not masked yet."""

from __future__ import annotations

import os
import time
from pathlib import Path

from web.accounts.audit import Audit
from web.database.engine import open_database
from web.knowledge.intake import INCOMING, Intake


def test_files_of_a_killed_job_go_at_the_next_start(tmp_path: Path) -> None:
    old, young = tmp_path / INCOMING / "old", tmp_path / INCOMING / "young"
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "letter.txt").write_text("Jane Doe, born 3/4/1951", encoding="utf-8")
    an_hour_ago = time.time() - 3600
    os.utime(old, (an_hour_ago, an_hour_ago))
    engine = open_database(f"sqlite:///{tmp_path / 'kept.sqlite'}")
    Intake(tmp_path, Audit(engine))
    engine.dispose()
    assert not old.exists()
    assert young.exists()  # another process may be reading it
