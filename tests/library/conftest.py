"""The shipped knowledge as a library: built, and not built yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.library import Library
from tests.built import shipped


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped knowledge, built; nobody changes it."""
    return shipped(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def library(built: Path) -> Iterator[Library]:
    library = Library(built)
    yield library
    library.close()


@pytest.fixture(scope="module")
def unbuilt(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("unbuilt"))
