"""Questions that come at a steady rate, whether or not those before are answered."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from itertools import cycle, islice

import httpx

Send = Callable[[httpx.AsyncClient, str], Awaitable[httpx.Response]]


async def steadily(
    client: httpx.AsyncClient, send: Send, texts: Sequence[str], rate: float, seconds: float
) -> list[float]:
    """Seconds until each answer is there, counted from when its question was due.

    Args:
        rate: questions a second.
    """
    start = time.perf_counter()
    count = int(rate * seconds)

    async def one(number: int, text: str) -> float:
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        reply = await send(client, text)
        reply.raise_for_status()
        return time.perf_counter() - due

    asked = islice(cycle(texts), count)
    return list(await asyncio.gather(*(one(n, text) for n, text in enumerate(asked))))


async def one_by_one(
    client: httpx.AsyncClient, send: Send, texts: Sequence[str], count: int
) -> list[float]:
    """Seconds until each answer is there, one question after the other."""
    taken = []
    for text in islice(cycle(texts), count):
        start = time.perf_counter()
        reply = await send(client, text)
        reply.raise_for_status()
        taken.append(time.perf_counter() - start)
    return taken


async def begun(client: httpx.AsyncClient, text: str) -> str:
    """The address of a new conversation, its first message answered."""
    form = {"id": uuid.uuid4().hex, "text": text}
    reply = await client.post("/conversations", data=form)
    return str(reply.headers["location"])


async def ask(client: httpx.AsyncClient, text: str) -> httpx.Response:
    """A question to the JSON route, of which nothing is kept."""
    return await client.post("/api/ask", json={"messages": [text]})


async def chat(client: httpx.AsyncClient, text: str) -> httpx.Response:
    """A question that begins a conversation, and its page with the claim card."""
    form = {"id": uuid.uuid4().hex, "text": text, "later": "1"}
    return await client.post("/conversations", data=form, follow_redirects=True)


def p95(taken: Sequence[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return statistics.quantiles(taken, n=20)[-1] * 1000


def p50(taken: Sequence[float]) -> float:
    """The median, in milliseconds."""
    return statistics.median(taken) * 1000
