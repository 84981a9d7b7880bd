"""Random tokens of cookies and personal links: only a hash is kept, so that no database opens a door."""

import hashlib
import secrets


def new_token() -> str:
    """Make 256 random bits, as 43 signs of an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Give what is kept of a token: its SHA-256, as 64 signs."""
    return hashlib.sha256(token.encode()).hexdigest()
