"""What a visit needs: talks, people in office, open promises and figures of the year, put together."""

from datetime import date
from itertools import groupby
from typing import Any

from crm.access import Permission
from crm.consultations import queries as consultations
from crm.consultations.models import COUNTED, Consultation, ConsultationState, Participation
from crm.contacts import queries as contacts
from crm.db import counts, today
from crm.documents import queries as documents
from crm.documents import sources
from crm.follow_ups import queries as follow_ups
from crm.i18n import month
from crm.reads import noting
from crm.reads.models import Way

SHOWN = 20


def gathered(
    user: Any, organisation_id: int, wanted: int = SHOWN, asked: date | None = None
) -> dict[str, Any]:
    """Give what the page shows beside the register's facts; empty for those who read no content.

    With `asked` the people in office are those of that day.
    """
    if not user.may(Permission.READ_CONTENT):
        empty = {"timeline": [], "talks_total": 0, "people": [], "follow_ups": [], "year": None, "more": 0}
        return empty | {"documents": None}
    ids = consultations.ids_of_organisation(user, organisation_id)
    talks = consultations.of_organisation(user, organisation_id, wanted)
    noting.note(Way.EXCERPT, *(talk for talk in talks if _tells(talk, organisation_id)))
    start = today().replace(month=1, day=1)
    own = sources.on_organisation(organisation_id)
    since = consultations.counted_since(user, organisation_id, start)
    total, this_year, files = counts([ids, since, documents.of(user, own)])
    return {
        "timeline": _by_month(talks, organisation_id),
        "talks_total": total,
        "documents": documents.panel(user, own) if files else documents.Panel([], 0),
        "more": max(total - len(talks), 0),
        "people": contacts.current_functions(organisation_id, asked or today(), coming=asked is None),
        "follow_ups": follow_ups.open_for_organisation(user, organisation_id, ids),
        "year": {
            "number": this_year,
            "start": start,
            "last": _last(user, organisation_id, talks),
        },
    }


def _tells(talk: Consultation, organisation_id: int) -> bool:
    """Tell whether the page shows words of a talk: those of its note, or what is private to this body."""
    own = next((one for one in talk.participations if one.organisation_id == organisation_id), None)
    return bool(talk.note or (own and own.private_note))


def brief(user: Any, organisation_id: int) -> dict[str, Any]:
    """Give the last talk, open promises and people in office; nothing to those who read no content."""
    if not user.may(Permission.READ_CONTENT):
        return {"talks": None, "follow_ups": None, "people": []}
    ids = consultations.ids_of_organisation(user, organisation_id)
    return {
        "talks": consultations.of_organisation(user, organisation_id, 1),
        "follow_ups": follow_ups.open_for_organisation(user, organisation_id, ids),
        "people": contacts.current_functions(organisation_id, today())[:6],
    }


def _by_month(talks: list[Consultation], organisation_id: int) -> list[tuple[str, list[Any]]]:
    months = groupby(talks, key=lambda talk: talk.held_on.replace(day=1))
    return [
        (month(first), [(talk, _own(talk, organisation_id)) for talk in group]) for first, group in months
    ]


def _own(talk: Consultation, organisation_id: int) -> Participation:
    return next(one for one in talk.participations if one.organisation_id == organisation_id)


def _last(user: Any, organisation_id: int, talks: list[Consultation]) -> Consultation | None:
    """The last held talk the body took part in, as a rule among the newest ones."""
    counted = (
        talk
        for talk in talks
        if talk.state is ConsultationState.HELD and _own(talk, organisation_id).presence in COUNTED
    )
    return next(counted, None) or consultations.last_talk_of(user, organisation_id)
