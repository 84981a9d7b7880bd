"""Passwords: hashed with Argon2id, checked offline against common ones, made at random for a start."""

import re
import secrets
from functools import lru_cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from crm.db import db
from crm.errors import RuleBroken

SHORTEST, LONGEST = 8, 1000
CONTEXT = (
    "kikz",
    "hessen",
    "ikz",
    "beratung",
    "kommune",
    "wiesbaden",
    "kompetenzzentrum",
    "passwort",
    "willkommen",
)


@lru_cache
def _common() -> frozenset[str]:
    return frozenset(FREQUENCY_LISTS["passwords"])


def _hasher() -> PasswordHasher:
    return PasswordHasher(**current_app.config["PASSWORD_COST"])


def hashed(password: str) -> str:
    """Hash for storing; takes about a tenth of a second, so call it outside any transaction."""
    return _hasher().hash(password)


def matches(stored: str, password: str) -> bool:
    """Compare; an unknown account passes the hash of nothing and takes as long as a known one."""
    if len(password) > LONGEST:
        return False
    try:
        return _hasher().verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def hashed_outside(password: str) -> str:
    """Hash after ending the transaction of reading, so that no colleague waits; nothing may be unsaved."""
    db.session.rollback()
    return hashed(password)


def matches_outside(stored: str, password: str) -> bool:
    """Compare after ending the transaction of reading; nothing may be unsaved."""
    db.session.rollback()
    return matches(stored, password)


@lru_cache
def hash_of_nothing(*_cost: Any) -> str:
    """A valid hash that no password matches, for names nobody has."""
    return hashed(secrets.token_urlsafe(32))


def check_strength(password: str, *own: str) -> None:
    """Raise RuleBroken for a password that is short, common, or made of the user's or the centre's words."""
    if len(password) < SHORTEST:
        raise RuleBroken(_("Choose a password of at least %(n)s characters.", n=SHORTEST), "new_password")
    if len(password) > LONGEST:
        raise RuleBroken(_("Choose a password of at most %(n)s characters.", n=LONGEST), "new_password")
    plain = password.casefold()
    letters = re.sub(r"[^a-zäöüß]", "", plain)
    words = {
        *CONTEXT,
        *(part for text in own for part in re.split(r"[@.\s_-]", text.casefold()) if len(part) > 3),
    }
    if (
        plain in _common()
        or letters in words
        or (letters and letters in _common() and len(letters) > len(plain) - 4)
    ):
        raise RuleBroken(
            _("This password is easy to guess. Choose several words that do not belong together."),
            "new_password",
        )


def one_time() -> str:
    """Make a password that can be read out on the telephone: four groups without look-alikes."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
