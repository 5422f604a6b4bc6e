"""Stands between the poller and a real Dovecot, and strikes at one command."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress


class Proxy:
    """Passes bytes on until the fault strikes.

    Args:
        port: of the real server.
        when: what a command holds at which the fault strikes; "" for never.
        fault: "cut" hangs up before the server gets it; "half" in the middle of the answer; "after"
            once the server has done it; "NO" and "BAD" answer in its place; "BYE" says goodbye;
            "expunge" calls `act` first and passes it on.
        at: the how-manieth such command.
    """

    def __init__(
        self,
        port: int,
        when: str = "",
        fault: str = "",
        at: int = 1,
        act: Callable[[], None] = lambda: None,
    ) -> None:
        self._real, self._when, self._fault, self._at, self._act = port, when, fault, at, act
        self.struck = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._start(self._serve)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in list(self._threads):
            thread.join(5)

    def _start(self, run: Callable[..., None], *given: object) -> threading.Thread:
        thread = threading.Thread(target=run, args=given, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._start(self._pass_on, client)

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._real)) as server:
            last = threading.Event()  # the server's next words are the last
            back = self._start(self._answer, server, client, last)
            with suppress(OSError), client.makefile("rb") as lines:
                for line in lines:
                    if not self._goes_on(line, client, server, last):
                        break
            _hang_up(client, server)
            back.join(5)

    def _goes_on(
        self, line: bytes, client: socket.socket, server: socket.socket, last: threading.Event
    ) -> bool:
        fault = self._fault if self._strikes(line) else ""
        if fault in ("NO", "BAD"):
            client.sendall(line.split()[0] + f" {fault} planned\r\n".encode())
            return True
        if fault == "BYE":
            client.sendall(b"* BYE going down\r\n")
        if fault in ("cut", "BYE"):
            return False
        if fault == "expunge":
            self._act()
        if fault in ("half", "after"):
            last.set()
        server.sendall(line)
        return True

    def _strikes(self, line: bytes) -> bool:
        if not self._when or self._when.encode() not in line.upper():
            return False
        self.struck += 1
        return self.struck == self._at

    def _answer(self, server: socket.socket, client: socket.socket, last: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if last.is_set():
                    client.sendall(data[: len(data) // 2] if self._fault == "half" else b"")
                    break
                client.sendall(data)
        _hang_up(client, server)


def _hang_up(*sockets: socket.socket) -> None:
    for one in sockets:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
