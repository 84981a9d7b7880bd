"""Events in every state for the demo data: full, open, announced, held, called off. All invented."""

import random
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select

from crm.accounts.models import User
from crm.attendance.models import Certainty, HeadCount
from crm.db import db, now, today
from crm.events import checklist, programme, services
from crm.events.models import Entrance, Event, EventKind, EventState
from crm.events.spans import span_of
from crm.folding import fold, name_key
from crm.holidays import is_holiday
from crm.invitations.models import Answer, Invitation
from crm.operations.demo_event_words import PROGRAMME, TEXTS
from crm.operations.demo_people import People, in_mail
from crm.operations.demo_words import MEN, NAMES, WOMEN
from crm.organisations.models import Level, Organisation
from crm.registrations.models import GuestKind, Origin, Registration, Seat

K, S, E = EventKind, EventState, Entrance


@dataclass(frozen=True)
class Plan:
    """An event of the demo data: when from today, how far, how many guests (came, in percent)."""

    key: str
    kind: EventKind
    in_days: int
    state: EventState
    place: str
    venue: str
    hours: tuple[int, int] | None = (10, 15)
    capacity: int | None = None
    entrance: Entrance = E.LISTED
    guests: int = 0
    waiting: int = 0
    invited: bool = False
    came: int = 0
    heads: int = 0
    because: str | None = None


PLANS = (
    Plan("tagung", K.CONFERENCE, 15, S.OPEN, "Buseck", "Kulturzentrum Großen-Buseck", (9, 15), 160,
         guests=160, waiting=7, invited=True),
    Plan("info", K.INFORMATION, 41, S.OPEN, "Schwalmstadt", "Rathaus, großer Saal", (14, 17), 80, guests=31),
    Plan("kongress", K.CONGRESS, 170, S.SAVE_THE_DATE, "Rosbach v. d. Höhe", "Adolf-Reichwein-Halle", None,
         160),
    Plan("werkstatt", K.WORKSHOP, 63, S.PLANNED, "Marburg", "Landratsamt, Raum 3", (9, 13), 24, E.INVITED),
    Plan("buerger", K.ASSEMBLY, 6, S.CLOSED, "Lahntal", "Bürgerhaus Goßfelden", (19, 21), None, guests=22),
    Plan("vortrag", K.LECTURE, 20, S.CANCELLED, "Fritzlar", "Stadthalle", (18, 20), 60, E.UNLISTED, guests=12,
         because="Der Referent ist erkrankt. Ein neuer Termin folgt."),
    Plan("feuerwehr", K.CONFERENCE, -44, S.HELD, "Hungen", "Feuerwehrhaus", (9, 14), 90, guests=84,
         invited=True, came=86),
    Plan("haushalt", K.CONGRESS, -230, S.DOCUMENTED, "Gießen", "Kongresshalle", (9, 16), 150, guests=148,
         came=91, heads=12),
    Plan("bescheid", K.HANDOVER, -30, S.DOCUMENTED, "Kirchhain", "Rathaus", (11, 12), 20, E.INVITED,
         guests=14, came=93),
)  # fmt: skip


def fill(dice: random.Random, people: People, users: list[User]) -> list[Event]:
    """Plan all events and let their guests come; nobody gets a mail."""
    everywhere = select(Organisation).where(
        Organisation.level == Level.MUNICIPALITY, Organisation.on(today())
    )
    places = list(db.session.scalars(everywhere.order_by(Organisation.sort_key)))
    return [_event(dice, plan, places, people, users) for plan in PLANS]


