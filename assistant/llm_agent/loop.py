"""A thread with an event loop of its own, so that a model's call can be broken off in time.

There is one for the process: the providers' packages share connections between models, and a
connection belongs to its loop.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import TimeoutError as TooLate
from functools import cache
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from assistant.llm_agent.trouble import Trouble
from assistant.streaming import Progress

R = TypeVar("R")
Steps = SimpleQueue[Progress | None]


def run(work: Coroutine[Any, Any, R], seconds: float) -> R:
    """The coroutine's result, from any thread.

    Raises:
        Trouble: it took longer, and was broken off.
    """
    future = asyncio.run_coroutine_threadsafe(work, _loop())
    try:
        return future.result(seconds)
    except TooLate:
        future.cancel()
        raise Trouble("timeout") from None


def watched(work: Coroutine[Any, Any, Any], seconds: float, steps: Steps) -> Iterator[Progress]:
    """What is put among the steps while the work goes on; ends with it.

    Raises:
        Trouble: it took longer, and was broken off.
    """
    future = asyncio.run_coroutine_threadsafe(work, _loop())
    future.add_done_callback(lambda _: steps.put(None))
    ends = time.monotonic() + seconds
    try:
        while (step := steps.get(timeout=max(0.0, ends - time.monotonic()))) is not None:
            yield step
    except Empty:
        raise Trouble("timeout") from None
    finally:
        future.cancel()  # done long ago, unless it is too late or nobody listens any more
    future.result()


_starting = threading.Lock()


def _loop() -> asyncio.AbstractEventLoop:
    with _starting:
        return _started()


@cache
def _started() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="model", daemon=True).start()
    return loop
