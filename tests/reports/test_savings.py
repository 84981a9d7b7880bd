"""R4, savings: by cooperation, counted again slowly; why there is no figure; sums over those with figures."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm.cooperations import services
from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.funding.models import CostRow, Plan
from crm.funding.queries import plan_of
from crm.reports.money import savings
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.task_fields.models import TaskField
from tests import factories
from tests.reports import funds
from tests.reports.funds import grant
from tests.reports.walking import check_all, table

AWARDED = ("bewilligt", "ausgezahlt", "abgeschlossen")
PERIODS = (
    Period(date(2012, 1, 1), date(2017, 12, 31)),
    Period(date(2018, 3, 7), date(2021, 6, 2)),
    Period(date(2012, 1, 1), date(2026, 12, 31)),
)
YEAR = Period(date(2016, 1, 1), date(2016, 12, 31))


def read(period=YEAR, **narrowed):
    return savings.read(None, Scope(period, **narrowed))


def made(period=YEAR, **narrowed):
    return read(period, **narrowed).sheet


def figure(found, number):
    return found.figures[number].number.value


def cells(found, name):
    return {row[0]: [cell.value for cell in row[1:]] for row in table(found, name).rows}


def costs(group, *sums, after=None):
    """Enter (staff, material) before, or all four, partner by partner; `after` is what all cost together."""
    for partner, given in zip(group.partners, sums, strict=False):
        names = ("staff_before", "material_before", "staff_after", "material_after")
        values = {name: Decimal(one) for name, one in zip(names, given, strict=False) if one is not None}
        db.session.add(CostRow(partner_id=partner.id, **values))
    if after is not None:
        db.session.add(Plan(cooperation_id=group.id, cost_after=Decimal(after)))
    db.session.flush()
    return group


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("period", PERIODS, ids=["landtag", "odd", "all"])
def test_numbers_equal_a_slow_count(context, period, seed):
    funds.scatter(70, seed)
    slow = slow_count(period)
    found = made(period)
    everything = _counted(slow[""])
    assert [figure(found, place) for place in (0, 1, 3)] == [everything[place] for place in (0, 4, 1)]
    assert figure(found, 2) == everything[0] - everything[1]
    for name in ("jahr", "gebiet", "feld"):
        rows = {key[1]: _counted(some) for key, some in slow.items() if key and key[0] == name}
        assert cells(found, name) == rows, name
    total = table(found, "liste").total
    assert [total[3].value, *(total[place].value for place in (4, 5, 6))] == [slow["sum"], *everything[2:]]


def slow_count(period):
    """{(table, row): [(before, after) or None of every cooperation]}; '' is everything."""
    cutoff, found = min(period.until, today()), defaultdict(list)
    found["sum"] = 0
    for group in db.session.scalars(select(Cooperation)):
        mine = [
            one
            for one, other in funds.applications()
            if other.id == group.id and one.granted_on and period.since <= one.granted_on <= cutoff
        ]
        mine = [one for one in mine if funds.state(one, cutoff) in AWARDED]
        if mine:
            day = min(one.granted_on for one in mine)
            found["sum"] += sum(one.granted or 0 for one in mine)
            for key in ("", *_rows({one.granted_on.year for one in mine}, group, day)):
                found[key].append(funds.saving(group, day))
    return found


def _rows(years, group, day):
    yield from (("jahr", str(year)) for year in years)
    _units, areas = funds.kommunen(group, day)
    names = [db.session.get(funds.Organisation, int(area)).name for area in areas]
    yield from (("gebiet", name) for name in names or ["Ohne Kommune"])
    names = [db.session.get(TaskField, int(head)).name for head in funds.heads(group)]
    yield from (("feld", name) for name in names or ["Ohne Aufgabenfeld"])


def _counted(facts):
    """[cooperations, without figures, before, after, saving]"""
    known = [one for one in facts if one]
    if not known:
        return [len(facts), len(facts), None, None, None]
    before, after = (sum(one[place] for one in known) for place in (0, 1))
    return [len(facts), len(facts) - len(known), before, after, before - after]


@pytest.mark.parametrize("seed", [5, 6])
def test_every_number_opens_its_records(context, seed):
    funds.scatter(seed=seed)
    assert len(check_all(read(PERIODS[2]))) > 40
    assert len(check_all(read(PERIODS[0], rolled_up=True))) > 20
    county = factories.place("Landkreis Fulda").id
    assert {row[0] for row in table(made(PERIODS[2], county_id=county), "gebiet").rows} == {"Landkreis Fulda"}


def test_costs_come_to_a_saving_in_euros_with_cents_and_in_percent_never_rounded_up(context):
    group, _one = grant("Cölbe", "Lahntal", sum="33333.33")
    costs(group, ("100000.55", "0"), ("50000", "49999.45"), after="170079.99")
    row = table(made(), "liste").rows[0]
    assert [row[place].value for place in (3, 4, 5, 6, 7)] == [
        Decimal("33333.33"), Decimal(200000), Decimal("170079.99"), Decimal("29920.01"), Decimal("14.9"),
    ]  # fmt: skip
    assert made().figures[1].note == "14,9 % von 200.000\u00a0€"


def test_costs_of_each_partner_after_do_as_well_and_may_rise(context):
    group, _one = grant("Cölbe", "Lahntal")
    costs(group, ("10", "0", "11", "0"), ("10", "0", "11", "0.02"))
    row = table(made(), "liste").rows[0]
    assert (row[6].value, row[7].value) == (Decimal("-2.02"), Decimal("-10.1"))


def test_former_costs_of_zero_have_a_sum_and_no_percentage(context):
    costs(grant("Cölbe")[0], ("0", "0", "1", "0"))
    row = table(made(), "liste").rows[0]
    assert (row[6].value, row[7].value) == (-1, None)


@pytest.mark.parametrize(
    ("sums", "after", "said"),
    [
        ((), None, "Keine Kostentabelle"),
        ((("1", None), ("1", "1")), "1", "Kosten vorher fehlen: Cölbe"),
        ((("1", "1"), ("1", "1")), None, "Kosten nachher fehlen"),
        ((("1", "1", "1"), (None, "1")), None, "Kosten vorher fehlen: Lahntal; Kosten nachher fehlen"),
        ((), "5", "Kosten vorher fehlen: Cölbe, Lahntal"),
    ],
)
def test_where_a_figure_is_missing_the_reason_is_named(context, sums, after, said):
    costs(grant("Cölbe", "Lahntal")[0], *sums, after=after)
    found = made()
    row = table(found, "liste").rows[0]
    assert (row[9], [row[place].value for place in (4, 5, 6, 7)]) == (said, [None] * 4)
    assert [figure(found, place) for place in (0, 1, 2, 3)] == [1, None, 0, 1]
    assert len(read().records(MultiDict({"was": "ohne-zahlen"})).ids) == 1


def test_sums_are_over_those_with_figures_alone(context):
    costs(grant("Cölbe")[0], ("100", "0"), after="60")
    costs(grant("Lahntal")[0], ("1000", "0"))
    found = made()
    assert [table(found, "liste").total[place].value for place in (4, 5, 6, 7)] == [100, 60, 40, 40]
    assert cells(found, "jahr") == {"2016": [2, 1, 100, 60, 40]}


def test_two_grants_of_a_cooperation_are_one_line_with_both_sums(context):
    group, _one = grant("Cölbe", sum="100.50", on=date(2016, 5, 4))
    grant(group=group, sum="200", on=date(2016, 12, 31))
    costs(group, ("100", "0"), after="60")
    found = made()
    row = table(found, "liste").rows[0]
    assert (figure(found, 0), row[1], row[3].value) == (1, date(2016, 5, 4), Decimal("300.50"))
    assert figure(found, 1) == 40


def test_the_first_and_the_last_day_of_the_period_belong_to_it(context):
    for on in (date(2015, 12, 31), date(2016, 1, 1), date(2016, 12, 31), date(2017, 1, 1)):
        grant("Cölbe", on=on)
    assert figure(made(), 0) == 2


def test_grants_without_a_day_and_costs_without_a_grant_stand_apart(context):
    costs(grant("Cölbe", on=None, sum="5000")[0], ("100", "0"), after="60")
    costs(factories.cooperation("Lahntal"), ("100", "0"), after="90")
    factories.cooperation("Wetter (Hessen)")
    asked = Period(date(2026, 1, 1), today())
    found = made(asked)
    assert [one.number.value for one in found.figures] == [0, None, 0, 0, 2]
    assert cells(found, "grund") == {
        "Bewilligung ohne Tag": [1, 40],
        "Kosten erfasst, nicht bewilligt": [1, 10],
    }
    assert table(found, "liste-uebrige").total[6].value == 50
    assert len(check_all(read(asked))) >= 4


def test_costs_entered_after_the_cut_off_day_were_not_there(context):
    costs(factories.cooperation("Lahntal"), ("100", "0"), after="90")
    assert len(made().figures) == 4


def test_an_evaluation_is_told_from_its_day_on(context):
    group, _one = grant("Cölbe")
    group.evaluated_on = date(2016, 12, 31)
    db.session.flush()
    assert table(made(), "liste").rows[0][8] == date(2016, 12, 31)
    assert table(made(Period(date(2016, 1, 1), date(2016, 12, 30))), "liste").rows[0][8] is None


def test_a_removed_cooperation_counts_nowhere_and_no_data_are_said(context):
    for one in (costs(grant("Cölbe")[0], ("1", "1"), after="1"), grant("Lahntal", on=None)[0]):
        services.remove(one, factories.member("anna"))
    found = made()
    assert [one.number.value for one in found.figures] == [0, None, 0, 0]
    assert not any(one.rows for one in found.tables)


def test_two_counties_stand_in_both_and_count_once(context):
    costs(grant("Cölbe", "Hünfeld")[0], ("100", "0"), ("0.50", "0"), after="60")
    areas = table(made(), "gebiet")
    assert [[cell.value for cell in row[1:]] for row in areas.rows] == [
        [1, 0, Decimal("100.5"), 60, Decimal("40.5")]
    ] * 2
    assert areas.total[5].value == Decimal("40.5")
    assert any("81\u00a0€" in note for note in areas.notes)


def test_the_page_of_a_cooperation_says_the_same_saving(anna, app):
    with app.test_request_context():
        group, _one = grant("Cölbe", "Lahntal")
        costs(group, ("100000", "0"), ("100000", "0"), after="170079.99")
        assert plan_of(group.id)
        number = group.id
        db.session.commit()
        db.session.remove()
    report = anna.get("/berichte/einsparungen?von=01.01.2016&bis=31.12.2016").main
    assert "14,9 % von 200.000 €" in report
    assert "14,9" in anna.get(f"/kooperationen/{number}/foerderung").main


def test_whoever_has_a_notice_in_the_period_does_not_stand_apart_too(context):
    group, _one = grant("Cölbe")
    grant(group=group, on=None)
    found = made()
    assert [one.number.value for one in found.figures] == [1, None, 0, 1]
    assert "liste-uebrige" not in {one.id for one in found.tables}
