"""Puts an answer's text together: what the server states, and the model's checked words between."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.conversation import Answer, AnswerKind, Question
from assistant.llm_agent.reading import MARKUP, Fact
from assistant.llm_agent.visit_reading import NAMES, VisitFact
from assistant.patterns import regex

_STATED = regex(r"###? |\*\*(?!Why\*\*)[^\n]*[^*\n]$|\*\*(?:Bill|No unit|KX|No KX)", re.M)
_CLOSING = ("**Watch**", "**Still needed**", "**Taken for granted**", "**Published otherwise**")


def stated_at_once(answer: Answer) -> str:
    """The paragraphs that open the answer whoever words it: what to bill. May be ""."""
    if answer.kind not in (AnswerKind.CLAIM, AnswerKind.CODE_CHOICE):
        return ""
    opening: list[str] = []
    for paragraph in answer.text.split("\n\n"):
        if not _is_stated(paragraph):
            break
        opening.append(paragraph)
    return "\n\n".join(opening)


def _is_stated(paragraph: str) -> bool:
    return bool(_STATED.match(paragraph)) and not paragraph.startswith(_CLOSING)


def worded(answer: Answer, prose: str, facts: list[Fact], of_visit: list[VisitFact]) -> str:
    """The text with the model's words in place of the built-in explanation."""
    opening = stated_at_once(answer)
    rest = answer.text[len(opening) :].strip("\n").split("\n\n")
    claims = answer.kind in (AnswerKind.CLAIM, AnswerKind.CODE_CHOICE)
    kept = [
        paragraph
        for paragraph in rest
        if paragraph.startswith((*_CLOSING, "Medicare estimate"))
        or (claims and _is_stated(paragraph))
    ]
    return "\n\n".join(filter(None, [opening, prose.strip(), _read(facts, of_visit), *kept]))


def _read(facts: list[Fact], of_visit: list[VisitFact]) -> str:
    shown = [
        f"- {' '.join(filter(None, [f.code, f'{f.minutes} minutes' if f.minutes else '']))}"
        f"{', ' + f.by if f.by != 'therapist' else ''}: “{MARKUP.sub(' ', f.words)}”"
        for f in facts
        if f.borne_out and (f.code or f.minutes)
    ]
    shown += [
        f"- {NAMES[f.about]} {f.value}: “{MARKUP.sub(' ', f.words)}”"
        for f in of_visit
        if f.borne_out
    ]
    return "\n".join(["**Read in your message**", *shown]) if shown else ""


def showing(answer: Answer, facts: list[Fact], of_visit: list[VisitFact]) -> Answer:
    """The answer in its built-in wording, with what the model read."""
    read = _read(facts, of_visit)
    return replace(answer, text=f"{answer.text}\n\n{read}") if read else answer


def asking(answer: Answer, questions: list[Question]) -> Answer:
    """The answer with more questions, in its field and in its text."""
    if not questions:
        return answer
    asked = "\n".join(f"- {q.text} ({' / '.join(q.options)})" for q in questions)
    paragraphs = answer.text.split("\n\n")
    at = next((n for n, p in enumerate(paragraphs) if p.startswith("**Still needed**")), None)
    if at is not None:
        paragraphs[at] += f"\n{asked}"
    else:
        before = [n for n, p in enumerate(paragraphs) if p.startswith("**Taken for granted**")]
        paragraphs.insert(before[0] if before else len(paragraphs), f"**Still needed**\n{asked}")
    return replace(answer, text="\n\n".join(paragraphs), questions=[*answer.questions, *questions])


def noted(answer: Answer, reason: str) -> Answer:
    """The answer in its built-in wording, saying why the model's is not shown."""
    return replace(answer, text=f"{answer.text}\n\n_This is the built-in wording: {reason}._")
