"""The sentences of a reply around its answer, and the claim table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from assistant.conversation import Answer, AnswerKind, Citation, Claim
from assistant.knowledge import Knowledge
from web.consults.asking import Asked
from web.consults.letters import Desk, Letter

FOOT = "---"  # the line above what is said of every reply

_URGENT = re.compile(r"(?i)\b(?:urgent(?:ly)?|asap|right away|immediately|emergency|rush)\b")
_ANGRY = re.compile(
    r"(?i)\b(?:ridiculous|unacceptable|useless|incompetent|fed up|furious|angry|sick of|disgusted"
    r"|outrageous|terrible|worst|(?:third|fourth|fifth|\d(?:rd|th)) time"
    r"|nobody (?:answers|replies|cares)|still (?:waiting|no answer))\b|!!!"
)
_LONG_ACTIVITY = re.compile(r"\A\*\*«[^»]{60,}»")
_LABEL = re.compile(r"(?i)(?:patient|pt|visit|case|claim|client)\s*#?\s*(?:[A-Z]|\d{1,3})\b\W*\Z")
_OPENING = {
    AnswerKind.CODE_CHOICE: "Here is how the code is chosen.",
    AnswerKind.GUIDANCE: "Here is what we hold on your question.",
    AnswerKind.CLARIFY: "Before we can answer we need a little more from you.",
    AnswerKind.DECLINED: "We read your mail; it seems to be about something that this desk does "
    "not answer.",
}
_TITLES = {
    "**Watch**": "**Please check before you bill**",
    "**Still needed**": "**To finish this, please tell us**",
    "**Taken for granted**": "**What we took for granted**",
    "**Published otherwise**": "**Where you may read otherwise**",
}
_CAUTIONS = {
    "memory": "from memory of the field, not seen written",
    "inferred": "inferred",
}


def greeting() -> str:
    """How every reply begins. No name: a sender's is nobody's business but theirs, and a name in
    the letter may be the patient's."""
    return "Hello,"


def opening(letter: Letter, answer: Answer) -> str:
    """The first sentences: tone met, and what follows."""
    said = f"{letter.subject}\n{letter.text}"
    sentences = ["Thank you for writing."]
    if is_angry(letter):
        sentences = ["We are sorry for the trouble this has been."]
    if _URGENT.search(said):
        sentences.append("We have seen that this is urgent.")
    sentences.append(_OPENING.get(answer.kind) or _of_claims(answer.claims))
    return " ".join(sentences)


def is_angry(letter: Letter) -> bool:
    """Whether the letter is one that a person should answer in person."""
    return bool(_ANGRY.search(f"{letter.subject}\n{letter.text}"))


def _of_claims(claims: list[Claim]) -> str:
    billed = [claim for claim in claims if claim.lines]
    if len(claims) > 1:
        return f"Here is how we would bill each of the {len(claims)} visits."
    return "Here is how we would bill it." if billed else "Here is how we count it."


def unanswerable(letter: Letter, sealed: str) -> str:
    """What a letter gets that says nothing we could answer."""
    if sealed:
        why = f"We could not read your mail: {sealed[0].lower()}{sealed[1:]}"
        return f"{why}\n\nPlease send your question again as plain text."
    if letter.text.strip() and not letter.attachments:
        why = "We could not find a question on coding or billing in your mail."
    elif letter.attachments:
        why = (
            "Your mail itself asks nothing that we could answer, and we could not take a question "
        )
        why += "from what was attached."
    else:
        why = "Your mail reached us without a text."
    return (
        f"{why}\n\nPlease tell us for each visit the codes or what was done, the minutes of each, "
        "the payer, the date, and whether it was PT, OT or SLP."
    )


