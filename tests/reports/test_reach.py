"""R5, reach: four ways counted again slowly, opened number by number, across a merger, for every role."""

from datetime import date

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm.cooperations.kinds import Step
from crm.db import db, today
from crm.events.models import EventState
from crm.organisations.models import Organisation
from crm.organisations.sizes import SizeClass
from crm.reports import territory
from crm.reports.hesse import reach
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.reports.talks import activity
from tests import factories
from tests.reports.contacts import WAYS, existing, slow_count
from tests.reports.funds import grant
from tests.reports.walking import check_all, table
from tests.statements import asked

URL = "/berichte/reichweite"
YEAR = Period(date(2025, 7, 1), date(2026, 6, 30))
PERIODS = (YEAR, Period(date(2016, 1, 1), date(2017, 12, 31)), Period(date(2026, 1, 1), date(2030, 12, 31)))


def read(period=YEAR, user="anna", **narrowed):
    return reach.read(factories.member(user), Scope(period, **narrowed))


def ways(found):
    """The table by way as {way: values of its row}, and its sum."""
    one = table(found, "wege")
    rows = [*one.rows, one.total]
    return dict(zip((*WAYS, ""), ([cell.value for cell in row[1:]] for row in rows), strict=True))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("period", PERIODS, ids=["year", "merger", "ahead"])
@pytest.mark.parametrize("user", ["rita", "anna"])
def test_numbers_equal_a_slow_count(seeded, context, period, seed, user):
    slow = slow_count(user != "rita", period.since, period.until)
    base, shown = existing(min(period.until, today())), ways(read(period, user).sheet)
    for way in WAYS:
        units = set(slow[way])
        reached = len(units & base)
        assert shown[way][0] == len(slow[way]), way
        assert shown[way][2:5] == [len(units), reached, len(base) - reached], way
        assert shown[way][1] == round(100 * len(slow[way]) / len(base), 1)
        assert shown[way][5] == round(100 * reached / len(base), 1)
    units = {one for way in WAYS for one in slow[way]}
    assert shown[""][0] == sum(len(slow[way]) for way in WAYS)
    assert shown[""][2:4] == [len(units), len(units & base)]


@pytest.mark.parametrize("narrowed", [{}, {"rolled_up": True}, {"size": SizeClass.UP_TO_10000}])
def test_every_number_is_worth_its_list(scattered, context, narrowed):
    assert len(check_all(read(**narrowed))) > 100


def test_areas_and_sizes_add_up_to_the_whole(scattered, context):
    for name in ("gebiet", "klasse"):
        one = table(read().sheet, name)
        for place in range(1, len(one.columns) - 1):
            assert sum(row[place].value for row in one.rows) == one.total[place].value, (name, place)
        assert one.total[2].value == ways(read().sheet)["beratungen"][3]


@pytest.mark.parametrize("narrowed", [{}, {"county": "Landkreis Fulda"}])
def test_talks_are_those_of_the_activity_report(scattered, context, narrowed):
    county = {f"{name}_id": factories.place(one).id for name, one in narrowed.items()}
    one = table(activity.read(factories.member("anna"), Scope(YEAR, **county)).sheet, "gebiet").total
    shown = ways(read(**county).sheet)["beratungen"]
    assert [shown[0], shown[2], shown[3]] == [one[2].value, one[3].value, one[4].value]


def test_a_former_kommune_is_named_and_in_no_percentage_unless_rolled_up(context):
    gone = db.session.scalars(select(Organisation).where(Organisation.name == "Bromskirchen")).one()
    factories.talk(gone.name, held_on=date(2022, 5, 3))
    across = Period(date(2022, 1, 1), date(2023, 6, 30))
    found = read(across).sheet
    assert ways(found)["beratungen"] == [1, 0.2, 1, 0, 442, 0.0]
    assert "Bromskirchen" in table(found, "wege").notes[-1]
    found = read(across, rolled_up=True).sheet
    assert ways(found)["beratungen"] == [1, 0.2, 1, 1, 441, 0.2]
    assert not table(found, "wege").notes
    assert ways(read(Period(date(2022, 1, 1), date(2022, 12, 31))).sheet)["beratungen"][3] == 1


