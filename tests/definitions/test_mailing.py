"""Saved reports by mail: once, on time, to each by the own rights, with the files of the screen."""

import io
import threading
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from openpyxl import load_workbook
from sqlalchemy import select

from crm import jobs
from crm.db import BERLIN, db, now
from crm.definitions import mailing
from crm.definitions.models import ReportRecipient, Rhythm, SavedReport, Span
from crm.definitions.services import skip_missed
from crm.mail.attachments import of
from crm.mail.models import MailAttachment, MailFile, MailKind, MailState, OutgoingMail
from crm.reports import REPORTS
from crm.reports.period import Period
from crm.reports.scope import Scope
from tests import factories
from tests.mail.outbox import office_for, send
from tests.pdfs import Pdf
from tests.retention.running import forget

# Saturday the 31st of October is a working day for nobody, so the mails go on Monday the 2nd.
OCTOBER = datetime(2026, 10, 20, 9, tzinfo=BERLIN)
MONDAY = datetime(2026, 11, 2, 6, 1, tzinfo=BERLIN)


@pytest.fixture
def clock(app):
    """A day in October; moves when told."""
    with time_machine.travel(OCTOBER, tick=False) as moved:
        yield moved


def keep(app, recipients=("anna", "rita"), **over):
    """A report that goes by mail, saved in October."""
    with app.app_context():
        made = factories.saved_report(recipients=recipients, **over)
        db.session.commit()
        return made.id


def talks(app):
    """A talk everybody sees and a confidential one, in October."""
    with app.app_context():
        factories.talk("Cölbe", "Lahntal", held_on=date(2026, 10, 5))
        factories.talk("Marburg", held_on=date(2026, 10, 6), confidential=True)
        db.session.commit()


def run(app):
    """Do the duty."""
    with app.app_context():
        jobs.run(mailing.NAME)


def mails(app):
    """Report mails by recipient, with their files by ending."""
    with app.app_context():
        query = select(OutgoingMail).where(OutgoingMail.kind == MailKind.REPORT).order_by(OutgoingMail.id)
        return {
            one.recipient: SimpleNamespace(
                id=one.id, body=one.body, subject=one.subject,
                files={each.name.rpartition(".")[2]: each.content for each in of(one.id)},
            )
            for one in db.session.scalars(query)
        }  # fmt: skip


def number(app):
    """How many report mails there are."""
    with app.app_context():
        return db.session.query(OutgoingMail).filter_by(kind=MailKind.REPORT).count()


def change(app, saved_id, **columns):
    """Change a saved report behind the program's back."""
    with app.app_context():
        found = db.session.get(SavedReport, saved_id)
        for name, value in columns.items():
            setattr(found, name, value)
        db.session.commit()


def lock(app, name):
    """Lock an account."""
    with app.app_context():
        factories.member(name).locked_at = now()
        db.session.commit()


def test_a_report_goes_on_the_first_working_day_and_once(app, clock):
    keep(app)
    for moment in (OCTOBER, datetime(2026, 11, 1, 9, tzinfo=BERLIN), MONDAY - timedelta(minutes=2)):
        clock.move_to(moment)
        run(app)
        assert number(app) == 0, moment
    clock.move_to(MONDAY)
    for _again in range(3):
        run(app)
        assert number(app) == 2
    clock.move_to(datetime(2026, 11, 30, 23, tzinfo=BERLIN))
    run(app)
    assert number(app) == 2
    clock.move_to(datetime(2026, 12, 1, 7, tzinfo=BERLIN))
    run(app)
    assert number(app) == 4


def test_what_was_missed_is_sent_once_when_the_machine_is_back(app, clock):
    keep(app, recipients=["anna"])
    clock.move_to(datetime(2027, 3, 14, 22, tzinfo=BERLIN))
    run(app), run(app)
    assert number(app) == 1
    assert "01.02.2027 bis 28.02.2027" in mails(app)["anna@kikz.test"].subject


def test_every_quarter_is_every_quarter(app, clock):
    one = keep(app, recipients=["anna"], span=Span.LAST_QUARTER)
    change(app, one, rhythm=Rhythm.QUARTERLY, mailed_until=date(2026, 9, 30))
    clock.move_to(datetime(2026, 11, 30, 9, tzinfo=BERLIN))
    run(app)
    assert number(app) == 0
    clock.move_to(datetime(2027, 1, 4, 6, tzinfo=BERLIN))
    run(app)
    assert "01.10.2026 bis 31.12.2026" in mails(app)["anna@kikz.test"].subject


def test_everybody_gets_the_numbers_of_the_own_rights(app, clock):
    talks(app)
    keep(app, as_xlsx=True)
    clock.move_to(MONDAY)
    run(app)
    found = mails(app)
    anna, rita = found["anna@kikz.test"], found["rita@kikz.test"]
    assert "Beratungen: 2\n" in anna.body
    assert "Beratungen: 1\n" in rita.body
    for one, seen in ((anna, 2), (rita, 1)):
        leaf = load_workbook(io.BytesIO(one.files["xlsx"])).worksheets[0]
        values = {row[0]: row[1] for row in leaf.iter_rows(values_only=True)}
        assert values["Beratungen"] == seen


