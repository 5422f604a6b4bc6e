"""A store of passages in memory, and data folders to work on."""

from pathlib import Path

import pytest

from assistant.library.store import Store
from tests.built import copied, shipped


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shipped(tmp_path_factory.getbasetemp())


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    return copied(built, tmp_path / "data")


@pytest.fixture
def store() -> Store:
    return Store(None)
