"""The application with the real assistant and a database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from chatting import ADDRESS, PASSWORD, sign_in
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from assistant.answering import Assistant
from web.access import OWNER, Person, Role
from web.accounts import passwords
from web.accounts.rates import Rates
from web.accounts.safety import Safety
from web.app import create_app
from web.chat.conversations import Conversations
from web.settings import Settings

expect.set_options(timeout=30_000)  # ms; nothing here is timed, and a machine may be busy


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    made = Assistant.open(tmp_path_factory.mktemp("library"))
    yield made
    made.library.close()


UNLIMITED = Rates(0, 0, 0)


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[PasswordHasher]:
    """Passwords are hashed with little work; the hasher that is used outside of tests."""
    real = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    yield real
    passwords._hasher = real


@pytest.fixture
def stranger(assistant: Assistant, tmp_path: Path) -> Iterator[TestClient]:
    """Nobody is signed in."""
    settings = Settings(f"sqlite:///{tmp_path / 'kept.sqlite'}", rates=UNLIMITED)
    app = create_app(settings, assistant)
    with TestClient(app, base_url=ADDRESS) as made:
        yield made
        app.state.safety.engine.dispose()


@pytest.fixture
def client(stranger: TestClient) -> TestClient:
    """The owner is signed in."""
    return sign_in(stranger)


@pytest.fixture
def safety(stranger: TestClient) -> Safety:
    return stranger.app.state.safety  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def mary(safety: Safety) -> Person:
    """A member."""
    return safety.accounts.add(OWNER, "Mary Kay", Role.MEMBER, PASSWORD).person


@pytest.fixture
def kept(client: TestClient) -> Conversations:
    return client.app.state.parts.conversations  # type: ignore[attr-defined]
