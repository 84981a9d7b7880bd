"""When an event has begun and is over, as exactly as its time is known; whom nobody asks to come any more."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from crm.db import BERLIN, db, today
from crm.events import listing, models, queries, services, states
from crm.events.models import Entrance, Event, EventState, Precision
from crm.mail import services as mail
from crm.mail.models import MailKind, MailState, OutgoingMail
from tests import factories

BEGIN = date(2026, 12, 1)


def at(day, clock=time(0)):
    """A moment in Berlin."""
    return datetime.combine(day, clock, BERLIN)


def known(precision, begin=BEGIN, **over):
    """An event on the public list of which that much is known."""
    more = {"state": EventState.SAVE_THE_DATE, "entrance": Entrance.LISTED, "ends_at": None}
    return factories.event(starts_at=at(begin), precision=precision, **(more | over))


@pytest.fixture
def clock(monkeypatch):
    """Set the clock of the events."""

    def set_to(moment):
        for module in (models, queries, states, listing):
            monkeypatch.setattr(module, "now", lambda: moment)

    return set_to


@pytest.mark.parametrize(
    ("precision", "last"),
    [
        (Precision.DAY, BEGIN),
        (Precision.MONTH, date(2026, 12, 31)),
        (Precision.YEAR, date(2026, 12, 31)),
    ],
)
def test_an_event_is_over_when_the_known_day_month_or_year_is(context, clock, precision, last):
    event = known(precision)
    gone = known(precision, state=EventState.CANCELLED)
    db.session.commit()
    for moment, over in ((at(last, time(23, 59)), False), (at(last + timedelta(days=1)), True)):
        clock(moment + timedelta(seconds=1))
        assert event.is_over is event.is_due is over
        assert (queries.listed() == []) is over
        coming = db.session.scalars(listing.listing(listing.Filters(coming=True)))
        assert (gone in coming) is not over


def test_of_a_month_nobody_knows_that_it_has_begun_before_its_end(context, clock):
    event = known(Precision.MONTH)
    clock(at(date(2026, 12, 2)))
    assert (event.has_begun, event.is_over) == (False, False)
    assert states.may_follow(event, EventState.HELD), "the staff know"
    clock(at(date(2027, 1, 1)))
    assert event.has_begun


def test_who_says_that_it_was_held_in_this_month_is_believed(context, clock):
    event = known(Precision.MONTH, state=EventState.HELD)
    clock(at(date(2026, 12, 2)))
    assert event.has_begun


def test_an_event_of_one_day_is_registered_for_until_that_day(context, clock):
    event = known(Precision.DAY, state=EventState.OPEN)
    clock(at(BEGIN - timedelta(days=1), time(23, 59)))
    assert event.takes_registrations
    clock(at(BEGIN, time(0, 1)))
    assert (event.has_begun, event.is_over) == (True, False)


def test_a_month_has_its_own_end_whatever_its_length(context):
    for month in range(1, 13):
        event = known(Precision.MONTH, date(2028, month, 1))
        expected = date(2028 + month // 12, month % 12 + 1, 1)
        assert event.over_at == at(expected)


def test_the_statement_and_the_property_say_the_same(context):
    for precision in Precision:
        for days in (-800, -400, -40, -2, -1, 0, 1, 40):
            known(precision, today() + timedelta(days=days))
    known(Precision.TIME).starts_at = None
    db.session.commit()
    moment = at(today(), time(12))
    over = set(db.session.scalars(select(Event).where(Event.over_before(moment))))
    assert over == {one for one in db.session.scalars(select(Event)) if one.over_at and one.over_at <= moment}


def test_a_page_says_that_a_month_is_still_to_come(app, stranger):
    with app.app_context():
        secret = known(Precision.MONTH, today().replace(day=1)).secret
        db.session.commit()
    assert "Fachtagung Bauhof" in stranger.get("/termine").main
    assert "hat stattgefunden" not in stranger.get(f"/anmeldung/{secret}").main


@pytest.mark.parametrize("end", ["cancel", "remove"])
def test_nobody_is_asked_to_come_to_what_is_cancelled_or_removed(context, end):
    emil, event, other = factories.member("emil"), factories.event(), factories.event("Andere")
    calls = (MailKind.SAVE_THE_DATE, MailKind.INVITATION, MailKind.REMINDER, MailKind.CHANGE)
    for kind in (*calls, MailKind.CONFIRMED):
        for of in (event, other):
            mail.post(kind, "a@b.de", "Betreff", "Text", event_id=of.id)
    if end == "cancel":
        services.cancel(event, "Sturm", emil)
    else:
        services.remove(event, emil)
    dropped = db.session.scalars(select(OutgoingMail).where(OutgoingMail.state == MailState.DROPPED)).all()
    assert {(one.event_id, one.kind) for one in dropped} == {(event.id, kind) for kind in calls}


@pytest.mark.parametrize("title", ["Was ist =?x?q?", "=?utf-8?Q?Hallo?= im Amt", "=?UTF-8?B?SGFsbG8=?="])
def test_a_title_that_no_mail_could_bear_is_refused(app, emil, title):
    page = emil.submit("/veranstaltungen/neu", title=title, kind="workshop", day=f"{today():%d.%m.%Y}")
    assert page.status == 422
    assert page.fields()["title"] == [title]
    assert "kann nicht im Betreff einer E-Mail stehen" in " ".join(page.errors())
    with app.app_context():
        event = factories.event()
        db.session.commit()
        number = event.id
    for path in ("bearbeiten", "kopieren"):
        page = emil.submit(f"/veranstaltungen/{number}/{path}", title=title)
        assert "kann nicht im Betreff" in " ".join(page.errors()), path
