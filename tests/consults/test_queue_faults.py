"""What a server does to us, row by row of faults.yaml, with a real Dovecot and a real sink."""

from __future__ import annotations

import itertools
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from operator import itemgetter
from pathlib import Path
from threading import Event

import pytest
import yaml
from desks import DESK, question, settings
from dovecot import PASSWORD
from imap_proxy import Proxy
from imapclient import IMAPClient
from smtp_sink import HANG, Script, Sink
from sqlalchemy import func, select

from web.consults import imap
from web.consults.polling import Poller
from web.consults.sending import Sender, Settler
from web.consults.settings import Server
from web.consults.states import Sending
from web.consults.tables import mails, mails_seen, outgoing
from web.database.engine import reader

ROWS = yaml.safe_load(Path(__file__).with_name("faults.yaml").read_text(encoding="utf-8"))
accounts = (f"desk{number}" for number in itertools.count())


def test_there_are_enough():
    assert len(ROWS["smtp"]) + len(ROWS["imap"]) >= 40


@pytest.fixture(scope="module")
def one_sink():
    with Sink(desk=DESK, users={"desk": PASSWORD}, idle=3) as made:
        yield made


class TestSmtp:
    @pytest.fixture
    def sink(self, one_sink):
        one_sink.new()
        return one_sink

    @pytest.mark.parametrize("row", ROWS["smtp"], ids=itemgetter("name"))
    def test_a_reply_stands_where_it_must(self, row, sink, new_desk):
        script = dict(row["script"])
        port = 9 if script.pop("closed", False) else sink.port
        server = Server("127.0.0.1", port, "plain", "desk", lambda: PASSWORD)
        silent = HANG in script.values() or script.get("after", 0) > 1
        patience = timedelta(seconds=0.4 if silent else 30)
        desk = new_desk(settings(smtp=server, smtp_timeout=patience))
        # The copy comes to the mailbox only later, as it does: a crash may lie between.
        copies = []
        sink.file_copy = copies.append
        sink.scripts.append(Script(**script))
        consult = desk.approved(question())

        self.send(desk)
        assert desk.sending(consult) == row["sending"]
        assert desk.state(consult) == row["consult"]
        assert len(sink.deliveries) == row["arrived"]

        for raw in copies:
            desk.take(raw)
        desk.settings = replace(
            desk.settings, smtp=replace(server, port=sink.port), smtp_timeout=timedelta(seconds=30)
        )
        desk.pass_time()
        self.settle(desk)
        self.send(desk)
        assert desk.sending(consult) == row["finally"]
        assert len(sink.deliveries) == row["arrives"]
        assert len({one.header("message-id") for one in sink.deliveries}) <= 1

    def send(self, desk):
        if lease := desk.leases.claim(outgoing, (Sending.PENDING, Sending.SENDING)):
            Sender(desk.engine, desk.settings).send(lease)
            desk.leases.forget(lease)

    def settle(self, desk):
        if lease := desk.leases.claim(outgoing, (Sending.UNKNOWN,)):
            Settler(desk.engine, desk.settings).settle(lease)


class TestImap:
    @pytest.mark.parametrize("row", ROWS["imap"], ids=itemgetter("name"))
    def test_every_mail_is_kept_once(self, row, dovecots, new_desk):
        server = dovecots(row.get("capability", ""))
        account = next(accounts)
        for number in range(3):
            server.deliver(account, question(number))

        def take_one_away():
            with IMAPClient("127.0.0.1", server.port, ssl=False) as other:
                other.login(account, PASSWORD)
                other.select_folder("INBOX")
                other.delete_messages([2])
                other.expunge([2])

        strike = (row.get("when", ""), row.get("fault", ""), row.get("at", 1), take_one_away)
        with closing(Proxy(server.port, *strike)) as proxy:
            desk = new_desk(settings(imap=self.reached(account, proxy.port)))
            with suppress(Exception):
                self.round(desk)
            assert self.kept(desk) == row["kept"]
            assert not row.get("when") or proxy.struck >= row.get("at", 1)
        desk.settings = replace(desk.settings, imap=self.reached(account, server.port))
        if row.get("renumbered"):
            self.renumber(server, account)
        for _ in range(2):
            self.round(desk)
        assert self.kept(desk) == 3 - row.get("gone", 0)
        with imap.entered(desk.settings.imap) as client:
            client.select_folder("INBOX")
            assert len(client.search("ALL")) == (3 if row.get("stays") else 0)
            if not row.get("stays"):
                client.select_folder("Processed")
                assert len(client.search("ALL")) == 3 - row.get("gone", 0)

    def reached(self, account, port):
        return Server("127.0.0.1", port, "plain", account, lambda: PASSWORD)

    def round(self, desk):
        with imap.entered(desk.settings.imap) as client:
            return Poller(desk.engine, desk.settings, Event()).round(client)

    def kept(self, desk):
        with reader(desk.engine).connect() as connection:
            return connection.scalar(select(func.count()).select_from(mails))

    def renumber(self, server, account):
        """The mails lie there again, in a folder that was made anew."""
        with IMAPClient("127.0.0.1", server.port, ssl=False) as client:
            client.login(account, PASSWORD)
            before = client.select_folder("INBOX")[b"UIDVALIDITY"]
            client.select_folder("Processed")
            client.copy(client.search("ALL"), "INBOX")
            client.delete_messages(client.search("ALL"))
            client.expunge()
        folder = server.folder / "mail" / account
        (folder / "dovecot-uidlist").unlink()
        for index in folder.glob("dovecot.index*"):
            index.unlink()
        with IMAPClient("127.0.0.1", server.port, ssl=False) as client:
            client.login(account, PASSWORD)
            after = client.select_folder("INBOX")
            assert after[b"UIDVALIDITY"] != before
            assert after[b"EXISTS"] == 3


def test_a_mail_that_the_server_never_hands_out_becomes_visible(dovecots, new_desk):
    server, account = dovecots(), next(accounts)
    for number in range(2):
        server.deliver(account, question(number))
    desk = new_desk(settings())

    class NeverTheFirst(Proxy):
        def _strikes(self, line):
            return b"BODY.PEEK" in line.upper() and b"FETCH 1 " in line.upper()

    with closing(NeverTheFirst(server.port, "BODY.PEEK", "NO")) as proxy:
        desk.settings = replace(
            desk.settings, imap=Server("127.0.0.1", proxy.port, "plain", account, lambda: PASSWORD)
        )
        poller = Poller(desk.engine, desk.settings, Event())
        left = []
        with imap.entered(desk.settings.imap) as client:
            for _ in range(4):
                left.append(poller.round(client))
    assert left == [1, 1, 0, 0]
    desk.draft_all()
    said = {row.subject: row.state for row in desk.reviews.inbox()}
    assert "drafted" in said.values()
    assert any("does not hand this mail out" in subject for subject in said)
    with reader(desk.engine).connect() as connection:
        assert connection.scalar(select(func.count()).select_from(mails_seen)) == 2
