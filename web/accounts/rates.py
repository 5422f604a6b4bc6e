"""How often somebody may ask: per person, per address, and per address for log-ins."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter


@dataclass(frozen=True, slots=True)
class Rates:
    """Requests a minute; 0 for no limit.

    Attributes:
        person: of one person, whatever their browsers and keys.
        address: of one network address.
        log_in: tries to log in from one network address.
    """

    person: int = 600
    address: int = 1200
    log_in: int = 20


class Limiter:
    """Counts requests in this process's memory."""

    def __init__(self, rates: Rates) -> None:
        self._limits: dict[str, RateLimitItem | None] = {
            "person": _item(rates.person),
            "address": _item(rates.address),
            "log_in": _item(rates.log_in),
        }
        self._counter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._lock = threading.Lock()

    def wait(self, kind: str, who: str) -> int:
        """Seconds to wait before another request is taken; 0 where this one is taken and counted.

        Args:
            kind: `person`, `address` or `log_in`.
            who: the person's number or the address.
        """
        item = self._limits[kind]
        if item is None:
            return 0
        with self._lock:
            if self._counter.hit(item, kind, who):
                return 0
            reset = self._counter.get_window_stats(item, kind, who).reset_time
        return max(1, math.ceil(reset - time.time()))


def _item(a_minute: int) -> RateLimitItem | None:
    return RateLimitItemPerMinute(a_minute) if a_minute else None
