"""What minutes may know of a talk. Nothing else of it is at hand where they are drafted and shown.

The notes of a talk, what is agreed within the office and what is private to one organisation have no field
here; so they can come into no minutes.
"""

from dataclasses import dataclass
from datetime import date, time

from flask_babel import gettext as _

from crm.consultations.models import Channel, Consultation, ConsultationKind, Participation
from crm.i18n import clock, weekday_day
from crm.naming import expect, named, token
from crm.office.models import Office


@dataclass(frozen=True)
class Attendee:
    """Somebody who was there, by number, with the function of that day."""

    person_id: int
    called: str

    @property
    def text(self) -> str:
        """Name and function as they are shown; of somebody out of sight nothing but neutral words."""
        return f"{named(token(self.person_id))} ({self.called})" if self.called else named(self.stored)

    @property
    def stored(self) -> str:
        """What is kept of somebody."""
        return token(self.person_id)


@dataclass(frozen=True)
class Side:
    """One organisation at the talk."""

    organisation: str
    presence: str
    represented_by: str
    people: tuple[Attendee, ...]

    @property
    def lines(self) -> str:
        """Who spoke for it, a line each, as shown."""
        found = [_("represented by %(name)s", name=self.represented_by)] if self.represented_by else []
        return "\n".join([*found, *(one.text for one in self.people)]) or "–"


@dataclass(frozen=True)
class PublicTalk:
    """The part of a talk that all who took part know anyhow."""

    held_on: date
    starts_at: time | None
    kind: ConsultationKind
    channel: Channel
    place: str
    reference: str
    cooperation: str
    advisers: tuple[str, ...]
    task_fields: tuple[str, ...]
    sides: tuple[Side, ...]

    @property
    def moment(self) -> str:
        """Day and time."""
        return ", ".join(part for part in (weekday_day(self.held_on), clock(self.starts_at)) if part)

    @property
    def organisations(self) -> list[str]:
        """Names of the organisations."""
        return [one.organisation for one in self.sides]


def public_part(talk: Consultation, issuer: Office) -> PublicTalk:
    """Take from a talk what may stand in its minutes."""
    expect(*(token(who.person_id) for row in talk.participations for who in row.people))
    return PublicTalk(
        held_on=talk.held_on,
        starts_at=talk.starts_at,
        kind=talk.kind,
        channel=talk.channel,
        place=talk.place or "",
        reference=talk.file_reference or issuer.reference(talk.held_on.year, talk.id),
        cooperation=talk.cooperation.title if talk.cooperation else "",
        advisers=tuple(one.name for one in talk.staff),
        task_fields=tuple(one.name for one in talk.task_fields),
        sides=tuple(_side(one) for one in talk.participations),
    )


def _side(row: Participation) -> Side:
    people = (Attendee(one.person_id, one.function_called or "" if one.person else "") for one in row.people)
    presence, by = str(row.presence.label), row.only_named
    return Side(row.organisation_name, presence, by, tuple(people))
