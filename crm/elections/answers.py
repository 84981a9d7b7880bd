"""What is answered on a checklist: confirm, replace, leave vacant, and take an answer back.

A question is answered once. Talks keep the function of their day, whatever comes out here.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit
from crm.audit import history_of
from crm.consultations.models import Naming, ParticipationPerson
from crm.contacts import queries as contacts
from crm.contacts import services as people
from crm.contacts.models import Function, FunctionRole, Person
from crm.db import db, now
from crm.elections import queries
from crm.elections.models import CheckState, Election, ElectionCheck
from crm.errors import RuleBroken
from crm.follow_ups import services as follow_ups
from crm.follow_ups import succession
from crm.follow_ups.queries import hangs_on
from crm.i18n import day as in_german

ONE_DAY = timedelta(days=1)


def confirm(checks: Iterable[ElectionCheck], by: Any) -> int:
    """Note that functions go on; an end that was the end of the old term no longer holds.

    Give how many were open; one confirmed already stays so, one answered otherwise raises RuleBroken.
    """
    number = 0
    for check in checks:
        if check.state is CheckState.CONFIRMED:
            continue
        _refuse_answered(check)
        if check.function is None:
            raise RuleBroken(_("Nobody is known there. Enter who holds the office."))
        _note(check, CheckState.CONFIRMED, by, ended_before=check.function.valid_to)
        if check.function.valid_to is not None:
            people.end_function(check.function, None, by)
        audit.record("election.confirmed", check, by)
        number += 1
    return number


def replace(check: ElectionCheck, who: int | str, values: dict[str, Any], by: Any) -> Function:
    """Let somebody follow, in the same transaction in which the old function ends; raises RuleBroken.

    `values` holds valid_from, last_day (None: the day before), title, email, phone, and passes_on: what is
    still open with who goes.
    """
    _refuse_answered(check)
    last, passes_on = values.pop("last_day", None), values.pop("passes_on", False)
    first = values["valid_from"]
    if check.function is None:
        held = {"organisation_id": check.organisation_id, "role": check.role}
        held["is_head"] = check.role is FunctionRole.HEAD
        follows = people.take_office(who, held | values, by)
        _note(check, CheckState.REPLACED, by, successor_id=follows.id)
    else:
        before = check.function.valid_to
        if last and last >= first:
            raise RuleBroken(_("The last day must lie before the first day of who follows."), "last_day")
        if last:
            people.end_function(check.function, last, by)
        follows = people.hand_over(check.function, who, values, by)
        if passes_on:
            succession.pass_on(check.function, follows, by)
        ended = {"ended_before": before, "ended_on": check.function.valid_to}
        _note(check, CheckState.REPLACED, by, successor_id=follows.id, **ended)
    audit.record("election.replaced", check, by)
    return follows


def vacate(check: ElectionCheck, last_day: date | None, by: Any) -> None:
    """End a function without a successor; where nobody is known, note that nobody is. Raises RuleBroken."""
    _refuse_answered(check)
    if check.function is not None:
        if last_day is None:
            raise RuleBroken(_("Enter the last day."), "valid_to")
        before = check.function.valid_to
        people.end_function(check.function, last_day, by)
        _note(check, CheckState.VACANT, by, ended_before=before, ended_on=last_day)
    else:
        _note(check, CheckState.VACANT, by)
    audit.record("election.vacated", check, by)


def take_back(check: ElectionCheck, by: Any) -> None:
    """Make a question open again: the function gets its end back, an untouched successor goes.

    Raises RuleBroken where somebody has worked on with either of them since.
    """
    if check.is_open:
        return
    if check.successor is not None:
        if check.function is not None:
            succession.give_back(check.function, check.successor, by)
        _drop(check.successor, by)
    if check.function is not None and check.state is not CheckState.OPEN:
        _give_end_back(check, by)
    nothing = {"answered_at": None, "answered_by_id": None, "successor_id": None}
    for name, value in {**nothing, "ended_before": None, "ended_on": None, "state": CheckState.OPEN}.items():
        setattr(check, name, value)
    audit.record("election.taken-back", check, by)


def ask_also(election: Election, function: Function, by: Any) -> ElectionCheck:
    """Add a function to the checklist; one that is asked about already stays as it is."""
    query = select(ElectionCheck).where(
        ElectionCheck.election_id == election.id, ElectionCheck.function_id == function.id
    )
    known: ElectionCheck | None = db.session.scalar(query)
    if known is not None:
        return known
    place = select(ElectionCheck).where(
        ElectionCheck.election_id == election.id, ElectionCheck.organisation_id == function.organisation_id
    )
    beside: ElectionCheck | None = db.session.scalar(place.order_by(ElectionCheck.id).limit(1))
    if beside is None:
        raise RuleBroken(_("The checklist does not ask about this municipality."))
    made = ElectionCheck(
        election_id=election.id, organisation_id=beside.organisation_id, county_id=beside.county_id,
        organisation_name=beside.organisation_name, function_id=function.id, role=function.role,
    )  # fmt: skip
    db.session.add(made)
    audit.record("election.added", made, by)
    return made


def settle(election: Election, by: Any) -> None:
    """Let the follow-up of a checklist be done when nothing is left, and open as long as something is."""
    db.session.flush()
    reminder = queries.follow_up_of(election.id)
    if reminder is None:
        return
    (follow_ups.finish if queries.is_done(election.id) else follow_ups.reopen)(reminder, by)


def usual_first_day(election: Election) -> date:
    """The day a new term begins, as far as it is known."""
    return election.takes_office_on or election.held_on + ONE_DAY


def _refuse_answered(check: ElectionCheck) -> None:
    if not check.is_open:
        who = check.answered_by.name if check.answered_by else _("A colleague")
        message = _(
            "%(name)s has answered this meanwhile: %(answer)s. Take that back first.",
            name=who, answer=check.state.label,
        )  # fmt: skip
        raise RuleBroken(message)


def _note(check: ElectionCheck, state: CheckState, by: Any, **more: Any) -> None:
    check.state, check.answered_at, check.answered_by_id = state, now(), by.id
    for name, value in more.items():
        setattr(check, name, value)


def _give_end_back(check: ElectionCheck, by: Any) -> None:
    function: Any = check.function
    if function.valid_to != check.ended_on:
        message = _(
            "The function of %(name)s was changed since: last day %(day)s. Correct it on the person's page.",
            name=function.person.name, day=in_german(function.valid_to) or "–",
        )  # fmt: skip
        raise RuleBroken(message)
    if function.valid_to != check.ended_before:
        people.end_function(function, check.ended_before, by)


def _drop(successor: Function, by: Any) -> None:
    """Take the successor's function away again, and the person made for it, if nobody touched them."""
    if len(history_of(successor, 2)) > 1:
        message = _(
            "%(name)s was worked on since. Correct the functions on the person's page.",
            name=successor.person.name,
        )
        raise RuleBroken(message)
    person = successor.person
    if _is_made_for_this(person):
        people.remove_person(person, by)
    else:
        people.remove_function(successor, by)
    db.session.flush()


def _is_made_for_this(person: Person) -> bool:
    """Tell whether somebody is known for this one function only: two events, no talk, nothing to do."""
    was_there = select(ParticipationPerson.id).where(ParticipationPerson.person_id == person.id).limit(1)
    named = select(Naming.id).where(Naming.person_id == person.id).limit(1)
    events = contacts.history(person, 3)
    made = sorted(one.name for one in events) == ["function.created", "person.created"]
    used = hangs_on(person.id) or any(db.session.scalar(one) for one in (was_there, named))
    return made and not used
