"""The page under load, on loopback: the claim card, a rate, memory, weight, streams.

`python -m benchmarks web` takes seven minutes; `web:rate` is one part of it. The questions come
from this process, which takes its share of the same processors: the table says how much.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from benchmarks import Figure
from benchmarks.answers import RULES, VISITS
from benchmarks.web.client import Client
from benchmarks.web.load import (
    FRAGMENT,
    Send,
    Talks,
    ask,
    begun,
    chat,
    one_by_one,
    p50,
    p95,
    steadily,
)
from benchmarks.web.server import Server, running

CARDS = 200
RATE, SECONDS = 80, 20
TALKS = 399  # conversations gone on with; no multiple of the texts: none gets the same one again
MORE, MINUTES = 45, re.compile(r"\d+(?= min)")  # minutes by which one visit differs from another
STREAMS = 200
REQUESTS = 20_000
SETTLED = 4_000  # requests after which memory is taken as settled
GROWTH = 20  # MB
HEAVIEST = 200  # KB
PAGES = (
    *("/", "/conversations", "/worksheet", "/codes", "/codes/97530", "/pairs", "/flowchart"),
    *("/notes", "/batch", "/knowledge", "/account", "/admin"),
)
Measured = Callable[[Server], Coroutine[Any, Any, list[Figure]]]
ASSET = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def run(data: Path) -> Iterable[Figure]:
    """Every part, one after the other."""
    for part in PARTS.values():
        yield from part(data)


async def _card(server: Server) -> list[Figure]:
    """One person who asks, reads, and asks again."""
    async with Client.of(server) as client:
        await one_by_one(client, ask, (*VISITS, *RULES), 50)
        pages = await one_by_one(client, chat, VISITS, CARDS)
        return [
            _figure("claim card after sending a message", await _cards(client), 150),
            _figure("claim card and its page after sending the first message", pages, 150),
        ]


async def _rates(server: Server) -> list[Figure]:
    async with Client.of(server) as client:
        await one_by_one(client, ask, (*VISITS, *RULES), 50)
        talks = await Talks.begun(client, VISITS, TALKS)
        ways: tuple[tuple[str, Send], ...] = (
            ("JSON route", ask),
            ("chat as its page sends it: kept, its turn read", talks.send),
            ("chat begun: kept, its whole page read", chat),
        )
        return [await _rate(server, client, what, send) for what, send in ways]


async def _cards(client: Client) -> list[float]:
    """Seconds from sending a message that continues a conversation to the reply with its claim."""
    taken = []
    for _ in range(CARDS):
        where = await begun(client, VISITS[0])
        form = {
            "text": "What if the PTA did all of it?",
            "position": "1",
            "token": uuid.uuid4().hex,
        }
        start = time.perf_counter()
        reply = await client.post(f"{where}/messages", data=form, headers=FRAGMENT)
        taken.append(time.perf_counter() - start)
        assert 'class="lines"' in reply.text
    return taken


async def _rate(server: Server, client: Client, what: str, send: Send) -> Figure:
    texts = list(_asked(RATE * SECONDS))
    used, own, start = server.seconds, time.process_time(), time.perf_counter()
    taken = await steadily(client, send, texts, RATE, SECONDS)
    lasted = time.perf_counter() - start
    page, reader = (now - then for now, then in zip(server.seconds, used, strict=True))
    asking = time.process_time() - own
    share = len(RULES) / len((*VISITS, *RULES))
    asked = f"{RATE} questions a second for {SECONDS} s ({share:.0%} about rules), {what}"
    value = (
        f"{p50(taken):.0f} / {p95(taken):.0f}, {len(taken) / lasted:.0f} a second; "
        f"of processor each: {page / len(taken) * 1000:.1f} ms for the page, "
        f"{reader / len(taken) * 1000:.1f} for reading; "
        f"cores: {page / lasted:.2f}, {reader / lasted:.2f}, and {asking / lasted:.2f} for asking"
    )
    return Figure(f"{asked}: p50 / p95, ms", value, "p95 < 500", p95(taken) < 500)


def _asked(count: int) -> Iterator[str]:
    """Visits and questions about rules in turn; the visits' minutes differ, as people's do."""
    texts = (*VISITS, *RULES)
    for number in range(count):
        text, more = texts[number % len(texts)], number // len(texts) % MORE
        is_clocked = ":" in text  # its minutes are those between its times
        yield text if is_clocked else MINUTES.sub(lambda n, m=more: str(int(n[0]) + m), text)


def _figure(what: str, taken: Sequence[float], target: int) -> Figure:
    value = f"{p50(taken):.0f} / {p95(taken):.0f}"
    return Figure(f"{what}: p50 / p95, ms", value, f"p95 <= {target}", p95(taken) <= target)


async def _memory(server: Server) -> list[Figure]:
    """Resident memory after the first requests and after the last."""
    async with Client.of(server) as client:
        where = await begun(client, VISITS[0])
        addresses = ("/", where, "/codes/97530", "/worksheet", "/conversations")
        settled = 0.0
        for number in range(REQUESTS // 5):
            text = (*VISITS, *RULES)[number % 10]
            rest = (client.get(addresses[(number + n) % len(addresses)]) for n in range(4))
            await asyncio.gather(ask(client, text), *rest)
            if number * 5 == SETTLED:
                settled = server.megabytes
    grown = server.megabytes - settled
    what = f"resident memory after {SETTLED:,} and {REQUESTS:,} requests, MB"
    value = f"{settled:.0f}, {settled + grown:.0f}"
    return [Figure(what, value, f"grows < {GROWTH}", grown < GROWTH)]


async def _weights(server: Server) -> list[Figure]:
    """Bytes of each page with all that it loads, before and after compression."""
    headers = {"X-CSRF-Token": server.token}
    with httpx.Client(
        base_url=server.address, headers=headers, cookies=dict(server.cookies)
    ) as client:
        form = {"id": uuid.uuid4().hex, "text": VISITS[0]}
        chat_page = client.post("/conversations", data=form).headers["location"]
        weighed = {page: _weight(client, page) for page in (chat_page, *PAGES)}
    heaviest = max(weighed, key=lambda page: weighed[page][0])
    plain, sent = weighed[heaviest]
    shown = "a conversation" if heaviest == chat_page else heaviest
    value = f"{plain:.0f}, compressed {sent:.0f} ({shown})"
    what = "heaviest page with its assets, KB"
    return [Figure(what, value, f"<= {HEAVIEST}", plain <= HEAVIEST)]


def _weight(client: httpx.Client, page: str) -> tuple[float, float]:
    reply = client.get(page)
    reply.raise_for_status()
    loaded = [reply, *(client.get(asset) for asset in sorted(set(ASSET.findall(reply.text))))]
    return sum(len(one.content) for one in loaded) / 1000, sum(
        one.num_bytes_downloaded for one in loaded
    ) / 1000


async def _streams(server: Server) -> list[Figure]:
    """Answers watched at once, each of its own message, and how the page answers meanwhile."""
    async with Client.of(server) as client:
        before = server.megabytes
        places = [await _left(client) for _ in range(STREAMS)]
        waiting, whole = asyncio.Event(), []
        seen = 0

        async def watch(where: str) -> None:
            nonlocal seen
            names = []
            async for line in client.lines(f"{where}/messages/0/stream"):
                if line.startswith("event: "):
                    names.append(line.removeprefix("event: "))
                    seen += names[-1] == "claim"
                    if seen == STREAMS:
                        waiting.set()
            whole.append(names[-1] == "answer")

        watching = [asyncio.create_task(watch(where)) for where in places]
        await asyncio.wait_for(waiting.wait(), 120)
        taken = await one_by_one(client, lambda c, _: c.get("/"), ("",), 100)
        memory = server.megabytes - before
        assert server.process.stdin is not None
        server.process.stdin.write("\n")
        server.process.stdin.flush()
        await asyncio.gather(*watching)
    value = f"{sum(whole)} ended with the answer; p95 of a page meanwhile {p95(taken):.0f} ms"
    what = f"{STREAMS} answers watched at once ({memory:.0f} MB for all)"
    return [Figure(what, value, f"{STREAMS}", sum(whole) == STREAMS)]


async def _left(client: Client) -> str:
    form = {"id": uuid.uuid4().hex, "text": VISITS[0], "later": "1"}
    return (await client.post("/conversations", data=form)).headers["location"]


def _part(measured: Measured, module: str, data: Path) -> list[Figure]:
    """The figures of one running page."""
    with running(data, module) as server:
        return asyncio.run(measured(server))


PARTS: Mapping[str, Callable[[Path], Iterable[Figure]]] = {
    "card": partial(_part, _card, "web"),
    "rate": partial(_part, _rates, "web"),
    "memory": partial(_part, _memory, "web"),
    "weight": partial(_part, _weights, "web"),
    "streams": partial(_part, _streams, "benchmarks.web.slow"),
}
