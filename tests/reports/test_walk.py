"""All numbers of all reports over random data and random questions: each is what its list is worth."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.consultations.models import ConsultationKind
from crm.db import db
from crm.organisations.sizes import SizeClass
from crm.reports import REPORTS
from crm.reports.period import Period
from crm.reports.scope import Scope
from tests import factories
from tests.reports import contacts, funds, talks, test_happenings, ways
from tests.reports.walking import check_all, numbers

FEW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = settings(FEW, max_examples=150)
DAYS = st.dates(date(2012, 1, 1), date(2027, 12, 31))
PLACES = (
    "Landkreis Fulda",
    "Main-Kinzig-Kreis",
    "Kassel",
    "Regierungsbezirk Gießen",
    "Regierungsbezirk Kassel",
)


@st.composite
def questions(draw):
    """Who asks what: a period of up to twelve years and some filters."""
    first = draw(DAYS)
    last = first + timedelta(days=draw(st.integers(0, 4000)))
    place = draw(st.sampled_from((None, None, None, *PLACES)))
    return draw(st.sampled_from(("anna", "rita", "mara"))), Period(first, last), place, {
        "size": draw(st.sampled_from((None, None, *SizeClass))),
        "kind": draw(st.sampled_from((None, None, *ConsultationKind))),
        "rolled_up": draw(st.booleans()),
    }  # fmt: skip


def scope_of(period, place, filters):
    """Put a question into a scope."""
    if place is not None:
        name = "region_id" if place.startswith("Regierungsbezirk") else "county_id"
        filters = filters | {name: factories.place(place).id}
    return Scope(period, **filters)


@pytest.fixture
def world(context):
    """Talks, groups with their money, events and contacts, at random."""
    for factories_of in (talks, funds, contacts):
        factories_of.scatter()
    ways.scatter(3)
    test_happenings.scatter()
    db.session.commit()


def walk(question):
    """Ask every report; count the numbers that were compared."""
    who, period, place, filters = question
    user, scope = factories.member(who), scope_of(period, place, filters)
    return sum(len(check_all(report.read(user, scope), lines_of=9)) for report in REPORTS.values())


def test_every_number_of_every_report_is_what_its_list_is_worth(world):
    @FEW
    @given(questions())
    def each(question):
        assert walk(question) > 50

    each()


@pytest.mark.stress
def test_the_same_with_many_questions(world):
    @MANY
    @given(questions())
    def each(question):
        assert walk(question) > 50

    each()


def test_talks_of_any_period_are_those_of_a_slow_count(world):
    @FEW
    @given(questions())
    def each(question):
        who, period, _place, _filters = question
        sheet = REPORTS["taetigkeit"].read(factories.member(who), Scope(period)).sheet
        slow = talks.slow_count(who != "rita", period.since, period.until)[""]
        shown = [one.number.value for one in sheet.figures[:3]]
        assert shown == [slow[0], slow[1], len(slow[2])]

    each()


def test_the_walk_would_notice_a_number_without_its_records(world, monkeypatch):
    """The control: a count that forgets one record."""
    report = REPORTS["veranstaltungen"]
    scope = Scope(Period(date(2025, 1, 1), date(2025, 12, 31)))
    reading = report.read(factories.member("anna"), scope)
    assert any(number.value for number in numbers(reading.sheet))
    found = reading.book.measures[0].value
    monkeypatch.setattr(type(reading.book.measures[0]), "value", lambda self, facts: (found(facts) or 0) + 1)
    fresh = report.read(factories.member("anna"), scope)
    fresh.sheet  # noqa: B018 its numbers are made before the count is mended
    monkeypatch.undo()
    with pytest.raises(AssertionError):
        check_all(fresh)
