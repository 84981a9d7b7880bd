"""Notice on contracts: the day the area of funding computes, counted once for each contract in force."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm.cooperations import partners, services
from crm.cooperations.kinds import PartnerRole, Stage, Step
from crm.cooperations.models import Cooperation
from crm.cooperations.settling import settle
from crm.cooperations.terms import add_months
from crm.db import db, today
from crm.funding import deadlines
from crm.funding.kinds import DeadlineKind
from crm.reports.groups import notice
from crm.reports.period import Period, ahead
from crm.reports.scope import Scope
from tests import factories
from tests.reports.groups import scatter as scatter_groups
from tests.reports.walking import check_all, narrowed, table

URL = "/berichte/vertragsfristen"


def coming():
    return ahead()[0][1]


def read(period=None, who="anna", **over):
    return notice.read(factories.member(who), Scope(period or coming(), **over))


def figures(reading):
    """Notice in the period, of them in 90 days, contracts in force, without a known day."""
    return [one.number.value for one in reading.sheet.figures]


def contract(*places, title="Gemeinsamer Bauhof", step=Step.ACTIVE, since=date(2020, 1, 1), **over):
    made = factories.cooperation(*(places or ("Cölbe", "Lahntal")), title=title, step=step, reached_on=since)
    values = {"term_until": add_months(today(), 8), "notice_months": 6, "renewal_months": 12} | over
    for name, value in values.items():
        setattr(made, name, value)
    db.session.flush()
    return made


def scatter(seed):
    """Give many groups contracts of every kind, at all stages."""
    dice = random.Random(seed)
    scatter_groups(50, seed)
    for group in db.session.scalars(select(Cooperation).order_by(Cooperation.id)):
        group.term_unlimited = dice.random() < 0.15
        if not group.term_unlimited and dice.random() < 0.85:
            group.term_until = today() + timedelta(days=dice.randrange(-900, 1500))
            group.renewal_months = dice.choice([None, None, 1, 12, 36])
            group.notice_months = dice.choice([None, 0, 3, 6, 12])
        if dice.random() < 0.5:
            group.effective_on = today() - timedelta(days=dice.randrange(-100, 2000))
        settle(group)
    db.session.commit()


def slow(period):
    """Look at every group, turn by turn: the first day for a notice in the period, or what else is known."""
    found = {}
    for group in db.session.scalars(select(Cooperation)):
        if group.in_force:
            found[group.id] = _state(group, period)
    return found


def _state(group, period):
    if group.term_unlimited:
        return "unbefristet"
    if group.term_until is None or group.notice_months is None:
        return "unbekannt"
    for turn in range(2000):
        due = add_months(
            add_months(group.term_until, turn * (group.renewal_months or 0)), -group.notice_months
        )
        if due >= period.since:
            return due if due <= period.until else "spaeter"
        if not group.renewal_months:
            return "abgelaufen" if group.term_until < today() else "endet"
    raise AssertionError


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_report_counts_what_counting_contract_by_contract_finds(context, seed):
    scatter(seed)
    past = Period(today() - timedelta(days=400), today() - timedelta(days=30))
    for period in (coming(), ahead()[2][1], past):
        found, counted = read(period).sheet, slow(period)
        inside = {number: day for number, day in counted.items() if isinstance(day, date)}
        others = Counter(state for state in counted.values() if isinstance(state, str))
        assert [one.number.value for one in found.figures] == [
            len(inside),
            sum(today() <= day <= today() + timedelta(days=90) for day in inside.values()),
            len(counted),
            others["unbekannt"],
        ]
        states = {row[1].link["frist"]: row[1].value for row in table(found, "frist").rows}
        assert states == {
            key: number for key, number in {**others, "im-zeitraum": len(inside)}.items() if number
        }
        shown = [row[4] for row in table(found, "liste").rows]
        assert shown == sorted(inside.values())


@pytest.mark.parametrize("seed", [5, 6])
def test_every_number_is_the_length_of_the_list_behind_it(context, seed):
    scatter(seed)
    assert len(check_all(read())) > 10


def test_the_report_and_the_list_of_deadlines_name_the_same_days(context):
    scatter(7)
    period = coming()
    listed = [
        (str(one.group.title), one.day)
        for one in deadlines.until(today(), period.until)
        if one.kind is DeadlineKind.NOTICE
    ]
    shown = [(str(row[0]), row[4]) for row in table(read(period).sheet, "liste").rows]
    assert sorted(shown) == sorted(listed)
    assert shown


@time_machine.travel("2026-11-26 12:00:00+01:00", tick=False)
def test_first_and_last_day_of_the_period_count(context):
    contract(term_until=date(2027, 6, 30), notice_months=6)
    for since, until, counted in (
        (date(2026, 12, 31), date(2026, 12, 31), 1),
        (date(2026, 12, 1), date(2026, 12, 30), 0),
        (date(2027, 1, 1), date(2027, 12, 30), 0),
        (date(2027, 1, 1), date(2027, 12, 31), 1),
    ):
        assert figures(read(Period(since, until)))[0] == counted, since


@time_machine.travel("2026-11-26 12:00:00+01:00", tick=False)
def test_the_report_begins_with_the_next_twelve_months(context):
    assert [(name, one.since, one.until) for name, one in ahead()][0][1:] == (
        date(2026, 11, 26), date(2027, 11, 25),
    )  # fmt: skip


@time_machine.travel("2028-02-29 12:00:00+01:00", tick=False)
def test_twelve_months_from_a_leap_day(context):
    assert ahead()[0][1] == Period(date(2028, 2, 29), date(2029, 2, 27))


def test_a_contract_renewed_every_month_counts_once(context):
    contract(renewal_months=1, notice_months=1)
    assert figures(read())[:3] == [1, 0, 1]


def test_what_is_not_known_is_not_guessed(context):
    contract(term_until=None)
    contract(title="B", notice_months=None)
    contract(title="C", term_until=None, term_unlimited=True, renewal_months=None, notice_months=3)
    contract(title="D", renewal_months=None, notice_months=None)
    found = read()
    assert figures(found) == [0, 0, 4, 3]
    behind = found.records(MultiDict({"was": "ohne-frist"}))
    assert sorted(str(line.cells[0]) for line in behind.lines()) == ["B", "D", "Gemeinsamer Bauhof"]


def test_what_ends_by_itself_and_what_is_over_is_named(context):
    contract(renewal_months=None, term_until=today() + timedelta(days=20), notice_months=6)
    contract(title="B", renewal_months=None, term_until=today() - timedelta(days=1), notice_months=6)
    states = {row[1].link["frist"]: row[1].value for row in table(read().sheet, "frist").rows}
    assert states == {"endet": 1, "abgelaufen": 1}


@pytest.mark.parametrize(("halt", "counted"), [(Stage.PAUSED, 1), (Stage.ABANDONED, 0), (Stage.ENDED, 0)])
def test_paused_contracts_run_on_and_those_that_are_over_do_not(context, halt, counted):
    group = contract()
    services.halt(
        group, {"halt": halt, "halted_on": today(), "halt_reason": "Grund"}, factories.member("anna")
    )
    assert figures(read())[2] == counted


def test_a_removed_group_and_one_on_its_way_have_no_contract_in_force(context):
    services.remove(contract(), factories.member("anna"))
    contract(title="B", step=Step.INTERESTED)
    db.session.flush()
    assert figures(read()) == [0, 0, 0, 0]


def test_partners_that_left_are_not_named_and_their_county_does_not_count(context):
    group = contract("Cölbe", "Lahntal", "Hünfeld")
    factories.step(group, "Hünfeld", Step.LEFT)
    found = read().sheet
    assert table(found, "liste").rows[0][1] == "Cölbe, Lahntal"
    assert [row[0] for row in table(found, "gebiet").rows] == ["Landkreis Marburg-Biedenkopf"]
    assert found.all_tables[0].total[2].value == 2


def test_a_contract_of_two_counties_stands_in_both_and_counts_once(context):
    contract("Cölbe", "Hünfeld")
    areas = table(read().sheet, "gebiet")
    assert [row[1].value for row in areas.rows] == [1, 1]
    assert areas.total[1].value == 1
    assert areas.notes


def test_observers_and_former_kommunen(context):
    group = contract("Beerfelden", "Cölbe", since=date(2016, 3, 3))
    group.partners[1].role = PartnerRole.OBSERVER
    db.session.flush()
    found = read().sheet
    assert [row[0] for row in table(found, "gebiet").rows] == ["Odenwaldkreis"]
    assert figures(read(county_id=factories.place("Odenwaldkreis").id))[0] == 1
    assert figures(read(county_id=factories.place("Landkreis Fulda").id))[0] == 0


@pytest.fixture
def many(app):
    with app.test_request_context():
        scatter(9)
        for number in range(150):
            contract(title=f"Vertrag {number}")
        db.session.commit()
        db.session.remove()


@pytest.mark.parametrize("names", [(), ("groesse",), ("kreis", "groesse", "aufgabenfeld")])
def test_the_page_opens_for_whoever_reads(many, rita, anna, mara, names):
    chosen = narrowed(rita.get(URL), names)
    for client in (rita, anna, mara):
        page = client.get(URL + chosen)
        assert page.status == 200
        assert page.soup.select_one("h1").get_text(strip=True) == "Kündigungsfristen"


def test_the_page_begins_today_and_offers_what_is_to_come(app, rita):
    page = rita.get(URL)
    assert page.soup.select_one("input[name=von]")["value"] == f"{today():%d.%m.%Y}"
    assert page.soup.select_one(".tabs a[aria-current]").get_text(strip=True) == "Nächste 12 Monate"
    for ending in (".csv", ".xlsx"):
        assert f"{today():%Y-%m-%d}" in rita.get(URL + ending).headers["Content-Disposition"]


def test_numbers_lead_to_lists_on_the_page(many, rita, ada):
    page = rita.get(URL)
    links = {link["href"]: link.get_text() for link in page.soup.select("main a[href*=datensaetze]")}
    assert len(links) > 10
    for address, text in list(links.items())[:12]:
        behind = rita.get(address)
        assert behind.soup.select_one("main h1").get_text().split()[0] == text
    assert rita.get(f"{URL}/datensaetze?was=alles").status == 404
    assert ada.get(URL).status == 403


def test_a_candidate_has_signed_nothing(context):
    made = contract("Cölbe", "Lahntal", "Kirchhain")
    partners.add(made, {"organisations": [factories.place("Marburg").id]}, factories.member("anna"))
    db.session.flush()
    listed = table(read().sheet, "monat").total
    assert [cell.value for cell in listed[1:]] == [1, 3]
    assert "Marburg" not in str(table(read().sheet, "liste").rows)
