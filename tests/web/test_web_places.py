"""Where citations lead."""

import re

import pytest
from chatting import begin, page
from fastapi.testclient import TestClient

from assistant.answering import Assistant
from assistant.conversation import Citation
from web.citing import SourceCard, opens


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
                r'<a href="(/(?:statements|values|sources|disputes|knowledge)/[^"#]+)',
                page(client, text),
            )
            assert places
            opened |= {place.split("/")[1] for place in places}
            for place in dict.fromkeys(places):
                reply = client.get(place)
                assert reply.status_code == 200, place
                marked = r'<mark|class="passage marked"|aria-current="true"'
                assert re.search(marked, reply.text), place
        assert {"statements", "values", "disputes", "knowledge"} <= opened

    def test_a_passage_is_marked_in_its_document(self, client: TestClient) -> None:
        library = client.app.state.parts.assistant.library  # type: ignore[attr-defined]
        found = library.search("What documentation does 97530 need?").passages[0]
        cited = Citation(1, found.source, "Title", "", "", "", "local", None, passage=found.id)
        html = client.get(opens(cited, {found.document})).text
        marked = re.search(r'class="passage marked"[^>]*>(.*?)</div>', html, re.S)
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
            "/knowledge/guides/nothing?passage=x",
            "/knowledge/documents/nothing",
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
    cited = Citation(1, "ssa-1833g", "Title", "", "", "", "law", None)
    assert opens(cited) == "/sources/ssa-1833g"
    assert SourceCard(cited, "Law", "").is_settled
