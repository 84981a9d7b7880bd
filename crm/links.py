"""Personal links in mails: signed, for one purpose and one record; dead when what they rest on changes."""

import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from itsdangerous import BadSignature

from crm.db import now
from crm.signing import timed_signer

LONGEST = 400


def make(purpose: str, number: int, rests_on: Any = "") -> str:
    """Sign the number of a record for one purpose; `rests_on` is what must not change, as an address."""
    return str(timed_signer(f"link-{purpose}").dumps([number, _mark(rests_on)]))


def read(purpose: str, token: str, lifetime: timedelta | None = None) -> tuple[int, str] | None:
    """Give (number, mark) of a link; None where it is forged, of another purpose or too old."""
    if len(token) > LONGEST:
        return None
    try:
        found, at = timed_signer(f"link-{purpose}").loads(token, return_timestamp=True)
    except BadSignature:
        return None
    if lifetime is not None and now() - at > lifetime:
        return None
    number, mark = found
    return number, mark


def holds(mark: str, rests_on: Any) -> bool:
    """Tell whether what a link rests on is still as it was."""
    return mark == _mark(rests_on)


def safe_path(path: str | None) -> str | None:
    """Give a path of this program that somebody may be sent to, or nothing.

    Other programs may live on the same host.
    """
    plain = path or ""
    if (
        not plain.startswith(f"{current_app.config['PREFIX']}/")
        or plain.startswith(("//", "/\\"))
        or not plain.isprintable()
        or "\\" in plain
    ):
        return None
    parts = urlsplit(plain)
    return plain if not parts.netloc and not parts.scheme and not parts.path.startswith("//") else None


def _mark(rests_on: Any) -> str:
    return hashlib.sha256(str(rests_on).encode()).hexdigest()[:16]


def to(endpoint: str, **values: Any) -> str:
    """Give the whole address of a page for a mail, also where no request is at hand, as in the worker."""
    return address(path(endpoint, **values))


def path(endpoint: str, **values: Any) -> str:
    """Give the path of a page, also where no request is at hand."""
    return current_app.url_map.bind("localhost").build(endpoint, values)


def own(rule: str) -> str:
    """Give the whole address of a path as the routes write it, without the prefix of BASE_URL."""
    return address(f"{current_app.config['PREFIX']}{rule}")


def address(path: str) -> str:
    """Complete a path of this program for a mail; the host is the configured one, whatever was asked for."""
    base = urlsplit(current_app.config["BASE_URL"])
    return f"{base.scheme}://{base.netloc}{path}"
