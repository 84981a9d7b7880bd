"""The report on events: what was held, three kinds of heads, and where they came from."""

import random
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm.attendance.models import Certainty, HeadCount
from crm.db import BERLIN, db, now
from crm.events import services
from crm.events.models import Event, EventKind, EventState, Precision
from crm.organisations.models import Level
from crm.registrations.models import Origin, Registration, Seat
from crm.reports import happenings
from crm.reports.period import Period
from crm.reports.records import NoSuchList
from crm.reports.scope import Scope
from tests import factories
from tests.reports.walking import check_all, table

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
YEAR = Period(FIRST, LAST)
PLACES = ("Hanau", "Cölbe", "Lahntal", "Landkreis Fulda", "Kassel", "ekom21", None)


def read(period=YEAR, **filters):
    return happenings.read(factories.member("anna"), Scope(period, **filters))


def figures(**filters):
    return [one.number.value for one in read(**filters).sheet.figures]


def held(day=date(2025, 5, 5), **over):
    starts = datetime.combine(day, time(10), BERLIN)
    values = {"starts_at": starts, "ends_at": starts + timedelta(hours=3), "state": EventState.HELD}
    return factories.event(**(values | over))


def scatter(number=25, seed=5):
    """Store events of every state in and around the year with guests and heads of all kinds."""
    dice = random.Random(seed)
    for count in range(number):
        day = FIRST + timedelta(days=dice.randrange(-30, 400))
        state = dice.choice([*[EventState.HELD] * 5, EventState.DOCUMENTED, EventState.CANCELLED])
        where = dice.choice([None, factories.place("Buseck").id, factories.place("Kassel").id])
        kind = dice.choice(list(EventKind))
        event = held(day, state=state, title=f"Treffen {count}", kind=kind, place_id=where)
        for guest in range(dice.randrange(9)):
            _guest(dice, event, guest)
        for _count in range(dice.randrange(3)):
            at = dice.choice(PLACES)
            place = factories.place(at).id if at else None
            certainty = dice.choice(list(Certainty))
            db.session.add(
                HeadCount(
                    event_id=event.id, organisation_id=place, certainty=certainty, heads=dice.randrange(1, 60)
                )
            )
    db.session.flush()


def _guest(dice, event, number):
    seat = dice.choice([*[Seat.SEATED] * 4, *Seat])
    factories.registration(
        event, f"Gast{number}", "Ina", dice.choice(PLACES), seat=seat, companions=dice.randrange(3),
        position=number if seat in (Seat.WAITING, Seat.OFFERED) else None,
        came_at=now() if dice.random() < 0.5 else None,
        confirmed_at=now() if dice.random() < 0.8 else None,
        origin=dice.choice([*[Origin.PUBLIC] * 3, *Origin]),
    )  # fmt: skip


def slow_count():
    """Count guest by guest: events, seats, came by name, did not come, counted, estimated, Kommunen."""
    sums, kommunen = [0] * 6, set()
    for event in db.session.scalars(select(Event)):
        if event.state not in (EventState.HELD, EventState.DOCUMENTED) or not FIRST <= event.day <= LAST:
            continue
        sums[0] += 1
        for one in db.session.scalars(select(Registration).where(Registration.event_id == event.id)):
            registered = one.origin not in (Origin.AT_THE_DOOR, Origin.LIST)
            if registered and (one.seat in (Seat.SEATED, Seat.OFFERED) or one.came_at):
                sums[1] += 1 + one.companions
            if one.came_at:
                sums[2] += 1 + one.companions
                kommunen.add(one.organisation)
            elif registered and one.seat is Seat.SEATED and one.confirmed_at:
                sums[3] += 1 + one.companions
        for one in db.session.scalars(select(HeadCount).where(HeadCount.event_id == event.id)):
            sums[4 if one.certainty is Certainty.COUNTED else 5] += one.heads
            kommunen.add(one.organisation)
    return [*sums, sum(1 for one in kommunen if one and one.level in (Level.MUNICIPALITY, Level.COUNTY))]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_fast_and_slow_counts_agree(context, seed):
    scatter(seed=seed)
    total = table(read().sheet, "typ").total
    slow = slow_count()
    assert [cell.value for cell in total[1:]] == slow
    assert slow[0] > 5


@pytest.mark.parametrize("seed", [4, 5])
def test_every_number_is_what_its_list_is_worth(context, seed):
    scatter(seed=seed)
    assert len(check_all(read(), lines_of=3)) > 40


