"""Long lists are left to the worker: wholly taken over or not at all, and everybody sees how far they are."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm import jobs
from crm.consultations.models import Consultation
from crm.db import db, now
from crm.imports import queued, services
from crm.imports.models import ImportJob, ImportRun, JobState
from crm.register.models import WaitingFile
from tests.imports.lists import workbook, written
from tests.imports.talks.old_lists import old_list

CHECK = "/importe/pruefung?art=talks"


@pytest.fixture
def long_list(monkeypatch):
    """A list that is long for once: thirty talks."""
    monkeypatch.setattr(queued, "MOST_AT_ONCE", 20)
    rows = [
        (f"{date(2014, 1, 1) + timedelta(days=number):%d.%m.%Y}", "Tel.", "Cölbe, Lich", *[""] * 6)
        for number in range(30)
    ]
    return old_list(*rows)


def send(client, content):
    """Send a list and press the button of its check; give where that leads."""
    form = client.get("/importe").fields() | {"art": "talks", "file": (io.BytesIO(content), "alt.csv")}
    shown = client.get(client.post("/importe", form).location)
    return client.post(CHECK, shown.fields()).location


def number(app, model):
    """How many records there are of a kind."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def work(app):
    """Let the worker do what waits."""
    with app.app_context():
        jobs.run(queued.DUTY)


def test_a_long_list_waits_for_the_worker_and_leads_to_what_it_made(app, mara, long_list):
    where = send(mara, long_list)
    page = mara.get(where)
    assert "wartet auf den Helfer" in page.main
    assert page.soup.select("progress")[0].get("value") is None
    assert page.soup.select("#progress[data-progress]")
    assert page.soup.select(f'#progress a[href="{where}"]')
    assert number(app, Consultation) == 0
    work(app)
    assert mara.get(where).location.endswith("/importe/1")
    assert "Liste übernommen: alt.csv." in mara.get("/importe/1").main
    assert (number(app, Consultation), number(app, WaitingFile)) == (30, 0)
    work(app)
    assert (number(app, Consultation), number(app, ImportRun)) == (30, 1)


def test_a_worker_that_was_killed_begins_again(app, mara, long_list):
    where = send(mara, long_list)
    with app.app_context():
        job = db.session.scalars(select(ImportJob)).one()
        job.state, job.begun_at = JobState.RUNNING, now()
        db.session.commit()
    page = mara.get(where)
    assert "wird übernommen" in page.main
    assert 0 <= int(page.soup.select("progress")[0]["value"]) <= 95
    work(app)
    assert number(app, Consultation) == 30


def test_what_is_no_longer_as_shown_is_not_taken_over(app, mara, long_list):
    where = send(mara, long_list)
    with app.test_request_context("/"):
        table = services.table_of(long_list, "alt.csv")
        columns, _problems = services.mapping_of(table, None, queued.LISTS[queued.Sort.TALKS])
        plan = services.plan_of(table, columns, kind=queued.LISTS[queued.Sort.TALKS])
        services.take_over(plan, "anders.csv", None, queued.LISTS[queued.Sort.TALKS])
        db.session.commit()
    work(app)
    page = mara.get(where)
    assert "Inzwischen hat sich etwas geändert." in page.main
    assert not page.soup.select("[data-progress]")
    assert number(app, ImportRun) == 1
    assert "Es gibt nichts zu übernehmen" in mara.get(CHECK).main


def test_a_fault_leaves_nothing_and_gives_the_file_back(app, mara, long_list, monkeypatch, caplog):
    where = send(mara, long_list)
    monkeypatch.setattr(services, "take_over", lambda *given: 1 / 0)
    work(app)
    assert "Es ist etwas schiefgegangen." in mara.get(where).main
    assert number(app, Consultation) == 0
    assert mara.get(CHECK).status == 200
    assert "fault" in caplog.text


def test_a_file_that_is_gone_says_so(app, mara, long_list):
    where = send(mara, long_list)
    with app.app_context():
        db.session.delete(db.session.scalars(select(WaitingFile)).one())
        db.session.commit()
    work(app)
    assert "Die Datei ist nicht mehr da." in mara.get(where).main


def test_others_do_not_see_how_far_it_is(mara, anna, long_list):
    assert anna.get(send(mara, long_list)).status == 403


def fail(app):
    """Let something change before the worker comes to the newest list."""
    with app.app_context():
        job = db.session.scalars(select(ImportJob).order_by(ImportJob.id.desc()).limit(1)).one()
        job.digest = "x"
        db.session.commit()
    work(app)


def check(client, content, name, kind="talks"):
    """Send a list and open its check."""
    form = client.get("/importe").fields() | {"art": kind, "file": (io.BytesIO(content), name)}
    return client.get(client.post("/importe", form).location)


def test_what_was_chosen_is_preset_after_a_failure(app, mara, monkeypatch):
    monkeypatch.setattr(queued, "MOST_AT_ONCE", -1)
    doubtful = written(("1", "Bauhof", "Krichheim; Bebra", "Idee"))
    shown = check(mara, doubtful, "liste.csv", "cooperations")
    name = shown.soup.select_one("select[name^=ort-]")["name"]
    meant = shown.soup.select(f"select[name={name}] option")[-1]["value"]
    where = mara.post("/importe/pruefung", shown.fields() | {name: meant}).location
    fail(app)
    back = mara.get(mara.get(where).soup.select_one("main a.btn-primary")["href"])
    assert back.fields()[name] == [meant]
    open_now = mara.post("/importe/pruefung", back.fields() | {name: "", "digest": "old"})
    assert (open_now.status, open_now.fields()[name]) == (422, [""])
    assert check(mara, doubtful, "liste.csv", "cooperations").fields()[name] == [""]


def test_the_leaf_of_a_workbook_is_the_same_after_a_failure(app, mara, monkeypatch):
    monkeypatch.setattr(queued, "MOST_AT_ONCE", -1)

    def fill(book, _sheet):
        other = book.add_worksheet("Zweites")
        other.write_row(0, 0, ["Kennung", "Titel", "Kommunen", "Stand"])
        other.write_row(1, 0, ["2", "Archiv", "Lich; Laubach", "Idee"])

    content = workbook(fill, [("1", "Bauhof", "Cölbe; Lahntal", "Idee")])
    check(mara, content, "mappe.xlsx", "cooperations")
    leaf = "/importe/pruefung?blatt=Zweites"
    where = mara.post(leaf, mara.get(leaf).fields()).location
    fail(app)
    back = mara.get(mara.get(where).soup.select_one("main a.btn-primary")["href"])
    assert "Archiv" in back.main
    assert "Bauhof" not in back.main


def test_a_list_taken_over_meanwhile_leaves_the_failed_one_waiting(app, mara, long_list):
    send(mara, long_list)
    other = check(mara, old_list(("3.5.2015", "Tel.", "Cölbe", *[""] * 6)), "zweite.csv")
    fail(app)
    assert "zweite.csv" in mara.get(CHECK).main
    assert mara.post(CHECK, other.fields()).status == 303
    assert number(app, Consultation) == 1
    assert "alt.csv" in mara.get(CHECK).main
    mara.post(CHECK, mara.get(CHECK).fields())
    work(app)
    assert (number(app, Consultation), number(app, WaitingFile)) == (31, 0)
