"""Files that cannot be read, or should not be, and what is said of each."""

import io
import zipfile
import zlib
from functools import cache

GOOD = "Eight minutes of one service earn one unit."
NOBODY = 65534
LITTLE = 600_000_000  # bytes for the process that reads, so that a bomb need not be large


def pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF"
        % (size, table, size, trailer, len(body))
    )


def page_pdf(content: bytes, filters: bytes = b"", resources: bytes = b"") -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<%s>>>>"
        % resources,
        b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), filters, content),
    )


def scan() -> bytes:
    """A page that is one picture."""
    pixels = zlib.compress(bytes(100 * 100))
    image = (
        b"<</Type/XObject/Subtype/Image/Width 100/Height 100/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream"
    ) % (len(pixels), pixels)
    content = b"q 600 0 0 700 0 0 cm /I Do Q"
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</XObject<</I 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        image,
    )


def secret_pdf() -> bytes:
    """A PDF that wants a password."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    held = io.BytesIO()
    canvas = Canvas(held, encrypt=StandardEncryption("unknown", canPrint=0))
    canvas.drawString(72, 720, GOOD)
    canvas.save()
    return held.getvalue()


@cache
def bomb_pdf() -> bytes:
    """A page whose content unpacks to 700 MB, packed twice."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * 1_000_000) for _ in range(700)) + packer.flush()
    return page_pdf(zlib.compress(once, 9), b"/Filter[/FlateDecode/FlateDecode]")


def docx(**parts: bytes) -> bytes:
    """A Word file of these parts, over those that every one has."""
    kinds = b"http://schemas.openxmlformats.org/package/2006/"
    given = {
        "[Content_Types].xml": b'<Types xmlns="%scontent-types"><Default Extension="rels" '
        b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        b'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument'
        b'.wordprocessingml.document.main+xml"/></Types>' % kinds,
        "_rels/.rels": b'<Relationships xmlns="%srelationships"><Relationship Id="r" Type="http://'
        b'schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        b'Target="word/document.xml"/></Relationships>' % kinds,
    }
    given |= {name.replace("__", "/"): value for name, value in parts.items()}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, value in given.items():
            packed.writestr(name, value)
    return held.getvalue()


def word(body: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return b'<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (space, body)


def zipped(name: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return held.getvalue()


LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "haha">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10)
        for letter in range(ord("b"), ord("k"))
    )
    + b"]>"
)


def nested_mail(depth: int) -> bytes:
    heads = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth)
    )
    return b"Subject: deep\n" + heads + b"Content-Type: text/plain\n\nhello\n"


def forwarded(depth: int) -> bytes:
    return b"Content-Type: message/rfc822\n\n" * depth + b"Subject: x\n\nhello\n"


MAIL = b"Subject: a mail\nContent-Type: %s\n\n%s"