def test_the_files_hold_what_the_screen_shows(app, clock, rita):
    talks(app)
    keep(app, recipients=["rita"], as_xlsx=True)
    clock.move_to(MONDAY)
    run(app)
    made = mails(app)["rita@kikz.test"].files["xlsx"]
    rita.sign_in("rita@kikz.test")
    asked = "?von=01.10.2026&bis=31.10.2026"
    shown = rita.get("/berichte/taetigkeit.xlsx" + asked).data
    mailed, screen = (load_workbook(io.BytesIO(one)).worksheets for one in (made, shown))
    assert len(mailed) == len(screen) > 5
    for one, other in zip(mailed[1:], screen[1:], strict=True):
        rows, others = (list(each.iter_rows(min_row=3, values_only=True)) for each in (one, other))
        assert rows == others


def test_the_link_of_the_mail_opens_the_same_report(app, clock, rita):
    talks(app)
    keep(app, recipients=["rita"])
    clock.move_to(MONDAY)
    run(app)
    body = mails(app)["rita@kikz.test"].body
    rita.sign_in("rita@kikz.test")
    report, page = (line.rpartition(": ")[2] for line in body.splitlines() if "http" in line)
    opened = rita.get(report.removeprefix("http://127.0.0.1:5000"))
    assert opened.soup.select_one(".figures-big dd").get_text() == "1"
    assert rita.get(page.removeprefix("http://127.0.0.1:5000")).status == 200


def test_locked_and_demoted_accounts_get_nothing_and_hold_nobody_up(app, clock):
    one = keep(app, recipients=["anna", "rita", "ada"])
    lock(app, "rita")
    clock.move_to(MONDAY)
    run(app)
    assert set(mails(app)) == {"anna@kikz.test"}
    with app.app_context():
        assert db.session.get(SavedReport, one).mailed_until == date(2026, 10, 31)


def test_the_report_of_a_locked_account_rests(app, clock):
    keep(app, by="bert")
    lock(app, "bert")
    clock.move_to(MONDAY)
    run(app)
    assert number(app) == 0


def test_figures_of_single_colleagues_never_reach_who_may_not_see_them(app, clock):
    with app.app_context():
        person = factories.member("bert").id
    keep(app, recipients=["anna", "mara"], filters={"person": person})
    clock.move_to(MONDAY)
    run(app)
    assert set(mails(app)) == {"mara@kikz.test"}


def test_who_sees_the_same_shares_one_stored_file(app, clock):
    talks(app)
    keep(app, recipients=["anna", "bert", "mara", "rita"])
    clock.move_to(MONDAY)
    run(app)
    with app.app_context():
        assert db.session.query(MailAttachment).count() == 4
        assert db.session.query(MailFile).count() == 2


def test_a_second_run_after_a_fall_writes_only_what_is_missing(app, clock, monkeypatch):
    keep(app, recipients=["anna", "bert", "rita"])
    clock.move_to(MONDAY)
    whole, done = mailing.write, []

    def falls(saved_id, user_id, end, made):
        if done:
            raise KeyboardInterrupt
        done.append(user_id)
        whole(saved_id, user_id, end, made)

    monkeypatch.setattr(mailing, "write", falls)
    with pytest.raises(KeyboardInterrupt):
        run(app)
    assert number(app) == 1
    monkeypatch.setattr(mailing, "write", whole)
    run(app)
    assert set(mails(app)) == {"anna@kikz.test", "bert@kikz.test", "rita@kikz.test"}
    assert number(app) == 3


def test_one_that_cannot_be_written_keeps_no_other_and_is_tried_again(app, clock, monkeypatch):
    one = keep(app, recipients=["anna", "bert", "rita"])
    clock.move_to(MONDAY)
    whole, done = mailing.write, []

    def fails(saved_id, user_id, end, made):
        done.append(user_id)
        if len(done) == 2:
            raise ValueError("broken")
        whole(saved_id, user_id, end, made)

    monkeypatch.setattr(mailing, "write", fails)
    run(app)
    assert number(app) == 2
    with app.app_context():
        assert db.session.get(SavedReport, one).mailed_until == date(2026, 9, 30)
    run(app)
    assert number(app) == 3


