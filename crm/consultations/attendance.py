"""Who was at a talk, called by the function held that day: a copy that nothing later changes."""

from datetime import date
from typing import Any

from crm.consultations.models import Consultation, Participation, ParticipationPerson
from crm.contacts import queries as contacts
from crm.contacts import services as contact_services
from crm.contacts.models import FunctionRole


def set_people(row: Participation, party: Any, day: date, by: Any) -> None:
    """Set who was there for an organisation; those named before keep what they were called."""
    kept = {one.person_id: one for one in row.people}
    new = [
        contact_services.person_from_text(text, party.organisation_id, day, by, party.answers).id
        for text in party.new_people
    ]
    wanted = list(dict.fromkeys([*party.people, *new]))
    gone = [one for one in row.people if one.person_id and one.person is None]
    row.people = [kept[number] for number in wanted if number in kept] + gone
    for number in wanted:
        if number not in kept:
            called = _called(number, party.organisation_id, day)
            row.people.append(ParticipationPerson(person_id=number, function_called=called))


def call_anew(consultation: Consultation) -> None:
    """Copy the functions once more: the day was corrected, or what was planned takes place by now.

    Of people removed since nobody can say more than what was copied then.
    """
    for row in consultation.participations:
        for who in (one for one in row.people if one.person_id and one.person):
            who.function_called = _called(who.person_id, row.organisation_id, consultation.held_on)


def _called(person_id: int, organisation_id: int, day: date) -> str | None:
    """Say the function in words; one without a title and a role of its own says nothing."""
    function = contacts.function_on(person_id, organisation_id, day)
    if function is None or (function.role is FunctionRole.OTHER and not function.title):
        return None
    return function.called
