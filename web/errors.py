"""What every room may say of what it keeps."""

from __future__ import annotations

from assistant.errors import CodingError


class NotKept(CodingError):
    """Nothing is kept under that id, or not for this person; a reader gets a 404."""
