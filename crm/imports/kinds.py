"""What kinds of lists there are: what their columns mean, how they are compared, how they are written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.imports import cooperations, event_taking, events, taking
from crm.imports.columns import MEANINGS, NEEDED, Field
from crm.imports.event_columns import EVENT_MEANINGS, EVENT_NEEDED, EventField
from crm.imports.models import ImportRun
from crm.imports.people import planning as people
from crm.imports.people import taking as people_taking
from crm.imports.people.columns import PERSON_MEANINGS, PERSON_NEEDED, PersonField
from crm.imports.plan import Plan
from crm.imports.questions import Question
from crm.imports.talks import planning
from crm.imports.talks import taking as talk_taking
from crm.imports.talks.columns import TALK_MEANINGS, TALK_NEEDED, TalkField
from crm.imports.talks.typed import read_answer
from crm.labels import Labelled, name_members


class Sort(Labelled):
    """What a list holds."""

    COOPERATIONS = "cooperations"
    EVENTS = "events"
    TALKS = "talks"
    PEOPLE = "people"


name_members(
    {
        Sort.COOPERATIONS: _l("Cooperations"),
        Sort.EVENTS: _l("Events"),
        Sort.TALKS: _l("Talks"),
        Sort.PEOPLE: _l("People"),
    }
)


@dataclass(frozen=True)
class ListKind:
    """One kind of list. A checked file of it waits under its name."""

    sort: Sort
    fields: type[Labelled]
    meanings: Any
    needed: Any
    plan: Callable[..., Plan]
    apply: Callable[[Plan, str, Any], ImportRun]
    # Kinds that ask questions understand answers that were typed.
    read_answer: Callable[[Question, str], str] | None = None

    @property
    def purpose(self) -> str:
        """Under which purpose a checked file waits for the decision."""
        return self.sort.value


COOPERATIONS = ListKind(Sort.COOPERATIONS, Field, MEANINGS, NEEDED, cooperations.plan, taking.apply)
EVENTS = ListKind(Sort.EVENTS, EventField, EVENT_MEANINGS, EVENT_NEEDED, events.plan, event_taking.apply)
TALKS = ListKind(
    Sort.TALKS, TalkField, TALK_MEANINGS, TALK_NEEDED, planning.plan, talk_taking.apply, read_answer
)
PEOPLE = ListKind(
    Sort.PEOPLE, PersonField, PERSON_MEANINGS, PERSON_NEEDED, people.plan, people_taking.apply, read_answer
)
LISTS = {kind.sort: kind for kind in (COOPERATIONS, EVENTS, TALKS, PEOPLE)}
