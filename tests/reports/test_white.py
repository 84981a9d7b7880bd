"""R6, white spots: told apart slowly, opened number by number, never-contacted first, per role."""

from datetime import date, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from crm.db import db, today
from crm.events.models import EventState
from crm.reports.hesse import white
from crm.reports.period import Period
from crm.reports.scope import Scope
from tests import factories
from tests.reports.contacts import existing, slow_count
from tests.reports.walking import check_all, table
from tests.statements import asked

URL = "/berichte/weisse-flecken"
YEAR = Period(date(2025, 7, 1), date(2026, 6, 30))
ALWAYS = date(1900, 1, 1)


def read(period=YEAR, user="anna", **narrowed):
    return white.read(factories.member(user), Scope(period, **narrowed))


def figures(found):
    return [one.number.value for one in found.figures]


def names(found):
    return [row[0].text for row in table(found, "liste").rows]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("user", ["rita", "anna"])
@pytest.mark.parametrize("period", [YEAR, Period(date(2025, 9, 1), date(2030, 1, 1))], ids=["year", "ahead"])
def test_numbers_equal_a_slow_count(seeded, context, period, seed, user):
    cutoff = min(period.until, today())
    base = existing(cutoff)

    def touched(first):
        slow = slow_count(user != "rita", first, cutoff)
        return {*slow["beratungen"], *slow["veranstaltungen"]}

    never = base - touched(ALWAYS)
    joined = set(slow_count(False, cutoff, cutoff)["kooperationen"])
    expected = [len(base - touched(period.since)), len(never), len(never - joined)]
    assert figures(read(period, user).sheet) == expected
    assert expected[0] > expected[1] > expected[2] > 0


@pytest.mark.parametrize("narrowed", [{}, {"rolled_up": True}])
def test_every_number_is_worth_its_list(scattered, context, narrowed):
    assert len(check_all(read(**narrowed))) > 400


def test_the_longest_without_contact_come_first_those_that_never_had_any_before(context):
    factories.talk("Cölbe", held_on=date(2024, 2, 1))
    factories.talk("Hanau", held_on=date(2019, 2, 1))
    event = factories.event(in_days=(date(2022, 1, 6) - today()).days, state=EventState.HELD)
    factories.heads(event, 5, organisation_id=factories.place("Fulda").id)
    factories.talk("Lahntal", held_on=date(2025, 7, 1))
    found = read().sheet
    assert figures(found)[:2] == [441, 438]
    assert names(found)[-3:] == ["Hanau", "Fulda", "Cölbe"]
    rows = {row[0].text: row for row in table(found, "liste").rows}
    assert rows["Hanau"][2] == date(2019, 2, 1)
    assert rows["Fulda"][2:6:2] == ("noch nie", date(2022, 1, 6))
    assert rows["Abtsteinach"][2] == "noch nie"


def test_a_contact_on_the_first_or_the_last_day_is_one(context):
    for place, day in (("Cölbe", YEAR.since), ("Hanau", YEAR.until)):
        factories.talk(place, held_on=day)
    for place, day in (("Fulda", YEAR.since - timedelta(1)), ("Lahntal", YEAR.until + timedelta(1))):
        factories.talk(place, held_on=day)
    found = read().sheet
    assert figures(found)[:2] == [440, 439]
    assert {"Fulda", "Lahntal"} <= set(names(found))
    rows = {row[0].text: row for row in table(found, "liste").rows}
    assert rows["Lahntal"][2] == "noch nie"


def test_who_apologised_or_was_only_expected_had_no_contact(context):
    from crm.consultations.models import Presence
    from crm.consultations.services import Party

    factories.talk(
        parties=[Party(factories.place("Cölbe").id, Presence.APOLOGISED)], held_on=date(2026, 1, 5)
    )
    event = factories.event(in_days=(date(2026, 1, 6) - today()).days, state=EventState.HELD)
    factories.registration(event, at="Hanau", came_at=None)
    factories.talk("Fulda", days_ago=-30)
    assert figures(read(Period(date(2026, 1, 1), date(2026, 12, 31))).sheet)[:2] == [442, 442]


def test_a_former_kommune_is_not_white_and_gives_its_contact_only_when_rolled_up(context):
    factories.talk("Bromskirchen", held_on=date(2022, 5, 3))
    across = Period(date(2022, 1, 1), date(2023, 6, 30))
    assert figures(read(across).sheet)[0] == 442
    assert "Bromskirchen" not in names(read(across).sheet)
    rolled = read(across, rolled_up=True).sheet
    assert figures(rolled)[0] == 441
    assert "Allendorf (Eder)" not in names(rolled)


def test_a_confidential_talk_is_no_contact_for_a_reader(context):
    factories.talk("Cölbe", held_on=date(2026, 2, 3), confidential=True)
    assert [figures(read(user=user).sheet)[0] for user in ("anna", "rita")] == [441, 442]
    behind = MultiDict({"was": "gespraeche", "kommune": factories.place("Cölbe").id, "bisher": 1})
    assert [len(read(user=user).records(behind).ids) for user in ("anna", "rita")] == [1, 0]


def test_a_task_field_asks_for_contact_about_it(context):
    from crm.task_fields import queries

    field = next(one for one in queries.everything() if one.name == "Bauhof")
    factories.talk("Cölbe", held_on=date(2026, 2, 3), task_fields=[field.id])
    factories.talk("Hanau", held_on=date(2026, 2, 3))
    assert figures(read(field_id=field.id).sheet)[0] == 441


def test_places_narrow_the_base(context):
    fulda = factories.place("Landkreis Fulda").id
    found = read(county_id=fulda).sheet
    assert figures(found)[0] == 24
    assert [row[0] for row in table(found, "gebiet").rows] == ["Landkreis Fulda"]


def test_the_report_asks_few_statements(scattered, context):
    anna = factories.member("anna")
    with asked() as seen:
        assert white.read(anna, Scope(YEAR)).sheet
    assert len(seen) <= 12, len(seen)


@pytest.mark.parametrize(
    "query",
    [
        "was=alles",
        "was=gespraeche",
        "was=gespraeche&kommune=x",
        "was=besuche&kommune=999999",
        "was=nie&gebiet=x",
    ],
)
def test_lists_that_the_report_never_writes_do_not_exist(rita, query):
    assert rita.get(f"{URL}/datensaetze?{query}").status == 404


def test_the_page_lists_them_and_leads_to_each(app, rita):
    with app.test_request_context():
        factories.talk("Cölbe", held_on=date(2020, 2, 3))
        number = factories.place("Cölbe").id
        db.session.commit()
    page = rita.get(f"{URL}?von=01.07.2025&bis=30.06.2026")
    row = page.working.select("table[data-table=liste] tbody tr")[-1]
    assert row.th.a["href"] == f"/kommunen/{number}"
    assert "03.02.2020" in row.get_text()
    opened = rita.get(row.select_one("td.num a")["href"])
    assert opened.working.select_one("h1").get_text(strip=True).startswith("1 Beratung")
    assert len(page.working.select("table[data-table=liste] tbody tr")) == 442


def test_administrators_see_no_white_spots(ada):
    assert ada.get(URL).status == 403
