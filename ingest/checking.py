"""Refuses bad knowledge: what the loader refuses, and guides that say more than they cite."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.errors import KnowledgeError
from assistant.knowledge import Guide, Knowledge
from assistant.library.guides import parse_blocks
from assistant.library.nouns import Sentence

_LONGEST_GUIDE = 400  # words, references left out
_TWO_SENTENCES = re.compile(r"[a-z0-9)%][.?!][\"')\]]*\s+[A-Z$]")
_SHORT_FORMS = re.compile(
    r"(?i)\b(?:[a-z]|vs|no|nos|st|ch|sec|fig|approx|e\.g|i\.e|dr|mr|ms|u\.s)\.$"
)
_STRAY = re.compile(r"\[[^\]]*\]")


def faults(knowledge: Knowledge) -> list[str]:
    """Everything that is wrong with the knowledge base, a line each."""
    found: list[str] = []
    try:
        knowledge.check()
    except KnowledgeError as error:
        found += str(error).splitlines()
    try:
        for guide in knowledge.guides:
            found += [f"guides/{guide.id}.md: {fault}" for fault in guide_faults(guide, knowledge)]
    except KnowledgeError as error:
        found += str(error).splitlines()
    return list(dict.fromkeys(found))


def guide_faults(guide: Guide, knowledge: Knowledge) -> Iterator[str]:
    """What is wrong with one guide."""
    words = 0
    for block in parse_blocks(guide.body):
        for sentence in block.sentences:
            words += len(sentence.text.split())
            yield from _sentence_faults(sentence, knowledge)
    if not words:
        yield "says nothing."
    if words > _LONGEST_GUIDE:
        yield f"has {words} words; {_LONGEST_GUIDE} are the most. Split it."
    unknown = [code for code in guide.codes if code not in knowledge.codes]
    if unknown:
        yield f"codes {', '.join(unknown)} are not in tables/codes/codes.csv."
    if guide.start and guide.until and guide.until < guide.start:
        yield "ends before it begins."


def _sentence_faults(sentence: Sentence, knowledge: Knowledge) -> Iterator[str]:
    shown = f"“{sentence.text[:60]}”"
    if not sentence.refs:
        yield f"{shown} has no reference."
    if not sentence.text:
        yield f"a reference ({sentence.refs[0].id}) stands without a sentence."
    for match in _TWO_SENTENCES.finditer(sentence.text):
        if not _SHORT_FORMS.search(sentence.text[: match.start() + 2]):
            yield f"“…{sentence.text[max(0, match.start() - 40) : match.end()]}” needs a reference."
    for stray in _STRAY.findall(sentence.text):
        yield f"{stray} is not a reference; references are [source-id place] or [statement-id]."
    for ref in sentence.refs:
        if ref.id not in knowledge.sources and ref.id not in knowledge.statements:
            yield f"[{ref.id}] is neither a source nor a statement."
