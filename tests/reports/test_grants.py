"""R2, the table of a Kleine Anfrage: counted again slowly, opened number by number, at its borders."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm.cooperations import services
from crm.cooperations.kinds import Step
from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.funding.models import Application
from crm.proceedings.models import Study
from crm.reports import sheet
from crm.reports.money import grants
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.task_fields.models import TaskField
from tests import factories
from tests.reports import funds
from tests.reports.funds import grant
from tests.reports.walking import check_all, table

PERIODS = (
    Period(date(2012, 1, 1), date(2017, 12, 31)),
    Period(date(2018, 3, 7), date(2021, 6, 2)),
    Period(date(2012, 1, 1), date(2026, 12, 31)),
)
AWARDED = ("bewilligt", "ausgezahlt", "abgeschlossen")


def read(period, **narrowed):
    return grants.read(None, Scope(period, **narrowed))


def made(period, **narrowed):
    return read(period, **narrowed).sheet


def figure(found, number):
    return found.figures[number].number.value


def parts(found):
    """The participations in the sum of all years."""
    return table(found, "jahr").total[4].value


def cells(found, name):
    """A table as {first cell: values of the numbers}."""
    return {row[0]: [cell.value for cell in row[1:]] for row in table(found, name).rows}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("period", PERIODS, ids=["landtag", "odd", "all"])
def test_numbers_equal_a_slow_count(context, period, seed):
    funds.scatter(seed=seed)
    slow = slow_count(period)
    found = made(period)
    assert [figure(found, 0), figure(found, 1), parts(found)] == [*slow[""][:2], slow[""][3]]
    assert figure(found, 2) == len(slow[""][4])
    for name in ("jahr", "gebiet", "feld"):
        width = 3 if name == "gebiet" else 5
        rows = {
            key[1]: [*values[:4], len(values[4])][:width]
            for key, values in slow.items() if key and key[0] == name
        }  # fmt: skip
        shown = {key: values[:width] for key, values in cells(found, name).items() if any(values[:width])}
        assert shown == rows, name


def slow_count(period):
    """{(table, row): [grants, sum, saving, participations, set of Kommunen]}; '' is everything."""
    cutoff = min(period.until, today())
    found = defaultdict(lambda: [0, Decimal(0), None, 0, set()])
    mine = [
        (one, group)
        for one, group in funds.applications()
        if one.granted_on and period.since <= one.granted_on <= cutoff and funds.state(one, cutoff) in AWARDED
    ]
    mine.sort(key=lambda pair: (pair[0].granted_on, pair[1].sort_key, pair[1].id, pair[0].id))
    seen = set()
    for one, group in mine:
        units, areas = funds.kommunen(group, one.granted_on)
        costs = None if group.id in seen else funds.saving(group, one.granted_on)
        seen.add(group.id)
        for key in ("", *_rows(one.granted_on.year, areas, funds.heads(group))):
            row = found[key]
            row[0], row[1] = row[0] + 1, row[1] + (one.granted or 0)
            row[2] = (row[2] or 0) + costs[0] - costs[1] if costs else row[2]
            row[3] += len(units)
            row[4] |= units
    return found


def _rows(year, areas, heads):
    yield "jahr", str(year)
    for area in areas:
        yield "gebiet", db.session.get(funds.Organisation, int(area)).name
    if not areas:
        yield "gebiet", "Ohne Kommune"
    for head in heads:
        yield "feld", db.session.get(TaskField, int(head)).name
    if not heads:
        yield "feld", "Ohne Aufgabenfeld"


@pytest.mark.parametrize("seed", [1, 4])
def test_grants_without_a_day_are_counted_apart(context, seed):
    funds.scatter(80, seed)
    cutoff, rows = date(2019, 12, 31), defaultdict(lambda: [0, 0])
    for one, _group in funds.applications():
        if one.granted_on is None and funds.state(one, cutoff) in AWARDED:
            row = rows[_hint(one.note or "")]
            row[0], row[1] = row[0] + 1, row[1] + (one.granted or 0)
    found = made(Period(date(2015, 1, 1), cutoff))
    assert len(rows) == 3
    assert cells(found, "hinweis") == dict(rows)
    assert table(found, "liste-ohne-tag").total[2].value == sum(row[1] for row in rows.values())


def _hint(note):
    if "2016" in note:
        return "Nennt ein Jahr des Zeitraums"
    return "Nennt nur Jahre außerhalb des Zeitraums" if "erschlossen" in note else "Nennt kein Jahr"


@pytest.mark.parametrize("seed", [1, 2])
def test_grants_noted_at_studies_are_counted_apart(context, seed):
    funds.scatter(seed=seed)
    there = set(db.session.scalars(select(Cooperation.id)))
    begun = [
        one.grant
        for one in db.session.scalars(select(Study))
        if one.grant is not None and one.cooperation_id in there and (one.begun_on or date.min).year < 2020
    ]
    found = made(Period(date(2015, 1, 1), date(2019, 12, 31)))
    assert figure(found, -1) == len(begun) > 0
    assert table(found, "studien-liste").total[-1].value == sum(begun)


@pytest.mark.parametrize("seed", [5, 6])
def test_every_number_opens_its_records(context, seed):
    funds.scatter(seed=seed)
    kommune = factories.place("Hünfeld")
    county = kommune.memberships[0].parent_id
    assert len(check_all(read(PERIODS[0]))) > 40
    for narrowed in ({"county_id": county}, {"rolled_up": True}, {"staff_id": factories.member("anna").id}):
        assert len(check_all(read(PERIODS[2], **narrowed))) > 20, narrowed


def test_places_narrow_to_grants_with_somebody_from_there_and_count_only_these(context):
    funds.scatter(seed=8)
    county, period = factories.place("Landkreis Fulda").id, PERIODS[2]
    expected = [0, 0, set()]
    for one, group in funds.applications():
        if one.granted_on and one.granted_on >= period.since and funds.state(one, today()) in AWARDED:
            units, _areas = funds.kommunen(group, one.granted_on)
            inside = {unit for unit in units if funds.area_of(_place(unit), one.granted_on) == str(county)}
            if inside:
                expected = [expected[0] + 1, expected[1] + (one.granted or 0), expected[2] | inside]
    found = made(period, county_id=county)
    assert [figure(found, 0), figure(found, 1), figure(found, 2)] == [*expected[:2], len(expected[2])]
    assert expected[0] > 3
    assert [row[0] for row in table(found, "gebiet").rows] == ["Landkreis Fulda"]


def _place(number):
    return db.session.get(funds.Organisation, number)


def test_fields_advisers_and_cooperations_narrow(context):
    bauhof = db.session.scalars(select(TaskField).where(TaskField.name == "Bauhof")).one()
    first, one = grant("Cölbe", "Lahntal", sum="75000")
    first.task_fields = [bauhof]
    second, _two = grant("Hünfeld", "Burghaun", sum="33333.33")
    second.adviser = factories.member("bert")
    db.session.flush()
    for narrowed in (
        {"field_id": bauhof.id}, {"field_id": bauhof.parent_id}, {"cooperation_id": first.id},
    ):  # fmt: skip
        assert [row[0].text for row in table(made(PERIODS[0], **narrowed), "liste").rows] == [first.title]
    found = made(PERIODS[0], staff_id=factories.member("bert").id)
    assert figure(found, 1) == Decimal("33333.33")
    assert figure(made(PERIODS[0]), 1) == Decimal("108333.33")
    assert one.granted == 75000


def test_the_first_and_the_last_day_of_the_period_belong_to_it(context):
    for on in (date(2015, 12, 31), date(2016, 1, 1), date(2016, 12, 31), date(2017, 1, 1)):
        grant("Cölbe", "Lahntal", on=on, sum="10000")
    found = made(Period(date(2016, 1, 1), date(2016, 12, 31)))
    assert (figure(found, 0), figure(found, 1)) == (2, 20000)
    assert [row[1] for row in table(found, "liste").rows] == [date(2016, 1, 1), date(2016, 12, 31)]


@time_machine.travel("2026-07-01 12:00:00+02:00", tick=False)
def test_a_grant_after_the_cut_off_day_is_not_granted_yet(context):
    grant("Cölbe", "Lahntal", on=date(2026, 7, 1), sum="10000")
    grant("Cölbe", "Lahntal", on=date(2026, 7, 2), sum="20000")
    found = made(Period(date(2026, 1, 1), date(2026, 12, 31)))
    assert (figure(found, 0), figure(found, 1)) == (1, 10000)
    assert "liste-ohne-tag" not in {one.id for one in found.tables}


def test_what_was_withdrawn_after_the_grant_counts_until_that_day(context):
    grant("Cölbe", "Lahntal", on=date(2016, 5, 4), withdrawn_on=date(2017, 1, 1))
    assert figure(made(Period(date(2016, 1, 1), date(2016, 12, 31))), 0) == 1
    assert figure(made(Period(date(2016, 1, 1), date(2017, 1, 1))), 0) == 0


def test_refused_first_and_granted_later_is_one_grant(context):
    group, _one = grant("Cölbe", "Lahntal", on=date(2016, 5, 4))
    db.session.add(
        Application(cooperation_id=group.id, refused_on=date(2016, 2, 1), refusal_reason="Zu klein")
    )
    db.session.flush()
    assert figure(made(PERIODS[0]), 0) == 1


def test_a_removed_cooperation_counts_nowhere(context):
    group, _one = grant("Cölbe", "Lahntal")
    other, _two = grant("Cölbe", "Lahntal", on=None)
    factories.study(group, grant=Decimal(5000))
    assert len(made(PERIODS[0]).figures) == 5
    for one in (group, other):
        services.remove(one, factories.member("anna"))
    found = made(PERIODS[0])
    assert [one.number.value for one in found.figures] == [0, 0, 0]
    assert not any(one.rows for one in found.tables)


def test_a_grant_over_two_counties_stands_in_both_and_counts_once(context):
    grant("Cölbe", "Hünfeld", sum="33333.33")
    found = made(PERIODS[0])
    areas = table(found, "gebiet")
    assert [[row[1].value, row[2].value] for row in areas.rows] == [[1, Decimal("33333.33")]] * 2
    assert [areas.total[1].value, areas.total[2].value] == [1, Decimal("33333.33")]
    assert any("66.666,66" in note for note in areas.notes)
    assert table(found, "liste").rows[0][4] == "Landkreis Fulda, Landkreis Marburg-Biedenkopf"


def test_former_municipalities_are_named_as_they_were_and_rolled_up_by_choice(context):
    grant("Beerfelden", "Rothenberg", "Sensbachtal", on=date(2016, 5, 4), since=date(2015, 1, 1))
    grant("Beerfelden", "Michelstadt", on=date(2018, 5, 4), since=date(2015, 1, 1))
    found = made(Period(date(2016, 1, 1), date(2018, 12, 31)))
    assert table(found, "liste").rows[0][6] == "Beerfelden, Rothenberg, Sensbachtal"
    # In 2018 Beerfelden is part of Oberzent already.
    assert (figure(found, 2), parts(found)) == (5, 5)
    rolled = made(Period(date(2016, 1, 1), date(2018, 12, 31)), rolled_up=True)
    assert (figure(rolled, 2), parts(rolled)) == (2, 3)


def test_a_town_without_county_has_a_row_of_its_own_from_the_day_it_left(context):
    grant("Hanau", "Erlensee", on=date(2025, 5, 5))
    grant("Hanau", "Erlensee", on=date(2026, 5, 5))
    rows = cells(made(Period(date(2025, 1, 1), date(2026, 12, 31))), "gebiet")
    assert {name: row[0] for name, row in rows.items()} == {"Hanau": 1, "Main-Kinzig-Kreis": 2}


def test_whoever_left_before_the_notice_or_came_after_it_is_no_partner_of_it(context):
    group, _one = grant("Cölbe", "Lahntal", "Wetter (Hessen)", "Hünfeld", on=today() - timedelta(days=100))
    factories.step(group, "Lahntal", Step.LEFT, days_ago=101)
    factories.step(group, "Wetter (Hessen)", Step.LEFT, days_ago=99)
    late = next(one for one in group.partners if one.organisation_name == "Hünfeld")
    late.steps[0].reached_on = today() - timedelta(days=99)
    db.session.flush()
    period = Period(today() - timedelta(days=300), today())
    assert table(made(period), "liste").rows[0][6] == "Cölbe, Wetter (Hessen)"


def test_where_all_came_only_after_the_notice_all_are_its_partners(context):
    grant(on=date(2016, 5, 4), group=factories.cooperation("Cölbe", "Lahntal"))
    assert table(made(PERIODS[0]), "liste").rows[0][6] == "Cölbe, Lahntal"


def test_a_saving_counts_once_for_two_grants_and_is_no_zero_where_nobody_knows_it(context):
    group, _one = grant("Cölbe", on=date(2016, 5, 4))
    grant(group=group, on=date(2017, 5, 4))
    assert table(made(PERIODS[0]), "jahr").total[3].value is None
    db.session.add(
        funds.CostRow(
            partner_id=group.partners[0].id, staff_before=Decimal(100), material_before=Decimal("0.50"),
            staff_after=Decimal(60), material_after=Decimal(0),
        )
    )  # fmt: skip
    db.session.flush()
    found = made(PERIODS[0])
    assert [row[3].value for row in table(found, "liste").rows] == [Decimal("40.50"), None]
    assert [row[-1] for row in table(found, "liste").rows] == ["", "siehe erste Bewilligung"]
    assert [row[3].value for row in table(found, "jahr").rows] == [Decimal("40.50"), None]
    assert table(found, "jahr").total[3].value == Decimal("40.50")


def test_a_grant_without_a_sum_is_counted_and_named(context):
    grant("Cölbe", sum=None)
    found = made(PERIODS[0])
    assert (figure(found, 0), figure(found, 1), found.figures[1].note) == (1, 0, "davon 1 ohne Betrag")
    assert len(read(PERIODS[0]).records(MultiDict({"was": "ohne-summe"})).ids) == 1


def test_partners_that_are_no_kommunen_are_named_and_not_counted(context):
    grant("ekom21", on=date(2016, 5, 4))
    found = made(PERIODS[0])
    assert [figure(found, 0), figure(found, 2), parts(found)] == [1, 0, 0]
    assert cells(found, "gebiet") == {"Ohne Kommune": [1, 75000, None, 0, 0]}


def test_nothing_of_a_note_is_shown_but_its_years(context):
    grant("Cölbe", on=None, note="Geheim: 2014 mit Frau Muster")
    found = made(PERIODS[0])
    assert "Geheim" not in str(list(sheet.as_lines("Bericht", found)))
    assert table(found, "liste-ohne-tag").rows[0][1] == "2014"


def test_the_period_before_is_compared_and_what_has_no_day_is_not(context):
    grant("Cölbe", on=date(2015, 5, 4))
    grant("Cölbe", on=None)
    found = made(Period(date(2016, 1, 1), date(2016, 12, 31)))
    assert found.figures[0].change == "\u22121 gegenüber 2015 (1)"
    assert found.figures[3].change == ""
