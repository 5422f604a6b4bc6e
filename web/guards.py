"""What every request passes on its way in and every reply on its way out."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.access import too_many
from web.problems import FAILED, log_failure, reply_with_problem

LARGEST_BODY = 1_000_000  # bytes; the longest message in any encoding fits
LARGEST_FILE = 21_000_000  # bytes, where a file is uploaded
UPLOADS = ("/batch", "/api/batches", "/knowledge/documents", "/api/knowledge/documents")
SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Headed:
    """Adds the security headers to every reply; keeps all but the assets out of caches."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Paced:
    """Refuses more requests from one address than the settings allow; assets are not counted."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        wait = 0
        if scope["type"] == "http" and not scope["path"].startswith(("/static/", "/health")):
            address = scope["client"][0] if scope.get("client") else "?"
            wait = scope["app"].state.safety.limiter.wait("address", address)
        if not wait:
            await self.app(scope, receive, send)
            return
        refusal = too_many(wait)
        reply = reply_with_problem(Request(scope), 429, str(refusal.detail))
        reply.headers.update(refusal.headers or {})
        await reply(scope, receive, send)


class SameOrigin:
    """Refuses changes that another site's page asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS or _is_own(scope):
            await self.app(scope, receive, send)
            return
        reply = reply_with_problem(
            Request(scope), 403, "This was sent from another site's page. Open the page anew."
        )
        await reply(scope, receive, send)


def _is_own(scope: Scope) -> bool:
    """Whether a browser says that the page is our own; programs other than browsers say nothing."""
    headers = Headers(scope=scope)
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in ("same-origin", "none")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


class Limited:
    """Refuses bodies that no message needs, before they are read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body counted."""
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await self.app(scope, receive, send)
            return
        body = bytearray()
        more = True
        largest = LARGEST_FILE if scope["path"].rstrip("/") in UPLOADS else LARGEST_BODY
        while more and len(body) <= largest:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
        if len(body) > largest:
            told = f"This is more than {largest // 1_000_000} MB. Send it in parts."
            reply = reply_with_problem(Request(scope), 413, told)
            await reply(scope, receive, send)
            return
        await self.app(scope, _replay(bytes(body), receive), send)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


class Caught:
    """Turns what nobody foresaw into a page that says so; logs where, never what was said."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer in its place where it fails."""
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception as error:
            log_failure(error)
            if started or scope["type"] != "http":
                raise ConnectionAbortedError("the reply broke off") from None
            reply = reply_with_problem(Request(scope), 500, FAILED)
            await reply(scope, receive, send)
