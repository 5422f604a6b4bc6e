"""Who asks: many connections for little processor time, as both share one machine."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import aiohttp

from benchmarks.web.server import Server

AT_ONCE = 400  # connections
IDLE = 2  # seconds after which a connection is not used again; the page closes it after 5
PATIENCE = aiohttp.ClientTimeout(total=300)  # a page that falls behind is measured, too
LONGEST_LINE = 2**20  # bytes of a line of a stream


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply that is no error."""

    headers: Mapping[str, str]
    text: str


class Client:
    """Somebody who is signed in at a running page."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    @classmethod
    @asynccontextmanager
    async def of(cls, server: Server) -> AsyncIterator[Self]:
        """One who is signed in there."""
        async with aiohttp.ClientSession(
            server.address,
            headers={"X-CSRF-Token": server.token},
            cookies=server.cookies,
            cookie_jar=aiohttp.CookieJar(unsafe=True),  # the page's address is a number
            connector=aiohttp.TCPConnector(limit=AT_ONCE, keepalive_timeout=IDLE),
            timeout=PATIENCE,
            read_bufsize=LONGEST_LINE,
        ) as session:
            yield cls(session)

    async def get(self, path: str) -> Reply:
        """What stands there."""
        return await self._reply("GET", path)

    async def post(self, path: str, *, follow: bool = False, **given: Any) -> Reply:
        """What comes back.

        Args:
            follow: whether the page that it leads to is read.
            given: `data` of a form, `json`, `headers`.
        """
        return await self._reply("POST", path, allow_redirects=follow, **given)

    async def _reply(self, method: str, path: str, **given: Any) -> Reply:
        async with self._session.request(method, path, **given) as reply:
            reply.raise_for_status()
            return Reply(reply.headers, await reply.text())

    async def lines(self, path: str) -> AsyncIterator[str]:
        """The lines of a stream, as they come."""
        async with self._session.get(path) as reply:
            reply.raise_for_status()
            async for line in reply.content:
                yield line.decode().rstrip("\n")
