"""The knowledge base, read when first asked for, one topic at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from assistant.errors import KnowledgeError, NotInForce, UnknownCode
from assistant.evidence import Source, Statement
from assistant.flowchart import Flowchart, parse_flowchart
from assistant.knowledge import files, tables
from assistant.knowledge.cms import CmsTables
from assistant.knowledge.factors import with_cms_factors
from assistant.knowledge.lookups import TableLookups
from assistant.knowledge.nouns import (
    ClaimStep,
    Code,
    Dated,
    Dispute,
    Guide,
    Modifier,
    Parameter,
    Payer,
    Requirements,
)
from assistant.knowledge.payers import payers as read_payers
from assistant.knowledge.reading import read_yaml

SHIPPED = Path(__file__).parents[2] / "knowledge_base"


class Knowledge(TableLookups):
    """Everything the rules look up. Reads each topic once, at its first use.

    Args:
        folder: the knowledge base's folder.
        local: a clinic's own folder; its payer profiles (`payers/*.yaml`) add to and replace the
            shipped ones, and its `sources.yaml` says what they cite.
        tables: the folder of CMS's own tables that `python -m ingest cms` read in, or what it
            held at one moment.
    """

    def __init__(
        self,
        folder: Path = SHIPPED,
        local: Path | None = None,
        tables: Path | CmsTables | None = None,
    ) -> None:
        super().__init__(folder, tables)
        self.local = local

    @property
    def sources(self) -> Mapping[str, Source]:
        """Every document we cite, by id."""
        return self.cms.over(self.cms.sources, self.shipped_sources)

    @cached_property
    def shipped_sources(self) -> Mapping[str, Source]:
        """Those that the shipped knowledge and the clinic's own folder cite."""
        shipped = files.sources(self.folder / "sources.yaml")
        own = self.local / "sources.yaml" if self.local else None
        return {**shipped, **files.sources(own)} if own and own.is_file() else shipped

    @property
    def statements(self) -> Mapping[str, Statement]:
        """What we hold the sources to say, by id."""
        return self.cms.over(self.cms.statements, self._statements)

    @cached_property
    def _statements(self) -> Mapping[str, Statement]:
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

    @property
    def statuses(self) -> Mapping[tuple[str, int], tuple[str, str, str]]:
        """Medicare's status of a code in a year: letter, note, source."""
        return self.cms.over(self.cms.statuses, self._statuses)

    @cached_property
    def _statuses(self) -> Mapping[tuple[str, int], tuple[str, str, str]]:
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
        return with_cms_factors(self._parameters[name], self.cms)

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

    @property
    def worked_examples(self) -> Path:
        """The file of worked examples that activities are likened to."""
        return self.folder / "flowcharts/examples/worked.yaml"

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


def load(local: Path | None = None, tables: Path | CmsTables | None = None) -> Knowledge:
    """The shipped knowledge base, with a clinic's own folder over it where one is given.

    Args:
        local: the clinic's own folder of payers.
        tables: the folder of CMS's own tables that were read in, or what it held at one moment.
    """
    return Knowledge(SHIPPED, local, tables)


__all__ = ["Knowledge", "load"]
