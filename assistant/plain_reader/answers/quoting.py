"""Passages in an answer: quoted with a citation for each sentence, or pointed to."""

from __future__ import annotations

from assistant.conversation import Citation
from assistant.evidence import Authority, Certainty, Source
from assistant.knowledge import Knowledge
from assistant.library import Kind, Passage, Reference
from assistant.plain_reader.answers import contradicted
from assistant.plain_reader.answers.parts import Parts


def quote(parts: Parts, passage: Passage, knowledge: Knowledge) -> None:
    """Add a passage in full: our own sentence by sentence, anybody else's in quotation marks."""
    if not passage.sentences:
        number = _cite_passage(parts, passage, None, knowledge)
        speaker = _speaker(passage, knowledge)
        said = f"{speaker}: «{passage.text.strip()}»{_mark(number)}"
        parts.say(f"**{passage.title}**", said)
        contradicted.add(parts, passage, speaker, number, knowledge)
        return
    lines: list[str] = []
    for sentence in passage.sentences:
        marks = "".join(
            _mark(_cite_reference(parts, passage, ref, knowledge)) for ref in sentence.refs
        )
        text = f"{sentence.text}{marks}"
        if sentence.opens == "item":
            lines.append(f"- {text}")
        elif sentence.opens or not lines:
            lines += ["", text] if lines else [text]
        else:
            lines[-1] += f" {text}"
    own = _mark(_cite_passage(parts, passage, None, knowledge))
    parts.say(f"**{passage.title}**{own}\n\n" + "\n".join(lines))


def _speaker(passage: Passage, knowledge: Knowledge) -> str:
    source = knowledge.sources.get(passage.source)
    name = source.publisher if source else passage.title
    return f"{name} ({passage.authority.value})"


def pointer(parts: Parts, passage: Passage, knowledge: Knowledge) -> str:
    """A list item that points to a passage."""
    caution = f" ({contradicted.NOTE})" if passage.contradicted else ""
    return f"- {passage.title}{_mark(_cite_passage(parts, passage, None, knowledge))}{caution}"


def _mark(citation: int | None) -> str:
    return f" [{citation}]" if citation is not None else ""


def _cite_reference(
    parts: Parts, passage: Passage, ref: Reference, knowledge: Knowledge
) -> int | None:
    if ref.id in knowledge.statements:
        return parts.worksheet.cite(ref.id)
    return _cite_passage(parts, passage, ref, knowledge)


def _cite_passage(
    parts: Parts, passage: Passage, ref: Reference | None, knowledge: Knowledge
) -> int:
    held = knowledge.sources.get(ref.id) if ref else None

    def build(n: int) -> Citation:
        return Citation(
            n=n,
            source=held.id if held else passage.source,
            title=held.title if held else passage.title,
            locator=ref.locator if ref else passage.heading,
            url=held.url if held else passage.url,
            quote=_said_with(passage, ref) if ref else passage.text,
            authority=_authority(passage, held),
            effective=str(passage.effective) if passage.effective else None,
            certainty=_certainty(passage, ref),
            note=_note(passage, held),
            passage=passage.id,
        )

    key = f"{ref.id} {ref.locator}" if ref else ""
    return parts.worksheet.cite_place(f"passage:{passage.id}:{key}", build)


def _authority(passage: Passage, held: Source | None) -> str:
    """Who speaks: the source a sentence cites; our own note as a whole is local."""
    if held is not None:
        return held.authority.value
    return Authority.LOCAL.value if passage.kind is Kind.GUIDE else passage.authority.value


def _note(passage: Passage, held: Source | None) -> str:
    if held is not None:
        return f"as told in our note «{passage.title}»"
    if passage.kind is Kind.GUIDE:
        return "our own note; each sentence cites its source"
    page = f"page {passage.page}" if passage.page else ""
    return "; ".join(filter(None, (page, contradicted.NOTE if passage.contradicted else "")))


def _said_with(passage: Passage, ref: Reference) -> str:
    """The passage's sentences that rest on a reference."""
    return " … ".join(s.text for s in passage.sentences if ref in s.refs) or passage.text


def _certainty(passage: Passage, ref: Reference | None) -> str:
    """How sure the sentences are that rest on a reference; the guides label each that is not."""
    if ref is None:
        return passage.certainty.value
    said = [s.text for s in passage.sentences if ref in s.refs]
    if said and all("(from memory" in text for text in said):
        return Certainty.MEMORY.value
    if said and all("(inferred" in text or "(from memory" in text for text in said):
        return Certainty.INFERRED.value
    return Certainty.VERIFIED.value
