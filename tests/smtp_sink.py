"""An SMTP server of the tests' own that takes mail, and fails as it was planned to.

A script says, for one connection, what the server answers at each step. "drop" hangs up there;
"hang" says nothing for longer than anybody waits.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session, syntax

DROP, HANG = "drop", "hang"


@dataclass(frozen=True)
class Script:
    """What one connection meets; "" is as a good server does.

    Attributes:
        banner, ehlo, auth, mail, rcpt, copy, data: the answer to that step.
        before: seconds between the whole text and its acceptance.
        after: seconds between the acceptance and the answer.
        end: the answer to the text; any but "" or 250 means that it is not taken.
        lost: hang up after the text was accepted, without an answer.
    """

    banner: str = ""
    ehlo: str = ""
    auth: str = ""
    mail: str = ""
    rcpt: str = ""
    copy: str = ""
    data: str = ""
    before: float = 0.0
    after: float = 0.0
    end: str = ""
    lost: bool = False


@dataclass(frozen=True)
class Delivery:
    """A mail that the sink has accepted."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    def header(self, name: str) -> str:
        """One of its headers, unfolded."""
        parser = BytesHeaderParser(policy=policy.compat32)
        value = str(parser.parsebytes(self.raw).get(name, ""))
        return " ".join(value.split())


@dataclass
class Sink:
    """The server.

    Attributes:
        desk: address whose copies `file_copy` gets.
        file_copy: puts a copy into the desk's mailbox, as a mail server would.
        scripts: for the next connections, one each; good ones afterwards.
        plan: makes a script where `scripts` is used up.
        log: file to which each delivery is added as a JSON line, for a sink in another process.
        users: name to password; empty for a server that asks nobody.
        tokens: OAuth 2 tokens that are taken.
        idle: seconds after which a silent client is hung up on.
        tls: what it shows where TLS begins with the first byte; for STARTTLS give the option
            `tls_context`.
    """

    desk: str = ""
    file_copy: Callable[[bytes], None] = lambda raw: None
    scripts: list[Script] = field(default_factory=list)
    plan: Callable[[], Script] = Script
    log: Path | None = None
    users: dict[str, str] = field(default_factory=dict)
    tokens: tuple[str, ...] = ()
    idle: float = 5.0
    tls: ssl.SSLContext | None = None
    options: dict[str, Any] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    connections: int = 0
    open: set[_Server] = field(default_factory=set)
    port: int = field(default_factory=lambda: _free_port())
    _controller: Controller | None = None

    def next_script(self) -> Script:
        """What the connection that begins now meets."""
        self.connections += 1
        return self.scripts.pop(0) if self.scripts else self.plan()

    def accept(self, envelope: Envelope) -> None:
        """Take the mail: to whoever it is for, and to the desk's own mailbox."""
        raw = bytes(envelope.content or b"")
        taken = Delivery(str(envelope.mail_from), tuple(envelope.rcpt_tos), raw)
        self.deliveries.append(taken)
        if self.log is not None:
            line = {
                "to": taken.recipients,
                "message_id": taken.header("message-id"),
                "in_reply_to": taken.header("in-reply-to"),
            }
            with self.log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        if self.desk in taken.recipients:
            self.file_copy(raw)

    def start(self) -> None:
        """Listen."""
        self._controller = _Controller(self)
        self._controller.start()

    def stop(self) -> None:
        """Hang up on everybody and stop listening."""
        if self._controller is not None:
            self._hang_up(self._controller.loop)
            self._controller.stop()
            self._controller = None

    def new(self) -> None:
        """Forget what was planned and what was taken, as a sink just started."""
        if self._controller is not None:
            self._hang_up(self._controller.loop)
        self.scripts.clear()
        self.deliveries.clear()

    def _hang_up(self, loop: asyncio.AbstractEventLoop) -> None:
        async def all_gone() -> None:
            for server in list(self.open):
                if server.transport is not None:
                    server.transport.abort()
            while self.open:
                await asyncio.sleep(0.001)

        asyncio.run_coroutine_threadsafe(all_gone(), loop).result(30)

    def __enter__(self) -> Sink:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Controller(Controller):
    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        address = {"hostname": "127.0.0.1", "port": sink.port}
        super().__init__(_Handler(sink), ssl_context=sink.tls, **address)

    def factory(self) -> SMTP:
        options = {"enable_SMTPUTF8": True, "timeout": self.sink.idle, **self.sink.options}
        if self.sink.users or self.sink.tokens:
            options["authenticator"] = self._check  # offered, as submission servers do
            options.setdefault("auth_require_tls", False)
        return _Server(self.sink, self.handler, **options)

    def _check(
        self, server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        login, password = data.login.decode(), data.password.decode()
        return AuthResult(success=self.sink.users.get(login) == password, handled=False)


class _Server(SMTP):
    def __init__(self, sink: Sink, handler: Any, **options: Any) -> None:
        self.sink, self.script = sink, sink.next_script()
        super().__init__(handler, **options)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.sink.open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.sink.open.discard(self)

    async def answers(self, planned: str) -> bool:
        """Whether the step goes on as a good server's does."""
        if not planned:
            return True
        if planned == HANG:
            await asyncio.sleep(3600)
        if planned == DROP:
            if self.transport is not None:
                self.transport.abort()
        else:
            await self.push(planned)
        return False

    async def _handle_client(self) -> None:
        if self.script.banner and not await self.answers(self.script.banner):
            if self.transport is not None:
                self.transport.close()
            return
        await super()._handle_client()

    @syntax("EHLO hostname")
    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if await self.answers(self.script.ehlo):
            await super().smtp_EHLO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        if await self.answers(self.script.auth):
            await super().smtp_AUTH(arg)

    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
        import base64

        given = base64.b64decode(args[1]).decode()
        good = any(f"auth=Bearer {token}\x01\x01" in given for token in self.sink.tokens)
        return AuthResult(success=good, handled=False)

    @syntax("MAIL FROM: <address>")
    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802
        if await self.answers(self.script.mail):
            await super().smtp_MAIL(arg)

    @syntax("RCPT TO: <address>")
    async def smtp_RCPT(self, arg: str) -> None:  # noqa: N802
        is_copy = bool(self.sink.desk) and f"<{self.sink.desk}>" in arg
        if await self.answers(self.script.copy if is_copy else self.script.rcpt):
            await super().smtp_RCPT(arg)

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if await self.answers(self.script.data):
            await super().smtp_DATA(arg)


class _Handler:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    async def handle_DATA(  # noqa: N802
        self, server: _Server, session: Session, envelope: Envelope
    ) -> str:
        script = server.script
        await asyncio.sleep(script.before)
        if script.end == HANG:
            await asyncio.sleep(3600)
        if script.end == DROP and server.transport is not None:
            server.transport.abort()
            return "250 never heard"
        if script.end and not script.end.startswith("250"):
            return script.end
        self._sink.accept(envelope)
        await asyncio.sleep(script.after)
        if script.lost and server.transport is not None:
            server.transport.abort()
        return script.end or "250 2.0.0 taken"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve_until_killed(sink: Sink, ready: int) -> None:
    """Serve in a process of its own; a byte to `ready` says that it listens."""
    import signal

    sink.start()
    os.write(ready, b"1")
    signal.pause()
