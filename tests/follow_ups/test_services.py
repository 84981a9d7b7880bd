"""Rules about follow-ups."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.follow_ups import queries, services
from tests import factories

pytestmark = pytest.mark.usefixtures("context")


def anna():
    """An adviser."""
    return factories.member("anna")


def noted(name):
    """Count events of a name."""
    return db.session.scalar(select(func.count()).where(AuditEvent.name == name))


def test_it_must_hang_on_something():
    values = {"text": "Anrufen", "due_on": today(), "owner_id": anna().id}
    with pytest.raises(RuleBroken) as broken:
        services.create(values, anna())
    assert broken.value.field == "organisation"
    follow_up = factories.follow_up()
    with pytest.raises(RuleBroken):
        services.change(follow_up, values | {"organisation_id": None}, anna())


def test_a_locked_colleague_gets_nothing():
    follow_up, bert = factories.follow_up(), factories.member("bert")
    bert.locked_at = now()
    with pytest.raises(RuleBroken) as broken:
        services.hand_over(follow_up, bert.id, anna())
    assert broken.value.field == "owner_id"


@pytest.mark.parametrize("in_days", [-40, -1, 0, 5])
def test_steps_start_today_or_on_the_later_day_it_is_due(in_days):
    start = today() + timedelta(days=max(in_days, 0))
    steps = services.steps(factories.follow_up(in_days=in_days))
    assert steps["day"] == start + timedelta(days=1)
    assert steps["week"] == start + timedelta(days=7)


@pytest.mark.parametrize(
    ("due", "month_later"),
    [
        (date(2099, 1, 31), date(2099, 2, 28)),
        (date(2096, 1, 31), date(2096, 2, 29)),
        (date(2098, 12, 15), date(2099, 1, 15)),
        (date(2098, 11, 30), date(2098, 12, 30)),
    ],
)
def test_a_month_later_stays_in_the_next_month(due, month_later):
    assert services.steps(factories.follow_up(due_on=due))["month"] == month_later


def test_pressing_twice_changes_nothing_more():
    follow_up = factories.follow_up()
    for _ in range(2):
        services.postpone(follow_up, today() + timedelta(days=10), anna())
        services.finish(follow_up, anna())
    for _ in range(2):
        services.reopen(follow_up, anna())
        services.hand_over(follow_up, factories.member("bert").id, anna())
    for name in ("postponed", "done", "reopened", "handed-over"):
        assert noted(f"follow-up.{name}") == 1


def test_it_is_never_postponed_into_the_past():
    with pytest.raises(RuleBroken) as broken:
        services.postpone(factories.follow_up(), today() - timedelta(days=1), anna())
    assert broken.value.field == "due_on"


def test_a_deputy_has_the_follow_ups_of_the_absent_on_the_desk():
    factories.follow_up("Von Bert", by="bert")
    bert = factories.member("bert")
    assert queries.desk(anna()) == []
    bert.absent_from, bert.deputy_id = today(), anna().id
    assert [one.text for one in queries.desk(anna())] == ["Von Bert"]
    assert queries.due_count(anna()) == 0
    bert.absent_until = today() - timedelta(days=1)
    assert queries.desk(anna()) == []


def test_what_is_due_is_counted_over_the_desk_as_far_as_its_owner_may_see_it():
    bert, rita = factories.member("bert"), factories.member("rita")
    factories.follow_up("Fällig", by="bert", in_days=0)
    factories.follow_up("Später", by="bert", in_days=1)
    factories.follow_up("Geheim", by="bert", in_days=-1, confidential=True)
    assert (queries.due_count(bert), queries.due_count(anna()), queries.due_count(rita)) == (2, 0, 0)
    bert.absent_from, bert.deputy_id = today(), rita.id
    assert (queries.due_count(anna()), queries.due_count(rita)) == (0, 1)
    bert.deputy_id = anna().id
    assert (queries.due_count(anna()), queries.due_count(rita)) == (2, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [("kosten", True), ("LAHNTAL", True), ("gießen", True), ("GIESSEN", False), ("%", False), ("_", False)],
)
def test_words_find_the_text_the_place_and_whom_it_waits_for(text, found):
    factories.follow_up(waiting_for="Landkreis Gießen")
    rows = db.session.scalars(queries.listing(anna(), text=text)).all()
    assert bool(rows) is found


def test_all_open_ones_of_a_locked_account_go_to_the_successor():
    factories.follow_up("Eins"), factories.follow_up("Zwei")
    assert services.hand_over_all(anna(), factories.member("bert"), factories.member("ada")) == 2
    assert {one.owner.name for one in queries.desk(factories.member("bert"))} == {"Bert Braun"}
