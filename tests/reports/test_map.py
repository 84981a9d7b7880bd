"""The map page: values, classes that add up, links, words, weight, filters, roles, with and without areas."""

import gzip
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm.consultations.models import (
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationState,
    Participation,
    Presence,
)
from crm.cooperations.kinds import Step
from crm.db import db, today
from crm.events.models import EventState
from crm.geography.services import take_over
from crm.organisations.models import Level
from crm.reports import territory
from crm.reports.hesse import mapping, touched
from crm.reports.hesse.layers import MapMeasure
from crm.reports.period import Period, this_year
from crm.reports.scope import Scope
from crm.reports.talks import activity
from crm.task_fields import queries as task_fields
from tests import factories
from tests.geography import grid
from tests.geography.everywhere import boundaries
from tests.geography.test_real_file import FILE
from tests.reports.funds import grant
from tests.reports.walking import check_all
from tests.statements import asked

URL = "/berichte/karte"
YEAR = Period(date(2025, 7, 1), date(2026, 6, 30))
QUERY = "?von=01.07.2025&bis=30.06.2026"
MOST_BYTES = 250_000


def read(period=YEAR, user="anna", **narrowed):
    return mapping.read(factories.member(user), Scope(period, **narrowed))


def said(measure, place, period=YEAR, **narrowed):
    """Class, number and words of one Kommune."""
    layer = read(period, **narrowed).layer(measure)
    unit = factories.place(place).id
    return layer.step(unit), layer.number(unit).value, layer.words(unit)


def store(app, *places, **values):
    with app.test_request_context():
        factories.talk(*places, **values)
        db.session.commit()
        db.session.remove()


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("user", ["rita", "anna"])
def test_talks_of_each_kommune_equal_a_slow_count(seeded, context, seed, user):
    slow = {}
    for talk in db.session.scalars(select(Consultation)):
        if talk.state is not ConsultationState.HELD or not YEAR.since <= talk.held_on <= YEAR.until:
            continue
        if talk.confidential and user == "rita":
            continue
        for one in talk.participations:
            if one.presence in (Presence.PRESENT, Presence.REPRESENTED):
                slow.setdefault(one.organisation_id, []).append(talk.held_on)
    layer = read(user=user).layer(MapMeasure.TALKS)
    assert {unit: one.number.value for unit, one in layer.values.items()} == {
        unit: len(days) for unit, days in slow.items()
    }
    for unit, days in slow.items():
        assert layer.words(unit).endswith(f"zuletzt {max(days):%d.%m.%Y}")
        assert layer.step(unit) == sum(len(days) >= least for least in (1, 2, 4, 7))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("measure", list(MapMeasure))
def test_classes_add_up_to_the_towns_and_the_rest_stands_beside(seeded, context, seed, measure):
    atlas = read()
    layer = atlas.layer(measure)
    assert sum(one.value for one in atlas.of_class(layer)) == len(atlas.towns) == 421
    shown = atlas.shown(layer).value + len(atlas.counties(layer)) + len(atlas.former(layer))
    assert shown == sum(atlas.known.land.is_kommune(unit) for unit in layer.values)


@pytest.mark.parametrize(
    "period", [YEAR, Period(date(2016, 7, 1), date(2018, 6, 30))], ids=["year", "merger"]
)
def test_map_and_counties_are_the_distinct_kommunen_of_the_activity_report(scattered, context, period):
    for place in ("Beerfelden", "Cölbe", "Landkreis Fulda"):
        factories.talk(place, held_on=date(2017, 3, 1))
    atlas = read(period)
    layer = atlas.layer(MapMeasure.TALKS)
    found = activity.read(factories.member("anna"), Scope(period)).sheet
    beside = len(atlas.counties(layer)), len(atlas.former(layer))
    assert atlas.shown(layer).value + sum(beside) == found.figures[2].number.value
    assert all(beside) == (period is not YEAR) or beside[0]


@pytest.mark.parametrize("narrowed", [{}, {"rolled_up": True}])
def test_every_number_is_worth_its_list(scattered, context, narrowed):
    assert len(check_all(read(**narrowed), lines_of=5)) > 200


@pytest.mark.parametrize(
    ("days", "step"), [(0, 4), (183, 4), (184, 3), (365, 3), (366, 2), (730, 2), (731, 1), (6000, 1)]
)
def test_the_last_talk_falls_into_its_class_on_the_day(context, days, step):
    factories.talk("Cölbe", days_ago=days)
    shown = said(MapMeasure.SINCE, "Cölbe", this_year())
    assert shown[:2] == (step, days)
    assert f"{today() - timedelta(days):%d.%m.%Y}" in shown[2]
    assert said(MapMeasure.SINCE, "Hanau", this_year()) == (0, None, "noch nie beraten")