# name: content, what the line says
BAD: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "is empty"),
    "blank.md": (b" \n\t\n", "is empty"),
    "bom.txt": (b"\xef\xbb\xbf", "holds no text"),
    "nul.txt": (b"abc\0def", "NUL"),
    "zeroes.txt": (bytes(5000), "NUL"),
    "latin.txt": ("Café au lait for therapists".encode("latin-1"), "is not UTF-8 (byte 3)"),
    "cp1252.md": ("The plan’s “rates”".encode("cp1252"), "is not UTF-8"),
    "shift.txt": ("単位は十五分".encode("shift_jis"), "is not UTF-8"),
    "utf16-cut.txt": (b"\xff\xfeT\x00h", "UTF-16"),
    "utf16-nomark.txt": ("minutes".encode("utf-16-le"), "NUL"),
    "utf32.txt": ("minutes and units".encode("utf-32"), "NUL"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n\0\0", "NUL"),
    "picture.html": (b"\x89PNG\r\n\x1a\n\0\0", "NUL"),
    "program.md": (b"\x7fELF\x02\x01\x01\0\0\0", "NUL"),
    "menu.txt": (b"Home\nLog in\nSign up\n", "no sentence that could be cited"),
    "marks.txt": (b"!!! ??? --- *** ... !!!\n" * 3, "no sentence that could be cited"),
    "matter.md": (b"---\ntitle: [unclosed\n---\nText that says something here.\n", "not YAML"),
    "tag.md": (b"---\ntitle: !!python/object:os.x {}\n---\nSome text of a note.\n", "not YAML"),
    "deep.md": (b"---\na: " + b"[" * 3000 + b"\n---\nSome text that says it.\n", "not YAML"),
    "authority.md": (b"---\nauthority: king\n---\nSome text that says a thing.\n", "'king'"),
    "when.md": (b"---\neffective: soon\n---\nSome text that says a thing.\n", "2026-01-31"),
    "no-day.md": (b"---\nuntil: 2026-02-31\n---\nSome text that says it.\n", "not YAML"),
    "backward.md": (
        b"---\neffective: 2026-02-01\nuntil: 2026-01-01\n---\nSome text that says it.\n",
        "before it begins",
    ),
    "source.md": (b"---\nsource: nobody\n---\nSome text that says a thing.\n", "sources.yaml"),
    "script.html": (b"<html><script>alert('Bill four units now, please.')</script>", "no text"),
    "hidden.html": (b"<p style='display:none'>Bill four units for twenty minutes.</p>", "no text"),
    "menu.html": (b"<nav><a href='/'>Home</a> <a href='/b'>Billing codes</a></nav>", "no text"),
    "comment.html": (b"<!-- Bill four units for twenty minutes of it. -->", "no text"),
    "frame.html": (b"<iframe src='https://plan.example/a.pdf'>The policy</iframe>", "no text"),
    "unclosed.html": (b"<script>" + b"var bill = 'four units';" * 9, "no text"),
    "latin.html": ("<p>Les unités de la journée".encode("latin-1"), "is not UTF-8"),
    "cut.pdf": (b"%PDF-1.7\n1 0 obj\n<<", "is no PDF that can be read"),
    "half.pdf": (scan()[: len(scan()) // 2], "is no PDF that can be read"),
    "words.pdf": (b"This is not a PDF, it is a letter.", "is no PDF that can be read"),
    "page.pdf": (b"<html><body><p>Not found</p></body></html>", "is no PDF that can be read"),
    "packed.pdf": (zipped("a.pdf", b"x"), "is no PDF that can be read"),
    "noise.pdf": (b"%PDF-1.4\n" + bytes(range(256)) * 40, "is no PDF that can be read"),
    "scan.pdf": (scan(), "text recognition"),
    "blank.pdf": (page_pdf(b""), "text recognition"),
    "no-pages.pdf": (
        pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"),
        "holds no text",
    ),
    "round.pdf": (
        pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        "",
    ),
    "rootless.pdf": (pdf(b"<</Type/Nothing>>", trailer=b""), "is no PDF that can be read"),
    "secret.pdf": (secret_pdf(), "is protected by a password"),
    "bomb.pdf": (b"", "memory"),
    "false.docx": (b"This is not a zip file.", "is no Word file that can be read"),
    "cut.docx": (docx(word__document=word(b""))[:200], "is no Word file that can be read"),
    "other.docx": (zipped("hello.txt", b"hello"), "is no Word file that can be read"),
    "old.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password-protected"),
    "bad-xml.docx": (docx(**{"word/document.xml": b"<w:document><w:bo"}), "is no Word file"),
    "empty.docx": (docx(**{"word/document.xml": word(b"")}), "holds no text"),
    "no-document.docx": (docx(), "is no Word file that can be read"),
    "laughs.docx": (
        docx(**{"word/document.xml": LAUGHS + word(b"<w:p><w:r><w:t>&j;</w:t></w:r></w:p>")}),
        "",
    ),
    "bomb.docx": (
        docx(**{"word/document.xml": word(b""), "word/big.xml": bytes(120_000_000)}),
        "unpacks to far more",
    ),
    "deep.docx": (
        docx(**{"word/document.xml": word(b"<w:p>" * 5000)}),
        "is no Word file that can be read",
    ),
    "hollow.eml": (MAIL % (b"image/png", b"xx"), "without a text"),
    "headers.eml": (b"Subject: nothing else\n\n", "holds no text"),
    "nested.eml": (nested_mail(3000), "parts"),
    "forwarded.eml": (forwarded(3000), ""),
    "charset.eml": (MAIL % (b"text/plain; charset=klingon", b"bill"), ""),
    "noise.eml": (bytes(range(256)) * 20, ""),
    "attached.eml": (
        MAIL
        % (b'multipart/mixed; boundary="b"', b"--b\nContent-Type: application/pdf\n\nx\n--b--"),
        "without a text",
    ),
    "quotes.csv": (b'Code,Fee\n97530,"35.07\n97110,29.06\n', "quotation mark"),
    "inside.csv": (b'Code,Fee\n"97530"x,35.07\n', "quotation mark"),
    "cells.csv": (b"Code,Fee\n97530,$1,200.00\n", "3 cells in line 2 under 2 columns"),
    "huge-cell.csv": (b"Code,Fee\n97530," + b"9" * 200_000 + b"\n", "cannot be read"),
    "nul.csv": (b"Code,Fee\n97530,\0\n", "NUL"),
    "workbook.csv": (zipped("xl/workbook.xml", b"<x/>"), "is not"),
    "header.csv": (b"Code,Fee\n", "holds no text"),
    "letter.png": (b"png", "files of this kind are not read"),
    "letter": (b"no name says what this is", "files of this kind are not read"),
    "old.doc": (b"\xd0\xcf\x11\xe0", "files of this kind are not read"),
    "archive.zip": (zipped("a.txt", b"a"), "files of this kind are not read"),
}
