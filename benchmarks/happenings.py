"""Events of many years: guests, invitations and mails of each, and one congress that is full."""

import random
from datetime import datetime, time, timedelta
from typing import Any

from benchmarks.rows import Rows
from crm.db import BERLIN, now, today
from crm.events.models import ChecklistItem, Entrance, Event, EventKind, EventState, ProgrammeItem
from crm.folding import fold, sort_key
from crm.invitations.models import Answer, Invitation
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.registrations.models import GuestKind, Registration, Seat

SEATS, GUESTS, INVITED, LATE = 160, 220, 500, 40
USUAL_GUESTS, USUAL_INVITED, YEARS = 20, 5, 10


class Happenings:
    """Rolls the dice for events; the last one is the congress."""

    def __init__(self, dice: random.Random, number: int, places: dict[int, str], people: int):
        self.dice, self.number, self.people, self.rows = dice, number, people, Rows()
        self.names = list(places.items())

    @property
    def congress(self) -> int:
        """Number of the event everybody wants to go to."""
        return self.number

    def make(self) -> None:
        """Store all of it."""
        for number in range(1, self.number + 1):
            big = number == self.congress
            self._event(number, big)
            for position in range(GUESTS if big else USUAL_GUESTS):
                self._guest(number, position, big)
            for person in range(INVITED if big else USUAL_INVITED):
                self._invitation(number, 1 + (number + person) % self.people)
        self.rows.store(
            Event, ProgrammeItem, ChecklistItem, Invitation, Registration, OutgoingMail
        )  # fmt: skip

    def _event(self, number: int, big: bool) -> None:
        days = LATE if big else -self.dice.randrange(1, YEARS * 365)
        starts = datetime.combine(today() + timedelta(days=days), time(9, 30), BERLIN)
        place, _name = self.dice.choice(self.names)
        self.rows.add(
            Event, kind=self.dice.choice(list(EventKind)), title=f"Fachtagung Bauhof {number}",
            starts_at=starts, ends_at=starts + timedelta(hours=6),
            state=EventState.OPEN if big else EventState.HELD,
            entrance=Entrance.LISTED, venue="Kulturzentrum", place_id=place, capacity=SEATS,
            secret=f"stress-{number:032d}", created_at=now(), updated_at=now(),
        )  # fmt: skip
        for position in range(6):
            self.rows.add(
                ProgrammeItem,
                event_id=number,
                position=position,
                title="Ein Vortrag",
                starts_at=time(9 + position),
            )
            self.rows.add(ChecklistItem, event_id=number, days=-7 * position, text="Etwas tun")

    def _guest(self, event: int, position: int, big: bool) -> None:
        place, name = self.dice.choice(self.names)
        seated, email = position < SEATS, f"gast{position}@kommune{event}.example"
        guest = self.rows.add(
            Registration, event_id=event, seat=Seat.SEATED if seated else Seat.WAITING,
            position=None if seated else position - SEATS + 1, kind=self.dice.choice(list(GuestKind)),
            first_name="Petra", last_name=f"Gast{position}", email=email, address_key=email,
            organisation_id=place, search_text=fold(f"Petra Gast{position} {name}"),
            sort_key=sort_key(f"Gast{position} Petra"),
            registered_at=now(), confirmed_at=now(), came_at=now() if not big and position % 4 else None,
        )  # fmt: skip
        self.rows.add(
            OutgoingMail, kind=MailKind.CONFIRMED, message_id=f"<{guest}@stress.example>", recipient=email,
            subject="Bestätigt", body="Ihr Platz ist bestätigt.", state=MailState.SENT, event_id=event,
            registration_id=guest, sent_at=now(), due_at=now(),
        )  # fmt: skip

    def _invitation(self, event: int, person: int) -> None:
        place, name = self.dice.choice(self.names)
        self.rows.add(
            Invitation, event_id=event, person_id=person, organisation_id=place, organisation_name=name,
            called="Büroleitung", email=f"person{person}@kommune.example", mailed_at=now(),
            answer=self.dice.choice((Answer.NONE, Answer.NONE, Answer.ACCEPTED, Answer.DECLINED)),
        )  # fmt: skip


def addresses(congress: int) -> dict[str, Any]:
    """The pages that are measured, by name."""
    page = f"/veranstaltungen/{congress}"
    return {
        "list of events": "/veranstaltungen",
        "event, overview": page,
        "event, 500 invited": f"{page}/einladungen",
        "event, 220 guests": f"{page}/anmeldungen",
        "event, check-in": f"{page}/anwesenheit",
        "event, follow-up work": f"{page}/nachbereitung",
        "event, public page": f"/anmeldung/stress-{congress:032d}",
        "outbox": "/postausgang",
        "calendar, month": "/kalender?sicht=monat",
        "calendar, list": "/kalender?sicht=liste",
    }
