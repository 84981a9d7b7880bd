"""The reports on money through the browser: who sees them, and that screen, CSV and XLSX say the same."""

from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from crm.db import db
from crm.funding.models import Application, CostRow, Plan
from crm.task_fields.models import TaskField
from tests import factories
from tests.reports import funds
from tests.reports.funds import grant
from tests.reports.outputs import in_csv, in_xlsx, on_screen

SLUGS = ("foerderung", "antraege", "einsparungen")
YEARS = "?von=01.01.2012&bis=31.12.2017"


@pytest.fixture
def stored(app):
    with app.test_request_context():
        funds.scatter(40, seed=2)
        group, _one = grant("Cölbe", "Hünfeld", "Beerfelden", sum="33333.33", since=date(2015, 1, 1))
        group.title = "=SUMME(A1)"
        db.session.add(Plan(cooperation_id=group.id, cost_after=Decimal("80.55")))
        for one in group.partners:
            cost = CostRow(partner_id=one.id, staff_before=Decimal("33.34"), material_before=Decimal(0))
            db.session.add(cost)
        refused = {"refused_on": date(2016, 8, 1), "refusal_reason": "=1+1"}
        db.session.add(Application(cooperation_id=group.id, submitted_on=date(2016, 1, 1), **refused))
        narrowed = {
            "kreis": factories.place("Landkreis Fulda").id, "groesse": "up-to-5000", "kooperation": group.id,
            "aufgabenfeld": db.session.scalars(select(TaskField.id)).first(), "nachfolge": "y",
            "person": factories.member("anna").id,
        }  # fmt: skip
        db.session.commit()
        db.session.remove()
        return narrowed


@pytest.mark.parametrize("slug", SLUGS)
def test_screen_csv_and_xlsx_hold_the_same_values(stored, rita, slug):
    shown = on_screen(rita.get(f"/berichte/{slug}{YEARS}"))
    assert len(shown) >= 4
    assert sum(len(table) for table in shown) > 30
    assert in_csv(rita, f"/berichte/{slug}.csv{YEARS}", shown) == shown
    assert in_xlsx(rita, f"/berichte/{slug}.xlsx{YEARS}", shown) == shown


@pytest.mark.parametrize("slug", SLUGS)
def test_whoever_reads_content_sees_it_and_an_administrator_does_not(stored, rita, emil, mara, ada, slug):
    numbers = [on_screen(one.get(f"/berichte/{slug}{YEARS}")) for one in (rita, emil, mara)]
    assert numbers[0] == numbers[1] == numbers[2]
    for ending in ("", ".csv", ".xlsx", "/datensaetze"):
        assert ada.get(f"/berichte/{slug}{ending}{YEARS}").status == 403


@pytest.mark.parametrize("slug", SLUGS)
def test_links_open_as_many_records_as_their_numbers_say(stored, rita, slug):
    page = rita.get(f"/berichte/{slug}{YEARS}")
    links = {link["href"]: link.get_text() for link in page.soup.select("main a[href*=datensaetze]")}
    assert len(links) > 30
    for address, text in list(links.items())[::6]:
        behind = rita.get(address)
        assert behind.status == 200, address
        rows = len(behind.soup.select("main tbody tr"))
        assert behind.soup.select_one("main h1").get_text().split()[0] == str(rows), address
        if "€" in text:
            assert text in behind.main.replace(" €", "\u00a0€"), address
        elif text.isdigit() and "was=teilnahmen" not in address and "was=tage" not in address:
            assert int(text) == rows, address


@pytest.mark.parametrize("slug", SLUGS)
def test_all_filters_at_once_take_few_statements_and_say_that_nothing_is_there(stored, mara, slug):
    page = mara.get(f"/berichte/{slug}{YEARS}&{urlencode(stored)}")
    assert page.status == 200
    assert "Nichts in diesem Zeitraum." in page.main


@pytest.mark.parametrize("slug", SLUGS)
def test_only_managers_narrow_to_a_colleague(stored, rita, mara, slug):
    query = f"{YEARS}&person={stored['person']}"
    assert mara.get(f"/berichte/{slug}{query}").status == 200
    assert rita.get(f"/berichte/{slug}{query}").status == 403


@pytest.mark.parametrize("slug", SLUGS)
def test_links_in_rows_lead_to_pages_that_are_there(stored, rita, slug):
    page = rita.get(f"/berichte/{slug}{YEARS}")
    links = {link["href"] for link in page.soup.select("main table a[href^='/kooperationen']")}
    assert len(links) > 5
    assert {rita.get(link).status for link in sorted(links)[:4]} == {200}


@pytest.mark.parametrize("slug", SLUGS)
def test_an_empty_period_says_so(rita, slug):
    page = rita.get(f"/berichte/{slug}?von=01.01.2012&bis=31.12.2017")
    assert page.status == 200
    assert page.main.count("Nichts in diesem Zeitraum.") >= 4
    assert rita.get(f"/berichte/{slug}/datensaetze{YEARS}&was=alles").status == 404
