"""What counts, where, and against which base."""

from datetime import date

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm.consultations import services
from crm.consultations.models import ConsultationKind, Participation, Presence
from crm.consultations.services import Party
from crm.db import db
from crm.reports import territory
from crm.reports.period import Period
from crm.reports.records import NoSuchList
from crm.reports.scope import Scope
from crm.reports.talks import behind, counting, times
from crm.reports.talks.counting import Selection, narrowed
from tests import factories
from tests.reports.talks import FIRST, LAST, scatter, slow_count

YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))
SIX = ("Cölbe", "Lahntal", "Münchhausen", "Wetter (Hessen)", "Rauschenberg", "Wohratal")


def load(by, period, **filters):
    """Read what is counted for somebody."""
    return counting.load(factories.member(by), Scope(period, **filters), territory.load())


def count(period=YEAR, by="anna", **selection):
    """Give (talks, participations, distinct Kommunen)."""
    found = narrowed(load(by, period), Selection(**selection))
    return len(found.talks), len(found.participations), len(found.kommunen)


def area_of(name):
    return str(factories.place(name).id)


def test_a_talk_of_six_is_one_talk_six_participations_six_kommunen(context):
    factories.talk(*SIX, held_on=date(2024, 5, 2))
    assert count() == (1, 6, 6)


def test_two_talks_with_the_same_kommune_are_one_kommune(context):
    factories.talk("Cölbe", held_on=date(2024, 5, 2))
    factories.talk("Cölbe", held_on=date(2024, 6, 2))
    assert count() == (2, 2, 1)


@pytest.mark.parametrize(
    ("presence", "counts"),
    [
        (Presence.PRESENT, 1),
        (Presence.REPRESENTED, 1),
        (Presence.APOLOGISED, 0),
        (Presence.ABSENT, 0),
        (Presence.INVITED, 0),
    ],
)
def test_only_present_and_represented_ones_count(context, presence, counts):
    party = Party(factories.place("Cölbe").id, presence=presence, represented_by="Frau Muster")
    factories.talk(parties=[party], held_on=date(2024, 5, 2))
    assert count() == (1, counts, counts)


@pytest.mark.parametrize(
    ("day", "counts"),
    [(date(2023, 12, 31), 0), (date(2024, 1, 1), 1), (date(2024, 12, 31), 1), (date(2025, 1, 1), 0)],
)
def test_first_and_last_day_belong_to_the_period(context, day, counts):
    factories.talk("Cölbe", held_on=day)
    assert count()[0] == counts


def test_planned_cancelled_and_removed_talks_do_not_count(context):
    by = factories.member("anna")
    services.cancel(factories.talk("Cölbe", held_on=date(2024, 5, 2)), by)
    services.remove(factories.talk("Cölbe", held_on=date(2024, 5, 2)), by)
    ahead = factories.talk("Cölbe", days_ago=-3)
    assert count() == (0, 0, 0)
    assert count(Period(ahead.held_on, ahead.held_on)) == (0, 0, 0)


@pytest.mark.parametrize(("who", "seen"), [("rita", 0), ("emil", 0), ("ada", 0), ("anna", 1), ("mara", 1)])
def test_confidential_talks_count_for_their_circle_only(context, who, seen):
    factories.talk("Cölbe", held_on=date(2024, 5, 2), confidential=True)
    assert count(by=who) == (seen, seen, seen)


def test_a_county_is_a_kommune_in_its_own_row(context):
    factories.talk("Landkreis Fulda", "Hünfeld", held_on=date(2024, 5, 2))
    assert count(area=area_of("Landkreis Fulda")) == (1, 2, 2)


def test_a_town_without_county_has_its_own_row(context):
    factories.talk("Kassel", held_on=date(2024, 5, 2))
    assert count(area=area_of("Kassel")) == (1, 1, 1)
    assert count(area=area_of("Landkreis Kassel")) == (0, 0, 0)


def test_a_region_takes_part_but_is_neither_participation_nor_kommune(context):
    factories.talk("Regierungsbezirk Gießen", held_on=date(2024, 5, 2))
    assert count() == (1, 0, 0)
    assert count(area="andere") == (1, 0, 0)


def test_a_talk_without_participation_counts_as_a_talk(context):
    party = Party(factories.place("Cölbe").id, presence=Presence.INVITED)
    factories.talk(parties=[party], held_on=date(2024, 5, 2))
    assert count(area="ohne") == (1, 0, 0)


def test_hanau_counts_where_it_lay_on_the_day_of_the_talk(context):
    for day in (date(2025, 12, 31), date(2026, 1, 1)):
        _held("Hanau", day)
    both = Period(date(2025, 1, 1), date(2026, 12, 31))
    assert count(both) == (2, 2, 1)
    assert count(both, area=area_of("Main-Kinzig-Kreis")) == (1, 1, 1)
    assert count(both, area=area_of("Hanau")) == (1, 1, 1)


