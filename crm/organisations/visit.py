"""What a visit needs: the timeline, people in office, open promises and figures of the year, put together."""

from datetime import date
from typing import Any

from crm.access import Permission
from crm.consultations import queries as consultations
from crm.consultations.models import COUNTED, Consultation, ConsultationState
from crm.contacts import queries as contacts
from crm.db import number_of, today
from crm.documents import queries as documents
from crm.documents import sources
from crm.follow_ups import queries as follow_ups
from crm.reads import noting
from crm.reads.models import Way
from crm.timelines import queries as timelines
from crm.timelines.entries import Entry
from crm.timelines.kinds import Choice


def gathered(user: Any, organisation_id: int, choice: Choice, asked: date | None = None) -> dict[str, Any]:
    """Give what the page shows beside the register's facts; empty for those who read no content.

    With `asked` the people in office are those of that day.
    """
    if not user.may(Permission.READ_CONTENT):
        return {"timeline": None, "people": [], "follow_ups": [], "year": None, "documents": None}
    ids = consultations.ids_of_organisation(user, organisation_id)
    start = today().replace(month=1, day=1)
    since = consultations.counted_since(user, organisation_id, start)
    own = sources.on_organisation(organisation_id)
    beside = number_of(since), number_of(documents.of(user, own))
    timeline, (this_year, files) = timelines.of_organisation(user, organisation_id, choice, beside)
    noting.note(Way.EXCERPT, *(one.talk for one in timeline.entries if _tells(one)))
    return {
        "timeline": timeline,
        "documents": documents.panel(user, own) if files else documents.Panel([], 0),
        "people": contacts.current_functions(organisation_id, asked or today(), coming=asked is None),
        "follow_ups": follow_ups.open_for_organisation(user, organisation_id, ids),
        "year": {
            "number": this_year,
            "start": start,
            "last": _last(user, organisation_id, timeline.entries),
        },
    }


def _tells(entry: Entry) -> bool:
    """Tell whether the page shows words of a talk: those of its note, or what is private to this body."""
    return bool(entry.talk and (entry.talk.note or (entry.own and entry.own.private_note)))


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


def _last(user: Any, organisation_id: int, entries: list[Entry]) -> Consultation | None:
    """The last held talk the body took part in, as a rule among the newest ones."""
    counted = (
        one.talk
        for one in entries
        if one.talk and one.own and one.talk.state is ConsultationState.HELD and one.own.presence in COUNTED
    )
    return next(counted, None) or consultations.last_talk_of(user, organisation_id)
