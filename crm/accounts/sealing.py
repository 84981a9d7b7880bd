"""Fields of a form that came without a valid session, sealed for the user who typed them."""

import base64
import hashlib
import json
import zlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

LIFETIME_SECONDS = 24 * 3600
FIELDS = "sealed-fields"


def box(purpose: str) -> Fernet:
    """Give the box of one purpose; its key follows from the secret of the program and from the purpose."""
    key = hashlib.sha256(f"{purpose}:".encode() + current_app.config["SECRET_KEY"].encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def seal(user_id: int, path: str, fields: list[list[str]]) -> str:
    """Lock path and fields up for one user; only this server can open the text."""
    return box(FIELDS).encrypt(zlib.compress(json.dumps([user_id, path, fields]).encode())).decode()


def opened(sealed: str | None, user_id: int) -> tuple[str, list[Any]] | None:
    """Give (path, fields) back to the user they were sealed for, within a day; else None."""
    try:
        plain = zlib.decompress(box(FIELDS).decrypt((sealed or "").encode(), ttl=LIFETIME_SECONDS))
        owner, path, fields = json.loads(plain)
    except (InvalidToken, ValueError, zlib.error):
        return None
    return (path, fields) if owner == user_id else None