def test_each_way_counts_at_its_first_and_last_day_and_not_beside(context):
    days = (YEAR.since, YEAR.until, date(2025, 6, 30), date(2026, 7, 1))
    for day in days:
        factories.talk("Cölbe", held_on=day)
        grant("Hanau", "Fulda", on=day)
        event = factories.event(in_days=(day - today()).days, state=EventState.HELD)
        factories.heads(event, 5, organisation_id=factories.place("Lahntal").id)
    shown = ways(read().sheet)
    assert [shown[way][0] for way in ("beratungen", "veranstaltungen", "foerderungen")] == [2, 2, 4]
    assert [shown[way][2] for way in ("beratungen", "veranstaltungen", "foerderungen")] == [1, 1, 2]


def test_who_left_before_the_grant_was_not_reached_by_it(context):
    group, _application = grant("Hanau", "Fulda", "Cölbe", on=date(2026, 3, 1), since=date(2026, 1, 1))
    factories.step(group, "Cölbe", Step.LEFT, days_ago=(today() - date(2026, 2, 1)).days)
    assert ways(read().sheet)["foerderungen"][0] == 2


def test_other_bodies_and_guests_without_organisation_reach_nobody(context):
    factories.talk("ekom21", held_on=date(2026, 1, 5))
    event = factories.event(in_days=(date(2026, 1, 6) - today()).days, state=EventState.HELD)
    factories.registration(event, at=None, came_at=event.starts_at)
    factories.registration(event, "Fern", at="Hanau", came_at=None)
    factories.heads(event, 40)
    assert ways(read().sheet)[""][0] == 0


def test_the_period_before_is_compared(context):
    factories.talk("Cölbe", held_on=date(2025, 3, 1))
    factories.talk("Cölbe", "Hanau", held_on=date(2025, 9, 1))
    any_way, talks, *_rest = read().sheet.figures
    assert talks.change.startswith("+1 ")
    assert any_way.change.startswith("+1 ")


def test_a_contact_leads_to_its_occasion(context):
    talk = factories.talk("Cölbe", held_on=date(2026, 2, 3))
    found = read().records(MultiDict({"was": "kontakte", "weg": "beratungen"}))
    (line,) = found.lines()
    assert line.cells[0] == date(2026, 2, 3)
    assert line.cells[-1].numbers == (("consultation_id", talk.id),)


def test_the_report_asks_few_statements(scattered, context):
    anna = factories.member("anna")
    with asked() as seen:
        assert reach.read(anna, Scope(YEAR)).sheet
    assert len(seen) <= 14, len(seen)


def test_confidential_talks_reach_nobody_for_a_reader(app, rita, anna):
    with app.test_request_context():
        factories.talk("Cölbe", held_on=date(2026, 2, 3), confidential=True)
        db.session.commit()
    query = "?von=01.07.2025&bis=30.06.2026"
    behind = f"{URL}/datensaetze{query}&was=kontakte"
    assert "Cölbe" in anna.get(behind).main
    assert "Cölbe" not in rita.get(behind).main
    for client, reached in ((anna, "1"), (rita, "0")):
        assert client.get(URL + query).working.select_one(".figures-big dd").get_text(strip=True) == reached


@pytest.mark.parametrize(
    "query",
    [
        "was=alles",
        "was=kontakte&weg=fuss",
        "was=erreicht&gebiet=x",
        "was=erreicht&klasse=x",
        "",
        "weg=beratungen",
    ],
)
def test_lists_that_the_report_never_writes_do_not_exist(rita, query):
    assert rita.get(f"{URL}/datensaetze?{query}").status == 404


def test_an_area_nobody_knows_has_an_empty_list(rita):
    assert "0 Kommunen" in rita.get(f"{URL}/datensaetze?was=erreicht&gebiet=999999").main


@pytest.mark.parametrize("name", ["rita", "anna", "emil", "mara"])
def test_the_page_opens_for_every_reader(request, app, name):
    page = request.getfixturevalue(name).get(URL)
    assert page.status == 200
    assert page.working.select_one("h1").get_text(strip=True) == "Reichweite"


def test_a_territory_of_no_kommune_divides_by_nothing(context):
    found = read(Period(date(1901, 1, 1), date(1901, 12, 31)), county_id=factories.place("Hanau").id).sheet
    assert ways(found)[""][0] == 0
    assert territory.load().base(Scope(YEAR, county_id=factories.place("Hanau").id))


def test_rolled_up_both_periods_compare_with_what_there_is_after_the_merger(context):
    """Beerfelden and Rothenberg went up into Oberzent at the beginning of 2018."""
    factories.talk("Beerfelden", "Rothenberg", held_on=date(2017, 5, 5))
    found = read(Period(date(2018, 1, 1), date(2018, 12, 31)), rolled_up=True)
    then = found.before.number("erreicht")
    assert (then.value, found.before.number("kommunen").value) == (1, 1)
