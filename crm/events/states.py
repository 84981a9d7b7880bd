"""How far an event is: what is shown, and what may follow what."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.db import now
from crm.events.models import Event, EventState, Precision

_S = EventState
# What may follow a state, the usual step first. Cancelling has its own page; FULL is never chosen.
FOLLOWING: dict[EventState, tuple[EventState, ...]] = {
    _S.PLANNED: (_S.OPEN, _S.SAVE_THE_DATE, _S.HELD),
    _S.SAVE_THE_DATE: (_S.OPEN, _S.PLANNED, _S.HELD),
    _S.OPEN: (_S.CLOSED, _S.HELD),
    _S.CLOSED: (_S.OPEN, _S.HELD),
    _S.HELD: (_S.DOCUMENTED, _S.CLOSED),
    _S.DOCUMENTED: (_S.HELD,),
    _S.CANCELLED: (_S.PLANNED,),
}
# What the button says that leads there; (from, to) where it depends on both.
STEPS: dict[Any, Any] = {
    _S.PLANNED: _l("Back to planning"),
    _S.SAVE_THE_DATE: _l("Announce as save the date"),
    _S.OPEN: _l("Open registration"),
    _S.CLOSED: _l("Close registration"),
    _S.HELD: _l("Has taken place"),
    _S.DOCUMENTED: _l("Documentation is complete"),
    (_S.CLOSED, _S.OPEN): _l("Reopen registration"),
    (_S.HELD, _S.CLOSED): _l("Has not taken place yet"),
    (_S.DOCUMENTED, _S.HELD): _l("Documentation goes on"),
    (_S.CANCELLED, _S.PLANNED): _l("Plan again"),
}


def shown_state(event: Event, taken: int) -> EventState:
    """Tell the state as people see it: open without a free seat is FULL, open too late is CLOSED."""
    if event.state is not EventState.OPEN:
        return event.state
    if not event.takes_registrations:
        return EventState.CLOSED
    if event.capacity is not None and taken >= event.capacity:
        return EventState.FULL
    return EventState.OPEN


def may_follow(event: Event, state: EventState) -> bool:
    """Tell whether a step makes sense now: nothing is announced or opens once it has begun, nothing was
    held before."""
    if state not in FOLLOWING[event.state]:
        return False
    if state in (EventState.OPEN, EventState.SAVE_THE_DATE):
        return not event.has_begun
    if state is EventState.HELD and event.state is not EventState.DOCUMENTED:
        # Of an event of this month or year nobody but the staff knows whether its day was.
        return event.starts_at is None or event.starts_at <= now()
    return True


def lacks(event: Event, state: EventState) -> bool:
    """Tell whether registration cannot open because day and time are not known yet."""
    return state is EventState.OPEN and not is_timed(event.precision)


def is_timed(precision: Precision) -> bool:
    """Tell whether day and time are known, as guests need them."""
    return precision is Precision.TIME


def steps_from(event: Event) -> list[tuple[EventState, Any]]:
    """What one can do now, as (state, words of the button), the usual step first."""
    return [
        (state, STEPS.get((event.state, state)) or STEPS[state])
        for state in FOLLOWING[event.state]
        if may_follow(event, state)
    ]