@pytest.mark.parametrize(("talks", "step"), [(1, 1), (2, 2), (3, 2), (4, 3), (6, 3), (7, 4)])
def test_talks_fall_into_their_class_at_its_border(context, talks, step):
    for _one in range(talks):
        factories.talk("Cölbe", held_on=date(2026, 1, 5))
    assert said(MapMeasure.TALKS, "Cölbe")[:2] == (step, talks)


def test_the_stand_in_a_field_is_the_farthest(context):
    field, other = (one.id for one in task_fields.everything() if one.name in ("Bauhof", "Kasse"))
    asked_for = {"field_id": field, "period": this_year()}

    def stand(place):
        return said(MapMeasure.FIELD, place, **asked_for)

    event = factories.event(in_days=-5, state=EventState.HELD, task_fields=list(_fields(field)))
    factories.registration(event, at="Cölbe", came_at=event.starts_at)
    factories.talk("Hanau", days_ago=5, task_fields=[other])
    assert stand("Cölbe") == (1, 1, "1 Veranstaltung")
    assert stand("Hanau") == (0, None, "keine Beteiligung")
    factories.talk("Cölbe", "Lahntal", days_ago=4, task_fields=[field])
    assert stand("Cölbe") == (2, 1, "1 Beratung, 1 Veranstaltung")
    factories.cooperation("Lahntal", "Fulda", task_fields=[field], step=Step.INTERESTED)
    assert stand("Lahntal") == (3, 1, "1 Kooperation, 1 Beratung")
    factories.cooperation("Fulda", "Hünfeld", task_fields=[field], step=Step.ACTIVE)
    assert stand("Fulda") == (4, 2, "2 Kooperationen")
    assert said(MapMeasure.FIELD, "Hanau", this_year())[0] == 2


def _fields(*numbers):
    return (one for one in task_fields.everything() if one.id in numbers)


def test_grants_are_counted_with_the_sum_of_the_groups(context):
    grant("Cölbe", "Fulda", sum="75000", on=date(2026, 1, 5))
    grant("Cölbe", "Hanau", sum="50000.5", on=date(2026, 2, 5))
    grant("Hanau", sum=None, on=date(2026, 2, 5))
    grant("Hünfeld", sum="1", on=None)
    assert said(MapMeasure.GRANTS, "Cölbe")[:2] == (2, 2)
    assert "125.000,50\xa0€" in said(MapMeasure.GRANTS, "Cölbe")[2]
    assert said(MapMeasure.GRANTS, "Hünfeld")[0] == 0
    behind = read().records(MultiDict({"was": "bewilligungen", "kommune": factories.place("Cölbe").id}))
    assert [line.cells[2].value for line in behind.lines()] == [Decimal("75000"), Decimal("50000.5")]


def test_grants_count_on_the_first_and_the_last_day_and_not_beside(context):
    for day in (YEAR.since, YEAR.until, YEAR.since - timedelta(1), YEAR.until + timedelta(1)):
        grant("Cölbe", on=day)
    assert said(MapMeasure.GRANTS, "Cölbe")[1] == 2


def test_the_page_draws_every_kommune_as_a_link_with_its_words(app, rita):
    for _one in range(3):
        store(app, "Lahntal", "Landkreis Fulda", held_on=date(2026, 5, 12))
    page = rita.get(URL + QUERY)
    tiles = page.working.select("svg[data-map] a")
    assert len(tiles) == 421
    names = {one.title.get_text(): one for one in tiles}
    tile = names["Lahntal: 3 Beratungen, zuletzt 12.05.2026"]
    assert tile.path["class"] == ["k2"]
    assert tile.path["d"].startswith("M")
    assert names["Cölbe: keine Beratung"].path["class"] == ["k0"]
    assert rita.get(tile["href"]).working.select_one("h1").get_text(strip=True).startswith("Lahntal")
    assert "Landkreis Fulda (3)" in page.main
    assert page.working.select_one("svg[data-map]")["role"] == "group"
    assert "2 bis 3: 1" in page.working.select_one("svg[data-map] > desc").get_text()


def test_the_table_beside_says_the_same(app, rita):
    store(app, "Lahntal", held_on=date(2026, 5, 12))
    page = rita.get(URL + QUERY)
    rows = {one.a.get_text(): one for one in page.working.select(".map-table tbody tr") if one.a}
    assert len(rows) == 421
    opened = rita.get(rows["Lahntal"].select_one("td.num a")["href"])
    assert opened.working.select_one("h1").get_text(strip=True) == "1 Beratung"
    tiles = {one.title.get_text() for one in page.working.select("svg[data-map] a")}
    assert tiles == {f"{name}: {row.select('td')[1].get_text()}" for name, row in rows.items()}


