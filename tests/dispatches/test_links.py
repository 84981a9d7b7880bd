"""The download link in a mail: it counts, it ends, it tells nothing to who holds a wrong one."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.contacts.models import Person
from crm.db import db, now, today
from crm.dispatches import letters
from crm.dispatches.models import DispatchRecipient, Way
from crm.documents.models import Document
from crm.materials.models import Material
from crm.search.duties import read_files
from tests import factories
from tests.crowds import all_at_once
from tests.materials.made import hand_out, link, link_on, material, next_version
from tests.privacy import cases

PATH = "/ausgaben/abruf"


@pytest.fixture
def token(app):
    """A link somebody got."""
    with app.app_context():
        person = factories.person("Henkel", "Petra", email="p.henkel@lahntal.test")
        sent = hand_out(material().newest, person, way=Way.MAIL)
        made = link(sent)
        db.session.commit()
        return made


def opened(app):
    """How often the link was used."""
    with app.app_context():
        return db.session.scalar(select(DispatchRecipient.opened_count))


def change(app, model, **values):
    """Change the only row of a table."""
    with app.app_context():
        db.session.execute(update(model).values(**values).execution_options(synchronize_session=False))
        db.session.commit()


def test_the_page_counts_nothing_the_file_does(app, stranger, anna, token):
    page = stranger.get(f"{PATH}/{token}")
    assert "Leitfaden Bauhof" in page.text
    assert "Henkel" not in page.html
    scanned = app.test_client().head(link_on(page, "Herunterladen"))
    assert (scanned.status_code, scanned.data) == (200, b"")
    assert opened(app) == 0
    for _time in range(2):
        given = stranger.get(link_on(page, "Herunterladen"))
        assert given.data.startswith(b"%PDF-")
        assert given.headers["Content-Disposition"].startswith("attachment")
    assert opened(app) == 2
    with app.app_context():
        number = db.session.scalar(select(DispatchRecipient.dispatch_id))
    row = anna.get(f"/ausgaben/{number}").soup.select_one("tbody tr")
    assert row.select_one("td[data-label=Abrufe]").get_text(strip=True) == "2"


@pytest.mark.parametrize("wrong", ["x", "A" * 43, "A" * 500, "..%2f.."])
def test_a_wrong_link_tells_nothing(app, stranger, token, wrong):
    for url in (f"{PATH}/{wrong}", f"{PATH}/{wrong}/datei"):
        page = stranger.get(url)
        assert page.status in (404, 410)
        assert "Leitfaden" not in page.text


def test_a_link_ends_by_time_by_use_and_with_the_person(app, stranger, token):
    url = f"{PATH}/{token}"
    change(app, DispatchRecipient, expires_at=now() - timedelta(minutes=1))
    assert [stranger.get(one).status for one in (url, f"{url}/datei")] == [410, 410]
    change(app, DispatchRecipient, expires_at=now() + timedelta(days=1), opened_count=letters.MOST_OPENED)
    assert [stranger.get(one).status for one in (url, f"{url}/datei")] == [410, 410]
    change(app, DispatchRecipient, opened_count=0)
    assert stranger.get(url).status == 200
    change(app, Person, restricted_on=today())
    assert [stranger.get(one).status for one in (url, f"{url}/datei")] == [410, 410]


def test_a_link_ends_when_its_material_is_not_handed_out_any_more(app, stranger, token):
    change(app, Material, withdrawn_on=today())
    assert [stranger.get(f"{PATH}/{token}{end}").status for end in ("", "/datei")] == [410, 410]


def test_of_who_is_erased_the_log_keeps_the_number_and_the_link_ends(app, anna, stranger, token):
    with app.app_context():
        read_files()
        one = db.session.scalars(select(DispatchRecipient)).one()
        material_id, person = one.dispatch.material_version.material_id, one.person
        cases.erased(person)
        db.session.commit()
    assert [stranger.get(f"{PATH}/{token}{end}").status for end in ("", "/datei")] == [410, 410]
    for url in ("/ausgaben", f"/ausgaben/material/{material_id}", f"/materialien/{material_id}"):
        shown = anna.get(url).main
        assert "Henkel" not in shown
        assert "Petra" not in shown
    assert "Entfernte Person" in anna.get(f"/ausgaben/material/{material_id}").main
    row = anna.get("/ausgaben/auswertung").soup.select_one("tbody tr")
    assert row.select_one("[data-label=Empfangende]").get_text(strip=True) == "1"


def test_a_confidential_file_is_given_out_by_no_link(app, stranger, rita, token):
    change(app, Document, confidential=True)
    assert stranger.get(f"{PATH}/{token}").status == 410
    assert stranger.get(f"{PATH}/{token}/datei").status == 410
    with app.app_context():
        number = db.session.scalar(select(Document.material_version_id))
    assert rita.get(f"/materialien/fassungen/{number}/datei").status == 404


def test_an_old_version_says_that_there_is_a_newer_one(app, stranger, token):
    with app.app_context():
        one = db.session.scalars(select(DispatchRecipient)).one()
        next_version(one.dispatch.material_version.material)
        db.session.commit()
    assert "Es gibt eine neuere Fassung." in stranger.get(f"{PATH}/{token}").text


def test_a_link_leads_to_an_address_where_there_is_no_file(app, stranger):
    with app.app_context():
        made = material(file=False, link="https://www.ikz-hessen.test/bauhof")
        token = link(hand_out(made.newest, factories.person(), way=Way.LINK))
        db.session.commit()
    assert "Seite öffnen" in stranger.get(f"{PATH}/{token}").text
    page = stranger.get(f"{PATH}/{token}/datei")
    assert (page.status, page.location) == (303, "https://www.ikz-hessen.test/bauhof")
    assert opened(app) == 1


def test_of_many_at_once_none_is_lost_and_none_is_too_many(app, token):
    change(app, DispatchRecipient, opened_count=letters.MOST_OPENED - 3)
    said = []

    def use():
        said.append(app.test_client().get(f"{PATH}/{token}/datei").status_code)

    all_at_once(*[use] * 6)
    assert sorted(said) == [200] * 3 + [410] * 3
    assert opened(app) == letters.MOST_OPENED
