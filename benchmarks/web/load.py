"""Questions that come at a steady rate, whether or not those before are answered."""

from __future__ import annotations

import asyncio
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import cycle, islice
from typing import Self

from benchmarks.web.client import Client, Reply

Send = Callable[[Client, str], Awaitable[Reply]]

FRAGMENT = {"X-Fragment": "1"}
WAITS, ANSWERED, EVENT = 'class="turn waits"', 'class="turn"', "event: "


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
    """A question that begins a conversation, and its page with the answer."""
    its = uuid.uuid4().hex
    form = {"id": its, "text": text, "later": "1"}
    reply = await client.post("/conversations", data=form, follow=True)
    await _watched(client, f"/conversations/{its}/messages/0", reply)
    return reply


class Talks:
    """Conversations under way; each question goes on with the one that has rested longest."""

    def __init__(self, places: Iterable[str]) -> None:
        self._resting: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
        for place in places:
            self._resting.put_nowait((place, 1))

    @classmethod
    async def begun(cls, client: Client, texts: Sequence[str], count: int) -> Self:
        """So many, the first message of each answered."""
        return cls([await begun(client, text) for text in islice(cycle(texts), count)])

    async def send(self, client: Client, text: str) -> Reply:
        """A question as the page's script sends it, and the piece of the page that it gets."""
        place, position = await self._resting.get()
        form = {"text": text, "position": str(position), "token": uuid.uuid4().hex}
        reply = await client.post(f"{place}/messages", data=form, headers=FRAGMENT)
        await _watched(client, f"{place}/messages/{position}", reply)
        self._resting.put_nowait((place, position + 1))
        return reply


async def _watched(client: Client, message: str, reply: Reply) -> None:
    """Nothing, once the answer is there: with the reply, or by the stream that its page opens."""
    if WAITS in reply.text:
        last = [line async for line in client.lines(f"{message}/stream") if line.startswith(EVENT)]
        assert last[-1] == f"{EVENT}answer", last
    else:
        assert ANSWERED in reply.text


def p95(taken: Sequence[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return statistics.quantiles(taken, n=20)[-1] * 1000


def p50(taken: Sequence[float]) -> float:
    """The median, in milliseconds."""
    return statistics.median(taken) * 1000
