"""Whether this copy can answer yet, and how it finds passages."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from web.problems import log_failure

log = logging.getLogger("web")

# One is answered by the rules alone, the other opens the index of passages.
FIRST_QUESTIONS = ("20 min of 97530, Medicare, PT", "How often is a progress report due?")


class Readiness:
    """Warms the assistant in the background, so that the first person to ask need not wait."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._done = threading.Event()
        self._failed = ""

    def begin(self) -> None:
        """Start to warm."""
        threading.Thread(target=self._warm, name="warm", daemon=True).start()

    def _warm(self) -> None:
        started = time.perf_counter()
        try:
            for question in FIRST_QUESTIONS:
                self._assistant.warm(Inquiry((question,), date.today()))
        except Exception as error:  # said by /health; every question would meet it too
            self._failed = type(error).__name__
            log_failure(error)
        self._done.set()
        log.info("Warm after %.1f s", time.perf_counter() - started)

    def wait(self, seconds: float) -> bool:
        """Whether the assistant is ready within so many seconds."""
        return self._done.wait(seconds) and not self._failed

    @property
    def is_ready(self) -> bool:
        """Whether questions are answered at full speed."""
        return self._done.is_set() and not self._failed

    def report(self) -> dict[str, object]:
        """The state as plain JSON data."""
        retrieval = self._assistant.retrieval
        return {
            "live": True,
            "ready": self.is_ready,
            "retrieval": retrieval.mode,
            "note": retrieval.note or None,
            "failed": self._failed or None,
        }
