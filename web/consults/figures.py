"""An edited draft held against its answer: figures, codes, modifiers and amounts nobody found."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.conversation import Answer
from assistant.llm_agent.evidence_held import Held, hold
from assistant.llm_agent.figures import figures
from assistant.llm_agent.firewall import faults
from web.consults.letters import Draft, Mark
from web.consults.merging import answers

_NAMED = re.compile(r"«(.+?)»|citation (\[\d+\])|range (\S+)|no (\S+) unit")
_SLOT = re.compile(r"[:;,]? use \{\{.*?\}\}")  # advice for a model, not for a reviewer
_ADDRESS = re.compile(
    r"<?https?://\S+|[\w.+-]+@[\w-]+\.[\w.-]+|(?:\(\d{3}\)\s?|\b\d{3}[-. ])\d{3}[-. ]\d{4}\b"
)
_ROW = re.compile(r"\s*\|(.*)\|\s*\Z")
_CODE = re.compile(r"[A-Z]?\d{4,5}[A-Z]?\Z")


def unsupported(body: str, made: Draft) -> tuple[Mark, ...]:
    """The stretches of an edited body whose figures the tools' results do not hold.

    Args:
        body: the Markdown as edited.
        made: the draft that we made; its lines stand as they are, its answer decides on the rest.
    """
    answer = answers.validate_python(made.answer)
    held = hold(answer, made.asked)
    ours = {line.strip() for line in made.body.split("\n")}
    marks: list[Mark] = []
    start = 0
    for line in body.split("\n"):
        if line.strip() not in ours:
            marks += _of_line(line, start, held, answer)
        start += len(line) + 1
    return tuple(marks)


def _of_line(line: str, start: int, held: Held, answer: Answer) -> Iterator[Mark]:
    row = _ROW.match(line)
    if row:
        yield from _of_row(line, row, start, held, answer)
        return
    # A reviewer may name an address or write to somebody; only figures are looked at.
    seen = _ADDRESS.sub(lambda match: " " * len(match.group()), line)
    taken: set[tuple[int, int]] = set()
    for fault in faults(seen, held):
        begin, end = _place(seen, fault, taken)
        taken.add((begin, end))
        yield Mark(start + begin, start + end, line[begin:end], _sentence(fault))


def _place(line: str, fault: str, taken: set[tuple[int, int]]) -> tuple[int, int]:
    """Where in the line the fault's figure stands; the whole line where that cannot be told."""
    named = _NAMED.search(fault)
    wanted = next(filter(None, named.groups()), "") if named else ""
    for shown in filter(None, (wanted, wanted.split(" ")[0])):
        for match in re.finditer(rf"(?<!\w){re.escape(shown)}(?!\w)", line, re.IGNORECASE):
            if match.span() not in taken:
                return match.span()
    if wanted:
        for figure in figures(line):
            if figure.value in wanted and (figure.start, figure.end) not in taken:
                return figure.start, figure.end
    lead = len(line) - len(line.lstrip())
    return lead, len(line.rstrip())


def _of_row(
    line: str, row: re.Match[str], start: int, held: Held, answer: Answer
) -> Iterator[Mark]:
    """A row of a claim table: its units, modifiers and minutes are those of a claim line."""
    cells = list(re.finditer(r"[^|]+", row[1]))
    said = [cell.group().strip() for cell in cells]
    if not said or not _CODE.match(said[0]):
        return
    lines = held.lines.get(said[0], [])
    wanted = [
        [said[0], str(n.units), " ".join(n.modifiers), "" if n.minutes is None else str(n.minutes)]
        for n in lines
    ]
    if any(said[: len(want)] == want for want in wanted):
        return
    for place, cell in enumerate(cells[:4]):
        allowed = [want[place] for want in wanted]
        if said[place] not in allowed:
            begin = row.start(1) + cell.start() + len(cell.group()) - len(cell.group().lstrip())
            end = begin + len(said[place])
            name = ("code", "number of units", "modifiers", "minutes")[place]
            why = f"The claim that was worked out has another {name} here."
            yield Mark(start + begin, start + max(end, begin + 1), said[place] or " ", why)


def _sentence(fault: str) -> str:
    told = _SLOT.sub("", fault.replace("the worksheet", "what the tools found"))
    return told[:1].upper() + told[1:]
