"""Pictures of pages: drawn once by the worker, behind the same gate as the file; nothing else is inline."""

import subprocess

import pytest
from sqlalchemy import func, select

from crm import jobs
from crm.db import db
from crm.documents import contents, duties
from crm.documents.models import PagePicture, Preview
from tests import factories
from tests.documents import files
from tests.documents.test_contents import pdf


def made(app, content, **over):
    """A file of a group; gives its number."""
    with app.app_context():
        group = factories.cooperation("Cölbe")
        number = factories.document(group, content, cooperation_id=group.id, **over).id
        db.session.commit()
    return number


def draw(app):
    """Let the worker do its duty."""
    with app.app_context():
        jobs.run(duties.DUTY)


def drawn(app):
    """How many files were drawn, and how many pictures there are."""
    with app.app_context():
        query = select(
            select(func.count()).select_from(Preview).scalar_subquery(),
            select(func.count()).select_from(PagePicture).scalar_subquery(),
        )
        return tuple(db.session.execute(query).one())


def test_pages_are_shown_as_pictures_and_with_their_words(app, rita):
    number = made(app, pdf("Der Häcksler"))
    assert "Die Seitenbilder entstehen gerade." in rita.get(f"/dokumente/{number}/ansehen").main
    assert rita.get(f"/dokumente/{number}/bild/1").status == 404
    draw(app)
    with app.app_context():
        jobs.run("search-files")
    page = rita.get(f"/dokumente/{number}/ansehen")
    picture = page.soup.select_one("main img")
    assert picture["alt"] == "Bild der Seite 1 von 1"
    assert "Der Häcksler" in page.main
    answer = rita.get(picture["src"])
    assert (answer.status, answer.response.mimetype) == (200, "image/png")
    assert answer.data.startswith(b"\x89PNG")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert rita.get(f"/dokumente/{number}/bild/2").status == 404


def test_every_file_is_drawn_once_whatever_comes_of_it(app, rita, monkeypatch):
    broken = made(app, files.pdf())
    draw(app)
    assert drawn(app) == (1, 0)
    assert "Von den Seiten gibt es keine Bilder" in rita.get(f"/dokumente/{broken}/ansehen").main
    monkeypatch.setattr(contents, "pictures_of", lambda *_args: pytest.fail("drawn twice"))
    draw(app)


def test_two_workers_at_once_draw_a_file_once(app, monkeypatch, caplog):
    made(app, pdf("x"))
    real = contents.pictures_of

    def slowly(*given):
        monkeypatch.setattr(contents, "pictures_of", real)
        draw(app)
        return real(*given)

    monkeypatch.setattr(contents, "pictures_of", slowly)
    draw(app)
    assert drawn(app) == (1, 1)
    assert "in duty" not in caplog.text


def test_office_files_say_that_they_have_no_pictures(app, rita):
    number = made(app, files.docx(), name="brief.docx")
    draw(app)
    assert drawn(app) == (0, 0)
    shown = rita.get(f"/dokumente/{number}/ansehen").main
    assert "Für diese Art von Datei (DOCX) gibt es keine Seitenbilder." in shown


def test_with_a_file_its_pictures_go(app, anna):
    number = made(app, pdf("Der Häcksler"))
    draw(app)
    assert drawn(app) == (1, 1)
    anna.post(f"/dokumente/{number}/entfernen")
    assert drawn(app) == (0, 0)


def test_one_who_draws_and_hangs_takes_nothing_along(app, rita, monkeypatch):
    number = made(app, pdf("x"))

    def hang(*_args, **_options):
        raise subprocess.TimeoutExpired("reader", 1)

    monkeypatch.setattr(subprocess, "run", hang)
    draw(app)
    assert drawn(app) == (1, 0)
    assert rita.get(f"/dokumente/{number}/ansehen").status == 200