def _event(dice: random.Random, plan: Plan, places: Any, people: People, users: list[User]) -> Event:
    day = _working_day(today() + timedelta(days=plan.in_days))
    clocks = [time(hour, 30 if hour < 12 else 0) for hour in plan.hours] if plan.hours else [None, None]
    text = TEXTS[plan.key]
    values = {
        "kind": plan.kind, "title": text.title, "summary": text.summary, "for_whom": text.for_whom,
        "venue": plan.venue, "place_id": _named(places, plan.place), "capacity": plan.capacity,
        "entrance": plan.entrance, "hosts": [], "other_hosts": list(text.hosts), "standard": True,
        "responsible_id": users[2].id, "note": text.note or None, "handed_out": text.handed_out or None,
        "register_until": day - timedelta(days=5) if plan.capacity else None,
    }  # fmt: skip
    event = services.plan_event(values | span_of(day, clocks[0], None, clocks[1]).columns, users[2])
    for starts, title, speaker in PROGRAMME.get(plan.key, ()):
        programme.add(event, {"starts_at": starts, "title": title, "speaker": speaker}, users[2])
    _tick(event, day, users[2])
    if plan.invited:
        _invite(dice, event, people)
    _register(dice, event, plan, places)
    event.state, event.cancelled_because = plan.state, plan.because
    db.session.flush()
    return event


def _working_day(day: date) -> date:
    """Put off what would fall on a weekend to the Tuesday after it, and never onto a holiday."""
    day += timedelta(days=8 - day.weekday() if day.weekday() > 4 else 0)
    return _working_day(day + timedelta(days=1)) if is_holiday(day) else day


def _named(places: list[Organisation], name: str) -> int | None:
    return next((one.id for one in places if one.name == name), None)


def _tick(event: Event, day: date, by: User) -> None:
    """Everything that was due is done, but for one thing of yesterday."""
    for item in event.checklist:
        if item.due_on and item.due_on < today() - timedelta(days=3):
            checklist.tick(event, item, True, by)


def _invite(dice: random.Random, event: Event, people: People) -> None:
    mailed = now() - timedelta(days=30)
    for number, persons in people.items():
        one = persons[0]
        answer = dice.choices(list(Answer), (50, 30, 5, 15))[0]
        db.session.add(
            Invitation(
                event_id=event.id, person_id=one.id, organisation_id=number, answer=answer, mailed_at=mailed,
                organisation_name=one.functions[0].organisation.name, called=one.functions[0].called,
                email=one.functions[0].email,
                answered_at=None if answer is Answer.NONE else mailed + timedelta(days=dice.randrange(1, 20)),
            )
        )  # fmt: skip


def _register(dice: random.Random, event: Event, plan: Plan, places: list[Organisation]) -> None:
    begun = event.starts_at or now()
    first = min(now(), begun) - timedelta(days=28)
    for number in range(plan.guests + plan.waiting):
        guest = _guest(dice, event, number, dice.choice(places))
        guest.registered_at = first + timedelta(hours=3 * number)
        guest.confirmed_at = guest.registered_at + timedelta(minutes=dice.randrange(2, 200))
        if number >= plan.guests:
            guest.seat, guest.position = Seat.WAITING, number - plan.guests + 1
        elif plan.came and dice.randrange(100) < plan.came:
            guest.came_at = begun - timedelta(minutes=dice.randrange(2, 40))
            guest.wants_talk = not dice.randrange(12)
        db.session.add(guest)
    if plan.heads:
        db.session.add(HeadCount(event_id=event.id, heads=plan.heads, certainty=Certainty.ESTIMATED))


def _guest(dice: random.Random, event: Event, number: int, place: Organisation) -> Registration:
    first, last = dice.choice(WOMEN if dice.randrange(2) else MEN), dice.choice(NAMES)
    mail = f"{in_mail(first)}.{in_mail(last)}.{number}@{in_mail(place.name)}.example"
    citizen = event.kind is K.ASSEMBLY
    kinds = (GuestKind.HEAD, GuestKind.COUNCILLOR, GuestKind.MANAGEMENT, GuestKind.STAFF)
    return Registration(
        event_id=event.id, seat=Seat.SEATED, first_name=first, last_name=last, email=mail, address_key=mail,
        kind=GuestKind.CITIZEN if citizen else dice.choices(kinds, (30, 25, 25, 20))[0],
        organisation_id=None if citizen else place.id, origin=Origin.PUBLIC,
        needs=dice.choice((None, None, None, None, None, None, None, "vegetarisch", "Rollstuhlplatz")),
        search_text=fold(f"{first} {last} {place.name}")[:600], sort_key=name_key(last, first),
    )  # fmt: skip
