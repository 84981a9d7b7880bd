"""Times of events: two odd hours a year, words for what is known, the zone of any server."""

import os
import time as clock
from datetime import UTC, date, datetime, time, timedelta

import pytest

from crm.db import BERLIN, db, today
from crm.events.models import Event, EventState, Precision
from crm.events.spans import Unfit, span_of
from crm.events.times import moment_of, when, when_in_full
from crm.reading import Misread
from tests import factories


def test_the_hour_that_spring_leaves_out_is_refused_and_the_hint_says_what_there_is(context):
    with pytest.raises(Misread, match=r"Am 29\.03\.2026 springt die Uhr von 02:00 auf 03:00"):
        moment_of(date(2026, 3, 29), time(2, 30))


@pytest.mark.parametrize(("clock_time", "hours"), [(time(1, 59), 0.98), (time(3, 0), 1)])
def test_the_hours_around_the_gap_are_taken(context, clock_time, hours):
    found = moment_of(date(2026, 3, 29), clock_time) - datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    assert round(found / timedelta(hours=1), 2) == hours


def test_of_the_hour_that_autumn_has_twice_the_first_is_meant(context):
    assert moment_of(date(2026, 10, 25), time(2, 30)).astimezone(UTC) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_a_night_over_the_change_lasts_as_long_as_it_does(context):
    night = span_of(date(2026, 10, 24), time(22), date(2026, 10, 25), time(6))
    assert night.ends_at.astimezone(UTC) - night.starts_at.astimezone(UTC) == timedelta(hours=9)


@pytest.mark.parametrize("day", [date(1945, 5, 24), date(1980, 4, 6), date(2100, 3, 28)])
def test_gaps_of_other_years_are_found_where_there_are_any(context, day):
    found = []
    for minute in range(0, 24 * 60, 10):
        try:
            found.append(moment_of(day, time(*divmod(minute, 60))))
        except Misread:
            continue
    assert found == sorted(found)
    assert all(one.astimezone(UTC).astimezone(BERLIN) == one for one in found)


def event(starts, ends=None, precision=Precision.TIME):
    """An event that is not stored."""
    given = [one and one.replace(tzinfo=BERLIN) for one in (starts, ends)]
    return Event(starts_at=given[0], ends_at=given[1], precision=precision)


START = datetime(2026, 12, 10, 9, 30)  # noqa: DTZ001 the zone is put on above
NIGHT = datetime(2026, 12, 10, 0, 0)  # noqa: DTZ001
SAID = [
    (event(START, START.replace(hour=15, minute=0)), "Do, 10.12.2026, 09:30–15:00 Uhr"),
    (event(START), "Do, 10.12.2026, 09:30 Uhr"),
    (event(START, START), "Do, 10.12.2026, 09:30 Uhr"),
    (event(START, START.replace(day=11, hour=12)), "Do, 10.12.2026, 09:30 Uhr bis Fr, 11.12.2026, 12:30 Uhr"),
    (event(NIGHT, precision=Precision.DAY), "Do, 10.12.2026"),
    (event(NIGHT, NIGHT.replace(day=11), Precision.DAY), "Do, 10.12.2026 bis Fr, 11.12.2026"),
    (event(NIGHT.replace(day=1), precision=Precision.MONTH), "Dezember 2026"),
    (event(NIGHT.replace(month=1, day=1), precision=Precision.YEAR), "2026"),
    (event(None, precision=Precision.UNKNOWN), "ohne Datum"),
]


@pytest.mark.parametrize(("one", "words"), SAID, ids=[words for _one, words in SAID])
def test_an_event_says_when_it_is_as_exactly_as_that_is_known(context, one, words):
    assert when(one) == words


def test_guests_read_the_time_in_full(context):
    assert when_in_full(SAID[0][0]) == "Donnerstag, 10. Dezember 2026, 09:30 bis 15:00 Uhr"
    assert when_in_full(SAID[4][0]) == "Donnerstag, 10. Dezember 2026"
    assert when_in_full(SAID[6][0]) == "Dezember 2026"


UNFIT = [
    ((date(2026, 5, 2), None, date(2026, 5, 1), None), ("day", "last_day")),
    ((date(2026, 5, 2), None, date(2026, 6, 3), None), ("day", "last_day")),
    ((date(2026, 5, 2), None, None, time(9)), ("starts",)),
    ((date(2026, 5, 2), time(9), date(2026, 5, 3), None), ("ends",)),
    ((date(2026, 5, 2), time(9), None, time(8)), ("starts", "ends")),
    ((date(2026, 5, 2), time(9), None, time(9)), ("starts", "ends")),
    ((date(2026, 3, 29), time(2, 30), None, None), ("starts",)),
    ((date(2026, 3, 29), time(1), None, time(2, 1)), ("ends",)),
]


@pytest.mark.parametrize(("typed", "fields"), UNFIT, ids=lambda one: str(one))
def test_what_does_not_fit_together_names_its_fields(context, typed, fields):
    with pytest.raises(Unfit) as wrong:
        span_of(*typed)
    assert wrong.value.fields == fields


def test_thirty_one_days_are_the_longest(context):
    assert span_of(date(2026, 5, 1), None, date(2026, 6, 1), None).precision is Precision.DAY


@pytest.fixture
def zone():
    """Set the time zone of the server, and set it back."""
    before = os.environ.get("TZ")

    def put(name):
        os.environ["TZ"] = name
        clock.tzset()

    yield put
    os.environ.pop("TZ", None)
    if before:
        os.environ["TZ"] = before
    clock.tzset()


def _said(page):
    """What a page says, and what stands in its fields of days and times."""
    fields = page.fields() if page.soup.select("main form[method=post]") else {}
    return page.main, {
        name: fields.get(name) for name in ("day", "starts", "last_day", "ends", "register_until")
    }


def test_three_server_time_zones_give_the_same_pages(app, emil, zone):
    with app.app_context():
        late = datetime.combine(today() + timedelta(days=3), time(23, 30), BERLIN)
        one = factories.event("Spät am Abend", starts_at=late, ends_at=late + timedelta(hours=2))
        factories.event("Nur der Tag", starts_at=late.replace(hour=0, minute=0), ends_at=None,
                        precision=Precision.DAY, state=EventState.PLANNED)  # fmt: skip
        db.session.commit()
        number, secret = one.id, one.secret
    paths = ("/veranstaltungen", f"/veranstaltungen/{number}", f"/veranstaltungen/{number}/bearbeiten",
             f"/anmeldung/{secret}", f"/veranstaltungen/{number}/aenderungen")  # fmt: skip
    seen = []
    for name in ("UTC", "Europe/Berlin", "America/St_Johns"):
        zone(name)
        seen.append([_said(emil.get(path)) for path in paths])
    assert seen[0] == seen[1] == seen[2]
    assert "23:30" in seen[0][0][0]
    assert seen[0][2][1]["starts"] == ["23:30"]


def test_an_event_of_a_whole_day_is_not_over_before_the_day_is(context):
    begin = datetime.combine(today(), time(0), BERLIN)
    assert not Event(starts_at=begin, precision=Precision.DAY, state=EventState.PLANNED).is_due
    assert Event(
        starts_at=begin - timedelta(days=1), precision=Precision.DAY, state=EventState.PLANNED
    ).is_due
