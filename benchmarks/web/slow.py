"""The page with an assistant that says what is certain and then waits for a line on its input.

`python -m benchmarks.web.slow` serves as `python -m web` does; it stands for a slow language model.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import uvicorn

from assistant.answering import Assistant
from assistant.conversation import Inquiry
from assistant.streaming import Event, Progress, Stated
from web.__main__ import listen
from web.app import create_app
from web.settings import from_environment

_go_on = threading.Event()


class Waiting(Assistant):
    """Waits before its words."""

    def events(self, inquiry: Inquiry) -> Iterator[Event]:
        """What happens, with a pause after what is certain."""
        for event in super().events(inquiry):
            yield event
            if isinstance(event, Stated):
                yield Progress("asking_model")
                _go_on.wait()


def main() -> None:
    """Serve until stopped."""
    settings = from_environment(os.environ)
    app = create_app(settings, Waiting.open())
    with listen(settings) as listener:
        port = listener.getsockname()[1]
        print(f"http://127.0.0.1:{port}/enter/{app.state.safety.entrance}", flush=True)
        waits = threading.Thread(target=lambda: (sys.stdin.readline(), _go_on.set()), daemon=True)
        waits.start()
        uvicorn.Server(uvicorn.Config(app, log_config=None)).run(sockets=[listener])


if __name__ == "__main__":
    main()
