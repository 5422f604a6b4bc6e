"""Who somebody is, and what that lets them do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """What a person may do; each role may do what the lower ones may."""

    VISITOR = 0
    MEMBER = 1
    REVIEWER = 2
    ADMIN = 3

    @property
    def word(self) -> str:
        """As it is stored and shown."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Person:
    """Who sends a request."""

    id: int
    name: str
    role: Role


# The person at this computer, let in by the address that is printed at the start.
OWNER = Person(0, "owner", Role.ADMIN)
NOBODY = Person(-1, "nobody", Role.VISITOR)
# Who the audit log names for what runs by itself or on the terminal.
PROGRAM = Person(-2, "program", Role.ADMIN)
