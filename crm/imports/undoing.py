"""The way back of each kind of import: which records it makes and how they are put away or set back."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import select

from crm import audit
from crm.consultations.models import Consultation
from crm.cooperations.models import Cooperation
from crm.db import chunks, db
from crm.documents.models import Document
from crm.follow_ups.models import FollowUp
from crm.imports import event_states, event_taking, groups, runs
from crm.imports.cooperations import KIND
from crm.imports.events import KIND as EVENTS
from crm.imports.people import states as people_states
from crm.imports.people import taking as people_taking
from crm.imports.people.planning import KIND as PEOPLE
from crm.imports.runs import Kind, State
from crm.imports.states import IDS
from crm.imports.talks import changing
from crm.imports.talks import states as talk_states
from crm.imports.talks.understanding import KIND as TALKS


def _set_back(group: Cooperation, before: State, after: State, by: Any) -> None:
    groups.write(group, before, after.get(IDS, {}))
    db.session.flush()
    audit.record("import.undone", group, by)


def _hanging(ids: Iterable[int]) -> set[int]:
    """Groups with a talk, a follow-up, a document, or a group below them from elsewhere than the same run."""
    wanted = set(ids)
    found = runs.used_in((one.cooperation_id for one in (Consultation, FollowUp, Document)), wanted)
    for chunk in chunks(sorted(wanted)):
        below = select(Cooperation.parent_id, Cooperation.id).where(Cooperation.parent_id.in_(chunk))
        found.update(parent for parent, child in db.session.execute(below) if parent and child not in wanted)
    return found


def _each(discard: Callable[[Any, Any], None], found: Iterable[Any], by: Any) -> None:
    for one in found:
        discard(one, by)


KINDS: dict[str, Kind] = {
    KIND: Kind(
        record_type=groups.TABLE,
        load=groups.load,
        name=lambda group: group.title,
        write=_set_back,
        discard=lambda found, by: _each(groups.discard, found, by),
        hanging=_hanging,
    ),
    EVENTS: Kind(
        record_type=event_states.TABLE,
        load=event_states.load,
        name=lambda event: event.title,
        write=event_taking.set_back,
        discard=lambda found, by: _each(event_taking.discard, found, by),
        hanging=event_taking.hanging,
    ),
    TALKS: Kind(
        record_type=talk_states.TABLE,
        load=talk_states.load,
        name=changing.name,
        write=changing.set_back,
        discard=changing.discard,
        hanging=changing.hanging,
        texts=talk_states.PERSONAL,
    ),
    PEOPLE: Kind(
        record_type=people_states.TABLE,
        load=people_states.load,
        name=people_taking.name,
        write=people_taking.set_back,
        discard=people_taking.discard,
        hanging=people_taking.hanging,
        texts=people_states.KEYS,
    ),
}
