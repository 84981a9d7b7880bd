"""The report on cooperations: as at a day, with the list behind every number, and what must never happen."""

import csv
import io
from collections import Counter
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from werkzeug.datastructures import MultiDict

from crm.cooperations import services
from crm.cooperations.kinds import PartnerRole, Stage, Step, StepSource
from crm.cooperations.partners import change_role
from crm.db import db, today
from crm.reports import territory
from crm.reports.groups import cooperations
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.reports.sheet import Number
from tests import factories
from tests.reports.groups import scatter, slow_count
from tests.reports.walking import check_all, numbers, table

URL = "/berichte/kooperationen"
DAYS = (date(2017, 12, 31), date(2018, 1, 1), date(2024, 12, 31), date(2025, 12, 31))
NOBODY = [0, 0, 0, 0]


def period(day):
    return Period(date(day.year, 1, 1), day)


def made(day=None):
    return read(period(day or today())).sheet


def read(asked):
    return cooperations.read(factories.member("anna"), Scope(asked))


def figures(day=None):
    """Cooperations, participations, distinct Kommunen, participations without a day."""
    return [one.number.value for one in made(day).figures]


def group_of(*places, since=date(2020, 3, 3), step=Step.ACTIVE, **over):
    return factories.cooperation(*places, step=step, reached_on=since, **over)


def test_whoever_left_since_still_counts_last_year(context):
    group = group_of("Cölbe", "Lahntal")
    factories.step(group, "Lahntal", Step.LEFT, days_ago=5)
    assert figures(date(2025, 12, 31)) == [1, 2, 2, 0]
    assert figures(today() - timedelta(days=6)) == [1, 2, 2, 0]
    assert figures(today() - timedelta(days=5)) == [1, 1, 1, 0]
    assert figures() == [1, 1, 1, 0]


def test_whoever_declined_counts_until_that_day(context):
    group = group_of("Cölbe", "Lahntal", step=Step.INTERESTED)
    factories.step(group, "Lahntal", Step.DECLINED, days_ago=5)
    assert figures(today() - timedelta(days=6))[1:] == [2, 2, 0]
    assert figures()[1:] == [1, 1, 0]


def test_steps_without_a_day_count_as_always_there_and_the_report_says_how_many(context):
    group_of("Cölbe", "Lahntal", since=None, source=StepSource.IMPORT)
    group_of("Kirchhain", title="Archiv")
    for day in (date(2016, 12, 31), date(2019, 12, 31)):
        assert figures(day) == [1, 2, 2, 2]
    assert figures() == [2, 3, 3, 2]
    partner = factories.cooperation("Marburg", step=Step.INTERESTED, reached_on=None, title="Forst")
    factories.step(partner, "Marburg", Step.ACTIVE, days_ago=30)
    assert figures() == [3, 4, 4, 2]
    assert figures(today() - timedelta(days=31)) == [3, 4, 4, 3]


def test_an_undated_candidate_makes_no_group_older_than_its_entry(context):
    factories.cooperation("Cölbe", "Lahntal", reached_on=None)
    assert figures(date(2025, 12, 31)) == NOBODY
    assert figures() == [1, 0, 0, 0]


def test_a_group_entered_later_counts_from_the_first_day_that_is_known_of_it(context):
    group_of("Cölbe", "Lahntal", since=date(2020, 3, 3))
    factories.cooperation("Kirchhain", first_contact_on=date(2021, 5, 5), title="Archiv")
    assert figures(date(2020, 3, 2)) == NOBODY
    assert figures(date(2020, 3, 3)) == [1, 2, 2, 0]
    assert figures(date(2021, 5, 5)) == [2, 2, 2, 0]


def test_a_group_of_which_only_the_end_is_known_counts_as_ended_since(context):
    group = factories.cooperation("Cölbe", "Lahntal")
    values = {"halt": Stage.ENDED, "halted_on": date(2019, 5, 5), "halt_reason": "Frist"}
    services.halt(group, values, factories.member("anna"))
    assert figures(date(2019, 5, 4)) == NOBODY
    assert figures(date(2019, 5, 5)) == [1, 0, 0, 0]


