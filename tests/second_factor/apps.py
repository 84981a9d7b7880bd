"""The app on the phone: it knows the secret and shows codes; and recovery codes as they were printed."""

from dataclasses import dataclass

import pyotp

from crm.accounts import passwords
from crm.db import db, now
from crm.second_factor import codes
from crm.second_factor.models import RecoveryCode, SecondFactor
from tests import factories
from tests.pages import CarefulClient

DOOR, STEP = "/anmelden", "/anmelden/code"


@dataclass
class Phone:
    """What somebody with a second factor has at hand."""

    secret: str
    recovery: list[str]

    def code(self, steps=0):
        """The code of the present half minute, or of one some steps away."""
        app = pyotp.TOTP(self.secret)
        return app.generate_otp(app.timecode(now()) + steps)

    def wrong(self):
        """Six digits that are the code of none of the half minutes around."""
        near = {self.code(steps) for steps in range(-3, 4)}
        return next(text for text in ("123456", "234567", "345678", "456789") if text not in near)


def phone_of(app, name="anna", recovery=2):
    """Give somebody of the cast a second factor, with so many recovery codes."""
    with app.app_context():
        user = factories.member(name)
        phone = Phone(codes.new_secret(), codes.new_recovery_codes()[:recovery])
        user.second_factor_at = now()
        db.session.add(
            SecondFactor(user_id=user.id, sealed_secret=codes.seal(user.id, phone.secret), last_step=0)
        )
        for code in phone.recovery:
            rest = codes.read(code)[codes.GROUP :]
            row = {"first_group": code[: codes.GROUP], "code_hash": passwords.hashed(rest)}
            db.session.add(RecoveryCode(user_id=user.id, **row))
        db.session.commit()
    return phone


def at_the_step(app, name="anna", **fields):
    """A browser that gave the right password and is asked for the code."""
    client = CarefulClient(app)
    page = client.post(DOOR, email=f"{name}@kikz.test", password=factories.PASSWORD, **fields)
    assert (page.status, page.location) == (303, STEP), page.main
    return client


def enter(app, code, name="anna"):
    """Come in by both steps; give the browser and the answer to the code."""
    client = at_the_step(app, name)
    return client, client.post(STEP, code=code)