@pytest.mark.parametrize("measure", list(MapMeasure))
def test_numbers_of_the_legend_open_as_many_kommunen(scattered, anna, measure):
    page = anna.get(f"{URL}{QUERY}&mass={measure.value}")
    links = page.working.select(".map-side :is(.legend-n, .map-sum, .map-beside .muted) a")
    assert links
    for link in links:
        behind = anna.get(link["href"])
        assert behind.working.select_one("h1").get_text().split()[0] == link.get_text(strip=True)
    assert sum(int(one.get_text()) for one in page.working.select(".legend-n")) == 421


def test_without_any_entry_the_page_says_so(rita):
    page = rita.get(f"{URL}?von=01.01.2010&bis=31.12.2010")
    assert "Auf dieser Karte ist nichts zu zeigen." in page.main
    assert "weniger Filter" in page.main
    assert {one["class"][0] for one in page.working.select("svg[data-map] a path")} == {"k0"}


@pytest.mark.parametrize("areas", ["", "made up", "real"])
def test_the_page_weighs_at_most_a_quarter_of_a_megabyte(app, rita, areas):
    if areas == "real" and not FILE.is_file():
        pytest.skip("the real boundaries are not beside the project")
    with app.test_request_context():
        if areas:
            take_over(FILE.read_bytes() if areas == "real" else boundaries(), "© Grenzamt", None)
        _talk_with_all()
        db.session.commit()
        db.session.remove()
    for measure in ("beratungen", "zuletzt", "stand"):
        page = rita.get(f"{URL}{QUERY}&mass={measure}")
        assert not page.working.select("svg[data-map] a path.k0")
        assert bool(page.working.select("svg[data-map] a path.true")) is bool(areas)
        assert len(page.data) <= MOST_BYTES, measure
        assert len(gzip.compress(page.data)) <= MOST_BYTES / 4, measure


def _talk_with_all():
    """One talk in which every town took part."""
    bodies = read().known.land.bodies.values()
    towns = [one for one in bodies if one.level is Level.MUNICIPALITY and one.holds_on(today())]
    parts = [
        Participation(organisation_id=one.id, organisation_name=one.name, presence=Presence.PRESENT)
        for one in towns
    ]
    day, kind = date(2026, 1, 15), ConsultationKind.ASSEMBLY
    state, channel = ConsultationState.HELD, next(iter(Channel))
    db.session.add(Consultation(held_on=day, kind=kind, state=state, channel=channel, participations=parts))


def test_some_boundaries_are_areas_and_the_rest_stay_tiles(app, rita):
    with app.test_request_context():
        take_over(grid.collection(), "", None)
        db.session.commit()
        db.session.remove()
    page = rita.get(URL + QUERY)
    true = {one.parent.title.get_text().partition(":")[0] for one in page.working.select("a path.true")}
    assert true == set(grid.NINE)
    assert len(page.working.select("svg[data-map] a path")) == 421
    assert grid.SOURCE in page.main


def test_a_county_alone_is_linked_and_the_rest_is_quiet(app, rita):
    with app.test_request_context():
        fulda = factories.place("Landkreis Fulda").id
    page = rita.get(f"{URL}{QUERY}&kreis={fulda}")
    assert len(page.working.select("svg[data-map] a")) == 23
    assert page.working.select_one("path.rest")["d"].count("z") == 398
    assert "Landkreis: Landkreis Fulda" in page.main
    window = [int(one) for one in page.working.select_one("svg[data-map]")["viewBox"].split()]
    whole = [int(one) for one in rita.get(URL).working.select_one("svg[data-map]")["viewBox"].split()]
    assert whole[:2] == [0, 0]
    assert window[2] < whole[2] / 2
    assert "Hünfeld" in [one.get_text() for one in page.working.select(".map-names text")]
    starts = [re.match(r"M(\d+) (\d+)", one["d"]).groups() for one in page.working.select("svg a path")]
    assert all(window[0] < int(x) < window[0] + window[2] for x, _y in starts)
    assert all(window[1] < int(y) < window[1] + window[3] for _x, y in starts)
    assert "von 23 Städten und Gemeinden" in page.main


def test_all_filters_together_stay_few_statements(scattered, app, mara):
    with app.test_request_context():
        fulda, field = factories.place("Landkreis Fulda").id, task_fields.everything()[0].id
        group = factories.cooperation("Fulda", "Hünfeld").id
        anna = factories.member("anna").id
        more = f"&kooperation={group}&kreis={fulda}&aufgabenfeld={field}&person={anna}&nachfolge=1"
        db.session.commit()
        db.session.remove()
    for measure in MapMeasure:
        page = mara.get(f"{URL}{QUERY}{more}&mass={measure.value}&groesse=up-to-5000&art-der-beratung=group")
        assert page.status == 200
        assert len(page.statements) <= 20


