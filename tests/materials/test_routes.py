"""Materials on screen: entered, revised, found, given a file; what is old says so."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.db import db, today
from crm.materials import queries
from crm.materials.models import Material, MaterialVersion
from crm.search.duties import read_files
from tests.documents import files
from tests.materials.made import link_on, material, next_version
from tests.search.test_files import pdf as made_of

LIST, NEW = "/materialien", "/materialien/neu"


def pdf(text="Bauhof", name="leitfaden.pdf"):
    """A file as the browser sends it."""
    return (io.BytesIO(made_of(text)), name)


def in_db(app, make, *args, **kw):
    """Make something in a transaction of its own; give its number."""
    with app.app_context():
        made = make(*args, **kw)
        db.session.commit()
        return made.id


def newest_of(app, number):
    """Give the number of the newest version of a material."""
    with app.app_context():
        return db.session.get(Material, number).newest.id


def test_a_material_is_entered_with_its_file_and_found(app, anna, rita):
    page = anna.submit(
        NEW, title="Leitfaden Bauhof", kind="guide", issued="5/2026", publisher="KIKZ", file=pdf(),
        follow=True,
    )  # fmt: skip
    assert "Leitfaden Bauhof" in page.main
    assert "Mai 2026" in page.main
    assert "leitfaden.pdf" in page.main
    assert "Leitfaden Bauhof" in rita.get(f"{LIST}?q=bauhof&art=guide").main
    assert "Kein Material gefunden" in rita.get(f"{LIST}?q=feuerwehr").main


def test_sent_twice_it_is_entered_once(app, anna):
    fields = anna.get(NEW).fields() | {"title": ["Faltblatt"], "kind": ["leaflet"], "issued": ["2026"]}
    first, second = (anna.post(NEW, fields | {"file": pdf()}) for _time in range(2))
    assert first.location == second.location
    with app.app_context():
        assert len(db.session.scalars(select(Material)).all()) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "Tragen Sie einen Titel ein."),
        ({"kind": ""}, "Wählen Sie die Art."),
        ({"issued": "Frühling"}, "ist kein Tag, Monat oder Jahr"),
        ({"issued": "13/2026"}, "ist kein Tag, Monat oder Jahr"),
        ({"issued": ""}, "Jahr unbekannt"),
        ({"valid_from": "1.5.2026", "valid_to": "1.4.2026"}, "Der letzte Tag liegt vor dem ersten"),
        ({"link": "javascript:alert(1)"}, "Schreiben Sie die Adresse so"),
        ({"link": "ftp://example.de/a.pdf"}, "Schreiben Sie die Adresse so"),
    ],
)
def test_what_is_wrong_is_said_and_kept(app, anna, change, said):
    values = {"title": "Leitfaden", "kind": "guide", "issued": "2026", "series": "Reihe"} | change
    page = anna.submit(NEW, **values)
    assert page.status == 422
    assert said in " ".join(page.errors())
    assert page.fields()["series"] == ["Reihe"]


def test_a_file_that_is_none_of_the_kinds_is_refused(app, anna):
    page = anna.submit(NEW, title="X", kind="guide", issued="2026", file=(io.BytesIO(files.HTML), "a.pdf"))
    assert page.status == 422
    assert "nur diese Arten" in " ".join(page.errors())


def test_an_inferred_year_and_an_unknown_one_stay_visible(app, anna):
    page = anna.submit(NEW, title="Alt", kind="study", issued="2011", year_basis="inferred", follow=True)
    assert "2011 (erschlossen)" in page.main
    page = anna.submit(NEW, title="Älter", kind="study", issued="", year_basis="unknown", follow=True)
    assert "Jahr unbekannt" in page.main
    assert "2011 (erschlossen)" in anna.get(LIST).main


def test_a_newer_version_makes_the_older_one_outdated_wherever_it_is_shown(app, anna, rita):
    number = in_db(app, material)
    old = newest_of(app, number)
    assert "veraltet" not in rita.get(f"{LIST}/{number}").main
    page = anna.submit(f"{LIST}/{number}/fassungen/neu", label="2. Auflage", issued="2026", follow=True)
    assert page.main.count("veraltet, neuere Fassung vorhanden") == 1
    assert "veraltet, neuere Fassung vorhanden" in rita.get(f"{LIST}/fassungen/{old}/bestand").main
    assert "2. Auflage" in rita.get(LIST).main


def test_edit_refuses_a_lost_update(app, anna, mara):
    url = f"{LIST}/{in_db(app, material)}/bearbeiten"
    fields = anna.get(url).fields()
    assert mara.submit(url, title="Leitfaden Bauhof und Grün").status == 303
    page = anna.post(url, fields | {"title": ["Anders"]})
    assert page.status == 409
    assert "Leitfaden Bauhof und Grün" in page.main


def test_a_version_is_corrected_and_the_history_tells_it(app, anna, mara):
    number = in_db(app, material)
    url = f"{LIST}/fassungen/{newest_of(app, number)}/bearbeiten"
    fields = anna.get(url).fields()
    assert anna.submit(url, link="www.ikz-hessen.de/leitfaden", follow=True).status == 200
    assert anna.post(url, fields | {"label": ["1. Auflage"]}).status in (409, 422)
    page = mara.get(f"{LIST}/{number}")
    assert "Fassung geändert" in page.main
    assert page.soup.find("a", href="https://www.ikz-hessen.de/leitfaden") is None
    # The file goes before the link.
    assert "leitfaden.pdf" in page.main


def test_a_wrong_file_is_replaced_for_good(app, anna, rita):
    number = in_db(app, material)
    version = newest_of(app, number)
    page = anna.submit(f"{LIST}/fassungen/{version}/datei/neu", file=pdf(name="richtig.pdf"), follow=True)
    assert "richtig.pdf" in page.main
    assert "leitfaden.pdf" not in page.soup.select_one("[aria-labelledby=versions]").get_text()
    given = rita.get(f"{LIST}/fassungen/{version}/datei")
    assert given.data.startswith(b"%PDF-")
    assert 'filename="richtig.pdf"' in given.headers["Content-Disposition"]


def test_what_is_withdrawn_is_no_longer_offered(app, anna):
    number = in_db(app, material)
    page = anna.submit(f"{LIST}/{number}/bearbeiten", withdrawn_on="1.1.2026", follow=True)
    assert "Wird nicht mehr ausgegeben." in page.main
    assert "Leitfaden Bauhof" not in anna.get(LIST).main
    assert "Leitfaden Bauhof" in anna.get(f"{LIST}?alte=y").main
    assert "Leitfaden Bauhof" not in anna.get("/ausgaben/neu").main


def test_the_words_of_all_files_lead_to_the_one_material(app, anna, rita):
    page = anna.submit(
        NEW, title="Leitfaden", kind="guide", issued="2024", file=pdf("Winterdienst"), follow=True
    )
    url = link_on(page, "Nächste Fassung")
    anna.submit(url, issued="2026", file=pdf("Winterdienst und Grünpflege"))
    with app.app_context():
        read_files()
    found = rita.get("/suche?q=Winterdienst")
    assert len(found.soup.select("main a[href*='/materialien/']")) == 1
    assert "Dokumente" not in [tag.get_text() for tag in found.soup.select("main h2")]
    assert rita.get("/suche?q=Grünpflege+art:material").soup.select("main a[href*='/materialien/']")


def test_a_reader_and_an_administrator_write_nothing(app, rita, ada):
    number = in_db(app, material)
    assert rita.get(NEW).status == 403
    assert rita.post(f"{LIST}/{number}/bearbeiten", title="X").status == 403
    assert ada.get(LIST).status == 403


def test_the_page_of_old_versions_keeps_their_order(app, rita):
    with app.app_context():
        made = material()
        for label in ("2. Auflage", "3. Auflage"):
            next_version(made, label=label)
        db.session.commit()
        number = made.id
    shown = rita.get(f"{LIST}/{number}").soup.select("[aria-labelledby=versions] strong")
    assert [tag.get_text() for tag in shown] == ["3. Auflage", "2. Auflage", "Fassung 1"]


def test_a_version_whose_time_is_to_come_is_not_handed_out_yet(app, anna, rita):
    first = today() + timedelta(days=3)
    with app.app_context():
        made = material(copies=3)
        old, number = made.newest.id, made.id
        db.session.commit()
    values = {"issued": "2027", "year_basis": "stated", "label": "Neue", "valid_from": f"{first:%d.%m.%Y}"}
    page = anna.submit(f"/materialien/{number}/fassungen/neu", follow=True, **values)
    assert f"Neue gespeichert. Diese Fassung wird ab {first:%d.%m.%Y} ausgegeben." in page.main
    assert f"gilt ab {first:%d.%m.%Y}" in page.main
    assert "veraltet" not in page.main
    with app.test_request_context():
        assert [one.id for one in queries.offered()] == [old]
        found = queries.one(number)
        assert [found.newest.id, *(one.is_outdated for one in found.versions)] == [old, False, False]
        rows = db.session.execute(select(MaterialVersion.id, queries.outdated(), queries.newest_only()))
        assert {row[0]: (bool(row[1]), bool(row[2])) for row in rows}[old] == (False, True)
        found.versions[0].valid_from = today()
        db.session.commit()
        rows = db.session.execute(select(MaterialVersion.id, queries.outdated(), queries.newest_only()))
        said = {row[0]: (bool(row[1]), bool(row[2])) for row in rows}
        assert said == {old: (True, False), found.newest.id: (False, True)}
        for one in found.versions:
            one.valid_from = first
        db.session.commit()
        assert [one.id for one in queries.offered()] == [found.versions[0].id]
        assert [one.is_outdated for one in found.versions] == [False, True]
    assert "veraltet" in rita.get(f"/materialien/{number}").main
