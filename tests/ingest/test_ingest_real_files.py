"""Files that ordinary programs made: what is read of them, and where it stands."""

from datetime import date
from pathlib import Path

import pytest

from assistant.documents import read_document
from assistant.evidence import Authority
from assistant.knowledge import load
from assistant.library.nouns import Document, Passage
from assistant.library.store import Store
from assistant.plain_reader.answers.parts import Parts
from assistant.plain_reader.answers.quoting import quote
from assistant.worksheet import Worksheet
from ingest.about import About
from ingest.adding import add_files

pytest.importorskip("pdfplumber", reason="pip install '.[documents]'")
pytest.importorskip("docx", reason="pip install '.[documents]'")

FOLDER = Path(__file__).parents[1] / "documents"
POLICIES = ("meadowlark-policy.docx", "meadowlark-policy.pdf", "meadowlark-policy-chromium.pdf")
RATES = """| Code | Allowed amount | Prior approval |
| 97110 | $41.20 | no |
| 97530 | $47.65 | after 12 visits |
| 97535 | $44.10 | after 12 visits |"""


@pytest.fixture(scope="module")
def added() -> dict[str, tuple[Document, list[Passage]]]:
    said = About(authority=Authority.PAYER, payer="meadowlark")
    paths = [FOLDER / name for name in (*POLICIES, "meadowlark-letter.eml")]
    found = add_files(Store(None), paths, said, today=date(2026, 11, 21), knowledge=load())
    assert not found.failed
    return {Path(document.origin).name: (document, held) for document, held in found.documents}


@pytest.mark.parametrize("name", POLICIES)
def test_headings_tables_lists_and_places_are_kept(added, name: str):
    document, passages = added[name]
    title = "Therapy billing policy of Meadowlark Mutual"
    assert document.title == title
    by_heading = {one.heading.removeprefix(f"{title} > "): one for one in passages}
    assert list(by_heading) == [
        title,
        "Units each day",
        "Rates",
        "What to send with an appeal",
        "Assistants",
        "Assistants > Supervision",
        "How minutes are counted",
    ]
    assert by_heading["Rates"].text == RATES
    assert set(by_heading["Rates"].codes) == {"97110", "97530", "97535"}
    appeal = by_heading["What to send with an appeal"].text
    assert [line.lstrip("- ") for line in appeal.splitlines()] == [
        "The denial letter, with its date",
        "The note of each visit that was denied",
        "The signed plan of care",
    ]
    for one in passages:
        assert document.text[one.start : one.end] == one.text


@pytest.mark.parametrize("name", POLICIES[1:])
def test_a_passage_of_a_pdf_knows_its_page(added, name: str):
    _, passages = added[name]
    pages = {one.heading.split(" > ")[-1]: one.page for one in passages}
    assert pages["Rates"] == 1
    assert pages["Supervision"] == 2


def test_a_citation_names_the_page(added):
    _, passages = added["meadowlark-policy.pdf"]
    one = next(passage for passage in passages if "telephone" in passage.text)
    parts = Parts(Worksheet(load()))
    quote(parts, one, load())
    [citation] = parts.worksheet.citations
    assert citation.note == "page 2"
    assert citation.quote == one.text


@pytest.mark.parametrize("name", POLICIES[:2])
def test_the_file_says_who_published_it(added, name: str):
    assert added[name][0].publisher == "Meadowlark Mutual"


def test_a_mail_is_its_text_and_names_what_is_attached(added):
    document, passages = added["meadowlark-letter.eml"]
    assert document.title == "One claim line for each code and day (Meadowlark)"
    assert document.publisher == "meadowlark.example"
    assert "returned unpaid, and may be sent again within 90 days" in passages[0].text
    [note] = read_document((FOLDER / "meadowlark-letter.eml").read_bytes(), ".eml").notes
    assert "policy.html was not read" in note


def test_what_a_plan_says_of_its_own_rules_is_not_held_against_medicare(added):
    assert all(not one.remarks for _, held in added.values() for one in held)
