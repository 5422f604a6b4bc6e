"""The chat: asking, continuing, and what is never lost or doubled."""

import re
from datetime import date
from pathlib import Path

import pytest
from chatting import FIRST, FRAGMENT, begin, cells, page
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from assistant.conversation import AnswerKind, Inquiry
from web.chat.conversations import LONGEST_MESSAGE, Conversations, new_id
from web.chat.examples import EXAMPLES


class TestChat:
    def test_first_visit_shows_four_examples_for_each_role(self, client: TestClient) -> None:
        html = client.get("/").text
        assert all(len(questions) == 4 for questions in EXAMPLES.values())
        assert html.count('class="example"') == 16

    @pytest.mark.parametrize("question", [q for role in EXAMPLES.values() for q in role])
    def test_every_example_gets_a_useful_answer(self, assistant: Assistant, question: str) -> None:
        answer = assistant.answer(Inquiry((question,), date(2026, 11, 21)))
        assert answer.kind in (AnswerKind.CLAIM, AnswerKind.CODE_CHOICE, AnswerKind.GUIDANCE)
        assert answer.citations

    def test_the_claim_stands_as_a_claim_form_carries_it(self, client: TestClient) -> None:
        assert cells(page(client)) == [["97110", "GP", "1", "10"], ["97530", "GP", "1", "20"]]

    def test_a_published_example_that_differs_is_said(self, client: TestClient) -> None:
        html = page(client)
        assert "Published otherwise" in html
        assert "/disputes/" in html

    def test_a_message_continues_its_conversation(self, client: TestClient) -> None:
        where = begin(client, "33 min 97110 and 7 min 97140, PT, Medicare")
        assert cells(client.get(where).text)[1][0] == "97140"
        said = {"position": "1", "text": "The payer counts each code alone."}
        html = client.post(f"{where}/messages", data=said).text
        last = html[html.index('id="m2"') :]
        assert cells(last) == [["97110", "GP", "2", "33"]]

    def test_a_script_receives_only_what_its_page_does_not_show(self, client: TestClient) -> None:
        where = begin(client)
        said = {"position": "1", "text": "20 min of 97530"}
        reply = client.post(f"{where}/messages", data=said, headers=FRAGMENT)
        assert reply.text.count("<article") == 1
        assert "<html" not in reply.text
        assert 'id="m2"' in reply.text

    def test_a_message_sent_twice_is_kept_once(
        self, client: TestClient, kept: Conversations
    ) -> None:
        where = begin(client)
        for _ in range(2):
            said = {"position": "1", "text": "20 min of 97530"}
            client.post(f"{where}/messages", data=said)
        assert len(kept.get(where.rsplit("/", 1)[1]).exchanges) == 2

    def test_a_second_tab_loses_nothing(self, client: TestClient, kept: Conversations) -> None:
        where = begin(client)
        for text in ("20 min of 97530", "25 min of 97530"):
            reply = client.post(
                f"{where}/messages", data={"position": "1", "text": text}, headers=FRAGMENT
            )
        texts = [e.text for e in kept.get(where.rsplit("/", 1)[1]).exchanges]
        assert texts == [FIRST, "20 min of 97530", "25 min of 97530"]
        assert reply.text.count("<article") == 2

    def test_a_first_form_sent_twice_begins_one_conversation(
        self, client: TestClient, kept: Conversations
    ) -> None:
        form = {"id": new_id(), "text": FIRST}
        places = {str(client.post("/conversations", data=form).url) for _ in range(2)}
        assert len(places) == 1
        form["text"] = "20 min of 97530"
        assert str(client.post("/conversations", data=form).url) not in places
        assert len(kept.history()) == 2

    @pytest.mark.parametrize(
        ("text", "told"),
        [("", "Nothing was written"), ("  \n ", "Nothing was written"), ("7" * 100_000, "100,000")],
    )
    def test_an_unusable_message_is_said_and_not_lost(
        self, client: TestClient, kept: Conversations, text: str, told: str
    ) -> None:
        reply = client.post("/conversations", data={"text": text})
        assert reply.status_code == 422
        assert told in reply.text
        assert text.strip() in reply.text
        assert kept.history() == []
        where = begin(client)
        sent = {"position": "1", "text": text}
        assert told in client.post(f"{where}/messages", data=sent).text
        problem = client.post(f"{where}/messages", data=sent, headers=FRAGMENT)
        assert problem.headers["content-type"] == "application/problem+json"
        assert told in problem.json()["detail"]

    def test_the_longest_message_is_taken(self, client: TestClient) -> None:
        text = "20 min of 97530. " + "x" * (LONGEST_MESSAGE - 17)
        assert client.post("/conversations", data={"text": text}).status_code == 200

    def test_identifiers_are_masked_before_they_are_kept_and_it_is_said_once(
        self, client: TestClient, tmp_path: Path
    ) -> None:
        secret = "Patient John Smith, MRN 4471182, 20 min of 97530, Medicare, PT"
        where = begin(client, secret)
        said = {"position": "1", "text": "MRN 4471182 again, 25 min of 97530"}
        html = client.post(f"{where}/messages", data=said).text
        assert html.count("patient’s privacy") == 1
        assert "4471182" not in html
        stored = b"".join(file.read_bytes() for file in tmp_path.glob("kept.sqlite*"))
        assert b"20 min of 97530" in stored
        assert b"4471182" not in stored
        assert b"John Smith" not in stored

    def test_a_tie_is_offered_on_the_claim(self, client: TestClient) -> None:
        html = page(client, "12 min 97530, 9 min 97140, 9 min 97116, Medicare, PT")
        form = html[html.index('class="ask ties"') : html.index("<figure")]
        assert form.count('<button name="text"') == 2
        assert "97116" in form

    def test_questions_are_buttons_that_send_their_text(self, client: TestClient) -> None:
        where = begin(client, "15 minutes of squats, PT, Medicare")
        options = re.findall(r'<button name="text" value="([^"]+)"', client.get(where).text)
        assert "leg strength" in options
        said = {"position": "1", "text": "leg strength"}
        html = client.post(f"{where}/messages", data=said).text
        assert cells(html[html.index('id="m2"') :])[0][0] == "97110"
