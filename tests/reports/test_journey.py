"""A Kleine Anfrage on the real list in five clicks: what was funded 2012 to 2017, by county, with savings."""

import csv
import io
from collections import defaultdict
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from crm.db import db
from crm.funding.models import Application
from tests.imports.lists import real, take
from tests.reports.outputs import in_csv, in_xlsx, on_screen, plain

YEARS = range(2012, 2018)


class Clerk:
    """Somebody who clicks links and buttons that are on the page, and counts."""

    def __init__(self, client):
        self.client, self.clicks = client, 0
        self.page = client.get(client.get("/start").location or "/start")

    def link(self, text):
        """Click the one link with this text."""
        found = {
            one["href"] for one in self.page.soup.select("a[href]") if one.get_text(" ", strip=True) == text
        }
        assert len(found) == 1, (text, found)
        return self._open(found.pop())

    def show(self, **typed):
        """Type into the form of the page and press its button."""
        form = self.page.soup.select_one("form.filters")
        fields = {
            one["name"]: one.get("value", "") for one in form.select("input[name]:not([type=checkbox])")
        }
        assert set(typed) <= set(fields)
        return self._open(f"{form['action']}?{urlencode({**fields, **typed})}")

    def _open(self, address):
        self.clicks += 1
        answer = self.client.get(address)
        assert answer.status == 200, address
        if answer.html and "<html" in answer.html:
            self.page = answer
        return address


@pytest.fixture
def rows(app):
    """The real list taken over; its rows of which the money is granted."""
    content = real()
    with app.test_request_context():
        take(content, "cooperations_he.csv")
        db.session.commit()
        db.session.remove()
    found = csv.DictReader(io.StringIO(content.decode()))
    return [row for row in found if row["funding_basis"].startswith("granted")]


def by_county(rows):
    """{county: [rows, euros]} with a row over two counties in both."""
    found = defaultdict(lambda: [0, 0])
    for row in rows:
        for name in row["district_names"].split(";"):
            mine = found[name.strip()]
            mine[0], mine[1] = mine[0] + 1, mine[1] + int(row["funding_eur"])
    return found


def sorted_out(rows):
    """Rows with a day in the years, rows without a day that name such a year, all without a day, studies."""
    studies = [row for row in rows if row["task_field"] == "Machbarkeitsstudie"]
    others = [row for row in rows if row not in studies]
    dated = [row for row in others if row["grant_date"] and int(row["grant_date"][:4]) in YEARS]
    undated = [row for row in others if not row["grant_date"]]
    noted = [row for row in undated if row["year"] and int(row["year"]) in YEARS]
    return dated, noted, undated, studies


def test_the_question_is_answered_in_five_clicks(rows, rita):
    dated, noted, undated, studies = sorted_out(rows)
    clerk = Clerk(rita)
    clerk.link("Berichte")
    clerk.link("Geförderte Kooperationen")
    clerk.show(von="01.01.2012", bis="31.12.2017")
    shown = on_screen(clerk.page)
    files = [clerk.link("Excel"), clerk.link("CSV")]
    assert clerk.clicks == 5

    areas = next(table for table in shown if table[0][0] == "Landkreis")
    counted = {row[0].removeprefix("Landkreis "): row[1:] for row in areas[1:-1]}
    for place, some in ((0, dated), (3, noted)):
        expected = {name: [plain(one) for one in both] for name, both in by_county(some).items()}
        found = {name: row for name, row in counted.items() if row[place] != "0.00"}
        assert {name: [row[place], row[place + 1]] for name, row in found.items()} == expected
    assert [areas[-1][place] for place in (1, 2, 4, 5)] == [
        plain(one) for some in (dated, noted) for one in (len(some), euros(some))
    ]
    assert len(dated) == 1
    assert len(noted) == 4

    large = {one.dt.get_text(): one.dd.get_text() for one in clerk.page.soup.select(".figures-big > div")}
    assert plain(large["Bewilligte Summe"]) == plain(euros(dated))
    assert (large["Bewilligungen ohne Tag"], large["Bei Studien vermerkte Förderung"]) == (
        str(len(undated)), str(len(studies)),
    )  # fmt: skip
    for number in (euros(undated), euros(studies)):
        assert any(row[0] == "Summe" and plain(number) in row for table in shown for row in table)

    listed = next(table for table in shown if table[0][1] == "Bescheid vom")
    assert [row[0] for row in listed[1:-1]] == [row["project_name"] for row in dated]
    assert "Erwartete Einsparung im Jahr" in listed[0]
    assert listed[1][-1] == "Keine Kostentabelle"
    assert in_xlsx(rita, files[0], shown) == shown
    assert in_csv(rita, files[1], shown) == shown


def euros(rows):
    return sum(int(row["funding_eur"]) for row in rows)


def test_nothing_granted_is_lost_whatever_is_known_of_its_day(rows, rita):
    """Grants with a day, without one, and of studies come to the sum of the list."""
    page = rita.get("/berichte/foerderung?von=01.01.2012&bis=31.12.2026")
    totals = [table[-1] for table in on_screen(page)]
    sums = {len(row): row for row in totals}
    assert float(sums[10][2]) + float(sums[8][2]) + float(sums[7][-1]) == euros(rows)
    assert euros(rows) > 2_000_000


def test_the_answer_is_frozen_and_survives_later_edits(app, rows, mara):
    """Three clicks to the answer, a fourth to its file, a fifth to the form that freezes it."""
    clerk = Clerk(mara)
    clerk.page = mara.get("/")
    clerk.link("Berichte")
    clerk.link("Geförderte Kooperationen")
    clerk.show(von="01.01.2012", bis="31.12.2017")
    shown = on_screen(clerk.page)
    assert in_xlsx(mara, clerk.link("Excel"), shown) == shown
    form = clerk.link("Bericht einfrieren")
    assert clerk.clicks == 5
    done = mara.submit(form, purpose="Kleine Anfrage 19/5291")
    frozen = mara.get(done.location)
    assert on_screen(frozen) == shown
    with app.test_request_context():
        grant = db.session.scalars(select(Application).where(Application.granted_on.is_not(None))).first()
        for one in db.session.scalars(select(Application).where(Application.granted_on.is_not(None))):
            one.granted = (one.granted or 0) + 1000
        grant.cooperation.title = "Ganz anders"
        db.session.commit()
        db.session.remove()
    assert on_screen(mara.get(form.replace("/einfrieren", ""))) != shown
    assert on_screen(mara.get(done.location)) == shown
    compared = mara.get(f"{done.location}/vergleich").main
    assert "100.000" in compared
    assert "101.000" in compared
