"""A filled house: something of everything, so that no page is drawn empty."""

from datetime import time, timedelta

from sqlalchemy import select

from crm.consultations.models import Channel, ConsultationKind, Presence
from crm.consultations.services import Party, cancel, remove
from crm.contacts.services import remove_person
from crm.db import db, today
from crm.follow_ups.models import FollowUpState
from crm.task_fields.models import TaskField
from tests import factories
from tests.factories import place

LONG = "Gemeinsame Vergabestelle für Bauleistungen und Lieferungen im Nordkreis"


def fill():
    """Store talks, people and follow-ups in every state; give the numbers that addresses need."""
    person = factories.person()
    factories.person("Freiherr von Eschwege-Waldkappel", "Friedrich-Wilhelm", "Cölbe")
    group = _group(person)
    _others()
    gone = factories.talk("Münchhausen", days_ago=3)
    remove(gone, factories.member("anna"))
    gone_person = factories.person("Fort", "Frieda", "Marburg")
    remove_person(gone_person, factories.member("anna"))
    follow_up = _follow_ups(group)
    factories.user("gesperrt@kikz.test", "Gisela Gesperrt", locked_at=factories.db.func.now())
    numbers = {
        "talk": group.id, "gone": gone.id, "person": person.id, "function": person.functions[0].id,
        "gone_person": gone_person.id,
        "follow_up": follow_up.id, "user": factories.member("anna").id, "place": place("Lahntal").id,
        "county": place("Landkreis Marburg-Biedenkopf").id, "field": _field("Bauhof").id,
    }  # fmt: skip
    db.session.commit()
    return numbers


def _field(name):
    return db.session.scalars(select(TaskField).where(TaskField.name == name)).one()


def _group(person):
    """One talk with everything a talk can hold."""
    parties = [
        Party(place("Lahntal").id, people=[person.id], private_note="Die Kämmerei ist **dagegen**."),
        Party(place("Wetter (Hessen)").id, Presence.REPRESENTED, represented_by="Cölbe"),
        Party(place("Cölbe").id, Presence.APOLOGISED, role="Gastgeberin"),
    ]
    return factories.talk(
        parties=parties,
        kind=ConsultationKind.GROUP,
        note=f"- {LONG}\n- **Zweiter** Punkt\n\nhttps://www.example.org/" + "pfad/" * 30,
        agreements="Alle fragen ihre Gremien.",
        next_step="Kostentabelle verschicken.",
        starts_at=time(9, 30), duration_minutes=90, preparation_minutes=30, travel_minutes=60,
        task_fields=[_field("Bauhof").id, _field("Kasse").id], place="Rathaus Cölbe",
        file_reference="IKZ 7/26", follow_up_on=today() + timedelta(days=9), follow_up_text=LONG,
    )  # fmt: skip


def _others():
    factories.talk("Kassel", days_ago=40, confidential=True, channel=Channel.PHONE)
    factories.talk("Hanau", "Fulda", days_ago=10, note=None, by="mara")
    coming = factories.talk("Marburg", days_ago=-5, starts_at=time(14, 0), by="mara")
    cancel(coming, factories.member("mara"))
    factories.talk("Gießen", days_ago=-9)
    due = factories.talk("Wetzlar", days_ago=-1)
    due.held_on = today()
    factories.talk("Stadtallendorf", starts_at=time(23, 59), by="mara", duration_minutes=60)
    for number in range(30):
        factories.talk("Cölbe", "Lahntal", days_ago=20 + number * 9, note=LONG)


def _follow_ups(group):
    for days in (-12, -1, 0, 2, 6, 30):
        factories.follow_up(f"{LONG} ({days})", in_days=days, by="mara")
    waiting = {"in_days": 1, "waiting_for": "Gemeindevertretung Cölbe"}
    factories.follow_up("Beschluss abwarten", by="mara", **waiting)
    factories.follow_up(
        "Längst erledigt", by="mara", state=FollowUpState.DONE, done_at=factories.db.func.now()
    )
    return factories.follow_up("Protokoll verschicken", in_days=4, consultation_id=group.id, at="Lahntal")
