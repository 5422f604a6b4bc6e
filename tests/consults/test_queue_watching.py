"""What is erased after a while, and what the desk says of itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from desks import (
    BILLER,
    counted,
    question,
    send_all,
)
from sqlalchemy import select, update

from web.consults import watching
from web.consults.leases import now
from web.consults.opened import NoSuchConsult
from web.consults.pulses import say
from web.consults.retention import erase_consults
from web.consults.states import State
from web.consults.tables import consults, decisions, drafts, mails, outgoing

DAY = timedelta(days=1)
MAILS = Path(__file__).parent / "mails"


class TestRetention:
    def test_what_is_closed_for_long_is_erased_and_never_answered_again(self, desk):
        closed, open_one = desk.approved(question(1)), desk.drafted(question(2))
        send_all(desk)
        assert self.erase(desk) == []
        with desk.engine.begin() as connection:
            past = now(connection) - 2 * DAY
            connection.execute(update(consults).values(received_at=past))
            closing = update(consults).where(consults.c.closed_at.is_not(None))
            connection.execute(closing.values(closed_at=past))
        assert self.erase(desk) == [str(closed)]
        with pytest.raises(NoSuchConsult):
            desk.reviews.open(closed)
        assert desk.state(open_one) is State.DRAFTED
        assert counted(desk, drafts) == 1
        assert counted(desk, outgoing) == counted(desk, decisions) == 0  # nor any receipt
        with desk.engine.connect() as connection:
            kept = connection.execute(select(mails.c.raw, mails.c.message_id).order_by(mails.c.id))
            assert kept.all() == [(b"", ""), (question(2), "<q2@clinic.example>")]
        assert not desk.take(question(1)).is_new
        assert desk.draft_all() == 0

    def erase(self, desk):
        with desk.engine.begin() as connection:
            return erase_consults(connection, now(connection) - DAY)


class TestWatching:
    def test_figures_for_prometheus(self, desk):
        desk.approved(question(1))
        desk.take(question(2))
        say(desk.engine, "mailbox m", True, "", {"on_server": 3, "not_stored": 1})
        told = watching.metrics(desk.engine, desk.settings).decode()
        for line in (
            'consults{state="approved"} 1.0',
            'consults{state="failed"} 0.0',
            'consult_replies{state="pending"} 1.0',
            'consult_leases{table="outgoing"} 0.0',
            'consult_leases_expired{table="consult"} 0.0',
            'consult_retrying{table="consult"} 0.0',
            'consult_mailbox_not_stored{mailbox="m"} 1.0',
        ):
            assert line in told
        assert 'consult_oldest_seconds{state="received"}' in told
        assert BILLER not in told

    def test_health_says_what_is_wrong(self, sqlite_desk):
        desk = sqlite_desk
        assert "No worker" in watching.troubles(desk.engine, desk.settings)[0]
        say(desk.engine, "worker here", True)
        assert watching.troubles(desk.engine, desk.settings) == []
        desk.take(question())
        with desk.engine.begin() as connection:
            connection.execute(update(consults).values(state=State.FAILED))
        assert "1 consult failed" in watching.troubles(desk.engine, desk.settings)[0]
