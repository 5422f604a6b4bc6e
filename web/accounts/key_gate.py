"""A gate before a whole application: programs pass with an API key, nobody else does."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web.access import NEEDS_KEY, WRONG_KEY
from web.accounts.keys import Keys


class KeyGate:
    """Lets requests pass that carry a key of a member; answers the others with 401."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self.app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scheme, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
        sent = scheme.lower() == "bearer"
        if sent and await self._is_held(key.strip()):
            await self.app(scope, receive, send)
            return
        told = {
            "type": "about:blank",
            "title": "Unauthorized",
            "status": 401,
            "detail": WRONG_KEY if sent else NEEDS_KEY,
        }
        headers = {"WWW-Authenticate": "Bearer"}
        reply = JSONResponse(told, 401, headers, media_type="application/problem+json")
        await reply(scope, receive, send)

    async def _is_held(self, key: str) -> bool:
        return await run_in_threadpool(self._keys.holder, key) is not None
