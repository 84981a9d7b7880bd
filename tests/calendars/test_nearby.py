"""Events near the day of a talk to come, and events of today on the first page."""

from datetime import datetime, time, timedelta

import pytest

from crm.calendars import nearby
from crm.db import BERLIN, db, today
from crm.events.models import EventState, Precision
from crm.events.services import remove
from crm.invitations.models import Answer
from tests import factories
from tests.factories import member, place
from tests.statements import asked

DAY = today() + timedelta(days=30)


def around(*names):
    """Titles of the events around the day, with whom."""
    found = nearby.around([place(name).id for name in names], DAY, 14, 10)
    return [(event.title, *whom) for event, whom in found]


@pytest.mark.parametrize(("days", "seen"), [(15, False), (16, True), (30, True), (44, True), (45, False)])
def test_fourteen_days_are_near_and_fifteen_are_not(context, days, seen):
    factories.event("Forum", in_days=days)
    assert around("Buseck") == ([("Forum", "Buseck")] if seen else [])


def test_an_event_concerns_its_place_and_whom_it_invited(context):
    event = factories.event("Forum", in_days=30)
    for last_name, at in (("Henkel", "Lahntal"), ("Otto", "Lahntal"), ("Brandt", "Cölbe")):
        factories.invitation(event, factories.person(last_name, at=at), at=at)
    factories.invitation(event, factories.person("Nein", at="Hanau"), at="Hanau", answer=Answer.DECLINED)
    assert around("Lahntal", "Cölbe", "Buseck") == [("Forum", "Buseck", "Cölbe", "Lahntal")]
    assert around("Lahntal") == [("Forum", "Lahntal")]
    assert around("Hanau") == around("Fulda") == around() == []


def test_cancelled_removed_and_what_has_no_day_are_left_out(context):
    factories.event("Abgesagt", in_days=30, state=EventState.CANCELLED)
    factories.event("Ungefähr", in_days=30, precision=Precision.MONTH)
    remove(factories.event("Entfernt", in_days=30), member("anna"))
    assert around("Buseck") == []


def test_many_are_found_in_two_statements(context):
    for number in range(12):
        event = factories.event(f"Forum {number}", in_days=30 + number % 3)
        factories.invitation(event, factories.person(f"P{number}"))
    db.session.flush()
    numbers = [place("Lahntal").id, place("Buseck").id]
    db.session.expire_all()
    with asked() as statements:
        found = nearby.around(numbers, DAY, 14, 10)
    assert (len(found), len(statements)) == (10, 2)


def test_who_plans_a_talk_is_told_of_events_too(app, anna, rita):
    with app.app_context():
        event = factories.event("Forum Bauhof", in_days=33)
        factories.invitation(event, factories.person())
        talk = factories.talk("Lahntal", held_on=DAY)
        talks = talk.id, event.id, place("Lahntal").id
        db.session.commit()
    page = anna.get(f"/beratungen/neu/umfeld?tag={DAY:%d.%m.%Y}&kommune={talks[2]}")
    assert f"/veranstaltungen/{talks[1]}" in [one["href"] for one in page.soup.select("a")]
    assert "3 Tage danach" in page.text
    own = anna.get(f"/beratungen/{talks[0]}")
    assert "Forum Bauhof" in own.soup.select_one(".notice-info").get_text()
    assert "Forum Bauhof" not in rita.get(f"/beratungen/{talks[0]}").main


def test_the_nearest_come_first_whatever_they_are(app, anna):
    with app.app_context():
        factories.event("Forum", in_days=31, place_id=place("Lahntal").id)
        factories.talk("Lahntal", held_on=DAY + timedelta(days=2))
        factories.resolution(factories.cooperation("Lahntal", "Cölbe"), "Lahntal", in_days=30)
        number = place("Lahntal").id
        db.session.commit()
    page = anna.get(f"/beratungen/neu/umfeld?tag={DAY:%d.%m.%Y}&kommune={number}")
    signs = [one["href"].rpartition("#")[2] for one in page.soup.select(".near > li > svg use")]
    assert signs == ["bank", "calendar-event", "chat-left-text"]


def test_events_of_today_stand_on_the_first_page(app, anna):
    with app.app_context():
        starts = datetime.combine(today() - timedelta(days=1), time(9), BERLIN)
        factories.event("Heute", in_days=0)
        factories.event("Läuft noch", starts_at=starts, ends_at=starts + timedelta(days=3))
        factories.event("Seit Mitternacht vorbei", starts_at=starts, ends_at=starts + timedelta(hours=15))
        factories.event("Abgesagt", in_days=0, state=EventState.CANCELLED)
        factories.event("Morgen", in_days=1)
        db.session.commit()
    section = anna.get("/").soup.select_one("section[aria-labelledby=today]")
    assert [one.get_text(strip=True) for one in section.select(".agenda a")] == ["Läuft noch", "Heute"]
    assert section.select_one("h2 .count").get_text() == "2"
    assert "09:30" in section.get_text()
    assert section.select_one("a.more")["href"] == "/kalender?sicht=woche"
