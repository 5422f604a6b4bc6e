"""The folder of tables, and the command that takes CMS's files in."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.__main__ import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tables"


@pytest.fixture
def take(folder: Path, capsys: pytest.CaptureFixture[str]):
    """Give files to the command; its exit status and everything it printed come back."""

    def run(*paths: Path, options: tuple[str, ...] = ()) -> tuple[int, str]:
        status = main(["cms", "--tables", str(folder), "--all", *options, *map(str, paths)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run
