"""R3, applications: every state on every day, counted again slowly, opened one by one, at its borders."""

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from statistics import median

import pytest
import time_machine
from werkzeug.datastructures import MultiDict

from crm.cooperations import services
from crm.cooperations.kinds import Step
from crm.db import BERLIN, db, today
from crm.funding.kinds import StationKind
from crm.funding.models import Application, Station
from crm.reports.money import applications
from crm.reports.period import Period
from crm.reports.scope import Scope
from tests import factories
from tests.reports import funds
from tests.reports.funds import grant
from tests.reports.walking import check_all, table

AWARDED = ("bewilligt", "ausgezahlt", "abgeschlossen")
ON_THE_WAY = ("eingereicht", "county", "region", "ministry", "hearing")
PERIODS = (
    Period(date(2012, 1, 1), date(2018, 12, 31)),
    Period(date(2016, 3, 7), date(2019, 6, 2)),
    Period(date(2012, 1, 1), date(2026, 12, 31)),
)
YEAR = Period(date(2016, 1, 1), date(2016, 12, 31))


def read(period, **narrowed):
    return applications.read(None, Scope(period, **narrowed))


def made(period=YEAR, **narrowed):
    return read(period, **narrowed).sheet


def figure(found, number):
    return found.figures[number].number.value


def cells(found, name):
    return {row[0]: [cell.value for cell in row[1:]] for row in table(found, name).rows}


def application(*places, **over):
    """An application of partners that were always there, submitted in 2016 unless told otherwise."""
    values = {"sum": None, "on": None, "submitted_on": date(2016, 5, 4)} | over
    return grant(*(places or ("Cölbe", "Lahntal")), **values)[1]


def states(found):
    """How often each state stands in the list of the period."""
    return [row[5] for row in table(found, "liste").rows]


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("period", PERIODS, ids=["years", "odd", "all"])
def test_numbers_equal_a_slow_count(context, period, seed):
    funds.scatter(seed=seed)
    slow = slow_count(period)
    found = made(period)
    everything = _counted(slow[""])
    assert [figure(found, place) for place in range(5)] == [everything[place] for place in (0, 1, 2, 4, 6)]
    for name in ("jahr", "gebiet"):
        rows = {key[1]: _counted(some) for key, some in slow.items() if key and key[0] == name}
        assert cells(found, name) == rows, name
    stands = {key[1]: _counted(some) for key, some in slow.items() if key and key[0] == "stand"}
    assert cells(found, "stand") == {
        applications.asked.state_names()[key]: [some[0], some[3], some[6]] for key, some in stands.items()
    }


def slow_count(period):
    """{(table, row): [(state, granted, days)]}; '' is everything."""
    cutoff, found = min(period.until, today()), defaultdict(list)
    for one, group in funds.applications():
        if one.submitted_on is None or not period.since <= one.submitted_on <= cutoff:
            continue
        state, decided = funds.state(one, cutoff), funds.decided_on(one, cutoff)
        days = (decided - one.submitted_on).days if decided else None
        fact = (state, one.granted if state in AWARDED else None, days if (days or 0) >= 0 else None)
        _units, areas = funds.kommunen(group, one.submitted_on)
        names = [db.session.get(funds.Organisation, int(area)).name for area in areas] or ["Ohne Kommune"]
        for key in (
            "",
            ("stand", state),
            ("jahr", str(one.submitted_on.year)),
            *(("gebiet", x) for x in names),
        ):
            found[key].append(fact)
    return found


def _counted(facts):
    """[applications, open, granted, sum, refused, withdrawn, median days]"""
    kinds = [one[0] for one in facts]
    days = [one[2] for one in facts if one[2] is not None]
    return [
        len(facts),
        sum(kinds.count(one) for one in ON_THE_WAY),
        sum(kinds.count(one) for one in AWARDED),
        sum(one[1] or 0 for one in facts),
        kinds.count("abgelehnt"),
        kinds.count("zurueckgezogen"),
        median(days) if days else None,
    ]


@pytest.mark.parametrize("seed", [1, 2])
@time_machine.travel("2026-11-26 12:00:00+01:00", tick=False)
def test_drafts_and_decisions_without_a_day_are_counted_apart(context, seed):
    funds.scatter(seed=seed)
    period = Period(date(2018, 1, 1), date(2026, 12, 31))
    expected = []
    for one, _group in funds.applications():
        decided = funds.decided_on(one, today())
        if one.submitted_on is None and (decided is None or decided >= period.since):
            expected.append(one.id)
    found = read(period)
    assert sorted(found.records(MultiDict({"was": "ohne-tag"})).ids) == expected
    assert expected
    drafts = [row for row in table(found.sheet, "liste-ohne-tag").rows if row[5] == "Entwurf"]
    assert found.sheet.figures[5].note.startswith(f"davon {len(drafts)} ")


@pytest.mark.parametrize("seed", [5, 6])
def test_every_number_opens_its_records(context, seed):
    funds.scatter(seed=seed)
    assert len(check_all(read(PERIODS[2]))) > 60
    assert len(check_all(read(PERIODS[1], rolled_up=True))) > 20
    county = factories.place("Landkreis Fulda").id
    assert {row[0] for row in table(made(PERIODS[2], county_id=county), "gebiet").rows} == {"Landkreis Fulda"}


