"""Where citations lead."""

import re

import pytest
from chatting import begin, page
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from assistant.conversation import Citation


class TestPlaces:
    def test_every_citationopens(self, client: TestClient) -> None:
        said = (
            "15 min 97140 and 15 min 97530, Medicare, PT, 2019-06-03",
            "PT patient at $2,400 this year, today's visit allows $95: 30 min of 97110. KX?",
            "Can I bill 97110 and 97530 on the same day? Do I need 59?",
            "How is a progress report timed?",
        )
        opened = set()
        for text in said:
            places = re.findall(
                r'<a href="(/(?:statements|values|sources|disputes|passages)/[^"]+)"',
                page(client, text),
            )
            assert places
            opened |= {place.split("/")[1] for place in places}
            for place in dict.fromkeys(places):
                reply = client.get(place)
                assert reply.status_code == 200, place
                assert re.search(r'<mark|id="cited"|aria-current="true"', reply.text), place
        assert {"statements", "values", "disputes"} <= opened

    def test_a_passage_is_marked_in_its_document(self, client: TestClient) -> None:
        library = client.app.state.parts.assistant.library  # type: ignore[attr-defined]
        found = library.search("What documentation does 97530 need?").passages[0]
        html = client.get(f"/passages/{found.id}").text
        marked = re.search(r'id="cited"[^>]*>(.*?)</div>', html, re.S)
        assert marked is not None
        first = re.sub(r"[*`#-]", "", found.text).strip().split(".")[0]
        assert first in re.sub(r"<[^>]+>", "", marked[1])

    @pytest.mark.parametrize(
        "place",
        [
            "/conversations/nothing",
            "/statements/nothing",
            "/values/nothing@2026-01-01",
            "/values/payer:nothing/x@2026",
            "/values/../sources@x",
            "/disputes/nothing",
            "/sources/nothing",
            "/passages/nothing/at/all",
            "/flowchart?conversation=nothing",
            "/nothing",
        ],
    )
    def test_what_is_not_there_is_said_kindly(self, client: TestClient, place: str) -> None:
        reply = client.get(place)
        assert reply.status_code == 404
        assert "This is not here" in reply.text

    def test_the_flowchart_shows_the_path(self, client: TestClient) -> None:
        assert 'class="chart"' in client.get("/flowchart").text
        where = begin(client, "OT: one-handed dressing training 15 min")
        query = f"conversation={where.rsplit('/', 1)[1]}&message=0"
        html = client.get(f"/flowchart?{query}").text
        assert html.count('class="arrow taken"') > 1
        assert client.get(f"/flowchart?{query}&choice=7").status_code == 404
        picture = client.get(f"/flowchart?{query}&plain=1")
        assert picture.headers["content-type"] == "image/svg+xml"


def test_a_citation_without_a_place_leads_to_its_source(assistant: Assistant) -> None:
    from web.citing import SourceCard, opens

    cited = Citation(1, "ssa-1833g", "Title", "", "", "", "law", None)
    assert opens(cited) == "/sources/ssa-1833g"
    assert SourceCard(cited, "Law", "").is_settled