def _held(name, day):
    talk = factories.talk(name)
    talk.held_on = day
    db.session.flush()


@pytest.mark.parametrize(
    ("day", "kommunen"),
    [
        (date(2016, 12, 31), 447),
        (date(2017, 12, 31), 447),
        (date(2018, 1, 1), 444),
        (date(2021, 12, 31), 443),
        (date(2023, 1, 1), 442),
    ],
)
def test_the_base_is_the_kommunen_existing_on_the_day(context, day, kommunen):
    land = territory.load()
    assert len(land.existing(day)) == kommunen
    assert sum(len(base) for base in land.bases(Scope(Period(day, day))).values()) == kommunen


def test_every_kommune_lies_in_one_area_before_and_after_hanau_left(context):
    land = territory.load()
    before, after = (land.bases(Scope(Period(day, day))) for day in (date(2025, 12, 31), date(2026, 1, 1)))
    assert (len(before), len(after)) == (26, 27)
    county = area_of("Main-Kinzig-Kreis")
    assert len(before[county]) - len(after[county]) == 1


def test_a_merged_municipality_keeps_its_talk_and_leaves_the_percentage(context):
    factories.talk("Bromskirchen", held_on=date(2022, 5, 2))
    land = territory.load()
    found = load("anna", Period(date(2022, 1, 1), date(2023, 12, 31)))
    assert len(found.kommunen) == 1
    assert not found.kommunen & land.existing(date(2023, 12, 31))
    assert found.kommunen <= land.existing(date(2022, 12, 31))


def test_three_times_follow_their_rules(context):
    both = [factories.member("anna").id, factories.member("bert").id]
    spent = {"duration_minutes": 90, "preparation_minutes": 30, "travel_minutes": 60}
    talk = factories.talk(*SIX, held_on=date(2024, 5, 2), staff=both, **spent)
    factories.talk("Cölbe", held_on=date(2024, 5, 3))
    found = load("anna", YEAR)
    hours = {kind: times.hours(times.minutes(found, kind)) for kind in times.KINDS}
    assert hours == {"dauer": 1.5, "arbeitszeit": 4.5, "angerechnet": 9.0}
    assert times.minutes(found, "arbeitszeit")[talk.id] == talk.staff_minutes
    assert sum(one.credited_minutes for one in talk.participations) == 9 * 60
    assert list(times.minutes(found, "dauer").values()).count(None) == 1


@pytest.mark.parametrize(("who", "all_of_them"), [("rita", False), ("anna", True)])
def test_fast_and_slow_counts_agree(context, who, all_of_them):
    scatter()
    slow = slow_count(all_of_them)
    fast = load(who, Period(FIRST, LAST))
    areas = {"": fast} | fast.areas
    assert {
        area: [len(one.talks), len(one.participations), one.kommunen] for area, one in areas.items()
    } == slow
    assert slow[""][0] > 60
    assert {"andere", "ohne", area_of("Hanau"), area_of("Landkreis Fulda")} < slow.keys()


def test_splits_by_month_and_kind_miss_nothing(context):
    scatter()
    everything = load("anna", Period(FIRST, LAST))
    for split in (everything.months, everything.years, everything.kinds):
        assert counting.union(split.values()).talks == everything.talks
        assert sum(len(one.parts) for one in split.values()) == len(everything.parts)
    kinds = tuple(ConsultationKind)
    assert narrowed(everything, Selection(kinds=kinds)).talks == everything.talks
    assert narrowed(everything, Selection("1999-01")).talks == {}


@pytest.mark.parametrize(
    "arguments",
    [
        "monat=2026-13",
        "monat=26",
        "monat=²026",
        "art=gibtsnicht",
        "gebiet=0",
        "gebiet=x",
        "gebiet=99999999999",
        "gebiet=-1",
        "feld=andere1",
        "klasse=riesig",
    ],
)
def test_a_selection_that_no_report_writes_is_refused(context, arguments):
    name, value = arguments.split("=")
    with pytest.raises(NoSuchList):
        behind.read(MultiDict({name: value}))


def test_a_kind_named_twice_counts_once(context):
    once, twice = MultiDict([("art", "group")]), MultiDict([("art", "group"), ("art", "group")])
    assert behind.read(once) == behind.read(twice)


def test_a_participation_removed_from_its_talk_is_gone(context):
    talk = factories.talk("Cölbe", "Lahntal", held_on=date(2024, 5, 2))
    talk.participations.pop()
    db.session.flush()
    assert db.session.scalar(select(Participation.id).offset(1)) is None
    assert count() == (1, 1, 1)
