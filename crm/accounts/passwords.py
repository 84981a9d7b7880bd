"""Passwords: hashed with Argon2id, checked offline against common ones, made at random for a start."""

import base64
import re
import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _

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
    # 12 MB that most processes never need.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def _hasher() -> PasswordHasher:
    return PasswordHasher(**current_app.config["PASSWORD_COST"])


def _plain(password: str) -> str:
    """Give one spelling to letters that some keyboards send in two parts."""
    return unicodedata.normalize("NFC", password)


def hashed(password: str) -> str:
    """Hash for storing; takes about a tenth of a second, so call it outside any transaction."""
    return _hasher().hash(_plain(password))


def matches(stored: str, password: str) -> bool:
    """Compare; an unknown account passes the hash of nothing and takes as long as a known one."""
    if len(password) > LONGEST:
        return False
    try:
        return _hasher().verify(stored, _plain(password))
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


def hash_of_nothing() -> str:
    """Make up a hash that no password matches and that costs as much to check as a real one."""
    salt, digest = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
    cost = current_app.config["PASSWORD_COST"]
    shape = "m={memory_cost},t={time_cost},p={parallelism}".format(**cost)
    return f"$argon2id$v=19${shape}${salt}${digest}"


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
