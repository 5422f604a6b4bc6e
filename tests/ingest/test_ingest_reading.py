"""Files as text: encodings, pages, rows, and what a file says of itself."""

import io
from pathlib import Path

import pytest

from assistant.documents import Unreadable, decode, read_document, text_of_html
from assistant.library.store import Store
from ingest.cutting import cut
from tests.papers import LETTER, PAGE, add, write


def test_html_keeps_structure_and_drops_what_is_not_said():
    text, title = text_of_html(PAGE)
    assert title == "Units"
    assert text == (
        "# Counting units\n\nEight minutes of one service earn one unit.\n\n## The table\n\n"
        "| Minutes | Units |\n| 8 to 22 | 1 |\n\n- First, add the minutes.\n- Then read the table."
    )


def test_in_a_folder_files_of_other_kinds_are_skipped_not_failed(store: Store, tmp_path: Path):
    write(tmp_path / "a.md", LETTER)
    write(tmp_path / "b.png", b"png")
    write(tmp_path / ".hidden.md", "hidden")
    found = add(store, tmp_path)
    assert (len(found.documents), len(found.skipped), len(found.failed)) == (1, 1, 0)


def test_text_encodings_that_say_what_they_are():
    assert decode("\ufeffminutes\r\nunits".encode()) == "minutes\nunits"
    assert decode("minutes – units".encode("utf-16")) == "minutes – units"
    with pytest.raises(Unreadable):
        decode(b"\xe9t\xe9")


def test_rows_stay_whole_beside_their_columns():
    table = b'Fees of our clinic\nCode,Fee,Note\n97530,$35.07,"first unit, PT"\n97110,29.06,\n'
    assert read_document(table, ".csv").text == (
        "Fees of our clinic\n\n"
        "- Code: 97530; Fee: $35.07; Note: first unit, PT\n- Code: 97110; Fee: 29.06"
    )
    assert read_document(b"Code;Fee\n97530;35,07\n", ".csv").text == "- Code: 97530; Fee: 35,07"
    assert read_document(b"97530,35.07\n97110,29.06\n", ".csv").text == (
        "- 97530; 35.07\n- 97110; 29.06"
    )


def test_the_rest_of_a_long_table_keeps_its_header():
    rows = "\n".join(f"| {n} to {n + 14} minutes | {n // 15} units |" for n in range(8, 1500, 15))
    text = f"# Minutes\n\n| Minutes | Units |\n{rows}\n"
    found = cut(text)
    assert len(found) > 2
    assert {one.heading for one in found[1:]} == {"Minutes > Minutes | Units"}


def test_a_page_says_who_published_it():
    page = (
        '<head><meta property="og:site_name" content="A Plan"><link rel="canonical" '
        'href="https://plan.example/a"><meta name="effective" content="2027-01-01"></head>'
        "<body><p>Units are counted by the day.</p></body>"
    )
    assert read_document(page.encode(), ".html").about == {
        "publisher": "A Plan",
        "url": "https://plan.example/a",
        "effective": "2027-01-01",
    }


def test_identifiers_of_patients_are_not_stored(store: Store, tmp_path: Path):
    text = "For SSN 123-45-6789, DOB 3/4/1950, the plan paid one unit of 97530 on that day."
    found = add(store, write(tmp_path / "letter.txt", text))
    [passage] = store.passages()
    assert "6789" not in passage.text
    assert "1950" not in passage.text
    assert passage.text == store.documents()[0].text[passage.start : passage.end]
    assert "masked" in found.notes[0][1]


def word_file(*parts: str) -> bytes:
    """A Word file of these body parts, in its own markup."""
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document, held = docx.Document(), io.BytesIO()
    for part in parts:
        document.element.body.insert(-1, parse_xml(part.replace(">", f" {nsdecls('w')}>", 1)))
    document.save(held)
    return held.getvalue()


def run(text: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def test_a_word_file_says_what_stands_in_fields_and_tracked_changes():
    pytest.importorskip("docx", reason="pip install '.[documents]'")
    changed = (
        f"<w:p>{run('Appeals are due in ')}<w:ins w:id='1' w:author='a'>{run('90')}</w:ins>"
        f"<w:del w:id='2' w:author='a'>{run('60', 'delText')}</w:del>{run(' days.')}</w:p>"
    )
    field = (
        "<w:sdt><w:sdtPr><w:alias w:val='limit'/></w:sdtPr><w:sdtContent>"
        f"<w:p>{run('Four units a day are paid.')}</w:p></w:sdtContent></w:sdt>"
    )
    assert read_document(word_file(changed, field), ".docx").text == (
        "Appeals are due in 90 days.\n\nFour units a day are paid."
    )


def test_footnotes_are_read_and_the_rest_is_named():
    pytest.importorskip("docx", reason="pip install '.[documents]'")
    content = (Path(__file__).parents[1] / "documents/meadowlark-footnote.docx").read_bytes()
    text = read_document(content, ".docx")
    assert text.title == "Daily limit"
    assert "The plan pays four units a day" in text.text
    assert text.text.endswith("Footnote 1: Group therapy is not counted in these four.")
    box = f"<w:pict><w:txbxContent><w:p>{run('Seen?')}</w:p></w:txbxContent></w:pict>"
    notes = read_document(word_file(f"<w:p>{run('We pay.')}<w:r>{box}</w:r></w:p>"), ".docx").notes
    assert notes == ("the text in its text boxes was not read",)