def answered(answer: Answer, knowledge: Knowledge) -> str:
    """The answer's text as a letter says it, with a table below each claim's headline."""
    paragraphs = [_title(one) for one in answer.text.split("\n\n")]
    tables = [claim_table(claim, knowledge) for claim in answer.claims if claim.lines]
    heads = [n for n, one in enumerate(paragraphs) if one.startswith("**Bill ")]
    if len(heads) == len(tables):
        for n, table in zip(reversed(heads), reversed(tables), strict=True):
            paragraphs.insert(n + 1, table)
    else:  # worded otherwise: the tables stand together, in the order of the visits
        paragraphs[1:1] = tables
    return "\n\n".join(_without_labels(paragraphs))


def _title(paragraph: str) -> str:
    paragraph = _LONG_ACTIVITY.sub("**Your activity", paragraph)
    for title, kindly in _TITLES.items():
        if paragraph.startswith(title):
            return kindly + paragraph[len(title) :]
    return paragraph


def _without_labels(paragraphs: list[str]) -> Iterator[str]:
    """Visits are numbered where the letter called them by what may be a name."""
    visits = 0
    for paragraph in paragraphs:
        if paragraph.startswith("### ") and not paragraph.startswith("### Your other question"):
            visits += 1
            label = paragraph[4:].strip()
            plain = _LABEL.fullmatch(label) or re.fullmatch(r"[\d/. -]+", label)
            yield paragraph if plain else f"### Visit {visits}"
        else:
            yield paragraph


def claim_table(claim: Claim, knowledge: Knowledge) -> str:
    """The claim's lines as a Markdown table whose columns also stand in line as plain text."""
    rows = [["Code", "Units", "Modifiers", "Minutes", "Service"]]
    for line in claim.lines:
        held = knowledge.codes.get(line.code)
        minutes = "" if line.minutes is None else str(line.minutes)
        name = held.label if held else ""
        rows.append([line.code, str(line.units), " ".join(line.modifiers), minutes, name])
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = [_row(row, widths) for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _row(cells: list[str], widths: list[int]) -> str:
    padded = (
        cell.replace("|", "/").ljust(width) for cell, width in zip(cells, widths, strict=True)
    )
    return f"| {' | '.join(padded)} |"


def sources(citations: list[Citation]) -> str:
    """The numbered sources with their addresses; "" where nothing is cited."""
    if not citations:
        return ""
    lines = ["**Sources**", *map(_source, citations)]
    return "\n".join(lines[:1]) + "\n\n" + "\n".join(f"- {line}" for line in lines[1:])


def _source(citation: Citation) -> str:
    place = ", ".join(filter(None, [citation.title, citation.locator]))
    caution = _CAUTIONS.get(citation.certainty)
    address = f" <{citation.url}>" if re.match(r"https?://[^\s<>]+\Z", citation.url) else ""
    said = f"{place}{f' ({caution})' if caution else ''}"
    return f"[{citation.n}] {said}{'' if said.endswith('?') else '.'}{address}"


def closing(answer: Answer, asked: Asked, letter: Letter) -> Iterator[str]:
    """What stands below the answer: how to go on, what was masked, what came along."""
    if answer.questions:
        yield "Answer this mail with what is missing, and we will finish it."
    if asked.masked:
        yield (
            f"Your mail held a patient identifier ({', '.join(asked.masked)}). We answered without "
            "it; please leave such details out, they are not needed."
        )
    if letter.attachments:
        came = "attached file" if len(letter.attachments) == 1 else "attached files"
        read = "We took in what it says." if asked.attached else "This answer does not rest on it."
        yield f"Your mail came with {len(letter.attachments)} {came}. {read}"


def foot(desk: Desk, versions: dict[str, str], today: date) -> str:
    """What is said of every reply: who made it, how to reach a person, on what it rests."""
    return "\n\n".join(
        (
            FOOT,
            "**How this was made.** An automated assistant (AI) drafted this reply from dated, "
            "sourced billing rules. It can be wrong, and it is no legal advice: the payer's own "
            f"publication and your contract decide. {desk.person}",
            f"Answered {today.day} {today:%B %Y}; program {versions['program']}, knowledge "
            f"{versions['knowledge']}.",
        )
    )
