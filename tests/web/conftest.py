"""The application with the real assistant and a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chatting import ADDRESS
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from web.app import create_app
from web.chat.conversations import Conversations
from web.settings import Settings


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    made = Assistant.open(tmp_path_factory.mktemp("library"))
    yield made
    made.library.close()


@pytest.fixture
def client(assistant: Assistant, tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Settings(f"sqlite:///{tmp_path / 'kept.sqlite'}"), assistant)
    with TestClient(app, base_url=ADDRESS) as made:
        yield made
        app.state.parts.conversations._engine.dispose()


@pytest.fixture
def kept(client: TestClient) -> Conversations:
    return client.app.state.parts.conversations  # type: ignore[attr-defined]
