"""Why a document cannot be taken in."""

from assistant.errors import AssistantError


class Unreadable(AssistantError):
    """The file cannot be read; the message says why and what to do. The others go on."""


class Unsupported(Unreadable):
    """Files of this kind are not read, or not on this installation."""
