"""Passwords: what makes one usable, how it is stored (Argon2id) and compared."""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant.errors import CodingError
from web.accounts.tokens import new_token

SHORTEST, LONGEST = 12, 200  # characters
FEWEST_DIFFERENT = 5

_hasher = PasswordHasher()
# Each comparison takes 64 MiB; a burst of log-ins waits its turn instead of taking them all.
_at_once = threading.BoundedSemaphore(2)


class UnusablePassword(CodingError):
    """The password is too easy to guess, or too long; says what to do."""


def checked(password: str, name: str) -> str:
    """The password, where it is hard enough to guess.

    Raises:
        UnusablePassword: it is too short, too long, holds the name or repeats itself.
    """
    if len(password) < SHORTEST:
        raise UnusablePassword(
            f"The password needs at least {SHORTEST} characters; a few words in a row are good."
        )
    if len(password) > LONGEST:
        raise UnusablePassword(f"The password may have up to {LONGEST} characters.")
    if name.casefold() in password.casefold() and len(password) < SHORTEST + len(name):
        raise UnusablePassword("The password must be more than the name with something added.")
    if len(set(password)) < FEWEST_DIFFERENT:
        raise UnusablePassword("The password repeats itself. Use more different characters.")
    return password


def stored(password: str) -> str:
    """The form in which a password is kept."""
    with _at_once:
        return _hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password; as slow where none is kept, so that names cannot be tried out."""
    try:
        with _at_once:
            _hasher.verify(kept or _nobodys(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether the stored form is weaker than what `stored` makes today."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash(new_token())
