"""The knowledge base, read when first asked for, one topic at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from assistant.claim import Setting
from assistant.errors import KnowledgeError, NotInForce, UnknownCode
from assistant.evidence import Source, Statement
from assistant.flowchart import Flowchart, parse_flowchart
from assistant.knowledge import files, tables
from assistant.knowledge.nouns import (
    ClaimStep,
    Code,
    Dated,
    Dispute,
    EditPair,
    Guide,
    Modifier,
    Parameter,
    Payer,
    Requirements,
    Rvu,
    UnitLimit,
)
from assistant.knowledge.payers import payers as read_payers
from assistant.knowledge.reading import read_yaml

SHIPPED = Path(__file__).parents[2] / "knowledge_base"


class Knowledge:
    """Everything the rules look up. Reads each topic once, at its first use.

    Args:
        folder: the knowledge base's folder.
        local: a clinic's own folder; its payer profiles (`payers/*.yaml`) add to and replace the
            shipped ones, and its `sources.yaml` says what they cite.
    """

    def __init__(self, folder: Path = SHIPPED, local: Path | None = None) -> None:
        self.folder = folder
        self.local = local

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Every document we cite, by id."""
        shipped = files.sources(self.folder / "sources.yaml")
        own = self.local / "sources.yaml" if self.local else None
        return {**shipped, **files.sources(own)} if own and own.is_file() else shipped

    @cached_property
    def statements(self) -> Mapping[str, Statement]:
        """What we hold the sources to say, by id."""
        return files.statements(sorted((self.folder / "statements").glob("*.yaml")))

    @cached_property
    def codes(self) -> Mapping[str, Code]:
        """The therapy codes and their neighbours, by code."""
        return tables.codes(self.folder / "tables/codes/codes.csv")

    @cached_property
    def code_names(self) -> Mapping[str, tuple[str, ...]]:
        """What people call the codes (lower case): name to the code or codes it may mean."""
        return tables.code_names(self.folder / "tables/codes/names.csv", self.codes)

    @cached_property
    def modifiers(self) -> Mapping[str, Modifier]:
        """The modifiers that stand on therapy claims."""
        return tables.modifiers(self.folder / "tables/modifiers/modifiers.csv")

    @cached_property
    def statuses(self) -> Mapping[tuple[str, int], tuple[str, str, str]]:
        """Medicare's status of a code in a year: letter, note, source."""
        return tables.statuses(self.folder / "tables/codes/status.csv")

    def code(self, code: str) -> Code:
        """The code's entry.

        Raises:
            UnknownCode: it is not among those we hold.
        """
        try:
            return self.codes[code]
        except KeyError:
            raise UnknownCode(
                f"{code} is not among the therapy codes held here; check the number."
            ) from None

    @cached_property
    def _addons(self) -> Mapping[str, Code]:
        return {code.first_code: code for code in self.codes.values() if code.first_code}

    def addon(self, first: str) -> Code | None:
        """The code for the minutes after the first stretch, or None where there is none."""
        return self._addons.get(first)

    @cached_property
    def _parameters(self) -> dict[str, Parameter]:
        return {}

    def parameter(self, name: str) -> Parameter:
        """All values of one parameter, such as ``medicare/kx_threshold_ot``."""
        if name not in self._parameters:
            if name not in self.parameter_names:
                raise NotInForce(f"We hold no value called {name}.")
            path = self.folder / "parameters" / f"{name}.yaml"
            self._parameters[name] = files.parameter(path, name)
        return self._parameters[name]

    @cached_property
    def parameter_names(self) -> tuple[str, ...]:
        """Every parameter's name."""
        root = self.folder / "parameters"
        found = (p.relative_to(root).with_suffix("") for p in root.rglob("*.yaml"))
        return tuple(sorted(p.as_posix() for p in found))

    def dated(self, name: str, *, on: date) -> Dated:
        """The parameter's value in force on a day.

        Raises:
            NotInForce: we hold none for that day.
        """
        return self.parameter(name).on(on)

    @cached_property
    def _edits(self) -> Mapping[frozenset[str], tuple[EditPair, ...]]:
        found: defaultdict[frozenset[str], list[EditPair]] = defaultdict(list)
        for row in tables.edits(self.folder / "tables/edits/ncci.csv"):
            found[frozenset((row.column1, row.column2))].append(row)
        return {pair: tuple(rows) for pair, rows in found.items()}

    @cached_property
    def codes_read_for_edits(self) -> frozenset[str]:
        """The codes of which we know that their rows, or that they have none, were read."""
        listed = {code for pair in self._edits for code in pair}
        return frozenset(listed | tables.codes_without_edits(self.folder / "tables/edits/none.csv"))

    @cached_property
    def codes_seen_in_practitioner_table(self) -> frozenset[str]:
        """The codes whose practitioner rows, ended ones included, were read."""
        return frozenset(
            code
            for rows in self._edits.values()
            for row in rows
            if row.table is Setting.PRACTITIONER and row.certainty.is_settled
            for code in (row.column1, row.column2)
        )

    def edits(self, one: str, other: str, table: Setting) -> tuple[EditPair, ...]:
        """All rows, past and present and in either order, of two codes in one table."""
        rows = self._edits.get(frozenset((one, other)), ())
        return tuple(row for row in rows if row.table is table)

    def all_edits(self) -> Iterator[EditPair]:
        """Every row of both edit tables."""
        for rows in self._edits.values():
            yield from rows

    def all_unit_limits(self) -> Iterator[UnitLimit]:
        """Every row of the unit limits."""
        for rows in self._limits.values():
            yield from rows

    def all_rvus(self) -> Iterator[Rvu]:
        """Every row of the relative values."""
        for rows in self._rvus.values():
            yield from rows

    @cached_property
    def _limits(self) -> Mapping[tuple[str, Setting], tuple[UnitLimit, ...]]:
        found: defaultdict[tuple[str, Setting], list[UnitLimit]] = defaultdict(list)
        for row in tables.unit_limits(self.folder / "tables/limits/mue.csv"):
            found[row.code, row.setting].append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    def unit_limit(self, code: str, setting: Setting, on: date) -> UnitLimit | None:
        """The day's unit limit, or None where we hold none for that day."""
        for row in self._limits.get((code, setting), ()):
            if (row.start is None or row.start <= on) and (row.end is None or on <= row.end):
                return row
        return None

    @cached_property
    def _rvus(self) -> Mapping[str, tuple[Rvu, ...]]:
        found: defaultdict[str, list[Rvu]] = defaultdict(list)
        for path in sorted((self.folder / "tables/rvu").glob("*.csv")):
            for row in tables.rvus(path):
                found[row.code].append(row)
        return {code: tuple(rows) for code, rows in found.items()}

    def rvu(self, code: str, on: date) -> Rvu:
        """The code's relative values on a day.

        Raises:
            NotInForce: we hold none for that code and day.
        """
        for row in self._rvus.get(code, ()):
            if row.start <= on <= row.end:
                return row
        held = ", ".join(f"{r.start.year}" for r in self._rvus.get(code, ()))
        raise NotInForce(
            f"We hold no relative values of {code} for {on}"
            + (f"; we hold them for {held}." if held else ".")
        )

    @cached_property
    def payers(self) -> Mapping[str, Payer]:
        """Payer profiles by id; the clinic's own replace the shipped ones.

        Raises:
            KnowledgeError: a profile of the clinic's cites a source that nobody holds.
        """
        shipped = read_payers(sorted((self.folder / "payers").glob("*.yaml")))
        if self.local is None:
            return shipped
        own = read_payers(sorted((self.local / "payers").glob("*.yaml")))
        for payer in own.values():
            self._refuse_unknown_sources(payer)
        return {**shipped, **own}

    def _refuse_unknown_sources(self, payer: Payer) -> None:
        cited = {value.source for values in payer.values.values() for value in values}
        unknown = sorted(cited - self.sources.keys())
        if unknown:
            raise KnowledgeError(
                f"payers/{payer.id}.yaml: no source is called {', '.join(unknown)}; describe it in "
                "the folder's own sources.yaml."
            )

    def payer(self, payer_id: str) -> Payer:
        """One profile; an unknown payer has an empty one."""
        return self.payers.get(payer_id) or Payer(payer_id, payer_id, (), "unknown")

    @cached_property
    def _documentation(self) -> Mapping[str, Requirements]:
        paths = sorted((self.folder / "documentation").glob("*.yaml"))
        return files.documentation(paths)

    def documentation(self, code: str) -> Requirements | None:
        """What the note must show for a code; "*" is every visit. None where we hold nothing."""
        return self._documentation.get(code)

    @property
    def documented_codes(self) -> tuple[str, ...]:
        """The codes with requirements of their own."""
        return tuple(code for code in self._documentation if code != "*")

    @cached_property
    def disputes(self) -> tuple[Dispute, ...]:
        """Published statements that the authority contradicts, with our rulings."""
        return files.disputes(self.folder / "disputes.yaml")

    @cached_property
    def guides(self) -> tuple[Guide, ...]:
        """Our own notes."""
        paths = sorted((self.folder / "guides").glob("*.md"))
        return tuple(files.guide(path) for path in paths)

    @cached_property
    def claim_steps(self) -> tuple[ClaimStep, ...]:
        """How the chart goes on once the code is chosen: edit, KX, discipline modifier."""
        return files.claim_steps(self.folder / "flowcharts/claim/claim_line.yaml")

    def flowchart(self, name: str = "therapy_code") -> Flowchart:
        """A code-selection chart."""
        return _flowchart(self.folder, name)

    def check(self) -> None:
        """Read everything and follow every reference.

        Raises:
            KnowledgeError: with all faults found, one a line.
        """
        from assistant.knowledge.checking import faults

        found = faults(self)
        if found:
            raise KnowledgeError("\n".join(found))


@cache
def _flowchart(folder: Path, name: str) -> Flowchart:
    where = folder / "flowcharts"
    raw = {path.stem: read_yaml(path) for path in sorted(where.glob("*.yaml"))}
    if name not in raw:
        raise KnowledgeError(f"flowcharts/{name}.yaml: there is no such chart.")
    return parse_flowchart(raw, name)


def load(local: Path | None = None) -> Knowledge:
    """The shipped knowledge base, with a clinic's own folder over it where one is given."""
    return Knowledge(SHIPPED, local)


__all__ = ["Knowledge", "load"]
