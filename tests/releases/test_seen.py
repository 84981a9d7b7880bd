"""Who sees what of a frozen report; it stays what it was whatever happens afterwards."""

import csv
import io

from sqlalchemy import select

from crm.accounts.models import User
from crm.consultations import services
from crm.consultations.models import Consultation
from crm.db import db, now, today
from crm.organisations.models import Organisation, Succession
from crm.releases import routes
from crm.releases.models import FrozenReport
from crm.reports import REPORTS
from crm.task_fields.models import TaskField
from tests import factories
from tests.releases.frozen import figures, freeze, store, talk


def lists_of(page):
    """Where the large numbers lead, by their label."""
    return {
        one.find("dt").get_text(): link["href"]
        for one in page.soup.select(".figures-big > div")
        if (link := one.select_one("dd a"))
    }


def rows(page):
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in page.soup.select("tbody tr")
    ]


def test_the_list_leads_to_the_report_and_every_number_to_its_records(app, mara, rita):
    talk(app, "Lahntal", "Cölbe")
    url = freeze(mara, title="Antwort an den Landtag")
    page = rita.get("/berichte/eingefroren")
    assert page.soup.select_one("main tbody a")["href"] == url
    page = rita.get(url)
    links = lists_of(page)
    assert [len(rows(rita.get(links[label]))) for label in ("Beratungen", "Teilnahmen")] == [1, 2]
    found = rita.get(links["Beratungen"])
    assert found.soup.select_one('main tbody a[href^="/beratungen/"]')
    for link in {one["href"] for one in page.soup.select("table[data-table] a[href*=liste]")}:
        assert rows(rita.get(link)), link


def test_a_list_that_was_never_frozen_is_no_page(app, mara):
    talk(app, "Lahntal")
    url = freeze(mara)
    for query in ("", "?liste=", "?liste=-1", "?liste=99999", "?liste=1e3", "?liste=٣"):
        assert mara.get(f"{url}/datensaetze{query}").status == 404, query
    assert mara.get("/berichte/eingefroren/999").status == 404


def test_confidential_talks_stay_in_the_number_and_out_of_the_list_of_readers(app, mara, rita, emil, anna):
    talk(app, "Lahntal", task_fields=[1])
    talk(app, "Cölbe", confidential=True)
    url = freeze(mara)
    for client in (rita, emil):
        page = client.get(url)
        assert figures(page)["Beratungen"] == "2"
        assert "mit vertraulichen" in page.main.lower()
        assert "nur, was Sie sehen dürfen" in page.main
        links = lists_of(page)
        for label in ("Beratungen", "Teilnahmen"):
            found = client.get(links[label])
            assert len(rows(found)) == 1, label
            assert "Cölbe" not in found.main, label
            assert "1 Zeile wird nicht gezeigt" in found.main
        kommunen = client.get(next(link for name, link in links.items() if "Kommunen" in name))
        assert "Cölbe" not in kommunen.main
    assert len(rows(anna.get(lists_of(anna.get(url))["Beratungen"]))) == 2


def test_a_report_without_confidential_talks_says_nothing_of_them(app, mara, rita):
    talk(app, "Lahntal")
    page = rita.get(freeze(mara))
    assert "mit vertraulichen Beratungen" not in page.main
    assert "nur, was Sie sehen" not in page.main


def test_a_report_about_one_colleague_is_for_managers(app, mara, anna):
    talk(app, "Lahntal")
    with app.test_request_context():
        number = factories.member("anna").id
    url = freeze(mara, query=f"?von=01.01.{today().year}&bis=31.12.{today().year}&person={number}")
    assert mara.get(url).status == 200
    assert anna.get(url).status == 404
    assert url not in anna.get("/berichte/eingefroren").html


def test_later_changes_leave_the_frozen_report_untouched(app, mara):
    with app.test_request_context():
        field = db.session.scalars(select(TaskField).where(TaskField.parent_id.is_not(None))).first().id
    number = talk(app, "Lahntal", "Cölbe", task_fields=[field])
    url = freeze(mara)
    mara.get(url)
    before, links = mara.get(url).main, lists_of(mara.get(url))
    lists = {label: rows(mara.get(link)) for label, link in links.items()}

    def upset():
        author = factories.member("anna")
        services.remove(db.session.get(Consultation, number), author)
        old, heir = factories.place("Lahntal"), factories.place("Wesertal")
        db.session.add(Succession(predecessor_id=old.id, successor_id=heir.id, effective_on=today()))
        db.session.get(Organisation, old.id).name = "Anderswo"
        db.session.get(TaskField, field).name = "Ganz anderes Feld"
        db.session.get(TaskField, field).valid_to = today()
        mara_now = db.session.scalars(select(User).where(User.email == "anna@kikz.test")).one()
        mara_now.name, mara_now.locked_at = "Anders Namens", now()

    store(app, upset)
    assert mara.get(url).main == before
    assert {label: rows(mara.get(link)) for label, link in links.items()} == lists
    found = mara.get(links["Beratungen"])
    assert not found.soup.select_one('main tbody a[href^="/beratungen/"]')


def test_the_files_hold_the_frozen_values(app, mara):
    talk(app, "Lahntal")
    url = freeze(mara, title="Antwort")
    talk(app, "Cölbe")
    lines = list(
        csv.reader(io.StringIO(mara.get(f"{url}/bericht.csv").data.decode("utf-8-sig")), delimiter=";")
    )
    assert lines[0][0] == "Antwort"
    assert ["Beratungen", "1"] in [line[:2] for line in lines]
    with app.test_request_context():
        digest = db.session.scalar(select(FrozenReport.digest))
    assert any(digest in line for line in lines)
    assert mara.get(f"{url}/bericht.xlsx").data[:2] == b"PK"
    assert mara.get(f"{url}/bericht.pdf").data[:4] == b"%PDF"


def test_a_reader_sees_no_table_of_single_records_made_with_confidential_talks(app, mara, rita):
    """What the map, the chain or the white spots list one by one would tell of each talk."""
    talk(app, "Lahntal")
    talk(app, "Cölbe", confidential=True)
    for slug in ("karte", "weisse-flecken", "reichweite"):
        url = freeze(mara, slug)
        theirs, mine = rita.get(url), mara.get(url)
        assert "Cölbe" not in theirs.main, slug
        assert "Cölbe" not in rita.get(f"{url}/bericht.csv").data.decode("utf-8-sig"), slug
        if slug == "karte":
            assert "Cölbe" in mine.main
            assert "Nicht gezeigt" in theirs.main


def test_a_report_whose_name_is_gone_stays_in_the_list(app, mara, monkeypatch):
    freeze(mara)
    left = {slug: report for slug, report in REPORTS.items() if slug != "taetigkeit"}
    monkeypatch.setattr(routes, "REPORTS", left)
    assert mara.get("/berichte/eingefroren").status == 200
