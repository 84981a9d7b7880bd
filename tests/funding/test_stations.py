"""Where an application lies and how long it lay there."""

from datetime import date
from decimal import Decimal

import pytest

from crm.funding.kinds import StationKind
from crm.funding.models import Application, Station
from crm.funding.stations import first_kind, next_kind, state_of, stays
from crm.organisations.models import Level, Organisation

pytestmark = pytest.mark.usefixtures("context")
COUNTY, REGION, MINISTRY, HEARING = StationKind
TODAY = date(2026, 11, 25)


def application(*stations, **over):
    """An application that arrived at stations, each as (kind, day)."""
    made = [Station(id=place, kind=kind, arrived_on=day) for place, (kind, day) in enumerate(stations, 1)]
    return Application(stations=made, **{"submitted_on": date(2026, 9, 1)} | over)


GRANTED = {"granted_on": date(2026, 11, 1), "granted": Decimal(75_000)}
ON_ITS_WAY = ((COUNTY, date(2026, 9, 3)), (REGION, date(2026, 10, 15)))


def test_days_run_to_the_next_arrival_and_then_to_today():
    found = stays(application(*ON_ITS_WAY), TODAY)
    assert [(one.days, one.is_open) for one in found] == [(42, False), (41, True)]


def test_a_decision_ends_the_last_stay():
    found = stays(application(*ON_ITS_WAY, refused_on=date(2026, 10, 20)), TODAY)
    assert [(one.days, one.is_open) for one in found] == [(42, False), (5, False)]
    without_day = stays(application(*ON_ITS_WAY, granted=Decimal(1)), TODAY)
    assert [one.days for one in without_day] == [42, None]
    before = stays(application(*ON_ITS_WAY, granted_on=date(2026, 10, 1)), TODAY)
    assert [one.days for one in before] == [42, None], "days out of order are no number"


def test_stations_are_counted_in_the_order_of_their_days():
    found = stays(application(*reversed(ON_ITS_WAY)), TODAY)
    assert [one.station.kind for one in found] == [COUNTY, REGION]


@pytest.mark.parametrize(
    ("over", "stations", "tone", "words"),
    [
        ({"submitted_on": None}, (), "info", "Noch nicht eingereicht."),
        ({}, (), "wait", "Eingereicht am 01.09.2026."),
        ({}, ON_ITS_WAY[:1], "wait", "Liegt seit 83 Tagen beim Landkreis."),
        ({}, ((COUNTY, TODAY),), "wait", "Liegt seit heute beim Landkreis."),
        ({}, ((MINISTRY, date(2026, 11, 24)),), "wait", "Liegt seit 1 Tag beim Ministerium."),
        (GRANTED, (), "ok", "Bewilligt am 01.11.2026, 75.000 €."),
        ({"granted": Decimal(75_000), "paid_on": date(2026, 11, 9)}, (), "ok", "ausgezahlt am 09.11.2026"),
        ({"granted": Decimal(75_000), "closed_on": TODAY}, (), "quiet", "75.000"),
        ({"refused_on": date(2026, 11, 1)}, (), "bad", "Abgelehnt am 01.11.2026."),
        ({"withdrawn_on": date(2026, 11, 1)}, (), "quiet", "Zurückgezogen am 01.11.2026."),
    ],
)  # fmt: skip
def test_the_state_in_words(over, stations, tone, words):
    found = state_of(application(*stations, **over), TODAY)
    assert found.tone == tone
    assert words in found.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("level", "has_county", "first"),
    [
        (Level.MUNICIPALITY, True, COUNTY),
        (Level.MUNICIPALITY, False, REGION),
        (Level.COUNTY, False, REGION),
        (Level.BODY, False, COUNTY),
    ],
)
def test_a_county_or_a_county_free_city_skips_the_landkreis(level, has_county, first):
    assert first_kind(Organisation(level=level), has_county) is first
    assert first_kind(None) is COUNTY


@pytest.mark.parametrize(
    ("stations", "following"),
    [((), COUNTY), (ON_ITS_WAY[:1], REGION), (ON_ITS_WAY, MINISTRY), (((HEARING, TODAY),), HEARING)],
)
def test_the_usual_next_station(stations, following):
    assert next_kind(application(*stations).stations, COUNTY) is following
