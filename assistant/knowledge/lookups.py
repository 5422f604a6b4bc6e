"""Edits, unit limits and relative values by day: CMS's own releases first, then what is shipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

from assistant.claim import Setting
from assistant.errors import NotInForce
from assistant.evidence import Source
from assistant.knowledge import tables
from assistant.knowledge.cms import NOTHING, CmsFolder, CmsTables
from assistant.knowledge.nouns import EditPair, Locality, Rvu, UnitLimit
from assistant.knowledge.releases import Release

SHIPPED_EDITS_END = date(2026, 12, 31)  # of the last quarter whose edits are shipped


class TableLookups:
    """The dated tables, shipped and read in.

    Args:
        folder: the knowledge base's folder.
        read_in: the folder that `python -m ingest cms` writes, or what it held at one moment;
            None reads nothing but the shipped.
    """

    def __init__(self, folder: Path, read_in: Path | CmsTables | None = None) -> None:
        self.folder = folder
        self._read_in = CmsFolder(read_in) if isinstance(read_in, Path) else None
        self._frozen = read_in if isinstance(read_in, CmsTables) else NOTHING

    @property
    def cms(self) -> CmsTables:
        """CMS's own releases that were read in."""
        return self._read_in.held if self._read_in else self._frozen

    @cached_property
    def shipped_sources(self) -> Mapping[str, Source]:
        """Every document that the shipped knowledge cites, by id."""
        raise NotImplementedError

    @cached_property
    def _edits(self) -> Mapping[frozenset[str], tuple[EditPair, ...]]:
        found: defaultdict[frozenset[str], list[EditPair]] = defaultdict(list)
        for row in tables.edits(self.folder / "tables/edits/ncci.csv"):
            found[frozenset((row.column1, row.column2))].append(row)
        return {pair: tuple(rows) for pair, rows in found.items()}

    @cached_property
    def codes_read_for_edits(self) -> frozenset[str]:
        """The codes of which the shipped table has rows, or says that there are none."""
        listed = {code for pair in self._edits for code in pair}
        return frozenset(listed | tables.codes_without_edits(self.folder / "tables/edits/none.csv"))

    @cached_property
    def codes_seen_in_practitioner_table(self) -> frozenset[str]:
        """The codes whose practitioner rows, ended ones included, are shipped."""
        return frozenset(
            code
            for rows in self._edits.values()
            for row in rows
            if row.table is Setting.PRACTITIONER and row.certainty.is_settled
            for code in (row.column1, row.column2)
        )

    def edit_release(self, one: str, other: str, table: Setting, on: date) -> Release | None:
        """CMS's latest release that speaks of two codes on a day; None where none was read in."""
        return next(self.cms.edit_releases((one, other), table, on), None)

    def edit_releases_of_day(
        self, one: str, other: str, table: Setting, on: date
    ) -> tuple[Release, ...]:
        """The releases read in whose own quarter has the day, of those that speak of the pair."""
        held = self.cms.edit_releases((one, other), table, on)
        return tuple(release for release in held if release.start <= on)

    def edits(
        self, one: str, other: str, table: Setting, release: Release | None = None
    ) -> tuple[EditPair, ...]:
        """All rows, past and present and in either order, of two codes in one table.

        Args:
            one: a code.
            other: another.
            table: practitioner or outpatient hospital.
            release: one of CMS's that was read in; otherwise the shipped rows.
        """
        if release is not None:
            return self.cms.edits(one, other, release)
        rows = self._edits.get(frozenset((one, other)), ())
        return tuple(row for row in rows if row.table is table)

    def edits_end(self, codes: Iterable[str], table: Setting) -> date:
        """The last day for which a table's rows of the codes are held."""
        own = next(self.cms.edit_releases(codes, table, date.min), None)
        return max(own.until, SHIPPED_EDITS_END) if own else SHIPPED_EDITS_END

    def limits_end(self, table: Setting) -> date:
        """The last day for which unit limits are held."""
        ends = (row.end for row in self.all_unit_limits() if row.setting is table)
        return max((end for end in ends if end), default=date.min)

    def all_edits(self) -> Iterator[EditPair]:
        """Every edit row: CMS's latest release that was read in, and the shipped ones."""
        yield from self.cms.all_edits()
        for rows in self._edits.values():
            yield from rows

    @cached_property
    def _limits(self) -> Mapping[tuple[str, Setting], tuple[UnitLimit, ...]]:
        found: defaultdict[tuple[str, Setting], list[UnitLimit]] = defaultdict(list)
        for row in tables.unit_limits(self.folder / "tables/limits/mue.csv"):
            found[row.code, row.setting].append(row)
        return {key: tuple(rows) for key, rows in found.items()}

    def unit_limit(self, code: str, setting: Setting, on: date) -> UnitLimit | None:
        """The day's unit limit, or None where there is none or we hold none for that day."""
        release = self.cms.limit_release(setting, on)
        if release is not None:
            return self.cms.limit(code, release)
        for row in self._limits.get((code, setting), ()):
            if (row.start is None or row.start <= on) and (row.end is None or on <= row.end):
                return row
        return None

    def expired_limit(self, code: str, setting: Setting, on: date) -> UnitLimit | None:
        """The last limit held where the day is after all that are held; otherwise None."""
        if on <= (end := self.limits_end(setting)):
            return None
        return self.unit_limit(code, setting, end)

    def all_unit_limits(self) -> Iterator[UnitLimit]:
        """Every row of the unit limits, CMS's own first."""
        yield from self.cms.all_limits()
        for rows in self._limits.values():
            yield from rows

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
        shipped = next((r for r in self._rvus.get(code, ()) if r.start <= on <= r.end), None)
        release = self.cms.rvu_release(on)
        if release is not None and not self._is_newer(shipped, release, on):
            own = self.cms.rvu(code, release, on)
            if own is None:
                raise NotInForce(f"CMS's relative value file {release.version} has no {code}.")
            return own
        if shipped is not None:
            return shipped
        years = sorted({row.start.year for row in self.all_rvus() if row.code == code})
        raise NotInForce(
            f"We hold no relative values of {code} for {on}"
            + (f"; we hold them for {', '.join(map(str, years))}." if years else ".")
        )

    def _is_newer(self, shipped: Rvu | None, release: Release, on: date) -> bool:
        """Whether the shipped row was published after the release, and before the day."""
        if shipped is None:
            return False
        published = self.shipped_sources[shipped.source].published
        return str(release.start) < published <= str(on)

    def all_rvus(self) -> Iterator[Rvu]:
        """Every row of the relative values, CMS's own first."""
        yield from self.cms.all_rvus()
        for rows in self._rvus.values():
            yield from rows

    def localities(self, on: date) -> tuple[Locality, ...]:
        """Medicare's payment localities on a day; none where their table was not read in."""
        return self.cms.localities(on)
