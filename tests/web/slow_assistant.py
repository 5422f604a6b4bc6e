"""An assistant that takes its time, as one does that asks a language model."""

import threading
from collections.abc import Iterator

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from assistant.streaming import Event, Progress, Stated


class Slow(Assistant):
    """Says its words only once it is let go on; what is certain it says at once."""

    def __init__(self, real: Assistant) -> None:
        super().__init__(real.knowledge, real.library)
        self.may_go_on = threading.Event()
        self.may_begin = threading.Event()
        self.may_begin.set()
        self.waits = threading.Event()
        self.begun = 0
        self.fails = False

    def events(self, inquiry: Inquiry) -> Iterator[Event]:
        self.begun += 1
        for event in super().events(inquiry):
            yield event
            if isinstance(event, Progress):
                self.may_begin.wait(30)
            if self.fails:
                raise ValueError("pulleys")
            if isinstance(event, Stated):
                yield Progress("asking_model")
                self.waits.set()
                self.may_go_on.wait(30)