def test_two_workers_at_once_write_one_mail_each(app, clock):
    keep(app, recipients=["anna", "bert", "rita", "mara"])
    clock.move_to(MONDAY)
    workers = [threading.Thread(target=run, args=(app,)) for _number in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert number(app) == 4


def test_without_the_mark_two_workers_would_write_two(app, clock, monkeypatch):
    """The control: it is the mark that keeps the second mail away."""
    keep(app, recipients=["anna"])
    clock.move_to(MONDAY)
    marks = iter(range(100))
    monkeypatch.setattr(mailing, "_mark", lambda *_which: f"x-{next(marks)}")
    monkeypatch.setattr(mailing, "_is_settled", lambda *_which: False)
    run(app), run(app)
    assert number(app) == 2


def test_the_mail_goes_out_with_its_files(app, clock):
    keep(app, recipients=["anna"], as_xlsx=True, name="Unser Monat")
    clock.move_to(MONDAY)
    run(app)
    with office_for(app) as office:
        send(app)
    (taken,) = office.taken
    parts = {one.get_filename(): one for one in taken.mail.iter_attachments()}
    assert set(parts) == {
        "taetigkeit-2026-10-01-2026-10-31.pdf", "taetigkeit-2026-10-01-2026-10-31.xlsx",
    }  # fmt: skip
    pdf = parts["taetigkeit-2026-10-01-2026-10-31.pdf"]
    assert pdf.get_content_type() == "application/pdf"
    assert "Unser Monat" in Pdf(pdf.get_content()).text
    assert taken.mail["Subject"] == "Unser Monat: 01.10.2026 bis 31.10.2026"
    assert "hier ist der Bericht" in taken.mail.get_body(("plain",)).get_content()


def test_a_file_too_large_for_a_mail_is_left_out_and_that_is_said(app, clock, monkeypatch):
    keep(app, recipients=["anna"], as_xlsx=True)
    clock.move_to(MONDAY)
    monkeypatch.setattr(mailing, "MOST_BYTES", 10)
    run(app)
    one = mails(app)["anna@kikz.test"]
    assert one.files == {}
    assert one.body.count("zu groß") == 2


def test_old_mails_lose_their_files_and_the_bytes_go_with_the_last(app, clock):
    keep(app, recipients=["anna", "bert"])
    clock.move_to(MONDAY)
    run(app)
    with office_for(app):
        send(app)
    clock.move_to(MONDAY + timedelta(days=89))
    with app.app_context():
        assert forget("mails") == 0
        assert db.session.query(MailFile).count() == 1
        db.session.rollback()
    clock.move_to(MONDAY + timedelta(days=91))
    with app.app_context():
        assert forget("mails") == 2
        db.session.commit()
        assert db.session.query(MailAttachment).count() == db.session.query(MailFile).count() == 0


def test_nobody_reads_the_numbers_of_others_in_the_outbox(app, clock, anna, mara, rita):
    keep(app, recipients=["mara"], name="Geheim-4711")
    clock.move_to(MONDAY)
    run(app)
    one = mails(app)["mara@kikz.test"].id
    for client, name in ((anna, "anna"), (mara, "mara"), (rita, "rita")):
        client.sign_in(f"{name}@kikz.test")
    assert mara.get(f"/postausgang/{one}").status == 200
    for client in (anna, rita):
        assert client.get(f"/postausgang/{one}").status == 404
        assert "Geheim-4711" not in client.get("/postausgang").text


def test_who_stopped_the_mails_meanwhile_gets_none(app, clock):
    one = keep(app, recipients=["anna", "rita"])
    with app.app_context():
        anna = factories.member("anna").id
        query = select(ReportRecipient).where(ReportRecipient.saved_report_id == one)
        db.session.delete(db.session.scalars(query.where(ReportRecipient.user_id == anna)).one())
        db.session.commit()
    clock.move_to(MONDAY)
    run(app)
    assert set(mails(app)) == {"rita@kikz.test"}
    with app.app_context():
        assert db.session.scalar(select(OutgoingMail.state)) is MailState.WAITING


def test_who_left_the_list_between_reading_and_writing_gets_none(app, clock):
    one = keep(app, recipients=["anna"])
    with app.app_context():
        for name in ("anna", "rita"):
            user = factories.member(name).id
            mailing.write(one, user, date(2026, 9, 30), mailing.Files())
    assert set(mails(app)) == {"anna@kikz.test"}


@pytest.mark.parametrize("slug", sorted(REPORTS))
def test_every_report_can_be_mailed(app, clock, slug):
    keep(app, recipients=["rita"], slug=slug, as_xlsx=True)
    clock.move_to(MONDAY)
    run(app)
    files = mails(app)["rita@kikz.test"].files
    assert set(files) == {"pdf", "xlsx"}
    with app.test_request_context():
        scope = Scope(Period(date(2026, 10, 1), date(2026, 10, 31)))
        read = REPORTS[slug].read(factories.member("rita"), scope)
        assert len(load_workbook(io.BytesIO(files["xlsx"])).worksheets) == 1 + len(read.sheet.all_tables)


def test_after_a_restore_nothing_goes_a_second_time(app, clock):
    old = keep(app, recipients=["anna"])
    clock.move_to(datetime(2026, 11, 5, 9, tzinfo=BERLIN))
    with app.app_context():
        assert skip_missed() == 1
        db.session.commit()
        assert db.session.get(SavedReport, old).mailed_until == date(2026, 10, 31)
    run(app)
    assert number(app) == 0
    clock.move_to(datetime(2026, 12, 1, 9, tzinfo=BERLIN))
    run(app)
    assert number(app) == 1


def test_what_was_not_due_before_a_restore_still_goes(app, clock):
    keep(app, recipients=["anna"])
    clock.move_to(datetime(2026, 11, 1, 9, tzinfo=BERLIN))
    with app.app_context():
        assert skip_missed() == 0
    clock.move_to(MONDAY)
    run(app)
    assert number(app) == 1
