"""Answers being made: each in a thread of its own, watched by as many pages as like."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from assistant.answering import Assistant
from assistant.conversation import Answer, Inquiry
from assistant.streaming import Event, Finished, Progress, Stated, Words
from web.chat.nouns import State
from web.problems import log_failure

READING = 5.0  # seconds in which a message is read, however many are sent at once
QUICK = 0.4  # seconds that a reply waits for what comes after
AT_ONCE = 200  # answers being made; more wait their turn (most of a slow one is waiting, too)

Keep = Callable[[State, Answer | None], None]


@dataclass(frozen=True, slots=True)
class Seen:
    """How far an answer is.

    Attributes:
        stated: the built-in answer, whose fields are certain.
        text: the checked words so far.
        over: nothing more comes; what is kept says how it ended.
    """

    progress: Progress | None = None
    stated: Answer | None = None
    text: str = ""
    over: bool = False

    @property
    def is_read(self) -> bool:
        """Whether the built-in reader is done; what still comes is a language model's."""
        return self.progress is not None and self.progress.step != "reading"


class Work:
    """One answer being made."""

    def __init__(self, ticket: str) -> None:
        self.ticket = ticket
        self.seen = Seen()
        self._over = threading.Event()
        self._bells: set[Callable[[], None]] = set()
        self._lock = threading.Lock()

    @property
    def is_over(self) -> bool:
        """Whether it ended, in whatever way."""
        return self._over.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over; whether it is."""
        return self._over.wait(seconds)

    async def ended(self) -> None:
        """Wait until it is over, in no thread."""
        async for _ in self.watch():
            pass

    async def soon(self) -> None:
        """Wait until it is over, but not for a language model.

        Most answers are there then and come with the reply, so that nothing jumps. One that is
        late because many ask at once is waited for, too: to watch it would cost as much again.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(READING) as limit:
                async for seen in self.watch():
                    if seen.is_read:
                        late = asyncio.get_running_loop().time() + QUICK
                        limit.reschedule(min(limit.when() or late, late))

    def take(self, event: Event) -> None:
        """Note what happened and tell who watches."""
        match event:
            case Progress():
                self._show(replace(self.seen, progress=event))
            case Stated():
                self._show(replace(self.seen, stated=event.answer))
            case Words():
                self._show(replace(self.seen, text=self.seen.text + event.text))
            case Finished():
                pass  # it is shown once it is kept

    def end(self) -> None:
        """Say that nothing more comes."""
        self._over.set()
        self._show(self.seen)

    def _show(self, seen: Seen) -> None:
        with self._lock:
            self.seen = replace(seen, over=self.is_over)
            bells = list(self._bells)
        for ring in bells:
            ring()

    async def watch(self) -> AsyncIterator[Seen]:
        """How far it is, now and after each change, until it is over."""
        loop, bell = asyncio.get_running_loop(), asyncio.Event()

        def ring() -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody watches any more
                loop.call_soon_threadsafe(bell.set)

        with self._lock:
            self._bells.add(ring)
        try:
            while True:
                bell.clear()
                seen = self.seen
                yield seen
                if seen.over:
                    return
                await bell.wait()
        finally:
            with self._lock:
                self._bells.discard(ring)


class Answering:
    """The answers being made in this process, by ticket."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._works: dict[str, Work] = {}
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def begin(self, ticket: str, inquiry: Inquiry, keep: Keep) -> Work:
        """The work under that ticket, begun where it is not already under way.

        Args:
            keep: called once with how it ended, before the work is over.
        """
        with self._lock:
            if ticket in self._works:
                return self._works[ticket]
            work = self._works[ticket] = Work(ticket)
        made = threading.Thread(
            target=self._make, args=(work, inquiry, keep), name="answer", daemon=True
        )
        made.start()
        return work

    def stated(self, ticket: str) -> Answer | None:
        """The built-in answer of the work under that ticket, where it is already certain."""
        with self._lock:
            work = self._works.get(ticket)
        return work.seen.stated if work else None

    def release(self, ticket: str, work: Work | None = None) -> None:
        """Forget the work, and end it for who watches it; its thread ends at its next step."""
        with self._lock:
            found = self._works.pop(ticket, None)
        for one in (work, found):
            if one is not None:
                one.end()

    def _make(self, work: Work, inquiry: Inquiry, keep: Keep) -> None:
        state, answer = State.FAILED, None
        try:
            with self._room:
                answer = self._run(work, inquiry)
            state = State.ANSWERED if answer else State.STOPPED
        except Exception as error:
            log_failure(error)
        try:
            keep(state, answer)
        except Exception as error:
            log_failure(error)
        finally:
            self.release(work.ticket, work)

    def _run(self, work: Work, inquiry: Inquiry) -> Answer | None:
        """The answer; None where the work was stopped before there was one."""
        events = self._assistant.events(inquiry)
        for event in events:
            if work.is_over:
                return None
            work.take(event)
            if isinstance(event, Finished):
                return event.answer
        return None
