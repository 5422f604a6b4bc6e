"""What the admin's page says of the language model and of what it used."""

from datetime import date

import pytest
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from assistant.llm_agent import UseBook
from assistant.llm_agent.use import FILE, Use


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODEL", "ollama:scripted")
    monkeypatch.setenv("ASSISTANT_MODEL_DAY_TOKENS", "90000")


def test_the_days_use_is_shown(client: TestClient, assistant: Assistant) -> None:
    UseBook(assistant.library.folder).add(date.today(), "ollama:scripted", Use(2, 1200, 34))
    page = client.get("/admin").text
    assert "1,234 tokens used today of 90,000" in page


def test_a_book_that_cannot_be_read_is_said_and_breaks_nothing(
    client: TestClient, assistant: Assistant
) -> None:
    book = assistant.library.folder / FILE
    book.unlink(missing_ok=True)
    book.mkdir()
    try:
        page = client.get("/admin")
    finally:
        book.rmdir()
    assert page.status_code == 200
    assert "What it uses cannot be counted" in page.text
