"""What is done with elections: enter, start the checklist on the day, once, remove and take back."""

from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit, records
from crm.access import Permission
from crm.accounts import queries as accounts
from crm.accounts.models import User
from crm.db import db, now, today
from crm.elections import queries
from crm.elections.checklists import asked_by
from crm.elections.models import Election, ElectionCheck, ElectionKind
from crm.errors import RuleBroken
from crm.follow_ups import services as follow_ups
from crm.follow_ups.models import FollowUp
from crm.i18n import day as in_german
from crm.organisations.existing import refuse_unless_existing
from crm.organisations.models import KOMMUNEN, Organisation

# What the checklist was made of.
FIXED = ("kind", "held_on", "organisation_id")


def plan(values: dict[str, Any], by: Any) -> Election:
    """Enter an election; one whose day has come starts at once. Raises RuleBroken."""
    _check(values)
    election: Election = records.create(Election, values, by, "election.planned")
    start(election.id, by)
    return election


def change(election: Election, values: dict[str, Any], by: Any) -> None:
    """Change an election; what its checklist was made of stays. Raises RuleBroken."""
    _check(values)
    if election.has_started and any(values[name] != getattr(election, name) for name in FIXED):
        message = _(
            "The checklist is made: kind, day and municipality stay. Remove the election and enter it anew."
        )
        raise RuleBroken(message, next(one for one in FIXED if values[one] != getattr(election, one)))
    records.change(election, values, by, "election.changed")
    start(election.id, by)


def _check(values: dict[str, Any]) -> None:
    day, begins = values["held_on"], values.get("takes_office_on")
    if begins and begins < day:
        raise RuleBroken(_("The new term begins before the election."), "takes_office_on")
    number = values.get("organisation_id")
    if number is None:
        if values["kind"] is ElectionKind.HEAD:
            raise RuleBroken(_("Choose the municipality whose head is elected."), "organisation_id")
        return
    place = db.session.get(Organisation, number)
    if place is None or place.level not in KOMMUNEN:
        raise RuleBroken(_("Choose a municipality or a county."), "organisation_id")
    refuse_unless_existing(place, day, "held_on")


def start(election_id: int, by: Any = None) -> int:
    """Make the checklist and the follow-up of an election whose day has come, once; give its length.

    Whoever comes second finds it made: the election is held from the first look on.
    """
    election = queries.held(election_id)
    if election is None or election.has_started or election.is_ahead:
        return 0
    asked, number = asked_by(election), 0
    for place in asked:
        where = {
            "election_id": election.id, "organisation_id": place.organisation_id,
            "organisation_name": place.name, "county_id": place.county_id,
        }  # fmt: skip
        lines = [{"function_id": one.id, "role": one.role} for one in place.functions]
        lines += [{"function_id": None, "role": place.nobody}] if place.nobody else []
        db.session.add_all(ElectionCheck(**where, **line) for line in lines)
        number += len(lines)
    election.started_at = now()
    audit.record("election.started", election, by)
    _remind(election, len(asked), by)
    return number


def _remind(election: Election, kommunen: int, by: Any) -> None:
    """Make one follow-up for whoever is responsible; 442 of them would hide what is due."""
    owner = _responsible(election)
    if not kommunen or owner is None:
        return
    with force_locale("de"):
        name, about = f"{election.name} {in_german(election.held_on)}", election.text[:200]
        text = ngettext(
            "%(name)s: check %(num)s municipality", "%(name)s: check %(num)s municipalities", kommunen,
            name=name,
        )  # fmt: skip
    values = {
        "text": text, "due_on": max(election.takes_office_on or election.held_on, today()),
        "owner_id": owner.id, "election_id": election.id, "about": about,
        "organisation_id": election.organisation_id,
    }  # fmt: skip
    follow_ups.create(values, by)


def _responsible(election: Election) -> User | None:
    """Who is named, or somebody of the management where that account is locked by now."""
    if election.owner.is_active:
        return election.owner
    may = (one for one in accounts.everybody() if one.may(Permission.MANAGE_CATALOGUES) and one.is_active)
    return next(may, None)


def remove(election: Election, by: Any) -> None:
    """Put an election entered by mistake into the trash with its follow-up; answers stay as they are."""
    reminder = queries.follow_up_of(election.id)
    records.remove([election, *([reminder] if reminder else [])], by, "election.removed")


def restore(election: Election, by: Any) -> None:
    """Take an election back with what went with it; one whose day came meanwhile starts."""
    same = select(FollowUp).where(FollowUp.removal == election.removal)
    gone = list(db.session.scalars(same.execution_options(include_removed=True)))
    records.restore([election, *gone], by, "election.restored")
    start(election.id, by)
