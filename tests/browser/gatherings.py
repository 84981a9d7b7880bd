"""Events of the filled house: one that is full with everything on it, and one of every other state."""

from datetime import time, timedelta

from crm import links
from crm.db import today
from crm.events import checklist, programme, services
from crm.events.models import EventKind, EventState, Precision
from crm.mailings.letters import OPT_OUT
from crm.registrations.letters import path_to
from crm.registrations.models import Seat
from tests import factories

LONG = "Gemeinsame Vergabestelle für Bauleistungen und Lieferungen im Nordkreis: Fachtagung mit Werkstatt"


def fill(person):
    """Plan them; give the numbers that addresses need."""
    emil = factories.member("emil")
    event = _whole(person, emil)
    for number, state in enumerate(EventState):
        if state is not EventState.FULL:
            factories.event(f"Vortrag {number}", in_days=number * 9 - 20, state=state, kind=EventKind.LECTURE)
    factories.event("Kongress von früher", in_days=-4000, state=EventState.HELD, precision=Precision.YEAR)
    gone = factories.event("Abgeräumt", state=EventState.PLANNED)
    planned = factories.event(f"Noch geplant: {LONG}", state=EventState.PLANNED, asks_needs=True, in_days=60)
    services.remove(gone, emil)
    held = factories.event("Fachtagung Kasse", in_days=-3, state=EventState.HELD)
    guest = factories.registration(event, "Wartend", "Willi", seat=Seat.WAITING, position=1)
    return {
        "secret": event.secret, "held_secret": held.secret, "guest_token": path_to(guest).rpartition("/")[2],
        "event": event.id, "gone_event": gone.id, "planned_event": planned.id, "point": event.programme[0].id,
        "task": event.checklist[0].id, "file": factories.event_paper(event).id,
        "registration": guest.id,
        "invitation": factories.invitation(event, person).id, "mailing": factories.mailing(event).id,
        "saved": factories.saved_report(recipients=["mara", "anna"]).id,
        "view": factories.saved_view(by="mara", shared=True, pinned=["mara", "anna"]).id,
        "head_count": factories.heads(event).id, "frozen": factories.frozen_report().id,
        "closed_year": 1990, "closed_number": 1,
        "opt_out": links.make(OPT_OUT, person.id),
    }  # fmt: skip


def _whole(person, emil):
    event = factories.event(
        LONG, capacity=2, summary="- Erstens\n- **Zweitens**", for_whom="Kämmereien", note="Halle ab 7 Uhr.",
        handed_out="Folien", video_link="https://video.example.org/raum", responsible_id=emil.id,
        register_until=today() + timedelta(days=9),
    )  # fmt: skip
    services.set_hosts(event, [factories.place("Lahntal").id], ["ekom21"])
    checklist.add_standard(event)
    checklist.tick(event, event.checklist[0], True, emil)
    for hour, title, who in ((9, "Begrüßung", None), (10, LONG, person.id), (12, "Pause", None)):
        point = {"starts_at": time(hour), "title": title, "speaker": "Petra Henkel", "person_id": who}
        programme.add(event, point, emil)
    for name in ("Abel", "Bebel"):
        factories.registration(event, name)
    return event
