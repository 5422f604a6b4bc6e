"""What the chat shows of a language model: what it read, that it was asked, and what it used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chatting import ADDRESS, begin, sign_in
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from assistant.llm_agent import model_settings
from benchmarks.language_model.provider_faults import GOOD
from benchmarks.language_model.scripted_model import Reply, Server, reads, scripted_model
from web.accounts.rates import Rates
from web.app import create_app
from web.settings import Settings

READ = reads(
    {"code": "97110", "minutes": 10, "words": "10 min 97110"},
    {"code": "97530", "minutes": 20, "words": "20 min 97530"},
    visit=[{"about": "discipline", "value": "OT", "words": "97530"}],
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with scripted_model() as running:
        yield running


@pytest.fixture(scope="module")
def with_model(server: Server, assistant: Assistant) -> Iterator[Assistant]:
    model = model_settings("openai:scripted", {"ASSISTANT_MODEL_URL": server.address})
    made = Assistant(assistant.knowledge, assistant.library, model)
    yield made
    made.close()


@pytest.fixture
def chat(with_model: Assistant, tmp_path: Path) -> Iterator[TestClient]:
    """The owner is signed in; a model words the answers."""
    app = create_app(
        Settings(f"sqlite:///{tmp_path / 'kept.sqlite'}", rates=Rates(0, 0, 0)), with_model
    )
    with TestClient(app, base_url=ADDRESS) as made:
        yield sign_in(made)
        app.state.safety.engine.dispose()


def test_what_the_model_read_stands_on_the_page_and_what_it_used_below(
    server: Server, chat: TestClient
) -> None:
    server.replies(READ, GOOD)
    where = begin(chat)
    page = chat.get(where).text
    assert "Read in your message" in page
    assert "97530 20 minutes: “20 min 97530”" in page
    assert (
        "discipline" not in page.split("Read in your message")[1][:300]
    )  # its words do not say so
    trace = chat.get(f"{where}/messages/0/trace").text
    assert "Read and worded by: openai:scripted." in trace
    assert "was asked 2 times: 1,800 tokens read, 120 written." in trace
    assert "tokens used today." in trace


def test_a_draft_that_was_not_shown_is_told(server: Server, chat: TestClient) -> None:
    server.replies(READ, Reply("Bill 97530 × 3."))
    where = begin(chat)
    trace = chat.get(f"{where}/messages/0/trace").text
    assert "Read and worded by: the built-in reader." in trace
    assert "2 of its drafts not shown." in trace
    assert "This is the built-in wording" in chat.get(where).text
