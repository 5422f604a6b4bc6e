"""The demo's mail server and its sample mails, with the distribution's Dovecot behind it."""

from __future__ import annotations

import importlib.util
import itertools
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from aiosmtpd.controller import Controller
from desks import settings
from dovecot import PASSWORD, _free_port

from web.consults import imap
from web.consults.inbox import Filter
from web.consults.polling import Poller
from web.consults.samples import SAMPLES
from web.consults.samples.__main__ import mail_samples, main
from web.consults.settings import Server, desk_settings
from web.consults.states import State

DEMO = Path(imap.__file__).parent / "demo"
numbers = itertools.count()


@pytest.fixture
def mail_server():
    spec = importlib.util.spec_from_file_location("mail_server", DEMO / "mail_server.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_samples_come_to_the_desk_and_each_is_drafted(mail_server, dovecots, new_desk):
    server = dovecots()
    address = f"desk{next(numbers)}@demo.example"
    owner = (server.user, server.group) if server.runs_as_other else None
    delivery = mail_server.Delivery(server.folder / "mail", owner)
    controller = Controller(delivery, hostname="127.0.0.1", port=_free_port())
    controller.start()
    plain = settings()
    given = replace(
        plain,
        desk=replace(plain.desk, address=address, allowed=("@northwind-rehab.example",)),
        imap=Server("127.0.0.1", server.port, "plain", address, lambda: PASSWORD),
        smtp=Server("127.0.0.1", controller.port, "plain"),
    )
    try:
        assert mail_samples(given, given.smtp) == len(SAMPLES) >= 10
        assert mail_samples(given, given.smtp) == len(SAMPLES)  # again, as other questions
    finally:
        controller.stop()
    desk = new_desk(given)
    with imap.entered(given.imap) as client:
        assert Poller(desk.engine, given, Event()).round(client) == 0
    desk.draft_all()
    rows = desk.reviews.inbox(Filter(states=tuple(State)))
    assert [row.state for row in rows] == [State.DRAFTED] * 2 * len(SAMPLES)
    assert len({row.kind for row in rows}) > 2


def test_it_takes_no_address_that_is_a_path(mail_server, tmp_path):
    class Envelope:
        rcpt_tos = ("../../etc/x@y",)
        content = b"x"

    import asyncio

    told = asyncio.run(mail_server.Delivery(tmp_path).handle_DATA(None, None, Envelope))
    assert told.startswith("553")
    assert list(tmp_path.iterdir()) == []


def test_without_a_desk_it_is_said(capsys):
    assert main({}) == 2
    assert main({"ASSISTANT_MAIL_ADDRESS": "desk@x.example"}) == 2
    assert "ASSISTANT_MAIL_SMTP" in capsys.readouterr().err
    assert desk_settings({}) is None
