"""A talk whose minutes go round, and the steps on the way, through the pages."""

import re

from sqlalchemy import select

from crm.consultations.models import ConsultationKind
from crm.consultations.services import Party
from crm.db import db
from crm.mail.models import MailKind, OutgoingMail
from crm.minutes.models import Minutes
from tests import factories
from tests.factories import place

SECRET = "ZX-VERMERK-7741"
PRIVATE = "ZX-NUR-LAHNTAL-7742"


def talk(**over):
    """A held talk of three municipalities; two people can be asked, one has no address."""
    petra = factories.person("Henkel", "Petra", email="petra@lahntal.test", title="Bürgermeisterin")
    jörg = factories.person("Öztürk", "Jörg", at="Cölbe", email="joerg@coelbe.test")
    ohne = factories.person("Stumm", "Silke", at="Wetter (Hessen)")
    parties = [
        Party(place("Lahntal").id, people=[petra.id], private_note=PRIVATE),
        Party(place("Cölbe").id, people=[jörg.id]),
        Party(place("Wetter (Hessen)").id, people=[ohne.id]),
    ]
    texts = {"kind": ConsultationKind.GROUP, "note": SECRET, "agreements": SECRET, "next_step": SECRET}
    return factories.talk(parties=parties, place="Rathaus Cölbe", **(texts | over))


def talk_id(app, **over):
    """Its number."""
    with app.app_context():
        found = talk(**over)
        db.session.commit()
        return found.id


TEXTS = {
    "occasion": "Gespräch über den Bauhof.", "situation": "Drei Bauhöfe.", "results": "Alle wollen prüfen.",
    "next_meeting": "Im Januar.", "what_0": "Kosten sammeln", "who_0": "Cölbe", "when_0": "15.1.2027",
}  # fmt: skip


def drafted(app, client, **over):
    """Minutes of such a talk, written by somebody; their number."""
    url = f"/beratungen/{talk_id(app, **over)}/protokoll"
    page = client.submit(url, **TEXTS)
    assert page.status == 303, page.errors()
    return int(page.location.rpartition("/")[2])


def circulated(app, client, **fields):
    """The same, sent to be checked; their number."""
    number = drafted(app, client)
    page = client.submit(f"/protokolle/{number}/abstimmen", **fields)
    assert page.status == 303, page.errors()
    return number


def mails(app):
    """The mails about minutes, the oldest first."""
    with app.app_context():
        query = select(OutgoingMail).where(OutgoingMail.kind == MailKind.MINUTES).order_by(OutgoingMail.id)
        return list(db.session.scalars(query))


def link_to(app, address, place=-1):
    """The path of the personal link in a mail to an address."""
    body = [one.body for one in mails(app) if one.recipient == address][place]
    return re.search(r"(/protokoll/\S+)", body)[1]


def minutes(app, number):
    """The row."""
    with app.app_context():
        return db.session.get(Minutes, number)
