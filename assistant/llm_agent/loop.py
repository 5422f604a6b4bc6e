"""A thread with an event loop of its own, so that a model's call can be broken off in time.

There is one for the process: the providers' packages share connections between models, and a
connection belongs to its loop.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import TimeoutError as TooLate
from functools import cache
from typing import Any, TypeVar

from assistant.llm_agent.trouble import Trouble

R = TypeVar("R")


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


_starting = threading.Lock()


def _loop() -> asyncio.AbstractEventLoop:
    with _starting:
        return _started()


@cache
def _started() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="model", daemon=True).start()
    return loop