def test_the_whole_report_asks_few_statements(scattered, context):
    anna = factories.member("anna")
    with asked() as seen:
        assert mapping.read(anna, Scope(YEAR)).sheet
    assert len(seen) <= 14, len(seen)


def test_the_picture_is_worked_out_once(app, rita, monkeypatch):
    from crm.reports.hesse import mosaic

    rita.get(URL)
    monkeypatch.setattr(mosaic, "drawn", None)
    assert rita.get(URL + "?mass=zuletzt").status == 200


def test_kommunen_of_a_day_long_ago_are_those_of_that_day(app, rita):
    store(app, "Bromskirchen", held_on=date(2022, 5, 3))
    page = rita.get(f"{URL}?von=01.01.2022&bis=31.12.2022")
    assert "von 422 Städten und Gemeinden" in page.main
    assert "Bromskirchen" in page.main
    page = rita.get(f"{URL}?von=01.01.2022&bis=30.06.2023")
    assert "Am Stichtag nicht mehr vorhanden: Bromskirchen (1)" in page.main
    page = rita.get(f"{URL}?von=01.01.2022&bis=30.06.2023&nachfolge=1")
    assert "Allendorf (Eder): 1 Beratung, zuletzt 03.05.2022" in page.html


def test_confidential_talks_colour_nothing_for_a_reader(app, rita, anna):
    store(app, "Lahntal", held_on=date(2026, 5, 12), confidential=True)
    for measure in ("beratungen", "zuletzt", "stand"):
        seen, hidden = (one.get(f"{URL}{QUERY}&mass={measure}") for one in (anna, rita))
        assert len(seen.working.select("a path.k0")) == 420
        assert len(hidden.working.select("a path.k0")) == 421


@pytest.mark.parametrize("name", ["rita", "anna", "emil", "mara"])
def test_the_page_opens_for_every_reader_and_from_the_list(request, app, name):
    client = request.getfixturevalue(name)
    links = [one["href"] for one in client.get("/berichte").working.select("main a")]
    assert {URL, "/berichte/weisse-flecken", "/berichte/reichweite"} <= set(links)
    page = client.get(URL)
    assert page.working.select_one("h1").get_text(strip=True) == "Hessenkarte"
    assert any(
        one["href"].startswith("/berichte/weisse-flecken?von=") for one in page.working.select("main a")
    )


def test_administrators_see_no_map(ada):
    assert ada.get(URL).status == 403


def test_the_activity_report_leads_to_the_map_of_its_period(rita):
    page = rita.get("/berichte/taetigkeit" + QUERY)
    (link,) = (one["href"] for one in page.working.select("main a") if one["href"].startswith(URL + "?"))
    assert "von=01.07.2025" in link
    assert rita.get(link).status == 200


@pytest.mark.parametrize("query", ["mass=quatsch", "mass=%00"])
def test_a_measure_nobody_knows_is_no_map(rita, query):
    assert rita.get(f"{URL}?{query}").status == 404


@pytest.mark.parametrize(
    "query", ["von=quatsch", "von=02.01.2026&bis=01.01.2026", "kreis=999999", "groesse=x"]
)
def test_a_wrong_filter_is_named_and_nothing_is_drawn(rita, query):
    page = rita.get(f"{URL}?{query}")
    assert page.status == 422
    assert not page.working.select("svg[data-map]")
    assert page.errors()


@pytest.mark.parametrize(
    "query",
    ["", "was=stufe", "was=stufe&mass=x", "was=stufe&mass=beratungen&klasse=5", "was=x&mass=beratungen",
     "was=gespraeche&kommune=0", "was=kreise"],
)  # fmt: skip
def test_lists_that_the_map_never_writes_do_not_exist(rita, query):
    assert rita.get(f"{URL}/datensaetze?{query}").status == 404


def test_the_files_of_the_map_hold_every_kommune(app, rita):
    store(app, "Lahntal", held_on=date(2026, 5, 12))
    text = rita.get(f"{URL}.csv{QUERY}").data.decode("utf-8-sig")
    assert "Lahntal;Landkreis Marburg-Biedenkopf;1;49;" in text
    assert rita.get(f"{URL}.xlsx{QUERY}").status == 200


def test_an_odd_class_does_not_exist(rita):
    for step in ("None", "5", "x", "-1"):
        address = f"/berichte/karte/datensaetze?was=stufe&mass=beratungen&klasse={step}"
        assert rita.get(address).status == 404, step


def test_a_talk_with_two_predecessors_is_one_talk_of_what_they_became(context):
    factories.talk("Beerfelden", "Rothenberg", held_on=date(2017, 5, 5))
    scope = Scope(Period(date(2017, 1, 1), date(2018, 12, 31)), rolled_up=True)
    found = touched.talks_by_unit(factories.member("anna"), scope, territory.load())
    assert found[factories.place("Oberzent").id].times == 1
