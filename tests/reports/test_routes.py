"""Reports on screen and as files: the same numbers, the same rights."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from crm.db import db
from crm.reports import REPORTS, THEMES
from tests import factories
from tests.reports.talks import scatter

URL = "/berichte/taetigkeit"
YEAR = "?von=01.01.2024&bis=31.12.2024"
AUTUMN = "?von=01.11.2025&bis=31.01.2026"


@pytest.fixture
def talks(app):
    with app.test_request_context():
        scatter()
        db.session.remove()


def store(app, *places, **values):
    with app.test_request_context():
        factories.talk(*places, **values)
        db.session.commit()
        db.session.remove()


def value(text):
    """Read a number as the screen writes it."""
    return float(text.replace(".", "").replace(",", "."))


def tables_of(page):
    return [
        [[cell.get_text(" ", strip=True) for cell in row.select("th, td")] for row in table.select("tr")]
        for table in page.soup.select("table[data-table]")
    ]


def test_the_list_of_reports_leads_to_the_report(rita):
    page = rita.get("/berichte")
    assert page.soup.select_one("main a")["href"] == URL
    assert rita.get(URL).status == 200


def test_the_report_shows_its_definition_numbers_and_period(app, rita):
    store(app, "Cölbe", "Lahntal", held_on=date(2024, 5, 2))
    page = rita.get(URL + YEAR)
    assert [one.get_text() for one in page.soup.select(".figures-big dd:not(.delta)")][:3] == ["1", "2", "2"]
    assert "442" in page.soup.select_one(".defin").get_text()
    assert page.soup.select_one("input[name=von]")["value"] == "01.01.2024"


def test_links_open_as_many_records_as_their_numbers_say(talks, anna):
    page = anna.get(URL + AUTUMN)
    links = {link["href"]: link.get_text() for link in page.soup.select("main a[href*=datensaetze]")}
    assert len(links) > 100
    for address, text in list(links.items())[::5]:
        behind = anna.get(address)
        assert behind.status == 200, address
        shown = behind.soup.select_one("main h1").get_text().split()[0]
        if "was=dauer" not in address and "was=a" not in address:
            assert value(shown) == value(text), address
        assert _rows(anna, behind) == value(shown), address


def _rows(client, page):
    """Count the rows of a list over all its pages."""
    count = len(page.soup.select("main tbody tr"))
    following = [link for link in page.soup.select(".pager a") if link.get_text() in ("Weiter", "Next")]
    return count + (_rows(client, client.get(following[0]["href"])) if following else 0)


def test_the_files_hold_what_the_screen_shows(talks, anna):
    shown = tables_of(anna.get(URL + AUTUMN))
    lines = list(
        csv.reader(io.StringIO(anna.get(URL + ".csv" + AUTUMN).data.decode("utf-8-sig")), delimiter=";")
    )
    leaves = filled(load_workbook(io.BytesIO(anna.get(URL + ".xlsx" + AUTUMN).data)))
    assert len(shown) == len(leaves) == 9
    for table, leaf in zip(shown, leaves, strict=True):
        start = lines.index(table[0])
        rows = [list(row) for row in leaf.iter_rows(min_row=4, max_row=3 + len(table), values_only=True)]
        assert [_plain(row) for row in lines[start : start + len(table)]] == [_plain(row) for row in table]
        assert [_whole(row) for row in rows] == [_whole(row) for row in table]


def _whole(row):
    """A workbook knows numbers, not with how many places they are written."""
    return [cell.removesuffix(".0") for cell in _plain(row)]


def filled(book):
    """The leaves of tables that have rows; the first holds the large numbers."""
    return [leaf for leaf in book.worksheets[1:] if leaf.max_row > 4]


def _plain(row):
    """Bring a cell of screen, CSV and XLSX into one form; a footnote mark follows its number."""
    found = []
    for cell in row:
        text = "" if cell in (None, "–") else f"{cell:g}" if isinstance(cell, int | float) else str(cell)
        text = text.replace("−", "-")
        words = text.split(" ")
        number = (
            words[0].replace(".", "") if words[-1] in "12" and len(words) == 2 else text.replace(",", ".")
        )
        found.append(number)
    return found


def test_files_begin_with_the_definition(rita):
    text = rita.get(URL + ".csv" + YEAR).data.decode("utf-8-sig")
    head = text.split("\r\n\r\n")[0]
    assert "01.01.2024" in head
    assert "442" in head
    leaf = load_workbook(io.BytesIO(rita.get(URL + ".xlsx" + YEAR).data)).worksheets[0]
    notes = [row[0] or "" for row in leaf.iter_rows(values_only=True)]
    assert any("01.01.2024" in note for note in notes)
    assert any("442" in note for note in notes)


def test_confidential_talks_show_in_no_number_list_or_file_of_a_reader(app, rita, anna):
    store(app, "Cölbe", held_on=date(2024, 5, 2), confidential=True)
    for address in (URL, URL + "/datensaetze", URL + ".csv"):
        extra = "&was=kommunen" if "datensaetze" in address else ""
        seen, hidden = anna.get(address + YEAR + extra), rita.get(address + YEAR + extra)
        assert seen.data != hidden.data
    assert "Cölbe" in anna.get(URL + "/datensaetze" + YEAR + "&was=teilnahmen").main
    assert "Cölbe" not in rita.get(URL + "/datensaetze" + YEAR + "&was=teilnahmen").main


def test_private_notes_appear_nowhere(app, anna):
    with app.test_request_context():
        talk = factories.talk("Cölbe", held_on=date(2024, 5, 2))
        talk.participations[0].private_note = "Nur-fuer-uns"
        db.session.commit()
        db.session.remove()
    for what in ("beratungen", "teilnahmen", "kommunen"):
        assert "Nur-fuer-uns" not in anna.get(URL + "/datensaetze" + YEAR + f"&was={what}").html
    for ending in ("", ".csv"):
        assert "Nur-fuer-uns" not in anna.get(URL + ending + YEAR).html


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?von=31.02.2026", "von"),
        ("?von=Quatsch", "von"),
        ("?bis=01.13.2026", "bis"),
        ("?von=02.01.2026&bis=01.01.2026", "bis"),
        ("?von=01.01.2000&bis=01.01.2026", "bis"),
        ("?von=01.01.0001", "von"),
        ("?von=%00", "von"),
        ("?von=9999999999999-01-01", "von"),
    ],
)
def test_a_wrong_period_is_named_at_its_field_and_nothing_is_counted(rita, query, field):
    page = rita.get(URL + query)
    assert page.status == 422
    assert page.soup.select_one(f"#{field}")["aria-invalid"] == "true"
    assert not page.soup.select("table")
    for ending in (".csv", ".xlsx", "/datensaetze"):
        assert rita.get(URL + ending + query).status == 422


def test_a_year_stands_for_its_first_and_its_last_day(rita):
    page = rita.get(URL + "?von=2019&bis=2024")
    assert page.status == 200
    said = [page.soup.select_one(f"#{name}")["value"] for name in ("von", "bis")]
    assert said == ["01.01.2019", "31.12.2024"]


def test_the_figures_stand_before_the_rules_they_were_counted_by(rita):
    page = rita.get(URL)
    found = [one["class"][0] for one in page.soup.select("main .figures, main .defin")]
    assert found == ["figures", "defin"]


def test_twenty_years_are_the_longest_period(rita):
    assert rita.get(URL + "?von=01.01.2007&bis=31.12.2026").status == 200
    assert rita.get(URL + "?von=01.01.2006&bis=31.12.2026").status == 422


@pytest.mark.parametrize(
    "query",
    [
        "",
        "was=alles",
        "was=beratungen&monat=13",
        "was=beratungen&art=x",
        "was=kommunen&gebiet=99999999999999999999",
    ],
)
def test_lists_that_no_report_writes_do_not_exist(rita, query):
    assert rita.get(f"{URL}/datensaetze?{query}").status == 404


@pytest.mark.parametrize("ending", ["", ".csv", ".xlsx", "/datensaetze"])
def test_an_unknown_report_does_not_exist(rita, ending):
    assert rita.get(f"/berichte/gibt-es-nicht{ending}").status == 404


@pytest.mark.parametrize("page", ["0", "-1", "999999999999999999999", "x", "²"])
def test_any_page_number_of_a_list_is_answered(rita, page):
    assert rita.get(f"{URL}/datensaetze{YEAR}&was=grundgesamtheit&seite={page}").status == 200


@pytest.mark.parametrize("path", ["/eingefroren", "/quartale", "/gespeichert/neu/taetigkeit"])
def test_the_navigation_marks_what_belongs_to_the_reports(mara, path):
    current = mara.get(f"/berichte{path}").soup.select_one(".side [aria-current]")
    assert current["href"] == "/berichte"


def test_administrators_see_no_reports(ada):
    assert [ada.get(f"/berichte{rest}").status for rest in ("", "/taetigkeit", "/taetigkeit.csv")] == [
        403
    ] * 3


def test_the_period_stays_in_the_addresses_of_files_and_lists(rita):
    page = rita.get(URL + YEAR)
    links = [
        link["href"]
        for link in page.soup.select("main a")
        if "xlsx" in link["href"] or "datens" in link["href"]
    ]
    assert links
    assert all("von=01.01.2024" in link and "bis=31.12.2024" in link for link in links)


def test_every_report_stands_under_one_head_of_the_list(rita):
    slugs = [slug for _title, several in THEMES for slug in several]
    assert sorted(slugs) == sorted(REPORTS)
    page = rita.get("/berichte")
    assert len(page.soup.select("section[aria-labelledby^=theme] li")) == len(REPORTS)
