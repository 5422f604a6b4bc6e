"""The note check: what is shown is marked, what is missing has a sentence to complete."""

import html
import re

from fastapi.testclient import TestClient

from assistant.answering import Assistant
from web.notes.marking import stretches
from web.notes.pages import checked

NOTE = (
    "Date: 11/20/2026. O: Ther ex (97110) shoulder pulleys 2x10 10 min with cues; ther act "
    "(97530) lifting boxes to shelf 20 min. Total timed 30 min. Jane Doe, PT"
)


class TestNotes:
    def test_what_is_shown_is_marked_in_the_text(self, client: TestClient) -> None:
        shown = client.post("/notes", data={"note": NOTE, "on": "2026-11-20"}).text
        marked = [html.unescape(words) for words in re.findall(r"<mark[^>]*>(.*?)</mark>", shown)]
        assert "Total timed 30 min" in marked

    def test_what_is_missing_has_a_sentence_to_complete(self, client: TestClient) -> None:
        shown = client.post("/notes", data={"note": NOTE, "codes": "97110"}).text
        assert "The deficit with a measure" in shown
        assert "[measure] against [baseline or other side]" in shown

    def test_names_are_masked_and_a_signature_still_counts(self, client: TestClient) -> None:
        shown = client.post("/notes", data={"note": NOTE, "codes": "97110"}).text
        assert "Jane" not in shown.split('id="checked"')[1]
        assert "Signature and professional identity" in shown
        assert "Signed: [name], [profession]" not in shown

    def test_the_cut_loses_nothing(self, assistant: Assistant) -> None:
        from datetime import date

        found = checked(assistant, NOTE, "97110 97530", date(2026, 11, 20))
        masked = assistant.mask(NOTE).text
        assert "".join(stretch.text for stretch in found.stretches) == masked
        assert "".join(s.text for s in stretches(masked, found.review)) == masked

    def test_nothing_and_unknown_codes_are_said(self, client: TestClient) -> None:
        assert client.post("/notes", data={"note": ""}).status_code == 422
        assert client.post("/notes", data={"note": NOTE, "codes": "12345"}).status_code == 422
        assert client.post("/notes", data={"note": NOTE, "on": "soon"}).status_code == 422