def test_a_removed_group_counts_nowhere(context):
    group = group_of("Cölbe", "Lahntal")
    services.remove(group, factories.member("anna"))
    db.session.flush()
    assert figures() == NOBODY
    assert all(
        not cell.value
        for cell in numbers(made())
        if cell.link["was"] not in ("grundgesamtheit", "ohne-kooperation")
    )
    services.restore(group, factories.member("anna"))
    db.session.flush()
    assert figures() == [1, 2, 2, 0]


@pytest.mark.parametrize("halt", [Stage.ENDED, Stage.ABANDONED])
def test_nobody_takes_part_in_what_is_over_but_did_before(context, halt):
    group = group_of("Cölbe", "Lahntal")
    on = today() - timedelta(days=10)
    services.halt(
        group, {"halt": halt, "halted_on": on, "halt_reason": "Ziel erreicht"}, factories.member("anna")
    )
    assert figures() == [1, 0, 0, 0]
    assert figures(on) == [1, 0, 0, 0]
    assert figures(on - timedelta(days=1)) == [1, 2, 2, 0]


def test_in_a_paused_group_partners_stay_partners(context):
    group = group_of("Cölbe", "Lahntal")
    values = {"halt": Stage.PAUSED, "halted_on": today(), "halt_reason": "Wahl abwarten"}
    services.halt(group, values, factories.member("anna"))
    assert figures() == [1, 2, 2, 0]


def test_a_kommune_in_two_groups_participates_twice_and_is_one(context):
    group_of("Cölbe", "Lahntal")
    group_of("Cölbe", "Kirchhain", title="Archiv")
    assert figures() == [2, 4, 3, 0]


@pytest.mark.parametrize("role", [PartnerRole.OBSERVER, PartnerRole.GUEST])
def test_observers_and_guests_do_not_count(context, role):
    group = group_of("Cölbe", "Lahntal")
    change_role(group.partners[1], role, factories.member("anna"))
    assert figures() == [1, 1, 1, 0]


def test_candidates_and_other_bodies_do_not_count(context):
    group_of("Cölbe", "ekom21")
    factories.cooperation("Lahntal", "Kirchhain", title="Archiv")
    assert figures() == [2, 1, 1, 0]


def test_former_kommunen_count_as_what_they_are_on_the_day(context):
    group_of("Beerfelden", "Rothenberg", "Sensbachtal", since=date(2016, 3, 3))
    assert figures(date(2017, 12, 31)) == [1, 3, 3, 0]
    assert figures(date(2018, 1, 1)) == [1, 3, 1, 0]
    found = _behind(today(), was="kommunen")
    assert [(str(line.cells[0]), line.cells[-1].value) for line in found.lines()] == [("Oberzent", 3)]
    assert {line.cells[1] for line in _behind(today(), was="teilnahmen").lines()} == {"Oberzent"}


def test_what_did_not_exist_yet_takes_no_part_however_undated(context):
    group_of("Oberzent", "Cölbe", since=None, source=StepSource.IMPORT)
    assert figures(date(2017, 12, 31)) == [1, 1, 1, 1]
    assert figures(date(2018, 1, 1)) == [1, 2, 2, 2]


@pytest.mark.parametrize(("day", "base"), [(date(2016, 12, 31), 447), (date(2021, 12, 31), 443), (None, 442)])
def test_the_base_is_the_register_of_the_cut_off_day(context, day, base):
    areas = table(made(day), "gebiet")
    assert areas.total[5].value == base
    assert sum(row[5].value or 0 for row in areas.rows) == base


