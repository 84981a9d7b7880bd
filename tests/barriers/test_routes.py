"""A barrier is reported without an account, answered in time, and forgotten a year later."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.barriers.models import BarrierReport
from crm.db import db, today
from crm.mail.models import OutgoingMail
from crm.office.queries import office
from crm.office.services import save
from crm.retention import doing
from crm.retention.models import RetentionSetting
from tests import factories
from tests.everything import changed, stored

URL = "/barrierefreiheit/melden"
REPORT = {
    "text": "Der Vorleser nennt die Felder nicht.", "location": "Anmeldung", "sender_name": "Petra Henkel",
    "sender_email": "petra@kommune.test",
}  # fmt: skip


@pytest.fixture(autouse=True)
def quick(app, monkeypatch):
    """Let forms be sent at once."""
    monkeypatch.setitem(app.config, "PUBLIC_FORM_SECONDS", 0)


def reports(app):
    """What came in."""
    with app.app_context():
        return list(db.session.scalars(select(BarrierReport).order_by(BarrierReport.id)))


def mails(app):
    """The outbox: recipient and subject with text."""
    with app.app_context():
        query = select(OutgoingMail).order_by(OutgoingMail.id)
        return [(one.recipient, f"{one.subject}\n{one.body}") for one in db.session.scalars(query)]


def events(app):
    """What the protocol says of reported barriers."""
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.record_type == "barrier_reports")
        return list(db.session.scalars(query.order_by(AuditEvent.id)))


def waiting(app, **over):
    """A report that waits; its number."""
    with app.app_context():
        found = factories.barrier(**over)
        db.session.commit()
        return found.id


def test_a_stranger_reports_a_barrier_and_gets_a_number(app, stranger, ada):
    with app.app_context():
        save(office(), {"name": "KIKZ", "sender": "ikz@amt.test"}, factories.member("ada"))
        db.session.commit()
    page = stranger.submit(URL, follow=True, **REPORT)
    found = reports(app)[0]
    due = f"{found.due_on:%d.%m.%Y}"
    assert found.reference in page.main
    assert due in page.main
    assert found.due_on - found.received_on == timedelta(weeks=6)
    to_sender, to_office = mails(app)
    assert (to_sender[0], to_office[0]) == ("petra@kommune.test", "ikz@amt.test")
    assert found.reference in to_sender[1]
    assert due in to_sender[1]
    assert f"/barrieren/{found.id}" in to_office[1]
    for typed in ("Vorleser", "Henkel"):
        assert typed not in to_sender[1] + to_office[1]
    assert [one.name for one in events(app)] == ["barrier.reported"]
    assert "Vorleser" not in str(events(app)[0].changes)


def test_without_an_address_of_the_office_its_managers_get_the_mail(app, stranger):
    stranger.submit(URL, **REPORT | {"sender_email": ""})
    assert [one[0] for one in mails(app)] == ["mara@kikz.test"]


def test_saying_what_does_not_work_is_enough(app, stranger):
    page = stranger.submit(URL, follow=True, text="Zu klein.")
    assert "können wir Ihnen nicht antworten" in page.main
    assert reports(app)[0].sender_email is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": " "}, "Sagen Sie, was nicht geht."),
        ({"text": "x" * 5001}, "höchstens 5000 Zeichen"),
        ({"sender_email": "petra"}, "name@example.de"),
    ],
)
def test_a_report_is_checked_and_kept(app, stranger, change, message):
    page = stranger.submit(URL, **REPORT | change)
    assert page.status == 422
    assert any(message in error for error in page.errors()), page.errors()
    assert page.fields()["sender_name"] == ["Petra Henkel"]
    assert page.soup.title.text.startswith("Fehler: ")
    assert reports(app) == []


def test_a_second_press_of_the_button_is_no_second_report(app, stranger):
    fields = stranger.get(URL).fields() | REPORT
    answers = {stranger.post(URL, fields).location.partition("?")[0] for _press in range(3)}
    assert answers == {URL}
    assert len(reports(app)) == 1
    assert len(mails(app)) == 2
    stranger.submit(URL, **REPORT)
    assert len(reports(app)) == 2


def test_what_was_corrected_on_the_way_back_is_no_second_press(app, stranger):
    fields = stranger.get(URL).fields() | REPORT
    marks = {stranger.post(URL, fields | {"text": text}).location for text in ("Erst so.", "Dann genauer.")}
    assert [one.text for one in reports(app)] == ["Erst so.", "Dann genauer."]
    assert len(marks) == 2


def test_the_promised_period_is_the_one_that_is_set(app, stranger):
    assert "365 Tage nach der Antwort" in stranger.get(URL).main
    with app.app_context():
        db.session.add(RetentionSetting(key="barriers", period=100))
        db.session.commit()
    assert "100 Tage nach der Antwort" in stranger.get(URL).main


def test_programs_are_thanked_and_nothing_is_kept(app, stranger):
    page = stranger.submit(URL, follow=True, homepage="https://spam.test", **REPORT)
    assert "Ihre Meldung ist angekommen." in page.main
    assert (reports(app), mails(app)) == ([], [])


def test_who_is_faster_than_a_person_sends_once_more(app, stranger, monkeypatch):
    monkeypatch.setitem(app.config, "PUBLIC_FORM_SECONDS", 2)
    assert stranger.submit(URL, **REPORT).status == 422
    assert reports(app) == []


def test_a_flood_is_stopped_and_an_address_gets_few_mails(app, stranger, monkeypatch):
    for _time in range(5):
        stranger.submit(URL, **REPORT)
    assert sum(1 for to, _text in mails(app) if to == "petra@kommune.test") == 3
    monkeypatch.setitem(app.config, "PUBLIC_POSTS_PER_HOUR", 5)
    assert stranger.submit(URL, **REPORT).status == 429
    assert len(reports(app)) == 5


def test_nobody_reads_another_s_report_by_its_number(app, stranger):
    number = waiting(app)
    for mark in (number, "1", "x" * 500, "a.b.c"):
        page = stranger.get(f"{URL}?gesendet={mark}")
        assert page.status == 200
        assert "B-0" not in page.main
        assert "Henkel" not in page.main


def test_the_overdue_stand_first_and_are_marked(app, anna):
    done = waiting(app, days_ago=60, answered_on=today(), answer="Behoben.")
    fresh, late = waiting(app, days_ago=1), waiting(app, days_ago=43)
    waiting(app, days_ago=42)
    rows = anna.get("/barrieren").soup.select("tbody tr")
    numbers = [row.th.get_text(strip=True) for row in rows]
    assert (numbers[0], numbers[2], numbers[3]) == (f"B-{late:04}", f"B-{fresh:04}", f"B-{done:04}")
    assert ["überfällig" in row.text for row in rows] == [True, False, False, False]
    assert "beantwortet am" in rows[3].text
    first = anna.get("/").main
    assert "3 gemeldete Barrieren ohne Antwort" in first
    assert "überfällig" in first


def test_readers_and_guests_see_no_reports_on_the_first_page(app, rita, stranger):
    waiting(app)
    assert "gemeldete Barriere" not in rita.get("/").main
    assert stranger.get("/barrierefreiheit").soup.select("a[href='/barrieren']") == []


def test_an_answer_is_noted_and_sent(app, anna):
    number = waiting(app)
    url = f"/barrieren/{number}"
    page = anna.submit(url, answer="Die Felder haben jetzt Namen.", follow=True)
    assert "Antwort vermerkt und per E-Mail gesendet." in page.main
    found = reports(app)[0]
    assert (found.answered_on, found.answer) == (today(), "Die Felder haben jetzt Namen.")
    assert [to for to, _text in mails(app)] == ["petra@kommune.test"]
    assert "Die Felder haben jetzt Namen." in mails(app)[0][1]
    assert [one.name for one in events(app)] == ["barrier.answered"]
    # A correction is not sent by itself.
    assert anna.submit(url, answer="Alle Felder.", follow=True).status == 200
    assert len(mails(app)) == 1
    assert [one.name for one in events(app)][1:] == ["barrier.answer-changed"]
    assert "gemeldete Barriere" not in anna.get("/").main


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answer": ""}, "Geben Sie ein, was geantwortet wurde."),
        ({"answered_on": ""}, "Geben Sie den Tag der Antwort ein."),
        ({"answered_on": "1.1.2020"}, "Geben Sie einen Tag zwischen"),
    ],
)
def test_an_answer_is_checked_and_kept(app, anna, change, message):
    url = f"/barrieren/{waiting(app)}"
    page = anna.submit(url, **{"answer": "Behoben."} | change)
    assert page.status == 422
    assert any(message in error for error in page.errors()), page.errors()
    assert reports(app)[0].answered_on is None


def test_a_colleague_s_answer_is_not_overwritten(app, anna, mara):
    url = f"/barrieren/{waiting(app)}"
    fields = anna.get(url).fields() | {"answer": "Annas Antwort."}
    mara.submit(url, answer="Maras Antwort.")
    page = anna.post(url, fields)
    assert page.status == 409
    assert reports(app)[0].answer == "Maras Antwort."


def test_who_may_not_answer_changes_nothing(app, rita, ada, stranger):
    number = waiting(app)
    before = stored(app)
    for client, status in ((rita, 403), (ada, 403), (stranger, 401)):
        assert client.post(f"/barrieren/{number}", answer="x").status == status
    assert changed(before, stored(app)) == []


def test_a_year_after_the_answer_nobody_knows_who_it_was(app, anna, monkeypatch):
    day = today() - timedelta(days=365)
    old = {"received_on": day - timedelta(days=20), "due_on": day, "answer": "Behoben."}
    gone = waiting(app, answered_on=day, **old)
    kept = waiting(app, answered_on=day + timedelta(days=1), **old)
    open_one = waiting(app, days_ago=900)
    monkeypatch.setitem(app.config, "RETENTION", False)
    with app.app_context():
        doing.run(keys=["barriers"])
    assert all(one.sender_email for one in reports(app))
    monkeypatch.setitem(app.config, "RETENTION", True)
    with app.app_context():
        doing.run(keys=["barriers"])
    found = {one.id: one for one in reports(app)}
    assert (found[gone].sender_email, found[gone].sender_name, found[gone].text) == (None, None, "")
    assert (found[gone].answer, found[gone].address_key, found[gone].location) == ("", None, None)
    assert found[gone].answered_on
    assert found[kept].sender_email
    assert found[open_one].sender_email
    assert [one.name for one in events(app)] == ["barrier.forgotten"]
    page = anna.get(f"/barrieren/{gone}")
    assert "wurden am" in page.main
    assert page.soup.select("main form[method=post]") == []
    assert anna.post(f"/barrieren/{gone}", answer="x", version=2).status == 200
    assert reports(app)[0].answer == ""


def test_the_way_from_every_page_to_the_form_takes_two_steps(app, stranger, anna):
    for client, urls in ((stranger, ("/anmelden", "/termine", "/gibt-es-nicht", "/impressum")),
                         (anna, ("/", "/gibt-es-nicht", "/konten", "/beratungen/neu"))):  # fmt: skip
        for url in urls:
            links = client.get(url).soup.select("footer a[href^='/barrierefreiheit']")
            assert [one.get_text(strip=True) for one in links] == ["Barrierefreiheit"], url
    assert stranger.get("/barrierefreiheit").soup.select(f"main a[href='{URL}']")


def test_reports_are_few_statements_a_page(app, anna):
    for number in range(60):
        waiting(app, answered_on=today(), answer="x") if number % 2 else waiting(app)
    page = anna.get("/barrieren")
    assert len(page.soup.select("tbody tr")) == 50
    assert len(page.statements) <= 6
    with app.app_context():
        assert db.session.scalar(select(func.count(BarrierReport.id))) == 60
