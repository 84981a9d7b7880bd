"""Invite chosen people, or who holds an office in chosen municipalities, to an event."""

from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.access import Permission
from crm.bulk.kinds import PEOPLE, PLACES
from crm.bulk.plan import Action, Kind, Line, entry
from crm.db import db
from crm.errors import RuleBroken
from crm.events import queries as events
from crm.invitations import audience, services
from crm.invitations.models import Invitation
from crm.invitations.narrowing import Wanted


def _of_people(rows: list[Any], _values: dict[str, Any]) -> Wanted:
    return Wanted(people=tuple(one.id for one in rows))


def _of_places(rows: list[Any], values: dict[str, Any]) -> Wanted:
    role = values["role"]
    return Wanted(roles=(role,) if role else (), within=tuple(one.id for one in rows))


def _undone(_user: Any) -> Select[Any]:
    return select(Invitation).options(joinedload(Invitation.person), joinedload(Invitation.event))


def _name_of(invitation: Invitation) -> str:
    return invitation.person.name if invitation.person else "–"


def _take_back(invitation: Invitation, _before: dict[str, Any], by: Any) -> None:
    services.remove_invitation(invitation, by)


def _inviting(kind: Kind, form: str, wanted_of: Any) -> Action:
    def look(rows: list[Any], values: dict[str, Any], _by: Any) -> list[Line]:
        found = audience.find(wanted_of(rows, values), values["event_id"])
        lines = [_line(one) for one in found.people]
        return lines + [_line(one, str(reason.label)) for one, reason in found.skipped]

    def do(rows: list[Any], values: dict[str, Any], by: Any) -> list[dict[str, Any]]:
        return _invite(wanted_of(rows, values), values["event_id"], by)

    return Action(
        "einladen", kind, _l("Invite to an event"), "envelope", Permission.WRITE_EVENTS, form, look, do,
        _undone, _take_back, _name_of,
        lambda number: ngettext("Invite %(num)s person", "Invite %(num)s people", number),
        lambda number: ngettext("%(num)s person invited.", "%(num)s people invited.", number),
        PEOPLE,
    )  # fmt: skip


def _line(one: audience.Invitee, reason: str = "") -> Line:
    office = ", ".join(part for part in (one.called, one.organisation_name) if part)
    return Line(one.person_id, 0, one.name, "–", office, reason)


def _invite(wanted: Wanted, event_id: int, by: Any) -> list[dict[str, Any]]:
    event = events.one(event_id)
    if event is None:
        raise RuleBroken(_("Choose an event from the list."), "event_id")
    people = [one.person_id for one in audience.find(wanted, event_id).people]
    with force_locale("de"):
        words = _("Selection from a list")
    services.invite(event, wanted, words, by)
    made = select(Invitation).where(Invitation.event_id == event_id, Invitation.person_id.in_(people))
    return [entry(one) for one in db.session.scalars(made.order_by(Invitation.id))]


ACTIONS = (_inviting(PEOPLE, "event", _of_people), _inviting(PLACES, "event-and-role", _of_places))
