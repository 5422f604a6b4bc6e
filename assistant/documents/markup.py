"""HTML as plain text that keeps its headings, lists and tables."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from assistant.patterns import regex

# What these hold is furniture or code, not what the document says.
_SKIPPED = frozenset(
    re.findall(
        r"\w+",
        """aside button dialog footer form iframe nav noscript script select style svg template
        title video""",
    )
)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        """address article blockquote dd div dl dt figcaption figure hr main ol p pre section
        table ul""",
    )
)
_EMPTY = frozenset(re.findall(r"\w+", "area base col embed img input link meta source wbr"))
_HEADING = regex(r"h([1-6])")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.title = ""
        self._hidden: list[str] = []  # open elements from the outermost hidden one inwards
        self._in_title = False
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._in_title = True
        if tag in _EMPTY:
            return
        if self._hidden or tag in _SKIPPED or _is_hidden(dict(attrs)):
            if tag != "br":
                self._hidden.append(tag)
            return
        self._begin(tag)

    def _begin(self, tag: str) -> None:
        if heading := _HEADING.fullmatch(tag):
            self.pieces.append("\n\n" + "#" * int(heading[1]) + " ")
        elif tag == "li":
            self.pieces.append("\n- ")
        elif tag == "br":
            self.pieces.append("\n")
        elif tag == "tr":
            self.pieces.append("\n|")
        elif tag in _BLOCKS:
            self.pieces.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if self._hidden:
            if tag in self._hidden:
                while self._hidden.pop() != tag:
                    pass
            return
        if tag in ("td", "th"):
            self.pieces.append(" |")
        elif _HEADING.fullmatch(tag) or tag in _BLOCKS:
            self.pieces.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif not self._hidden:
            self.pieces.append(re.sub(r"\s+", " ", data))


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    style = (attributes.get("style") or "").replace(" ", "").lower()
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or attributes.get("role") in ("navigation", "banner", "contentinfo", "search")
        or "display:none" in style
        or "visibility:hidden" in style
    )


def text_of_html(html: str) -> tuple[str, str]:
    """What a page says, as text with `#` headings, `-` items and `|` rows; and its title."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in "".join(reader.pieces).split("\n")]
    lines = [
        _row(line) for line in lines if line not in ("-", "|") and not re.fullmatch("#+", line)
    ]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return re.sub(r"(?m)^(\|.*)\n\n(?=\|)", r"\1\n", text), " ".join(reader.title.split())


def _row(line: str) -> str:
    return re.sub(r"\s*\|\s*", " | ", line).strip() if line.startswith("|") else line


_SAID_OF_ITSELF = {  # names of <meta> to what they say
    "publisher": "publisher",
    "dc.publisher": "publisher",
    "dcterms.publisher": "publisher",
    "og:site_name": "publisher",
    "author": "publisher",
    "og:url": "url",
    "payer": "payer",
    "effective": "effective",
    "dcterms.valid": "effective",
    "until": "until",
}


class _About(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: (value or "").strip() for key, value in attrs}
        if tag == "meta":
            name = _SAID_OF_ITSELF.get((given.get("name") or given.get("property", "")).lower())
            if name and given.get("content"):
                self.found.setdefault(name, given["content"])
        elif tag == "link" and given.get("rel", "").lower() == "canonical" and given.get("href"):
            self.found["url"] = given["href"]


def about_html(html: str) -> dict[str, str]:
    """What a page says of itself: publisher, address, payer, days."""
    reader = _About()
    reader.feed(html[:_HEAD])
    return reader.found


_HEAD = 100_000  # characters among which a page speaks of itself
