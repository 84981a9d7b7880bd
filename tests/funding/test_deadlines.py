"""Days that must not be missed, over all groups."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest

from crm.cooperations.kinds import Stage, Step
from crm.cooperations.partners import add
from crm.cooperations.services import halt, remove
from crm.db import db, today
from crm.funding import deadlines
from crm.funding.following import record_obligation
from crm.funding.kinds import DeadlineKind, ObligationKind
from crm.proceedings.models import StudyState
from tests import factories

OBLIGATION, REPAYMENT, NOTICE, STUDY = DeadlineKind


def in_days(number):
    """A day from today."""
    return today() + timedelta(days=number)


def duty(group, days, **over):
    """A duty after a grant."""
    values = {"kind": ObligationKind.PROOF, "due_on": in_days(days)} | over
    return record_obligation(group, factories.application(group), values, factories.member("anna"))


def running(title="Laufend", **over):
    """A group whose partners are all active."""
    made = factories.cooperation("Cölbe", "Lahntal", title=title, step=Step.ACTIVE, **over)
    assert made.stage is Stage.RUNNING
    return made


def study(group, **over):
    """A study that was paid for."""
    values = {"state": StudyState.FINISHED, "grant": Decimal(50_000), "finished_on": date(2025, 1, 1)}
    return factories.study(group, **values | over)


def found(days=90):
    """The deadlines of the next days as (days left, kind, title)."""
    return [(one.days_left, one.kind, one.group.title) for one in deadlines.until(today(), in_days(days))]


@pytest.mark.usefixtures("context")
def test_what_is_overdue_comes_first_and_what_is_done_does_not_come():
    group = factories.cooperation(title="Bauhof")
    for days in (5, -3, 91, 90):
        duty(group, days)
    duty(group, 1, done_on=today())
    assert found() == [(days, OBLIGATION, "Bauhof") for days in (-3, 5, 90)]
    assert [one.is_late for one in deadlines.until(today(), in_days(90))] == [True, False, False]
    assert len(found(365)) == 4


@pytest.mark.usefixtures("context")
def test_what_is_to_be_done_is_said_with_its_clause():
    duty(factories.cooperation(), 5, clause="Bescheid Nr. 4")
    assert deadlines.within(today(), 3)[0].what == "Verwendungsnachweis vorlegen. Bescheid Nr. 4"


@pytest.mark.usefixtures("context")
def test_a_grant_for_a_study_is_paid_back_on_its_day():
    group = factories.cooperation(title="Archiv")
    study(group, repay_due_on=in_days(20))
    study(group, repay_due_on=in_days(-20), repaid_on=today())
    [one] = deadlines.within(today(), 3)
    assert (one.days_left, one.kind, one.day) == (20, REPAYMENT, in_days(20))
    assert "50.000" in one.what


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("over", "state", "granted", "expected"),
    [
        ({}, Stage.ABANDONED, False, True),
        ({}, Stage.ENDED, False, True),
        ({}, Stage.PAUSED, False, False),
        ({}, None, False, False),
        ({}, Stage.ENDED, True, False),
        ({"grant": None}, Stage.ABANDONED, False, False),
        ({"state": StudyState.BEGUN}, Stage.ABANDONED, False, False),
        ({"repaid_on": date(2026, 1, 1)}, Stage.ABANDONED, False, False),
    ],
)
def test_a_study_that_led_to_nothing_and_has_no_day_is_to_be_settled(over, state, granted, expected):
    group = factories.cooperation(title="Archiv")
    study(group, **over)
    if granted:
        factories.application(group, granted_on=today())
    if state:
        halt(group, {"halt": state, "halted_on": today(), "halt_reason": "x"}, factories.member("anna"))
    assert found() == ([(None, REPAYMENT, "Archiv")] if expected else [])


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("state", "over", "days", "shown"),
    [
        (StudyState.BEGUN, None, 20, True),
        (StudyState.PLANNED, None, -20, True),
        (StudyState.BEGUN, Stage.PAUSED, 20, True),
        (StudyState.BEGUN, Stage.ABANDONED, 20, False),
        (StudyState.FINISHED, None, -20, False),
        (StudyState.DROPPED, None, -20, False),
        (StudyState.BEGUN, None, None, False),
        (StudyState.BEGUN, None, 91, False),
    ],
)
def test_a_study_that_is_expected_has_its_day(state, over, days, shown):
    group = factories.cooperation(title="Archiv")
    day = None if days is None else in_days(days)
    factories.study(group, state=state, finished_on=day, title="Zusammenlegung")
    if over:
        halt(group, {"halt": over, "halted_on": today(), "halt_reason": "x"}, factories.member("anna"))
    assert found() == ([(days, STUDY, "Archiv")] if shown else [])
    if shown:
        assert deadlines.until(today(), in_days(90))[0].what == "Die Studie „Zusammenlegung“ wird erwartet."


@pytest.mark.usefixtures("context")
def test_running_contracts_warn_before_their_notice():
    ends = in_days(200)
    running("Mit Frist", term_until=ends, notice_months=6, renewal_months=36)
    running("Ohne Frist", term_until=ends)
    running("Unbefristet", term_unlimited=True, notice_months=6)
    factories.cooperation("Cölbe", "Lahntal", title="Nicht aktiv", term_until=ends, notice_months=6)
    [one] = deadlines.within(today(), 3)
    assert (one.kind, one.group.title) == (NOTICE, "Mit Frist")
    assert 0 <= one.days_left < 30
    assert "läuft der Vertrag nach dem" in one.what
    running("Endet", term_until=ends, notice_months=6)
    what = {one.group.title: one.what for one in deadlines.within(today(), 3)}
    assert "Der Vertrag endet am" in what["Endet"]


def stop(group, kind):
    """Pause, abandon or end a group by hand."""
    halt(group, {"halt": kind, "halted_on": today(), "halt_reason": "x"}, factories.member("anna"))


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("kind", "expected"), [(None, 1), (Stage.PAUSED, 1), (Stage.ABANDONED, 0), (Stage.ENDED, 0)]
)
def test_a_contract_that_grows_or_pauses_still_warns_before_its_notice(kind, expected):
    group = running(term_until=in_days(40), notice_months=0)
    add(group, {"organisations": [factories.place("Kirchhain").id]}, factories.member("anna"))
    if kind:
        stop(group, kind)
    assert group.stage is (kind or Stage.SEARCH)
    assert group.in_force is bool(expected)
    assert found() == [(40, NOTICE, "Laufend")] * expected
    assert deadlines.number_within(today(), 3) == expected


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("days", "expected"), [(-1, 1), (0, 1), (1, 0)])
def test_a_contract_that_has_come_into_force_warns_whatever_the_steps_say(days, expected):
    over = {"term_until": in_days(40), "notice_months": 0, "effective_on": in_days(days)}
    group = factories.cooperation("Cölbe", "Lahntal", title="Bauhof", **over)
    assert group.in_force is bool(expected)
    assert found() == [(40, NOTICE, "Bauhof")] * expected


@pytest.mark.usefixtures("context")
def test_removed_groups_have_no_deadlines():
    group = running(term_until=in_days(200), notice_months=6)
    duty(group, 5)
    study(group, repay_due_on=in_days(20))
    assert len(found()) == 3
    remove(group, factories.member("anna"))
    assert found() == []


@pytest.fixture
def many(app):
    """Some deadlines of every kind."""
    with app.app_context():
        duty(factories.cooperation(title="Bauhof", adviser_id=factories.member("anna").id), -3)
        duty(factories.cooperation(title="Später"), 400)
        running("Standesamt", term_until=in_days(300), notice_months=6)
        db.session.commit()


def titles(page):
    """The groups of the list, in its order."""
    return [one.get_text(strip=True) for one in page.soup.select("#results tbody th a")]


@pytest.mark.usefixtures("many")
def test_the_list_shows_the_next_year_and_can_be_narrowed(rita):
    page = rita.get("/fristen")
    assert titles(page) == ["Bauhof", "Standesamt"]
    assert "3 Tage überfällig" in page.main
    assert page.soup.select_one("a[href='/berichte/vertragsfristen']")
    assert "Anna Adler" in page.main
    assert titles(rita.get("/fristen?bis=alle")) == ["Bauhof", "Standesamt", "Später"]
    assert titles(rita.get("/fristen?bis=3")) == ["Bauhof"]
    assert titles(rita.get("/fristen?art=kuendigung")) == ["Standesamt"]
    assert "Keine Frist in diesem Zeitraum" in rita.get("/fristen?art=rueckzahlung").main
    for odd in ("bis=x", "art=%00", "bis=3&bis=12", "art=" + "x" * 5000):
        assert rita.get(f"/fristen?{odd}").status == 200, odd


def test_a_list_that_is_too_long_says_so(app, rita, monkeypatch):
    monkeypatch.setattr(import_module("crm.funding.routes"), "MOST_ROWS", 2)
    with app.app_context():
        for number in range(3):
            duty(factories.cooperation(title=f"Gruppe {number}"), number)
        db.session.commit()
    page = rita.get("/fristen")
    assert len(titles(page)) == 2
    assert "Gezeigt werden die ersten 2 von 3." in page.main


def test_the_administration_has_no_deadlines(ada):
    assert ada.get("/fristen").status == 403


def test_many_groups_cost_no_more_statements(app, rita):
    few = len(rita.get("/fristen").statements)
    with app.app_context():
        for number in range(30):
            duty(running(f"Gruppe {number}", term_until=in_days(300), notice_months=6), number)
        db.session.commit()
    page = rita.get("/fristen")
    assert len(titles(page)) == 60
    assert len(page.statements) <= few + 1


@pytest.mark.usefixtures("context")
def test_the_deadlines_are_counted_as_they_are_listed():
    group = running(term_until=in_days(200), notice_months=6)
    duty(group, 5)
    duty(group, 500)
    study(group, repay_due_on=in_days(-20))
    over = factories.cooperation("Cölbe", "Lahntal", title="Aufgegeben")
    study(over)
    halt(over, {"halt": Stage.ABANDONED, "halted_on": today(), "halt_reason": "x"}, factories.member("anna"))
    gone = running("Weg", term_until=in_days(200), notice_months=6)
    duty(gone, 5)
    remove(gone, factories.member("anna"))
    study(group, state=StudyState.BEGUN, finished_on=in_days(30))
    for months in (3, 36, None):
        assert deadlines.number_within(today(), months) == len(deadlines.within(today(), months))
    assert deadlines.number_within(today(), 3) == 5
