"""The worksheet bills what the same visit in words is billed as."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from chatting import cells, page
from fastapi.testclient import TestClient

FORM = {"payer": "medicare", "discipline": "PT", "date_of_service": "2026-03-02"}


def address(services: list[dict[str, str]], **facts: str) -> str:
    rows = [(name, row.get(name, "")) for row in services for name in ROW]
    return f"/worksheet?{urlencode([*(FORM | facts).items(), *rows])}"


ROW = ("code", "minutes", "start", "end", "clinician")


class TestWorksheet:
    def test_the_lines_are_those_of_the_same_visit_in_words(self, client: TestClient) -> None:
        services = [{"code": "97110", "minutes": "10"}, {"code": "97530", "minutes": "20"}]
        form = client.get(address(services)).text
        words = page(client, "10 min 97110 and 20 min 97530, Medicare, PT, 2026-03-02")
        assert cells(form) == cells(words)

    def test_who_treated_counts(self, client: TestClient) -> None:
        services = [{"code": "97530", "minutes": "25", "clinician": "assistant"}]
        shown = cells(client.get(address(services)).text)[0]
        assert [" ".join(cell.split()) for cell in shown] == ["97530", "CQ GP", "2", "25"]

    def test_clock_times_are_minutes(self, client: TestClient) -> None:
        services = [{"code": "97110", "start": "9:05", "end": "9:35"}]
        assert cells(client.get(address(services)).text)[0][2:] == ["2", "30"]

    @pytest.mark.parametrize(
        ("row", "told"),
        [
            ({"code": "97110", "minutes": "ten"}, "give whole minutes"),
            ({"code": "12345", "minutes": "10"}, "not among the therapy codes"),
            ({"code": "97110"}, "97110 is timed"),
            ({"minutes": "10"}, "The row has no code"),
            ({"code": "97110", "start": "9:99", "end": "10:00"}, "clock time"),
        ],
    )
    def test_a_fault_says_what_to_do(
        self, client: TestClient, row: dict[str, str], told: str
    ) -> None:
        shown = client.get(address([row])).text
        assert told in shown
        assert 'class="claim"' not in shown

    def test_a_day_ahead_is_refused(self, client: TestClient) -> None:
        shown = client.get(
            address([{"code": "97110", "minutes": "15"}], date_of_service="2999-01-01")
        )
        assert "lies in the future" in shown.text

    def test_the_address_opens_the_form_as_it_is(self, client: TestClient) -> None:
        services = [{"code": "97110", "minutes": "10", "clinician": "assistant"}]
        reply = client.get(address(services), headers={"HX-Target": "result", "HX-Request": "true"})
        own = reply.headers["HX-Replace-Url"]
        assert dict(parse_qsl(urlsplit(own).query))["clinician"] == "assistant"
        assert cells(client.get(own).text) == cells(reply.text)

    def test_an_empty_form_says_what_to_give(self, client: TestClient) -> None:
        assert "Give a code and its minutes" in client.get("/worksheet").text
