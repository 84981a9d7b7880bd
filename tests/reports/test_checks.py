"""The data check: each thing that is the matter is found, and what is in order is not."""

from datetime import date, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from crm.consultations.models import Presence
from crm.consultations.services import Party
from crm.contacts import services as contacts
from crm.contacts.models import FunctionRole
from crm.cooperations import services as cooperations
from crm.cooperations.kinds import Stage, Step
from crm.db import db, today
from crm.reports import checks
from crm.reports.period import Period
from crm.reports.scope import Scope
from tests import factories
from tests.reports.walking import check_all
from tests.retention.running import at_noon

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
LONG_AGO = checks.STALE_DAYS + 1


def found(check, by="anna", period=None):
    """What a check finds: (words that lead to it, what is said of it)."""
    asked = Scope(period or Period(today() - timedelta(days=300), today() + timedelta(days=30)))
    reading = checks.read(factories.member(by), asked)
    check_all(reading, lines_of=1)
    records = reading.records(MultiDict({"was": "faelle", "pruefung": check}))
    return [(str(line.cells[0]), line.cells[1]) for line in records.lines()]


def test_a_talk_nobody_took_part_in(context):
    party = Party(factories.place("Cölbe").id, presence=Presence.ABSENT)
    factories.talk(parties=[party], days_ago=3, duration_minutes=30)
    factories.talk("Lahntal", days_ago=2, duration_minutes=30)
    assert len(found(checks.ALONE)) == 1
    assert found(checks.TIMELESS) == []


def test_a_talk_without_a_duration_of_the_period_only(context):
    factories.talk("Lahntal", days_ago=3)
    factories.talk("Lahntal", days_ago=400)
    assert len(found(checks.TIMELESS)) == 1


def test_a_planned_talk_whose_day_has_passed(context):
    ahead = factories.talk("Lahntal", days_ago=-3)
    assert found(checks.OPEN) == []
    ahead.held_on = today() - timedelta(days=1)
    db.session.flush()
    assert len(found(checks.OPEN)) == 1


@pytest.mark.parametrize(("who", "seen"), [("rita", 0), ("anna", 1)])
def test_confidential_talks_are_found_by_their_circle_only(context, who, seen):
    factories.talk("Lahntal", days_ago=3, confidential=True)
    assert len(found(checks.TIMELESS, who)) == seen


@pytest.mark.parametrize(("days", "stands"), [(checks.STALE_DAYS, 0), (LONG_AGO, 1)])
def test_a_cooperation_stands_still_after_half_a_year(context, days, stands):
    group = factories.cooperation("Cölbe", "Lahntal", reached_on=today() - timedelta(days=days))
    group.created_at = at_noon(today() - timedelta(days=days))
    db.session.flush()
    assert len(found(checks.STALE)) == stands


def test_a_paused_or_running_cooperation_does_not_stand_still(context):
    since = {"reached_on": today() - timedelta(days=LONG_AGO)}
    paused = factories.cooperation("Cölbe", "Lahntal", **since)
    running = factories.cooperation("Kirchhain", "Marburg", step=Step.ACTIVE, title="Archiv", **since)
    for one in (paused, running):
        one.created_at -= timedelta(days=LONG_AGO)
    values = {"halt": Stage.PAUSED, "halted_on": since["reached_on"], "halt_reason": "Wahl"}
    cooperations.halt(paused, values, factories.member("anna"))
    assert found(checks.STALE) == []


def test_an_office_that_ended_is_found_until_somebody_follows(context):
    gone = factories.person(
        "Alt", at="Cölbe", role=FunctionRole.FINANCE, valid_to=today() - timedelta(days=9)
    )
    assert [name for name, _said in found(checks.ENDED)] == [gone.name]
    factories.person("Neu", at="Cölbe", role=FunctionRole.OFFICE_MANAGER)
    assert len(found(checks.ENDED)) == 1
    factories.person("Nach", at="Cölbe", role=FunctionRole.FINANCE)
    assert found(checks.ENDED) == []


@pytest.mark.parametrize("over", [{"valid_to": None}, {"role": FunctionRole.STAFF}])
def test_an_office_that_is_held_or_needs_nobody_is_in_order(context, over):
    values = {"role": FunctionRole.FINANCE, "valid_to": today() - timedelta(days=9)} | over
    factories.person("Alt", at="Cölbe", **values)
    assert found(checks.ENDED) == []


def test_a_kommune_without_a_head(context):
    all_of_them = len(found(checks.HEADLESS))
    assert all_of_them == 442
    factories.person("Rupp", at="Cölbe", is_head=True)
    factories.person("Weg", at="Lahntal", is_head=True, valid_to=today() - timedelta(days=1))
    assert len(found(checks.HEADLESS)) == all_of_them - 1


def test_people_alike_by_name_and_place_or_by_address(context):
    factories.person("Müller", "Anne", at="Cölbe")
    factories.person("Mueller", "Anne", at="Cölbe")
    factories.person("Müller", "Anne", at="Fulda")
    assert len(found(checks.DOUBLE)) == 1
    one, other = (
        factories.person("Weber", "Ina", at="Fulda"),
        factories.person("Weber-Kurz", "Ina", at="Hünfeld"),
    )
    one.email, other.email = "ina@fulda.test", "INA@fulda.test"
    db.session.flush()
    assert len(found(checks.DOUBLE)) == 2


def test_whoever_was_removed_is_nowhere(context):
    factories.person("Müller", "Anne", at="Cölbe")
    contacts.remove_person(factories.person("Müller", "Anne", at="Cölbe"), factories.member("anna"))
    db.session.flush()
    assert found(checks.DOUBLE) == []


def test_the_page_shows_every_check_and_leads_to_what_it_found(app, anna):
    with app.test_request_context():
        factories.talk("Lahntal", days_ago=3)
        db.session.commit()
        db.session.remove()
    page = anna.get("/berichte/datenpruefung")
    rows = page.soup.select("table[data-table=pruefung] tbody tr")
    assert len(rows) == len(checks.names())
    link = next(row.a["href"] for row in rows if "Dauer" in row.get_text())
    assert "/beratungen/" in anna.get(link).soup.select_one("tbody th a")["href"]


def test_a_cooperation_with_a_talk_of_late_does_not_stand_still(context):
    group = factories.cooperation("Cölbe", "Lahntal", reached_on=today() - timedelta(days=400))
    group.created_at -= timedelta(days=400)
    factories.talk("Cölbe", days_ago=399, cooperation_id=group.id)
    db.session.flush()
    assert len(found(checks.STALE)) == 1
    factories.talk("Cölbe", days_ago=20, cooperation_id=group.id)
    assert found(checks.STALE) == []


def test_a_session_of_late_is_something_too(context):
    group = factories.cooperation("Cölbe", "Lahntal", reached_on=today() - timedelta(days=400))
    group.created_at -= timedelta(days=400)
    factories.resolution(group, "Cölbe", in_days=-20)
    db.session.flush()
    assert found(checks.STALE) == []
