"""An answer's Markdown as safe HTML, its citation numbers as links."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

NUMBER = re.compile(r"\[(\d{1,3})\]")
NUMBER_BEFORE = re.compile(r" ?\[\d{1,3}\]")
TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "a"),
    *("ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "class"}, "ol": {"start"}, "code": set[str]()}


def to_html(text: str, citations: Collection[int] = (), prefix: str = "") -> Markup:
    """The text as sanitised HTML; `[n]` of a known citation links to `#{prefix}n`."""
    return _made(text, frozenset(citations), prefix)


@lru_cache(maxsize=512)  # a page is read more often than its answers are made
def _made(text: str, citations: frozenset[int], prefix: str) -> Markup:
    env = {"citations": citations, "prefix": prefix}
    return Markup(_cleaner.clean(_parser.render(text, env)))


def _link_citations(state: StateCore) -> None:
    known: frozenset[int] = state.env.get("citations", frozenset())
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = [
                token for child in block.children for token in _split(child, known, state.env)
            ]


def _split(token: Token, known: frozenset[int], env: object) -> list[Token]:
    if token.type != "text" or "[" not in token.content:
        return [token]
    found: list[Token] = []
    pieces = NUMBER.split(token.content)  # text, number, text, number, text
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            found += _text(piece)
        elif int(piece) in known:
            found += _citation(piece, env)
        else:
            found += _text(f"[{piece}]")
    return found


def _text(content: str) -> list[Token]:
    return [Token("text", "", 0, content=content)] if content else []


def _citation(number: str, env: object) -> list[Token]:
    prefix = env["prefix"] if isinstance(env, dict) else ""
    attributes: dict[str, str | int | float] = {"href": f"#{prefix}{number}", "class": "cite"}
    return [
        Token("link_open", "a", 1, attrs=attributes),
        *_text(number),
        Token("link_close", "a", -1),
    ]


# Both made once: to set them up costs as much as an answer's text.
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https"},
    link_rel="noopener noreferrer nofollow",
)
_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_parser.core.ruler.push("citations", _link_citations)