@pytest.mark.parametrize(
    ("day", "counts"),
    [(date(2024, 12, 31), 0), (date(2025, 1, 1), 1), (date(2025, 12, 31), 1), (date(2026, 1, 1), 0)],
)
def test_the_first_and_the_last_day_belong_to_the_period_in_berlin(context, day, counts):
    late = datetime.combine(day, time(0, 30) if day.month == 1 else time(23, 30), BERLIN)
    held(day, starts_at=late, ends_at=late + timedelta(minutes=20))
    assert figures()[0] == counts


def test_planned_cancelled_and_removed_events_do_not_count(context):
    for state in (EventState.PLANNED, EventState.OPEN, EventState.CANCELLED):
        held(state=state)
    services.remove(held(), factories.member("emil"))
    db.session.flush()
    assert figures()[0] == 0


def test_heads_are_never_added_up(context):
    event = held()
    factories.registration(event, companions=2, came_at=now())
    for certainty in Certainty:
        db.session.add(HeadCount(event_id=event.id, certainty=certainty, heads=40))
    db.session.flush()
    total = table(read().sheet, "typ").total
    assert [cell.value for cell in total[1:]] == [1, 3, 3, 0, 40, 40, 1]


def test_attendance_is_no_figure_where_nobody_ticked(context):
    factories.registration(held())
    assert table(read().sheet, "liste").rows[0][6] == "–"


def test_a_year_that_is_all_one_knows_is_no_first_of_january(context):
    held(date(2025, 1, 1), precision=Precision.YEAR, ends_at=None)
    assert table(read().sheet, "liste").rows[0][1] == "2025"


@pytest.mark.parametrize(("filters", "count"), [("Buseck", 1), ("Cölbe", 1), ("Fulda", 0)])
def test_narrowed_to_a_county_it_counts_where_it_took_place_or_somebody_came_from(context, filters, count):
    factories.registration(held(), at="Cölbe", came_at=now())
    county = {
        "Buseck": "Landkreis Gießen",
        "Cölbe": "Landkreis Marburg-Biedenkopf",
        "Fulda": "Landkreis Fulda",
    }
    assert figures(county_id=factories.place(county[filters]).id)[0] == count


def test_it_compares_with_the_year_before(context):
    held()
    held(date(2024, 5, 5))
    held(date(2024, 6, 5))
    first = read().sheet.figures[0]
    assert first.number.value == 1
    assert first.change.startswith("−1")
    assert first.change.endswith("2024 (2)")


def test_a_list_behind_an_unknown_number_does_not_exist(context):
    reading = read()
    for args in ({"was": "alles"}, {"was": "plaetze", "typ": "x"}, {}):
        with pytest.raises(NoSuchList):
            reading.records(MultiDict(args))


def test_page_and_files_show_the_same(app, rita):
    with app.test_request_context():
        scatter()
        db.session.commit()
        db.session.remove()
    query = "?von=01.01.2025&bis=31.12.2025"
    page = rita.get("/berichte/veranstaltungen" + query)
    shown = [one.get_text(strip=True) for one in page.soup.select("table[data-table=typ] tfoot td")]
    text = rita.get("/berichte/veranstaltungen.csv" + query).data.decode("utf-8-sig")
    line = next(one for one in text.split("\r\n") if one.startswith("Summe;"))
    assert line.split(";")[1:3] == [one.replace(".", "") for one in shown[:2]]


def test_an_event_known_by_its_year_counts_in_years_and_in_no_month(context):
    held(date(2025, 1, 1), precision=Precision.YEAR, ends_at=None)
    held(date(2025, 3, 1), precision=Precision.MONTH, ends_at=None)

    def count(first, last):
        return read(Period(date.fromisoformat(first), date.fromisoformat(last))).sheet.figures[0].number.value

    assert count("2025-01-01", "2025-12-31") == 2
    assert count("2025-01-01", "2025-01-31") == 0
    assert count("2025-01-01", "2025-03-31") == 1
    assert count("2025-03-01", "2025-03-30") == 0


def test_narrowed_to_a_county_only_its_kommunen_are_distinct(context):
    event = held()
    for name, at in (("A", "Cölbe"), ("B", "Hanau"), ("C", "Kassel")):
        factories.registration(event, name, at=at, came_at=now())
    county = factories.place("Landkreis Marburg-Biedenkopf").id
    assert figures(county_id=county)[3] == 1
    assert figures()[3] == 3
