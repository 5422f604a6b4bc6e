"""Codes and pairs: found, shown, compared; what joins two of them on a day."""

import re
from datetime import date

import pytest
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from assistant.claim import Setting
from web.codes.catalogue import Catalogue
from web.codes.pairs import numbers
from web.pictures.edit_history import history

TODAY = date(2026, 11, 21)


class TestSearch:
    @pytest.mark.parametrize(
        ("words", "first"),
        [
            ("97530", "97530"),
            ("g028", "G0283"),
            ("ther ex", "97110"),
            ("transfer practice", "97530"),
            ("wheelchair", "97542"),
            ("theraputic exercize", "97110"),
            ("manual therapy", "97140"),
        ],
    )
    def test_by_number_name_shorthand_and_activity(
        self, assistant: Assistant, words: str, first: str
    ) -> None:
        found = Catalogue(assistant).search(words, today=TODAY)
        assert found[0].code.code == first

    def test_what_depends_on_the_purpose_shows_every_code_it_may_be(
        self, assistant: Assistant
    ) -> None:
        found = {entry.code.code for entry in Catalogue(assistant).search("squats", today=TODAY)}
        assert {"97110", "97530"} <= found

    def test_noise_finds_nothing(self, client: TestClient) -> None:
        assert "No therapy code held here" in client.get("/codes?q=zzzz").text

    def test_every_code_is_listed_once(self, client: TestClient, assistant: Assistant) -> None:
        listed = re.findall(r'href="/codes/([0-9A-Z]{5})"', client.get("/codes").text)
        assert sorted(listed) == sorted(assistant.knowledge.codes)


class TestSheet:
    def test_every_code_has_its_page(self, client: TestClient, assistant: Assistant) -> None:
        for code in assistant.knowledge.codes:
            assert client.get(f"/codes/{code}").status_code == 200, code

    def test_the_amount_is_the_tools_own(self, client: TestClient) -> None:
        assert "$35.07" in client.get("/codes/97530?on=2026-03-02").text

    def test_a_locality_needs_three_factors(self, client: TestClient) -> None:
        reply = client.get("/codes/97530?work=1.01")
        assert reply.status_code == 422
        assert "all three" in reply.text

    def test_an_unknown_code_is_said(self, client: TestClient) -> None:
        reply = client.get("/codes/12345")
        assert reply.status_code == 422
        assert "12345 is not among the therapy codes held here" in reply.text

    def test_side_by_side(self, client: TestClient) -> None:
        shown = client.get("/codes/compare?codes=97530+97535").text
        assert "97530 beside 97535" in shown
        assert "No Medicare edit joins 97530 and 97535" in shown


class TestPairs:
    def test_the_day_decides(self, client: TestClient) -> None:
        then = client.get("/pairs?codes=97530+97140&on=2019-06-03").text
        now = client.get("/pairs?codes=97530+97140&on=2026-03-02").text
        assert "a modifier may lift it" in then
        assert 'the modifier stands on the line <span class="code">97530</span>' in then
        assert "No Medicare edit joins 97530 and 97140 on 2026-03-02" in now

    def test_the_setting_decides(self, client: TestClient) -> None:
        shown = client.get("/pairs?codes=97124+97140&setting=outpatient_hospital").text
        assert "no modifier lifts it" in shown

    def test_three_codes_make_three_pairs(self, client: TestClient) -> None:
        shown = client.get("/pairs?codes=97530+97140+97116").text
        assert shown.count('class="pair-card') == 3

    @pytest.mark.parametrize("written", ["", "97530", "no codes", " ".join(["97530"] * 3)])
    def test_fewer_than_two_codes_are_refused(self, written: str) -> None:
        with pytest.raises(Exception, match="Give two to 8 codes"):
            numbers(written)

    def test_the_picture_has_a_bar_a_row(self, assistant: Assistant) -> None:
        rows = assistant.knowledge.edits("97530", "97116", Setting.PRACTITIONER)
        picture = history(rows, TODAY)
        assert picture is not None
        assert [bar.void for bar in picture.bars] == [row.is_void for row in rows]
        assert all(0 <= bar.x <= bar.x + bar.width <= 101 for bar in picture.bars)

    def test_no_row_no_picture(self) -> None:
        assert history((), TODAY) is None
