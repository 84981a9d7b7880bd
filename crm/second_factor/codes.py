"""Codes: those of an app, and recovery codes made at random; both are digits, so one field takes both."""

import json
import re
import secrets
from typing import Any

import pyotp
import segno
from cryptography.fernet import InvalidToken
from flask_babel import gettext as _

from crm.accounts import sealing
from crm.db import now

ISSUER = "IKZ-Beratung"
NUMBER, GROUPS, GROUP = 10, 4, 4
RECOVERY_DIGITS = GROUPS * GROUP
PURPOSE = "second-factor"


def read(typed: str) -> str:
    """Give the digits of a code; blanks, dashes and dots do not count, anything else spoils it."""
    plain = re.sub(r"[\s.\u2013-]", "", typed)
    return plain if re.fullmatch("[0-9]{1,40}", plain) else ""


def new_secret() -> str:
    """Make the secret of an app: 160 random bits in base32."""
    return pyotp.random_base32()


def new_recovery_codes() -> list[str]:
    """Make ten recovery codes of four groups; no two begin with the same group."""
    firsts = secrets.SystemRandom().sample(range(10**GROUP), NUMBER)
    return [
        "-".join([f"{first:04d}", *(f"{secrets.randbelow(10**GROUP):04d}" for _ in range(GROUPS - 1))])
        for first in firsts
    ]


def address(secret: str, account: str) -> str:
    """Give what the app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def step_now() -> int:
    """Give the number of the present half minute."""
    return pyotp.TOTP("A" * 32).timecode(now())


def step_of(secret: str, digits: str) -> int | None:
    """Give the half minute whose code this is, the present one or a neighbour; None for a wrong code."""
    app, present, found = pyotp.TOTP(secret), step_now(), None
    for step in (present - 1, present, present + 1):
        if secrets.compare_digest(app.generate_otp(step), digits):
            found = step
    return found


def picture(text: str) -> dict[str, Any]:
    """Give a QR code for the page: its edge in modules with the quiet zone, and the path that is dark."""
    rows = list(segno.make(text, error="m", micro=False).matrix_iter(border=4))
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"edge": len(rows), "path": path}


def seal(user_id: int, content: Any) -> str:
    """Lock a secret up for one user."""
    return sealing.box(PURPOSE).encrypt(json.dumps([user_id, content]).encode()).decode()


def opened(user_id: int, sealed: str) -> Any:
    """Give back what was locked up for this user; None when the key of the program has changed since."""
    try:
        owner, content = json.loads(sealing.box(PURPOSE).decrypt(sealed.encode()))
    except InvalidToken:
        return None
    return content if owner == user_id else None


def in_groups(secret: str) -> str:
    """Write a secret in groups of four, so that it can be typed by hand."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def as_text(made: list[str], account: str) -> str:
    """Write recovery codes as a file to print or to keep, with a word on what they are."""
    head = _("Recovery codes for %(account)s at IKZ-Beratung", account=account)
    note = _("Each code replaces the code of the app once. Keep them apart from your password.")
    return "\r\n".join([head, note, "", *made, ""])