def test_groups_stand_at_the_stage_they_had_that_day(context):
    group = group_of("Cölbe", "Lahntal", since=date(2024, 3, 3), step=Step.INTERESTED)
    for name in ("Cölbe", "Lahntal"):
        factories.step(group, name, Step.ACTIVE, days_ago=20)

    def stages(day):
        return {row[0]: row[1].value for row in table(made(day), "stand").rows if row[1].value}

    assert stages(date(2024, 12, 31)) == {str(Stage.SEARCH.label): 1}
    assert stages(today()) == {str(Stage.RUNNING.label): 1}
    assert stages(date(2024, 3, 2)) == {}


def test_the_table_of_the_period_asks_for_its_first_day(context):
    group_of("Cölbe", "Lahntal", since=today() - timedelta(days=40))
    ended = group_of("Kirchhain", "Marburg", title="Archiv")
    services.halt(
        ended, {"halt": Stage.ENDED, "halted_on": today() - timedelta(days=3), "halt_reason": "Frist"},
        factories.member("anna"),
    )  # fmt: skip
    group_of("Fulda", since=None, source=StepSource.IMPORT, title="Alt")

    def happened(days):
        found = read(Period(today() - timedelta(days=days), today())).sheet
        return [row[1].value for row in table(found, "zeitraum").rows]

    assert happened(45) == [1, 1, 1, 0, 2]
    assert happened(39) == [0, 0, 1, 0, 2]
    assert happened(2) == [0, 0, 0, 0, 2]


def test_a_group_of_two_fields_and_counties_is_explained_under_the_table(context):
    fields = [factories.place, None]
    fields = [one.id for one in _fields("Bauhof", "Archiv")]
    group_of("Cölbe", "Hünfeld", task_fields=fields)
    found = made()
    for name in ("feld", "gebiet"):
        one = table(found, name)
        assert one.total[1] == Number(1, {"was": "kooperationen"}, "1")
        assert " 2," in one.notes[0]
    assert [row[1].value for row in table(found, "feld").rows if row[1].value] == [1, 1]


def _fields(*names):
    from crm.task_fields import queries

    return [one for one in queries.everything() if one.name in names]


def test_columns_add_up_or_a_note_says_why(context):
    scatter()
    for day in (*DAYS, today()):
        for one in made(day).all_tables:
            for place, total in enumerate(one.total):
                column = [row[place].value or 0 for row in one.rows] if isinstance(total, Number) else []
                if isinstance(total, Number) and total.link and sum(column) != total.value:
                    text = next(note for note in one.notes if note.startswith(f"{total.mark} "))
                    assert f" {sum(column)}," in text, (one.id, place)


def test_the_report_counts_what_counting_record_by_record_finds(context):
    scatter(60)
    for day in (*DAYS, today()):
        stages, pairs, undated = slow_count(day)
        found, land = made(day), territory.load()
        assert figures(day) == [len(stages), len(pairs), len({unit for _group, unit in pairs}), undated]
        shown = {row[0]: row[1].value for row in table(found, "stand").rows}
        assert shown == {str(one.label): Counter(stages)[one] for one in Stage}
        areas = Counter(land.area(unit, day) for _group, unit in pairs)
        rows = {row[2 + 1].link["gebiet"]: row[3].value for row in table(found, "gebiet").rows}
        assert {area: number for area, number in rows.items() if number} == areas


@pytest.mark.parametrize("day", DAYS[2:])
def test_every_number_is_the_length_of_the_list_behind_it(context, day):
    scatter()
    assert len(check_all(read(period(day)))) > 100


def _behind(day, **args):
    return read(period(day)).records(MultiDict(args))


def test_a_period_ahead_is_that_of_today(context):
    group_of("Cölbe", "Lahntal")
    found = read(Period(date(2030, 1, 1), date(2030, 12, 31))).sheet
    assert [one.number.value for one in found.figures] == [1, 2, 2, 0]


def test_an_empty_register_and_no_group_are_no_error(context):
    assert figures(date(1900, 1, 2)) == NOBODY


@pytest.fixture
def groups(app):
    with app.test_request_context():
        scatter()
        db.session.remove()


def _numbers(page):
    return {
        link["href"]: link.get_text() for link in page.soup.select("main a[href*=datensaetze]")
    }  # fmt: skip


