"""The JSON routes."""

import json
from datetime import date

import pytest
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from web.chat.conversations import answers


class TestApi:
    def test_ask_gives_the_answer_of_the_contract(
        self, client: TestClient, assistant: Assistant
    ) -> None:
        body = {"messages": ["33 min 97110 and 7 min 97140, PT", "Medicare"]}
        given = client.post("/api/ask", json=body).json()
        held = assistant.answer(Inquiry(tuple(body["messages"]), date.today()))
        assert given == json.loads(answers.dump_json(held))
        assert [line["units"] for line in given["claims"][0]["lines"]] == [2, 1]

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"messages": []},
            {"messages": [" "]},
            {"messages": ["x" * 20_001]},
            {"messages": "20 min"},
            {"messages": ["20 min of 97530"], "discipline": "MD"},
            {"messages": ["20 min of 97530"], "model": "x"},
        ],
    )
    def test_bad_bodies_are_problems(self, client: TestClient, body: dict[str, object]) -> None:
        reply = client.post("/api/ask", json=body)
        assert reply.status_code == 422
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.json().keys() == {"type", "title", "status", "detail"}

    def test_a_body_beyond_a_megabyte_is_refused(self, client: TestClient) -> None:
        reply = client.post("/api/ask", content=b"x" * 1_100_000)
        assert reply.status_code == 413
        assert reply.json()["status"] == 413

    def test_health_says_when_it_is_ready(self, client: TestClient) -> None:
        assert client.app.state.parts.readiness.wait(30)  # type: ignore[attr-defined]
        reply = client.get("/health")
        assert reply.status_code == 200
        assert reply.json()["ready"] is True
        assert reply.json()["retrieval"] in ("fused", "lexical")

    def test_the_routes_describe_themselves(self, client: TestClient) -> None:
        described = client.get("/api/openapi.json").json()
        assert {"/api/ask", "/api/review", "/health"} <= set(described["paths"])
        assert "HTTPValidationError" not in described["components"]["schemas"]
