"""The tables of the knowledge base: one reader for each kind of CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.claim import Setting
from assistant.errors import KnowledgeError
from assistant.knowledge.nouns import Code, EditPair, Locality, Modifier, Rvu, UnitLimit
from assistant.knowledge.reading import (
    parse_amount,
    parse_certainty,
    parse_count,
    parse_day,
    read_rows,
)

_CODE_COLUMNS = frozenset(
    (
        "code",
        "label",
        "disciplines",
        "locked",
        "therapy",
        "clock",
        "first_minutes",
        "further_minutes",
        "earned_by",
        "first_code",
        "note",
        "certainty",
        "source",
    )
)
_CLOCKS = {"untimed", "fifteen", "own"}
_THERAPY = {"always", "sometimes", "no"}


def codes(path: Path) -> Mapping[str, Code]:
    """`tables/codes/codes.csv`: code to entry."""
    found = {}
    for where, row in read_rows(path, _CODE_COLUMNS):
        if row["clock"] not in _CLOCKS or row["therapy"] not in _THERAPY:
            raise KnowledgeError(f"{where}: clock {row['clock']!r}, therapy {row['therapy']!r}.")
        if row["code"] in found:
            raise KnowledgeError(f"{where}: {row['code']} stands twice.")
        found[row["code"]] = Code(
            code=row["code"],
            label=row["label"],
            disciplines=tuple(filter(None, row["disciplines"].split("/"))),
            locked=row["locked"],
            therapy=row["therapy"],
            clock=row["clock"],
            first_minutes=parse_count(row["first_minutes"], where),
            further_minutes=parse_count(row["further_minutes"], where),
            earned_by=row["earned_by"],
            first_code=row["first_code"],
            note=row["note"],
            certainty=parse_certainty(row["certainty"], where),
            source=row["source"],
        )
    return found


def code_names(path: Path, known: Mapping[str, Code]) -> Mapping[str, tuple[str, ...]]:
    """`tables/codes/names.csv`: a name to the code or codes it may mean."""
    found: dict[str, tuple[str, ...]] = {}
    for where, row in read_rows(path, frozenset(("code", "name"))):
        meant = tuple(row["code"].split("|"))
        name = row["name"].lower().strip()
        unknown = [code for code in meant if code not in known]
        if unknown or found.get(name, meant) != meant:
            raise KnowledgeError(f"{where}: {name!r} means {meant} and {found.get(name)}.")
        found[name] = meant
    return found


def modifiers(path: Path) -> Mapping[str, Modifier]:
    """`tables/modifiers/modifiers.csv`: the modifiers of therapy claims."""
    columns = frozenset(("modifier", "group", "meaning", "statement"))
    return {row["modifier"]: Modifier(**row) for _, row in read_rows(path, columns)}


def statuses(path: Path) -> Mapping[tuple[str, int], tuple[str, str, str]]:
    """`tables/codes/status.csv`: (code, year) to status, note and source."""
    columns = frozenset(("code", "year", "status", "note", "source"))
    return {
        (row["code"], parse_count(row["year"], where)): (row["status"], row["note"], row["source"])
        for where, row in read_rows(path, columns)
    }


_EDIT_COLUMNS = frozenset(
    (
        "column1",
        "column2",
        "indicator",
        "start",
        "end",
        "table",
        "certainty",
        "source",
        "note",
    )
)


def edits(path: Path) -> Iterator[EditPair]:
    """`tables/edits/ncci.csv`: the therapy rows of the procedure-to-procedure tables."""
    for where, row in read_rows(path, _EDIT_COLUMNS):
        yield EditPair(
            column1=row["column1"],
            column2=row["column2"],
            indicator=parse_count(row["indicator"], where),
            start=parse_day(row["start"], where),
            end=parse_day(row["end"], where),
            table=_setting(row["table"], where),
            certainty=parse_certainty(row["certainty"], where),
            source=row["source"],
            note=row["note"],
        )


def _setting(value: str, where: str) -> Setting:
    try:
        return Setting(value)
    except ValueError as error:
        raise KnowledgeError(f"{where}: setting is {value!r}.") from error


_LIMIT_COLUMNS = frozenset(
    (
        "code",
        "setting",
        "units",
        "mai",
        "start",
        "end",
        "certainty",
        "source",
    )
)


def codes_without_edits(path: Path) -> set[str]:
    """`tables/edits/none.csv`: codes that were looked for and stand in no therapy row."""
    return {row["code"] for _, row in read_rows(path, frozenset(("code", "statement")))}


def unit_limits(path: Path) -> Iterator[UnitLimit]:
    """`tables/limits/mue.csv`: medically unlikely edits."""
    for where, row in read_rows(path, _LIMIT_COLUMNS):
        yield UnitLimit(
            code=row["code"],
            setting=_setting(row["setting"], where),
            units=parse_count(row["units"], where),
            mai=row["mai"],
            start=parse_day(row["start"], where),
            end=parse_day(row["end"], where),
            certainty=parse_certainty(row["certainty"], where),
            source=row["source"],
        )


_RVU_COLUMNS = frozenset(
    (
        "code",
        "status",
        "work",
        "pe_nonfacility",
        "pe_facility",
        "mp",
        "multiple_procedure",
        "start",
        "end",
        "source",
        "certainty",
    )
)


def rvus(path: Path) -> Iterator[Rvu]:
    """`tables/rvu/<year>.csv`: relative values."""
    for where, row in read_rows(path, _RVU_COLUMNS):
        start, end = parse_day(row["start"], where), parse_day(row["end"], where)
        if start is None or end is None:
            raise KnowledgeError(f"{where}: relative values need a first and a last day.")
        facility = row["pe_facility"]
        yield Rvu(
            code=row["code"],
            status=row["status"],
            work=parse_amount(row["work"], where),
            pe=parse_amount(row["pe_nonfacility"], where),
            pe_facility=parse_amount(facility, where) if facility else None,
            mp=parse_amount(row["mp"], where),
            multiple_procedure=row["multiple_procedure"],
            start=start,
            end=end,
            certainty=parse_certainty(row["certainty"], where),
            source=row["source"],
        )


_LOCALITY_COLUMNS = frozenset(
    (
        "contractor",
        "state",
        "number",
        "name",
        "work",
        "pe",
        "mp",
        "start",
        "end",
        "source",
    )
)


def localities(path: Path) -> Iterator[Locality]:
    """The payment localities with their geographic indices (GPCI)."""
    for where, row in read_rows(path, _LOCALITY_COLUMNS):
        start, end = parse_day(row["start"], where), parse_day(row["end"], where)
        if start is None or end is None:
            raise KnowledgeError(f"{where}: a locality needs a first and a last day.")
        yield Locality(
            contractor=row["contractor"],
            state=row["state"],
            number=row["number"],
            name=row["name"],
            work=parse_amount(row["work"], where),
            pe=parse_amount(row["pe"], where),
            mp=parse_amount(row["mp"], where),
            start=start,
            end=end,
            source=row["source"],
        )
