"""How the desk enters real servers: TLS, STARTTLS, password, token; and what it refuses."""

from __future__ import annotations

import json
import ssl
import tempfile
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

import certificates
import pytest
from desks import BILLER, DESK, question, settings
from dovecot import MISSING, PASSWORD, program, running_dovecot
from imapclient.exceptions import LoginError
from smtp_sink import Sink
from sqlalchemy import text

from web.consults import imap, smtp
from web.consults.polling import Poller, sole_poller
from web.consults.sending import Sender
from web.consults.settings import Server, desk_settings
from web.consults.states import Sending
from web.consults.tables import outgoing
from web.settings import UnusableSetting

TOKEN = "a-token"
ADDRESS = {"ASSISTANT_MAIL_ADDRESS": DESK}


class _Tokens(BaseHTTPRequestHandler):
    """What a provider says of a token."""

    def do_GET(self):
        given = parse_qs(urlsplit(self.path).query).get("token", [""])[0]
        told = json.dumps({"email": "desk"} if given == TOKEN else {"error": "invalid"}).encode()
        self.send_response(200 if given == TOKEN else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return certificates.make(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def tokens():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Tokens) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/?token="
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def dovecot(files, tokens):
    if program() is None:
        pytest.skip(MISSING)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with running_dovecot(folder, certificate=files, tokens_at=tokens) as server:
            server.deliver("desk", question())
            yield server


def secret(value):
    return lambda: value


HOW = {
    "tls, password": ("tls", PASSWORD, False),
    "starttls, password": ("starttls", PASSWORD, False),
    "tls, token": ("tls", TOKEN, True),
    "starttls, token": ("starttls", TOKEN, True),
}


@pytest.mark.parametrize("how", HOW)
class TestEntering:
    def test_mailbox(self, how, dovecot, files):
        security, given, is_token = HOW[how]
        port = dovecot.imaps_port if security == "tls" else dovecot.port
        server = Server("127.0.0.1", port, security, "desk", secret(given), is_token, str(files[0]))
        with imap.entered(server) as client:
            imap.select_folder(client, "INBOX")
            assert len(client.search("ALL")) == 1
        with pytest.raises(LoginError), imap.entered(replace(server, secret=secret("wrong"))):
            pass
        with (
            pytest.raises(ssl.SSLCertVerificationError),
            imap.entered(replace(server, authorities="")),
        ):
            pass

    def test_submission(self, how, files, new_desk):
        security, given, is_token = HOW[how]
        shown = certificates.context(files)
        options = {} if security == "tls" else {"tls_context": shown, "require_starttls": True}
        sink = Sink(
            desk=DESK,
            tls=shown if security == "tls" else None,
            users={"desk": PASSWORD},
            tokens=(TOKEN,),
            options=options,
        )
        with sink:
            server = Server(
                "127.0.0.1", sink.port, security, "desk", secret(given), is_token, str(files[0])
            )
            assert self.sent(new_desk, server) is Sending.SENT
            wrong = replace(server, secret=secret("wrong"))
            assert self.sent(new_desk, wrong) is Sending.PENDING
            unknown = replace(server, authorities="")
            assert self.sent(new_desk, unknown) is Sending.PENDING
        assert [one.recipients for one in sink.deliveries] == [(BILLER, DESK)]

    def sent(self, new_desk, server):
        desk = new_desk(settings(smtp=server, smtp_timeout=timedelta(seconds=30)))
        consult = desk.approved(question())
        Sender(desk.engine, desk.settings).send(desk.leases.claim(outgoing, (Sending.PENDING,)))
        return desk.sending(consult)


def test_a_server_that_offers_no_tls_gets_no_password(new_desk):
    with Sink(desk=DESK, users={"desk": PASSWORD}) as sink:
        asked = Event()
        server = Server("127.0.0.1", sink.port, "starttls", "desk", lambda: str(asked.set()))
        with pytest.raises(smtp.FAILURES), smtp.entered(server, timedelta(seconds=30)):
            pass
        assert not asked.is_set()


class TestOnePoller:
    def test_on_sqlite_and_postgresql_the_second_waits(self, new_postgres, new_desk):
        for desk in (new_desk(), new_desk(address=new_postgres())):
            with sole_poller(desk.engine, "m") as first, sole_poller(desk.engine, "m") as second:
                assert first
                assert first()
                assert second is None
                with sole_poller(desk.engine, "other") as third:
                    assert third
            with sole_poller(desk.engine, "m") as again:
                assert again

    def test_the_lock_is_lost_with_its_connection(self, new_postgres, new_desk):
        desk = new_desk(address=new_postgres())
        with sole_poller(desk.engine, "m") as is_ours:
            with desk.engine.connect() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                    )
                )
            assert not is_ours()
            with sole_poller(desk.engine, "m") as other:
                assert other


