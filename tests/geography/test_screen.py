"""Boundaries on screen: check, look, take over; four questions."""

import io

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.db import db
from crm.geography import matching, routes
from crm.geography.models import Boundary
from crm.register.models import WaitingFile
from tests import factories
from tests.everything import PASSING, changed, stored
from tests.geography.bad_files import BAD
from tests.geography.grid import SOURCE, collection, feature, features, square

URL, PREVIEW = "/kommunen/grenzen", "/kommunen/grenzen/pruefung"


def upload(client, content=None, name="grenzen.geojson"):
    """Send a file."""
    return client.post(URL, {"file": (io.BytesIO(collection() if content is None else content), name)})


def shapes(app):
    """How many shapes are stored."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Boundary))


def test_a_file_is_checked_shown_and_taken_over(app, ada):
    assert "Noch keine Grenzen" in ada.get(URL).main
    page = upload(ada)
    assert (page.status, page.location) == (303, PREVIEW)
    assert shapes(app) == 0
    page = ada.get(PREVIEW)
    assert "grenzen.geojson" in page.main
    assert page.fields()["attribution"] == [SOURCE]
    page = ada.submit(PREVIEW, attribution="© Katasteramt", follow=True)
    assert "Grenzen: 9 neu, 0 geändert, 0 unverändert." in page.text
    assert "© Katasteramt" in page.main
    assert shapes(app) == 9
    with app.app_context():
        user = factories.member("ada").id
        assert set(
            db.session.scalars(select(AuditEvent.user_id).where(AuditEvent.name == "boundary.loaded"))
        ) == {user}
        assert db.session.scalars(select(WaitingFile)).all() == []


def test_the_preview_names_what_is_left_out_and_who_stays_without(ada):
    upload(ada, collection([*features(), feature("09999999", [square(5, 5)], name="Anderswo")]))
    page = ada.get(PREVIEW)
    assert "„09999999 Anderswo“ ist keine Gemeinde des Verzeichnisses." in page.main
    assert "Gemeinden, die ohne Grenze bleiben 412" in page.main


def test_who_may_not_changes_nothing(app, rita, anna, emil, mara):
    before = stored(app)
    for client in (rita, anna, emil, mara):
        assert client.get(URL).status == 403
        assert upload(client).status == 403
        assert client.post(PREVIEW, attribution="x").status == 403
    assert changed(before, stored(app)) == []


def test_strangers_are_sent_to_the_door(app, stranger):
    assert upload(stranger).status == 401
    assert shapes(app) == 0


def test_bad_files_get_their_sentence_and_change_nothing(app, ada):
    without = {*PASSING, "submissions"}
    before = stored(app, without)
    for name, (content, words) in BAD.items():
        page = upload(ada, content)
        assert page.status == 422, name
        assert words in page.main, name
        assert "Es wurde nichts übernommen" in page.main
    assert changed(before, stored(app, without)) == []


def test_no_file_is_said_at_the_field(ada):
    assert ada.post(URL, {}).errors() == ["Wählen Sie eine Datei."] * 2
    assert upload(ada, b"", name="").status == 422


def test_too_large_a_file_is_refused_with_its_limit(app, ada, monkeypatch):
    monkeypatch.setattr(app.view_functions["geography.boundaries"], "most_bytes", 3000)
    page = upload(ada, b" " * 5000)
    assert page.status == 413
    assert "höchstens 0,003 MB" in page.main


def test_a_source_must_be_named_and_what_was_typed_stays(app, ada):
    upload(ada)
    page = ada.submit(PREVIEW, attribution=" ")
    assert page.status == 422
    assert "Tragen Sie die Quelle ein" in page.errors()[0]
    assert page.fields()["attribution"] == [" "]
    page = ada.submit(PREVIEW, attribution="x" * 301)
    assert page.fields()["attribution"] == ["x" * 301]
    assert shapes(app) == 0


def test_a_second_sending_takes_nothing_over_twice(app, ada):
    upload(ada)
    fields = ada.get(PREVIEW).fields()
    assert ada.post(PREVIEW, fields).status == 303
    page = ada.post(PREVIEW, fields, follow=True)
    assert "Es wartet keine Datei" in page.text
    assert shapes(app) == 9


def test_a_file_waits_for_its_own_user_only(app, ada):
    upload(ada)
    with app.app_context():
        factories.user("udo@kikz.test", roles=factories.CAST["ada"][1])
        db.session.commit()
    other = type(ada)(app)
    other.sign_in("udo@kikz.test")
    page = other.get(PREVIEW)
    assert (page.status, page.location) == (302, URL)


def test_the_same_file_again_says_that_all_is_known(ada):
    upload(ada)
    ada.submit(PREVIEW)
    upload(ada)
    assert "Alle diese Grenzen sind schon bekannt." in ada.get(PREVIEW).main
    page = ada.submit(PREVIEW, follow=True)
    assert "Grenzen: 0 neu, 0 geändert, 9 unverändert." in page.text


def test_a_file_that_no_longer_fits_the_register_is_told(app, ada, monkeypatch):
    upload(ada)
    fields = ada.get(PREVIEW).fields()
    monkeypatch.setattr(matching, "known", dict)
    assert ada.get(PREVIEW).location == URL
    assert "Keine der 9 Flächen" in ada.get(URL).text
    assert "Keine der 9 Flächen" in ada.post(PREVIEW, fields, follow=True).text
    assert shapes(app) == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "<b>x</b>.json", "x" * 999, "gr\u00fc\u00dfe.geojson"])
def test_any_name_of_a_file_is_shown_as_text(ada, name):
    assert upload(ada, name=name).status == 303
    page = ada.get(PREVIEW)
    assert page.status == 200
    assert not page.soup.select("main b")


def test_the_limit_leaves_room_for_the_form(app):
    assert app.view_functions["geography.boundaries"].most_bytes > routes.BOUNDARIES_BYTES
