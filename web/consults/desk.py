"""The consult desk of one copy: its settings, its reviews, and its threads while the page runs."""

from __future__ import annotations

from sqlalchemy import Engine
from starlette.exceptions import HTTPException
from starlette.requests import Request

from assistant.answering import Assistant
from web.consults.intake import Taken, take_text
from web.consults.reviewing import Reviews
from web.consults.settings import DeskSettings
from web.consults.watching import troubles
from web.consults.worker import Crew

NONE = "No consult desk is set up here: give ASSISTANT_MAIL_ADDRESS (docs/consults.md)."


class ConsultDesk:
    """What the page's routes use of the desk.

    Args:
        engine: the database.
        settings: the desk's.
        assistant: drafts.
    """

    def __init__(self, engine: Engine, settings: DeskSettings, assistant: Assistant) -> None:
        self.engine = engine
        self.settings = settings
        self.reviews = Reviews(engine, settings)
        self._crew = Crew(engine, settings, assistant)

    @property
    def announcement(self) -> str:
        """One line for the start: which mailbox is read here, or that none is."""
        address = self.settings.desk.address
        if not self.settings.works:
            return f"Consult desk {address}: `python -m web worker` does its work, not this page."
        if self.settings.imap is None:
            return f"Consult desk {address}: no mailbox is read (ASSISTANT_MAIL_IMAP is not set)."
        without = "" if self.settings.smtp else "; nothing is sent (ASSISTANT_MAIL_SMTP is not set)"
        return f"Consult desk {address}: reads {self.settings.mailbox}{without}."

    def start(self) -> None:
        """Begin to poll, draft, send and settle in threads of this process, unless others do."""
        if self.settings.works:
            self._crew.start()

    def stop(self) -> None:
        """Let the threads finish what they hold."""
        self._crew.stop()

    def send_to_queue(
        self,
        text: str,
        *,
        asked_by: int,
        subject: str = "",
        reply_to: str = "",
        channel: str = "chat",
        key: str = "",
    ) -> Taken:
        """Put a question of a person who has signed in before the reviewers.

        Args:
            asked_by: their account.
            reply_to: the address that gets the reply; "" where they read it here.
            key: the same key again gives the same consult.

        Raises:
            UnusableQuestion: the text is empty or too long, or the address is none.
        """
        taken = take_text(
            self.engine,
            text,
            sender=reply_to,
            subject=subject,
            channel=channel,
            key=key,
            asked_by=asked_by,
        )
        self._crew.nudge()
        return taken


def consult_desk(request: Request) -> ConsultDesk:
    """The desk of this copy.

    Raises:
        HTTPException: 503, where none is set up; says how.
    """
    found = getattr(request.app.state, "consults", None)
    if not isinstance(found, ConsultDesk):
        raise HTTPException(503, NONE)
    return found


def consult_report(request: Request) -> dict[str, object]:
    """The desk's part of the health check: whether all is well, and what is not."""
    found = getattr(request.app.state, "consults", None)
    if not isinstance(found, ConsultDesk):
        return {"set_up": False}
    told = troubles(found.engine, found.settings)
    return {"set_up": True, "well": not told, "troubles": told}