class TestLargeMails:
    def test_of_a_mail_above_the_limit_only_the_beginning_is_fetched(self, dovecots, new_desk):
        server = dovecots()
        server.deliver("large", question(text="20 min 97530. " * 20_000))
        desk = new_desk()
        small = replace(desk.settings.desk, largest=100_000)
        here = Server("127.0.0.1", server.port, "plain", "large", secret(PASSWORD))
        desk.settings = replace(desk.settings, desk=small, imap=here)
        desk.drafter = replace(desk.drafter, settings=desk.settings)
        with imap.entered(here) as client:
            Poller(desk.engine, desk.settings, Event()).round(client)
        desk.draft_all()
        (row,) = desk.reviews.inbox()
        assert row.state == "held"
        assert "MB" in row.reason
        assert len(desk.reviews.open(row.id).raw) < 70_000
        desk.reviews.release(row.id, "ann")
        desk.draft_all()
        newest = desk.reviews.open(row.id).newest
        assert newest.draft.kind == "unanswerable"  # half a mail is not answered
        assert "We could not read your mail" in newest.draft.body


class TestSettings:
    def test_without_any_there_is_no_desk(self):
        assert desk_settings({"ASSISTANT_DATA": "/x"}) is None

    def test_all_are_read(self, tmp_path):
        (tmp_path / "password").write_text("secret\n", encoding="utf-8")
        read = desk_settings(
            ADDRESS
            | {
                "ASSISTANT_MAIL_NAME": "Billing",
                "ASSISTANT_MAIL_ALIASES": "help@practice.example, d@practice.example",
                "ASSISTANT_MAIL_ALLOWED": "@clinic.example",
                "ASSISTANT_MAIL_AUTHENTICATOR": "mx.practice.example",
                "ASSISTANT_MAIL_PERSON": "Call the front desk.",
                "ASSISTANT_MAIL_IMAP": "imaps://desk%40practice.example@imap.example",
                "ASSISTANT_MAIL_SMTP": "smtp://desk@smtp.example:2587",
                "ASSISTANT_MAIL_PASSWORD_FILE": str(tmp_path / "password"),
                "ASSISTANT_MAIL_SMTP_TOKEN_COMMAND": "printf 'a token'",
                "ASSISTANT_MAIL_UNDO_SECONDS": "0",
                "ASSISTANT_MAIL_PROCESSED": "",
            }
        )
        assert read is not None
        desk = read.desk
        assert (desk.name, desk.authenticator, desk.person) == (
            "Billing",
            "mx.practice.example",
            "Call the front desk.",
        )
        assert desk.aliases == ("help@practice.example", "d@practice.example")
        assert (read.imap.host, read.imap.port, read.imap.security) == ("imap.example", 993, "tls")
        assert (read.imap.user, read.imap.secret(), read.imap.is_token) == (DESK, "secret", False)
        assert (read.smtp.port, read.smtp.security) == (2587, "starttls")
        assert (read.smtp.secret(), read.smtp.is_token) == ("a token", True)
        assert (read.undo, read.processed) == (timedelta(0), "")

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"ASSISTANT_MAIL_ADDRESS": "", "ASSISTANT_MAIL_NAME": "x"}, "not ASSISTANT_MAIL_ADDR"),
            ({"ASSISTANT_MAIL_ADDRESS": "desk"}, "is no mail address"),
            ({"ASSISTANT_MAIL_IMAP": "pop3://a@b"}, "Give imaps://user@host"),
            ({"ASSISTANT_MAIL_IMAP": "imaps://a:b@c"}, "the password goes into"),
            ({"ASSISTANT_MAIL_IMAP": "imaps://"}, "Give imaps://"),
            ({"ASSISTANT_MAIL_IMAP": "imaps://a@b:x"}, "Give imaps://"),
            ({"ASSISTANT_MAIL_SMTP": "smtps://a@b"}, "no password is given"),
            ({"ASSISTANT_MAIL_SMTP": "smtp://mail", "ASSISTANT_MAIL_PLAIN": "1"}, "unencrypted"),
            ({"ASSISTANT_MAIL_POLL_SECONDS": "0"}, "whole number from 1"),
            ({"ASSISTANT_MAIL_UNDO_SECONDS": "soon"}, "whole number from 0"),
            ({"ASSISTANT_MAIL_SETTLE_SECONDS": "60"}, "must be longer"),
        ],
    )
    def test_what_cannot_be_used_is_said(self, given, told):
        with pytest.raises(UnusableSetting, match=told):
            desk_settings(ADDRESS | given)

    def test_a_command_that_prints_no_password_sends_nothing(self, new_desk):
        with Sink(desk=DESK, users={"desk": PASSWORD}) as sink:
            made = desk_settings(
                ADDRESS
                | {
                    "ASSISTANT_MAIL_SMTP": f"smtp://desk@127.0.0.1:{sink.port}",
                    "ASSISTANT_MAIL_PLAIN": "1",
                    "ASSISTANT_MAIL_PASSWORD_COMMAND": "false",
                }
            )
            desk = new_desk(settings(smtp=made.smtp))
            consult = desk.approved(question())
            Sender(desk.engine, desk.settings).send(desk.leases.claim(outgoing, (Sending.PENDING,)))
            assert desk.sending(consult) is Sending.PENDING
            assert sink.deliveries == []