def _rows(client, page):
    count = len(page.soup.select("main tbody tr"))
    following = [link for link in page.soup.select(".pager a") if link.get_text() == "Weiter"]
    return count + (_rows(client, client.get(following[0]["href"])) if following else 0)


def test_links_open_as_many_records_as_their_numbers_say(groups, rita):
    links = _numbers(rita.get(f"{URL}?von=01.01.2025&bis=31.12.2025"))
    assert len(links) > 80
    kinds = {}
    for address, text in links.items():
        kinds.setdefault(address.partition("was=")[2].partition("&")[0], []).append((address, text))
    assert {"kooperationen", "teilnahmen", "kommunen", "grundgesamtheit", "ohne-kooperation"} <= set(kinds)
    for found in kinds.values():
        for address, text in found[:4]:
            page = rita.get(address)
            assert page.status == 200
            shown = page.soup.select_one("main h1").get_text().split()[0]
            assert shown == text, address
            assert _rows(rita, page) == int(text.replace(".", "")), address


def test_the_page_says_unit_cut_off_day_and_rule_first(app, rita):
    page = rita.get(f"{URL}?von=01.01.2024&bis=31.12.2024")
    terms = {one.dt.get_text(): one.dd.get_text() for one in page.soup.select(".defin > div")}
    assert terms["Stichtag"] == "31.12.2024"
    assert "442" in terms["Grundgesamtheit"]
    assert "Mehrfachzählung" in terms["Zählregel"]
    assert "ohne Tag" in terms["Zählregel"]
    assert terms["Einheit"]
    assert page.soup.select_one("h1").get_text(strip=True) == "Kooperationen"


def test_the_files_hold_what_the_screen_shows(groups, anna):
    query = "?von=01.01.2025&bis=31.12.2025"
    shown = [
        [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in one.select("tr")]
        for one in anna.get(URL + query).soup.select("table[data-table]")
    ]
    text = anna.get(URL + ".csv" + query).data.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    leaves = load_workbook(io.BytesIO(anna.get(URL + ".xlsx" + query).data)).worksheets[1:]
    assert len(shown) == len(leaves) == 4
    for one, leaf in zip(shown, leaves, strict=True):
        start = lines.index(one[0])
        rows = [list(row) for row in leaf.iter_rows(min_row=4, max_row=3 + len(one), values_only=True)]
        assert [_plain(row) for row in lines[start : start + len(one)]] == [_plain(row) for row in one]
        assert [_whole(row) for row in rows] == [_whole(row) for row in one]


def _whole(row):
    """A workbook knows numbers, not with how many places they are written."""
    return [cell.removesuffix(".0") for cell in _plain(row)]


def _plain(row):
    """Bring a cell of screen, CSV and XLSX into one form; a footnote mark follows its number."""
    found = []
    for cell in row:
        text = "" if cell in (None, "–") else f"{cell:g}" if isinstance(cell, int | float) else str(cell)
        words = text.split(" ")
        marked = len(words) == 2 and words[0].isdigit() and words[1].isdigit()
        found.append(words[0] if marked else text.replace(",", "."))
    return found


@pytest.mark.parametrize(
    "query",
    [
        "",
        "was=alles",
        "was=beratungen",
        "was=kooperationen&stand=x",
        "was=kooperationen&feld=x",
        "was=kommunen&gebiet=99999999999999999999",
        "was=kommunen&gebiet=andere",
    ],
)
def test_lists_that_the_report_never_writes_do_not_exist(rita, query):
    assert rita.get(f"{URL}/datensaetze?{query}").status == 404


@pytest.mark.parametrize("what", ["kooperationen", "kommunen", "grundgesamtheit"])
def test_areas_and_fields_that_nobody_knows_have_empty_lists(rita, what):
    page = rita.get(f"{URL}/datensaetze?was={what}&gebiet=999999&feld=999999")
    assert page.status == 200
    assert not page.soup.select("main tbody tr")


def test_administrators_see_no_report(ada):
    assert ada.get(URL).status == 403
