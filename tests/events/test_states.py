"""What may follow what: every pair of states, before and after the event."""

import pytest

from crm.db import db
from crm.errors import RuleBroken
from crm.events import services, states
from crm.events.models import Event, EventState, Precision
from crm.registrations.models import Seat
from tests import factories

S = EventState
STORED = [state for state in S if state is not S.FULL]
AHEAD = {
    S.PLANNED: {S.SAVE_THE_DATE, S.OPEN},
    S.SAVE_THE_DATE: {S.PLANNED, S.OPEN},
    S.OPEN: {S.CLOSED},
    S.CLOSED: {S.OPEN},
    S.HELD: {S.DOCUMENTED, S.CLOSED},
    S.DOCUMENTED: {S.HELD},
    S.CANCELLED: {S.PLANNED},
}
BEHIND = {
    S.PLANNED: {S.HELD},
    S.SAVE_THE_DATE: {S.PLANNED, S.HELD},
    S.OPEN: {S.CLOSED, S.HELD},
    S.CLOSED: {S.HELD},
    S.HELD: {S.DOCUMENTED, S.CLOSED},
    S.DOCUMENTED: {S.HELD},
    S.CANCELLED: {S.PLANNED},
}
CASES = [
    (days, before, after, after in table[before])
    for days, table in ((14, AHEAD), (-3, BEHIND))
    for before in STORED
    for after in STORED
    if before is not after
]


@pytest.mark.parametrize(
    ("days", "before", "after", "allowed"), CASES, ids=lambda one: getattr(one, "value", str(one))
)
def test_a_state_follows_another_or_not(context, days, before, after, allowed):
    event, emil = factories.event(in_days=days, state=before), factories.member("emil")
    if allowed:
        services.advance(event, after, emil)
        assert event.state is after
        return
    with pytest.raises(RuleBroken):
        services.advance(event, after, emil)
    assert event.state is before


@pytest.mark.parametrize("state", STORED)
def test_only_what_lies_ahead_is_cancelled_and_keeps_everything(context, state):
    event, emil = factories.event(state=state), factories.member("emil")
    factories.registration(event)
    if state in (S.HELD, S.DOCUMENTED, S.CANCELLED):
        with pytest.raises(RuleBroken):
            services.cancel(event, "Krank", emil)
        return
    services.cancel(event, "Krank", emil)
    assert (event.state, event.cancelled_because) == (S.CANCELLED, "Krank")
    services.advance(event, S.PLANNED, emil)
    assert event.cancelled_because is None


@pytest.mark.parametrize("precision", [one for one in Precision if one is not Precision.TIME])
def test_registration_opens_only_when_day_and_time_are_known(context, precision):
    event = factories.event(state=S.PLANNED, precision=precision)
    with pytest.raises(RuleBroken, match="Tag und Uhrzeit"):
        services.advance(event, S.OPEN, factories.member("emil"))


SHOWN = [
    ({"capacity": 2}, 1, S.OPEN),
    ({"capacity": 2}, 2, S.FULL),
    ({"capacity": 2}, 3, S.FULL),
    ({"capacity": None}, 500, S.OPEN),
    ({"capacity": 0}, 0, S.CLOSED),
    ({"in_days": -1}, 0, S.CLOSED),
    ({"state": S.CLOSED, "capacity": 1}, 1, S.CLOSED),
    ({"state": S.CANCELLED, "capacity": 1}, 1, S.CANCELLED),
]


@pytest.mark.parametrize(("values", "taken", "shown"), SHOWN)
def test_full_and_too_late_are_computed(context, values, taken, shown):
    assert states.shown_state(factories.event(**values), taken) is shown


@pytest.mark.parametrize(("values", "taken", "shown"), SHOWN)
def test_the_filter_of_the_list_finds_what_the_badge_shows(app, emil, values, taken, shown):
    with app.app_context():
        event = factories.event(**values)
        for number in range(taken):
            factories.registration(event, f"Gast{number}", seat=Seat.SEATED)
        db.session.commit()
        title = event.title
    for state in S:
        page = emil.get(f"/veranstaltungen?zeit=alle&stand={state.value}")
        assert (title in page.main) == (state is shown), state


def test_full_cannot_be_stored_by_hand(context):
    event = factories.event()
    with pytest.raises(RuleBroken):
        services.advance(event, S.FULL, factories.member("emil"))


def test_every_step_has_words(context):
    for before, following in states.FOLLOWING.items():
        for after in following:
            assert str(states.STEPS.get((before, after)) or states.STEPS[after])
    assert set(states.FOLLOWING) == set(STORED)
    assert not states.steps_from(Event(state=S.CLOSED, starts_at=None, precision=Precision.DAY))[2:]
