"""What kinds of lists there are: what their columns mean, how they are compared, how they are written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.imports import cooperations, event_taking, events, taking
from crm.imports.columns import MEANINGS, NEEDED, Field
from crm.imports.event_columns import EVENT_MEANINGS, EVENT_NEEDED, EventField
from crm.imports.models import ImportRun
from crm.imports.plan import Plan
from crm.labels import Labelled, name_members


class Sort(Labelled):
    """What a list holds."""

    COOPERATIONS = "cooperations"
    EVENTS = "events"


name_members({Sort.COOPERATIONS: _l("Cooperations"), Sort.EVENTS: _l("Events")})


@dataclass(frozen=True)
class ListKind:
    """One kind of list. A checked file of it waits under its name."""

    sort: Sort
    fields: type[Labelled]
    meanings: Any
    needed: Any
    plan: Callable[..., Plan]
    apply: Callable[[Plan, str, Any], ImportRun]

    @property
    def purpose(self) -> str:
        """Under which purpose a checked file waits for the decision."""
        return self.sort.value


COOPERATIONS = ListKind(Sort.COOPERATIONS, Field, MEANINGS, NEEDED, cooperations.plan, taking.apply)
EVENTS = ListKind(Sort.EVENTS, EventField, EVENT_MEANINGS, EVENT_NEEDED, events.plan, event_taking.apply)
LISTS = {kind.sort: kind for kind in (COOPERATIONS, EVENTS)}