def test_the_first_and_the_last_day_of_the_period_belong_to_it(context):
    for day in (date(2015, 12, 31), date(2016, 1, 1), date(2016, 12, 31), date(2017, 1, 1)):
        application(submitted_on=day)
    assert figure(made(), 0) == 2


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (date(2016, 5, 4), "eingereicht"), (date(2016, 6, 1), "beim Landkreis"),
        (date(2016, 7, 1), "beim Regierungspräsidium"), (date(2016, 9, 30), "beim Regierungspräsidium"),
        (date(2016, 10, 1), "bewilligt"), (date(2016, 11, 1), "ausgezahlt"),
        (date(2016, 12, 1), "abgeschlossen"),
    ],
)  # fmt: skip
def test_an_application_stands_where_it_stood_on_the_cut_off_day(context, until, state):
    one = application(
        sum="75000", on=date(2016, 10, 1), paid_on=date(2016, 11, 1), closed_on=date(2016, 12, 1)
    )
    one.stations = [
        Station(kind=StationKind.REGION, arrived_on=date(2016, 7, 1)),
        Station(kind=StationKind.COUNTY, arrived_on=date(2016, 6, 1)),
    ]
    db.session.flush()
    found = made(Period(date(2016, 1, 1), until))
    assert states(found) == [state]
    row = table(found, "liste").rows[0]
    known = until >= date(2016, 10, 1)
    assert (row[6], row[7].value, row[8].value) == (
        (date(2016, 10, 1), 75000, 150) if known else (None, None, None)
    )


def test_refused_first_and_granted_later_are_two_applications(context):
    first = application(refused_on=date(2016, 7, 4), refusal_reason="Zu wenig Einsparung")
    group = first.cooperation
    grant(group=group, submitted_on=date(2016, 9, 1), on=date(2016, 12, 1), sum="33333.33")
    found = made()
    assert [figure(found, place) for place in (0, 1, 2, 3)] == [2, 0, 1, 1]
    assert [(row[5], row[9]) for row in table(found, "liste").rows] == [
        ("abgelehnt", "Zu wenig Einsparung"), ("bewilligt", ""),
    ]  # fmt: skip
    assert found.figures[4].number.value == 76
    assert found.figures[2].note == "33.333,33\u00a0€"


def test_a_refusal_after_the_cut_off_day_is_not_told_yet(context):
    application(refused_on=date(2017, 1, 1), refusal_reason="Zu klein")
    row = table(made(), "liste").rows[0]
    assert (row[5], row[6], row[9]) == ("eingereicht", None, "")


def test_days_out_of_order_are_not_counted(context):
    application(sum="1", on=date(2016, 5, 3))
    application(sum="1", on=date(2016, 5, 4))
    found = made()
    assert (found.figures[4].number.value, found.figures[4].note) == (0, "aus 1 mit beiden Tagen")


@time_machine.travel("2026-07-01 12:00:00+02:00", tick=False)
def test_a_draft_counts_from_the_day_it_was_entered_and_apart(context):
    application(submitted_on=None, created_at=datetime(2026, 6, 1, 12, tzinfo=BERLIN))
    for until, count in ((date(2026, 5, 31), 5), (date(2026, 6, 1), 6), (date(2026, 12, 31), 6)):
        assert len(made(Period(date(2026, 1, 1), until)).figures) == count, until


def test_a_removed_cooperation_counts_nowhere_and_no_data_are_said(context):
    one = application()
    services.remove(one.cooperation, factories.member("anna"))
    found = made()
    assert [one.number.value for one in found.figures] == [0, 0, 0, 0, None]
    assert not any(one.rows for one in found.tables)


def test_two_counties_stand_in_both_and_former_municipalities_in_theirs(context):
    application("Cölbe", "Hünfeld")
    application("Beerfelden", "Rothenberg", since=date(2015, 1, 1))
    rows = cells(made(), "gebiet")
    assert {name: row[0] for name, row in rows.items()} == {
        "Landkreis Fulda": 1, "Landkreis Marburg-Biedenkopf": 1, "Odenwaldkreis": 1,
    }  # fmt: skip
    assert table(made(), "gebiet").total[1].value == 2


def test_whoever_applied_is_named_else_the_lead(context):
    group = factories.cooperation("Cölbe", "Lahntal", lead="Lahntal", step=Step.SIGNED, reached_on=None)
    for day, who in ((date(2016, 5, 4), factories.place("Cölbe").id), (date(2016, 5, 5), None)):
        db.session.add(Application(cooperation_id=group.id, submitted_on=day, applicant_id=who))
    db.session.flush()
    assert [row[1] for row in table(made(), "liste").rows] == ["Cölbe", "Lahntal"]


def test_the_period_before_is_compared(context):
    application(submitted_on=date(2015, 5, 4), sum=Decimal(1), on=date(2016, 2, 1))
    application()
    assert made().figures[0].change == "±0 gegenüber 2015 (1)"
    assert made().figures[1].change == "±0 gegenüber 2015 (1)"
