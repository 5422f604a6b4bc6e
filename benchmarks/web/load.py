"""Questions that come at a steady rate, whether or not those before are answered."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from itertools import cycle, islice

from benchmarks.web.client import Client, Reply

Send = Callable[[Client, str], Awaitable[Reply]]


async def steadily(
    client: Client, send: Send, texts: Sequence[str], rate: float, seconds: float
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
        await send(client, text)
        return time.perf_counter() - due

    asked = islice(cycle(texts), count)
    return list(await asyncio.gather(*(one(n, text) for n, text in enumerate(asked))))


async def one_by_one(client: Client, send: Send, texts: Sequence[str], count: int) -> list[float]:
    """Seconds until each answer is there, one question after the other."""
    taken = []
    for text in islice(cycle(texts), count):
        start = time.perf_counter()
        await send(client, text)
        taken.append(time.perf_counter() - start)
    return taken


async def begun(client: Client, text: str) -> str:
    """The address of a new conversation, its first message answered."""
    form = {"id": uuid.uuid4().hex, "text": text}
    return (await client.post("/conversations", data=form)).headers["location"]


async def ask(client: Client, text: str) -> Reply:
    """A question to the JSON route, of which nothing is kept."""
    return await client.post("/api/ask", json={"messages": [text]})


async def chat(client: Client, text: str) -> Reply:
    """A question that begins a conversation, and its page with the claim card."""
    form = {"id": uuid.uuid4().hex, "text": text, "later": "1"}
    return await client.post("/conversations", data=form, follow=True)


def p95(taken: Sequence[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return statistics.quantiles(taken, n=20)[-1] * 1000


def p50(taken: Sequence[float]) -> float:
    """The median, in milliseconds."""
    return statistics.median(taken) * 1000
