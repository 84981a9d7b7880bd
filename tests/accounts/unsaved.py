"""A form that is nearly done and not saved, as several tests need it."""

from datetime import timedelta

from sqlalchemy import func, select, update

from crm.accounts.models import UserSession
from crm.consultations.models import Consultation
from crm.db import db, now, today
from crm.drafts import Draft
from tests import factories

MARK = "ZX-ENTWURF-4711"
LONG = (f"{MARK} Ä ö ü ß € „Bauhof“ <b>&amp;</b> {{{{7*7}}}} %s '; -- \\ 🙂\n" * 400)[:20_000].rstrip()
NEW = "/beratungen/neu"


def typed(app, **over):
    """What stands in a form that is nearly done."""
    with app.app_context():
        place = str(factories.place("Lahntal").id)
    found = {"organisations": [place], "held_on": f"{today():%d.%m.%Y}", "kind": "single", "channel": "phone"}
    return found | {"note": LONG} | over


def idle(client):
    """Half an hour has passed since the last request."""
    with client.app.app_context():
        db.session.execute(update(UserSession).values(last_used_at=now() - timedelta(minutes=31)))
        db.session.commit()


def talks(app):
    """How many talks are saved."""
    with app.app_context():
        return db.session.scalar(select(func.count(Consultation.id)))


def kept(app):
    """Paths of all drafts."""
    with app.app_context():
        return sorted(db.session.scalars(select(Draft.path)))
