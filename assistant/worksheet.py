"""Everything behind one answer: the tools called, and the places cited, numbered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from assistant.conversation import Citation, Warned, Why
from assistant.evidence import Certainty, Finding, Reason, Statement
from assistant.knowledge import Dated, Knowledge
from assistant.plain_data import to_data

R = TypeVar("R")

_CAUTION = {
    Certainty.INFERRED.value: " (inferred)",
    Certainty.MEMORY.value: " (from memory, not seen written)",
}
_SURE = {
    Certainty.VERIFIED: "",
    Certainty.COMPUTED: "computed here from the cited values",
    Certainty.INFERRED: "inferred from the source, not stated there",
    Certainty.MEMORY: "from memory of the field, not seen written",
}


class Worksheet:
    """Collects what an answer rests on; one for each answer."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._numbers: dict[tuple[str, str], int] = {}
        self.citations: list[Citation] = []
        self.trace: list[dict[str, Any]] = []

    def call(self, tool: Callable[..., R], **given: Any) -> R:
        """Call a tool and put the call on the trace.

        Raises:
            CodingError: as the tool does; the failed call is on the trace too.
        """
        entry: dict[str, Any] = {"tool": tool.__name__, "input": to_data(given), "output": None}
        self.trace.append(entry)
        try:
            result = tool(**given)
        except Exception as error:
            entry["output"] = {"error": str(error)}
            raise
        entry["output"] = to_data(result)
        return result

    def record(self, tool: str, given: Any, result: Any) -> None:
        """Put a call that a rule made itself on the trace."""
        self.trace.append({"tool": tool, "input": to_data(given), "output": to_data(result)})

    def cite(self, statement: str | None) -> int | None:
        """The number under which a statement or a dated value is cited; None cites nothing."""
        if statement is None:
            return None
        key = ("statement", statement)
        if key not in self._numbers:
            number = len(self.citations) + 1
            self.citations.append(self._citation(number, statement))
            self._numbers[key] = number
        return self._numbers[key]

    def cite_place(self, key: str, build: Callable[[int], Citation]) -> int:
        """The number of any other place, built the first time it is cited."""
        if ("place", key) not in self._numbers:
            self._numbers["place", key] = len(self.citations) + 1
            self.citations.append(build(len(self.citations) + 1))
        return self._numbers["place", key]

    def mark(self, statement: str | None) -> str:
        """The citation as it stands behind a sentence, with a caution where we are not sure."""
        return self.marked(self.cite(statement))

    def marked(self, number: int | None) -> str:
        """The same for a citation that has its number."""
        if number is None:
            return ""
        caution = _CAUTION.get(self.citations[number - 1].certainty, "")
        return f" [{number}]{caution}"

    def why(self, reasons: Iterable[Reason]) -> list[Why]:
        """Reasons with the numbers of their citations."""
        return [Why(r.text, self.cite(r.statement)) for r in reasons]

    def warned(self, findings: Iterable[Finding]) -> list[Warned]:
        """Findings with the numbers of their citations, the gravest first."""
        grave = ("error", "warning", "info")
        ranked = sorted(findings, key=lambda f: grave.index(f.severity.value))
        return [
            Warned(f.id, f.severity.value, f.text, f.code, self.cite(f.statement)) for f in ranked
        ]

    def _citation(self, number: int, statement: str) -> Citation:
        if "@" in statement:
            return self._value_citation(number, statement)
        held: Statement = self._knowledge.statements[statement]
        source = self._knowledge.sources[held.source]
        return Citation(
            n=number,
            source=source.id,
            title=source.title,
            locator=held.locator,
            url=source.url,
            quote=held.says,
            authority=source.authority.value,
            effective=str(held.start) if held.start else None,
            certainty=held.certainty.value,
            note=_note(held.certainty, source.seen_through),
            passage=f"statement:{held.id}",
        )

    def _value_citation(self, number: int, cited: str) -> Citation:
        name, _, first = cited.partition("@")
        label, unit, value = self._value(name, first)
        source = self._knowledge.sources[value.source]
        until = f" to {value.until}" if value.until else ""
        since = f"from {value.start}{until}" if value.start else f"as seen {value.as_of}"
        shown = f"{label}: {value.value} ({unit}), {since}." if unit else f"{label}, {since}."
        return Citation(
            n=number,
            source=source.id,
            title=source.title,
            locator=value.locator,
            url=source.url,
            quote=f"{shown} {value.note}".strip(),
            authority=source.authority.value,
            effective=str(value.start) if value.start else None,
            certainty=value.certainty.value,
            note=_note(value.certainty, source.seen_through),
            passage=f"value:{cited}",
        )

    def _value(self, name: str, first: str) -> tuple[str, str, Dated]:
        if name.startswith("payer:"):
            payer_id, _, key = name.removeprefix("payer:").partition("/")
            payer = self._knowledge.payer(payer_id)
            value = next(v for v in payer.values[key] if str(v.start or v.as_of) == first)
            shown = "" if isinstance(value.value, list | dict) else f": {value.value}"
            return f"{payer.name}, {key.replace('_', ' ')}{shown}", "", value
        parameter = self._knowledge.parameter(name)
        held = next(v for v in parameter.values if str(v.start) == first)
        return parameter.label, parameter.unit, held


def _note(certainty: Certainty, seen_through: str) -> str:
    parts = [_SURE[certainty], f"read through: {seen_through}" if seen_through else ""]
    return "; ".join(filter(None, parts))
