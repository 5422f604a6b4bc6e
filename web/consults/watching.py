"""What the desk says of itself: to the health check, and to Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Engine, Table, func, select

from web.consults.inbox import counted
from web.consults.leases import now
from web.consults.pulses import SILENT, Pulse, heard
from web.consults.settings import DeskSettings
from web.consults.states import Sending, State
from web.consults.tables import consults, outgoing
from web.database.engine import reader

SLACK = 3  # polls that a mailbox may miss


@dataclass(frozen=True, slots=True)
class Leased:
    """How many rows are held, held by a worker that has died, and tried again after a failure."""

    held: int
    expired: int
    retried: int


def leases(engine: Engine, table: Table) -> Leased:
    """The table's leases."""
    with reader(engine).connect() as connection:
        at = now(connection)
        held = (table.c.lease_until.is_not(None), table.c.lease_until >= at)
        gone = (table.c.lease_until.is_not(None), table.c.lease_until < at)
        again = (table.c.attempts > 0, table.c.state.in_((State.RECEIVED, Sending.PENDING)))
        counts = [
            connection.scalar(select(func.count()).select_from(table).where(*one)) or 0
            for one in (held, gone, again)
        ]
    return Leased(*counts)


def troubles(engine: Engine, settings: DeskSettings) -> list[str]:
    """What somebody should look at, one sentence each; none while all is well."""
    counts, pulses = counted(engine, settings), heard(engine)
    said = list(_silences(pulses, settings))
    for number, one, several in (
        (
            counts.states[State.FAILED],
            "consult failed and waits for a person",
            "consults failed and wait for a person",
        ),
        (counts.states[State.QUARANTINED], "mail is in quarantine", "mails are in quarantine"),
        (counts.sending[Sending.UNKNOWN], "reply is being checked", "replies are being checked"),
    ):
        if number:
            said.append(f"{number} {one if number == 1 else several}.")
    return said


def _silences(pulses: list[Pulse], settings: DeskSettings) -> Iterator[str]:
    workers = [p for p in pulses if p.part.startswith("worker ") and p.age < SILENT]
    if not workers:
        yield "No worker is at work: start the page with the desk's settings, or a worker."
    if settings.imap is None:
        return
    box = next((p for p in pulses if p.part == f"mailbox {settings.mailbox}"), None)
    if box is None or box.age > settings.poll * SLACK + SILENT:
        yield "Nobody reads the mailbox."
    elif not box.is_well:
        yield box.detail
    elif box.figures.get("not_stored"):
        yield f"Mails of the mailbox that are not kept yet: {box.figures['not_stored']:.0f}."


class _Desk(Collector):
    def __init__(self, engine: Engine, settings: DeskSettings) -> None:
        self._engine = engine
        self._settings = settings

    def collect(self) -> Iterator[Metric]:
        """The desk's figures, read at the moment they are asked for."""
        counts = counted(self._engine, self._settings)
        yield _by("consults", "Consults by state", "state", counts.states)
        yield _by("consult_replies", "Replies by state", "state", counts.sending)
        ages = {state: age.total_seconds() for state, age in counts.oldest.items()}
        yield _by("consult_oldest_seconds", "Age of the oldest consult", "state", ages)
        yield _one("consults_overdue", "Consults open beyond the target time", counts.overdue)
        both = {t.name: leases(self._engine, t) for t in (consults, outgoing)}
        held = {name: leased.held for name, leased in both.items()}
        gone = {name: leased.expired for name, leased in both.items()}
        yield _by("consult_leases", "Rows held by a worker", "table", held)
        yield _by("consult_leases_expired", "Rows whose worker has died", "table", gone)
        again = {name: leased.retried for name, leased in both.items()}
        yield _by("consult_retrying", "Rows tried again after a failure", "table", again)
        yield from self._parts()

    def _parts(self) -> Iterator[Metric]:
        pulses = heard(self._engine)
        workers = [p for p in pulses if p.part.startswith("worker ") and p.age < SILENT]
        yield _one("consult_workers", "Processes that work for the desk", len(workers))
        boxes = [p for p in pulses if p.part.startswith("mailbox ")]
        for name, about, figure in (
            ("consult_mailbox_mails", "Mails in the inbox", "on_server"),
            ("consult_mailbox_not_stored", "Mails in the inbox that are not kept", "not_stored"),
        ):
            yield _by(name, about, "mailbox", {p.part[8:]: p.figures.get(figure, 0) for p in boxes})
        ages = {p.part[8:]: p.age.total_seconds() for p in boxes}
        yield _by("consult_mailbox_read_seconds", "Since the mailbox was read", "mailbox", ages)
        wells = {p.part[8:]: float(p.is_well) for p in boxes}
        yield _by("consult_mailbox_well", "Whether it could be read", "mailbox", wells)


def metrics(engine: Engine, settings: DeskSettings) -> bytes:
    """The desk's figures in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Desk(engine, settings))
    return generate_latest(registry)


def _by(name: str, about: str, label: str, values: object) -> Metric:
    family = GaugeMetricFamily(name, about, labels=[label])
    assert isinstance(values, dict)
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family


def _one(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)
