"""The first page of managers: the year beside the last, what is stuck, where nobody was, what is coming."""

from datetime import date, timedelta

import pytest
import time_machine

from crm.cooperations.kinds import Step
from crm.db import db, now, today
from crm.events.models import EventState
from tests import factories

URL = "/leitung"


def store(app, build):
    with app.test_request_context():
        build()
        db.session.commit()
        db.session.remove()


def section(page, name):
    return page.soup.select_one(f"section[aria-labelledby={name}]").get_text(" ", strip=True)


def numbers(page):
    return [one.get_text() for one in page.soup.select(".figures-big dd:not(.delta)")]


def changes(page):
    return [one.get_text() for one in page.soup.select(".figures-big dd.delta")]


@time_machine.travel("2026-11-26 12:00:00+01:00", tick=False)
def test_this_year_stands_beside_the_same_days_of_the_last(app, stranger):
    def build():
        for day in (
            date(2026, 3, 1),
            date(2026, 5, 1),
            date(2025, 2, 1),
            date(2025, 12, 24),
            date(2024, 5, 1),
        ):
            factories.talk("Cölbe", "Lahntal", held_on=day, duration_minutes=60)

    store(app, build)
    stranger.sign_in("mara@kikz.test")
    page = stranger.get(URL)
    assert numbers(page) == ["2", "4", "2", "2 Std."]
    assert [one.split()[0] for one in changes(page)] == ["+1", "+2", "±0", "+1"]
    for link in page.soup.select(".figures-big a"):
        assert stranger.get(link["href"]).status == 200


@time_machine.travel("2026-11-26 12:00:00+01:00", tick=False)
@pytest.mark.parametrize(("day", "white"), [("2024-12-31", 442), ("2025-01-01", 441), ("2025-12-24", 441)])
def test_white_spots_are_the_kommunen_without_a_talk_since_the_last_year_began(app, stranger, day, white):
    store(app, lambda: factories.talk("Cölbe", held_on=date.fromisoformat(day)))
    stranger.sign_in("mara@kikz.test")
    assert f"{white} Kommunen von 442 hatten seit 01.01.2025 keinen Kontakt" in section(
        stranger.get(URL), "white"
    )


def test_the_longest_at_their_stage_come_first_and_halted_ones_do_not(app, mara):
    def build():
        for days in (10, 90, 40, 20, 50, 60, 70):
            since = today() - timedelta(days=days)
            factories.cooperation(
                "Cölbe", "Lahntal", title=f"Seit {days}", step=Step.INTERESTED, reached_on=since
            )

    store(app, build)
    shown = [
        one.get_text() for one in mara.get(URL).soup.select("section[aria-labelledby=stuck] .row-main > a")
    ]
    assert shown == ["Seit 90", "Seit 70", "Seit 60", "Seit 50", "Seit 40"]


def test_coming_events_say_how_full_they_are_and_gone_ones_are_not_shown(app, mara):
    def build():
        event = factories.event("Fachtagung Kasse", capacity=2)
        factories.registration(event)
        factories.event("Gestern", in_days=-1)
        factories.event("Offen für alle", in_days=20, capacity=None)

    store(app, build)
    said = section(mara.get(URL), "events")
    assert "Fachtagung Kasse 1 von 2 Plätzen" in said
    assert "Offen für alle 0 angemeldet" in said
    assert "Gestern" not in said


def test_the_next_notice_on_a_contract_is_shown(app, mara):
    def build():
        group = factories.cooperation("Cölbe", "Lahntal", title="Alte Kasse", step=Step.ACTIVE)
        group.term_until, group.notice_months = today() + timedelta(days=300), 6
        later = factories.cooperation("Kirchhain", "Marburg", title="Später", step=Step.ACTIVE)
        later.term_until, later.notice_months = today() + timedelta(days=3000), 6

    store(app, build)
    said = section(mara.get(URL), "notices")
    assert "Alte Kasse" in said
    assert "Später" not in said


def test_nothing_at_all_is_said_in_words(mara):
    page = mara.get(URL)
    assert "Keine Kooperation" in section(page, "stuck")
    assert "Keine Veranstaltung" in section(page, "events")
    assert "keine Frist" in section(page, "notices")


def test_managers_begin_there_and_everybody_else_with_the_day(app, stranger):
    for name, page in (("mara", "/leitung"), ("anna", "/"), ("rita", "/")):
        with app.test_request_context():
            factories.member(name)
            db.session.commit()
            db.session.remove()
        client = type(stranger)(app)
        assert client.sign_in(f"{name}@kikz.test").location == "/start"
        assert client.get("/start").location == page


def test_the_menu_leads_where_the_day_begins(mara, anna):
    for client, page in ((mara, "/leitung"), (anna, "/")):
        assert client.get("/kontakte").soup.select_one("nav.side a[data-jump=S]")["href"] == page
    assert mara.get("/").soup.select_one("nav.side a[aria-current=page]")["href"] == "/leitung"


def test_only_managers_see_the_tab(mara, anna):
    assert mara.get("/").soup.select_one("main a[href='/leitung']")
    assert not anna.get("/").soup.select_one("main a[href='/leitung']")
    assert anna.get(URL).status == 403


def test_who_came_to_an_event_is_no_white_spot(app, mara):
    def build():
        event = factories.event("Fachtagung", in_days=-5, state=EventState.HELD)
        factories.registration(event, at="Lahntal", came_at=now())

    store(app, build)
    assert "441 Kommunen von 442" in section(mara.get(URL), "white")
