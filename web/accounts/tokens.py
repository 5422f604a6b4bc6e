"""Secrets that nobody can guess, and the hashes of them that are stored."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32


def new_token() -> str:
    """A secret of 256 random bits, fit for an address."""
    return secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """The stored form. Plain SHA-256 is enough: what it hides is random, not chosen by a person."""
    return hashlib.sha256(token.encode()).hexdigest()
