"""A saved mail as text."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr

from assistant.documents.errors import Unreadable
from assistant.documents.markup import text_of_html
from assistant.documents.nouns import Text


def read_mail(content: bytes) -> Text:
    """What a mail says: its own text; what is attached is named, not read.

    Raises:
        Unreadable: it has no text, or its parts stand in one another without end.
    """
    try:
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        return _text(message)
    except RecursionError as error:
        raise Unreadable("is a mail with too many parts within parts") from error


def _text(message: EmailMessage) -> Text:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        raise Unreadable("is a message without a text")
    try:
        text = str(body.get_content())
        subject = str(message.get("subject") or "")
        sender = parseaddr(str(message.get("from") or ""))[1]
    except (LookupError, UnicodeError, KeyError, ValueError, AttributeError, TypeError) as error:
        raise Unreadable("is a message whose text cannot be decoded") from error
    if body.get_content_type() == "text/html":
        text, _ = text_of_html(text)
    text = text.replace("\r\n", "\n").replace("\0", "")
    domain = sender.partition("@")[2]  # the person who wrote is not the publisher
    return Text(text, subject, {"publisher": domain} if domain else {}, _notes(message))


def _notes(message: EmailMessage) -> tuple[str, ...]:
    return tuple(
        f"its attachment {part.get_filename() or part.get_content_type()} was not read: save it, "
        "then add it"
        for part in message.iter_attachments()
    )
