"""Attached files: readable kinds become text, the others and the hostile ones a reason."""

import io
import zipfile
from email.message import EmailMessage

import docx
import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.documents import Unreadable
from benchmarks.mutated_mails import DESK
from web.consults.attachments import read_apart
from web.consults.letters import Fate
from web.consults.parsing import take_in


def word(text):
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "97110", "24"
    document.save(out)
    return out.getvalue()


def paper(text):
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, text)
    canvas.save()
    return out.getvalue()


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 120_000_000)
    return out.getvalue()


def attached(*files):
    message = EmailMessage()
    message["From"] = "jo@clinic.example"
    message.set_content("The notes are attached.")
    for name, content in files:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    found = take_in(message.as_bytes(), DESK)
    assert found.verdict.fate is Fate.ANSWER
    return found.letter.attachments


def test_each_readable_kind_becomes_text():
    mail = b"From: a@payer.example\nSubject: Denial\n\n97530 denied"
    files = attached(
        ("a.docx", word("Gait training 12 min")), ("b.pdf", paper("Exercise 24 min")),
        ("c.csv", b"code,minutes\n97116,12"), ("d.html", b"<p>97112 <b>16</b> min</p>"),
        ("e.md", b"# Visit\n97140 8 min"), ("f.eml", mail),
        ("g.txt", "97530 – 20 min".encode("utf-16")),
    )  # fmt: skip
    said = [file.text for file in files]
    for file, part in zip(
        said,
        ["Gait training 12 min\n\n| 97110 | 24 |", "Exercise 24 min", "97116,12", "97112 16 min",
         "97140 8 min", "Subject: Denial\n\n97530 denied", "97530 – 20 min"],
        strict=True,
    ):  # fmt: skip
        assert part in file
    assert {file.note for file in files} == {""}


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.exe", b"MZ\x00", "txt, md, csv, html, pdf, docx and eml are"),
        ("a.txt", b"MZ\x00\x01", "not text, whatever its name says"),
        ("a.pdf", b"%PDF-1.7 nothing more", "no PDF that can be read"),
        ("a.docx", b"PK\x03\x04 nothing more", "no Word file that can be read"),
        ("a.docx", bomb(), "unpacks to far more"),
        ("a.txt", b"x" * 8_000_001, "larger than 8 MB"),
    ],
    ids=["program", "binary text", "broken pdf", "broken docx", "zip bomb", "large"],
)
def test_what_cannot_be_read_says_why(name, content, why):
    (file,) = attached((name, content))
    assert file.text == ""
    assert why in file.note
    assert file.size == len(content)


def test_a_file_that_takes_too_long_is_given_up():
    with pytest.raises(Unreadable, match="took longer"):
        read_apart(paper("x"), ".pdf", 0.01)
    with pytest.raises(Unreadable, match="files before it"):
        read_apart(paper("x"), ".pdf", 0)


def test_a_mail_within_a_mail_within_a_mail_is_named_only():
    inner = b"From: c@x.example\n\ninnermost"
    for _ in range(2):
        message = EmailMessage()
        message["From"] = "b@x.example"
        message.set_content("outer")
        message.add_attachment(inner, maintype="text", subtype="plain", filename="inner.eml")
        inner = message.as_bytes()
    (file,) = attached(("mail.eml", inner))
    assert "outer" in file.text
    assert "innermost" not in file.text
    assert "a mail within a mail" in file.text
