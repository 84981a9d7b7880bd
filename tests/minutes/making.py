"""Minutes made by the services: begun, sent to be checked, released."""

from datetime import timedelta

from sqlalchemy import select

from crm.db import db, today
from crm.mail.models import OutgoingMail
from crm.minutes.checking import answer, circulate
from crm.minutes.kinds import Part
from crm.minutes.models import MinutesCheck
from crm.minutes.people import Reader
from crm.minutes.releasing import prepare
from crm.minutes.releasing import release as keep_release
from crm.minutes.services import draft
from crm.notices.services import keep
from crm.office.queries import office
from tests import factories


def minutes(about=None, by="anna", **over):
    """Write the minutes of a talk by the service."""
    values = {
        "title": "Protokoll: Bauhof", "occasion": "Gespräch über den Bauhof.", "situation": "Zwei Bauhöfe.",
        "results": "Beide wollen prüfen.", "next_meeting": None,
    }  # fmt: skip
    rows = [{"text": "Kosten sammeln", "responsible": "Cölbe", "due_on": today() + timedelta(days=30)}]
    return draft(about or factories.talk("Lahntal", "Cölbe"), values | over, rows, factories.member(by))


def check(of, who, remark="Nur Cölbe will prüfen.", days=14):
    """Send minutes to be checked; with a remark it is answered and over. Gives the check and its link."""
    reader = Reader(who.id, who.name, "Lahntal", "petra@lahntal.test", "")
    values = {"deadline_on": today() + timedelta(days=days), "silence_agrees": False, "message": None}
    circulate(of, [reader], values, factories.member("anna"))
    made = db.session.scalars(select(MinutesCheck).order_by(MinutesCheck.id.desc())).first()
    mail = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    if remark:
        answer(made, {Part.RESULTS: remark}, keep("Hinweise"))
    return made, next(one for one in mail.body.split() if "/protokoll/" in one).rpartition("/")[2]


def release(of, content=b"%PDF-1.7\n%%EOF\n"):
    """Release minutes with some paper."""
    ready = prepare(of, office(), "Zahl verwechselt")
    return keep_release(ready, content, None, [], factories.member("anna"))
