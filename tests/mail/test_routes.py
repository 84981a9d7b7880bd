"""The outbox on screen."""

from datetime import timedelta

import pytest

from crm.audit import AuditEvent
from crm.db import db, now
from crm.mail import queries
from crm.mail.models import MailKind, MailServer, MailState
from crm.mailings.models import Mailing
from crm.records import remove
from tests import factories
from tests.mail.outbox import change, send, settings, states, stored, write, write_many
from tests.pages import CarefulClient

SECRET = "https://geheim.example/link"


def names(app):
    """The events of the audit about mails, in order."""
    with app.app_context():
        rows = db.session.query(AuditEvent.name, AuditEvent.record_type).order_by(AuditEvent.id)
        return [(name, table) for name, table in rows if name.startswith("mail.")]


def mailing(app, number=3):
    """A mailing of an event with its mails; gives both numbers."""
    with app.app_context():
        event = factories.event()
        made = Mailing(event_id=event.id, kind=MailKind.INVITATION, subject="An alle", body="x")
        db.session.add(made)
        db.session.commit()
        numbers = event.id, made.id
    write_many(app, number, event_id=numbers[0], mailing_id=numbers[1])
    return numbers


def test_the_list_says_who_gets_what_and_how_far_it_is(app, rita):
    write(app, "a@kommune.test", "Einladung zur Tagung", recipient_name="Petra Henkel")
    page = rita.get("/postausgang")
    assert page.status == 200
    for words in ("Postausgang", "Petra Henkel", "a@kommune.test", "Einladung zur Tagung", "wartet"):
        assert words in page.main


def test_the_list_is_narrowed_by_state_kind_and_words(app, anna):
    first, second = write(app, "a@kommune.test"), write(app, "b@kommune.test", kind=MailKind.OFFER)
    change(app, second, state=MailState.REFUSED)
    for query, shown in {
        "stand=waiting": "a@", "stand=refused": "b@", "art=offer": "b@", "q=b@kommune": "b@",
        "q=A@KOMM": "a@",
    }.items():  # fmt: skip
        text = anna.get(f"/postausgang?{query}").main
        assert [one in text for one in ("a@kommune", "b@kommune")] == [shown == "a@", shown == "b@"], query
    assert first
    assert anna.get("/postausgang?stand=unsinn&art=x&q=" + "x" * 300).status == 200


def test_the_list_is_narrowed_to_an_event_and_to_a_mailing_with_its_progress(app, anna):
    event, number = mailing(app)
    write(app, "fremd@kommune.test")
    for query in (f"veranstaltung={event}", f"mailing={number}"):
        page = anna.get(f"/postausgang?{query}")
        assert "gast0@kommune.test" in page.main
        assert "fremd@" not in page.main
    assert "0 von 3 versandt" in page.main
    assert anna.get("/postausgang?mailing=99999&veranstaltung=x").status == 200


def test_progress_counts_every_state(app):
    _event, number = mailing(app, 5)
    for one, state in zip(states(app), MailState, strict=True):
        change(app, one, state=state)
    with app.app_context():
        found = queries.progress(number)
        assert (found.sent, found.waiting, found.refused, found.dropped, found.total) == (1, 2, 1, 1, 5)
        assert found.share == 60
        assert queries.progress(number + 1).total == 0


def test_texts_are_for_those_who_send(app, rita, emil):
    number = write(app, body="Nur für Petra")
    assert "Nur für Petra" in emil.get(f"/postausgang/{number}").main
    assert "Nur für Petra" not in rita.get(f"/postausgang/{number}").html


def test_a_link_to_a_new_password_is_shown_to_nobody(app, mara, tmp_path):
    number = write(app, body=SECRET, kind=MailKind.PASSWORD)
    with settings(app, MAIL_FOLDER=tmp_path):
        send(app)
        assert SECRET not in mara.get(f"/postausgang/{number}").html
        assert mara.get(f"/postausgang/{number}/datei").status == 404


def test_a_mail_written_as_a_file_can_be_opened(app, anna, tmp_path):
    number = write(app)
    with settings(app, MAIL_FOLDER=tmp_path):
        assert anna.get(f"/postausgang/{number}/datei").status == 404
        send(app)
        shown = anna.get(f"/postausgang/{number}").main
        assert "Als Datei öffnen" in shown
        assert "als Datei abgelegt" in shown
        page = anna.get("/postausgang?stand=sent")
        assert "als Datei abgelegt" in page.main
        assert page.soup.select_one("option[value=sent][selected]").get_text() == "als Datei abgelegt"
        page = anna.get(f"/postausgang/{number}/datei")
    assert page.headers["Content-Type"] == "message/rfc822"
    assert b"To: petra@kommune.test" in page.data


def test_a_refused_mail_is_tried_again_at_a_press(app, emil):
    number = write(app)
    change(app, number, state=MailState.REFUSED, attempts=1, last_error="550 no such user")
    page = emil.get(f"/postausgang/{number}")
    assert "550 no such user" in page.main
    assert emil.post(f"/postausgang/{number}/noch-einmal").status == 303
    mail = stored(app, number)
    assert (mail.state, mail.attempts) == (MailState.WAITING, 0)
    assert names(app) == [("mail.retried", "outgoing_mails")]
    assert "noch einmal versucht" in emil.get(f"/postausgang/{number}").main


def test_a_waiting_mail_is_taken_out_and_the_event_remembers(app, emil):
    event, _mailing = mailing(app, 1)
    number = next(iter(states(app)))
    assert emil.post(f"/postausgang/{number}/nicht-senden").status == 303
    assert stored(app, number).state is MailState.DROPPED
    assert names(app) == [("mail.withdrawn", "events")]
    assert event


@pytest.mark.parametrize(
    ("path", "state"),
    [("nicht-senden", MailState.SENT), ("nicht-senden", MailState.SENDING), ("noch-einmal", MailState.SENT)],
)
def test_a_mail_that_moved_on_meanwhile_is_left_alone(app, anna, path, state):
    number = write(app)
    change(app, number, state=state)
    page = anna.post(f"/postausgang/{number}/{path}")
    assert page.status == 303
    assert "inzwischen" in anna.get(page.location).main
    assert stored(app, number).state is state
    assert names(app) == []


def test_a_mail_emptied_after_its_time_is_not_sent_again(app, anna):
    number = write(app)
    change(app, number, state=MailState.REFUSED, recipient="", subject="", body="")
    assert "90 Tage" in anna.get(f"/postausgang/{number}").main
    assert "gelöscht" in anna.get(anna.post(f"/postausgang/{number}/noch-einmal").location).main
    assert stored(app, number).state is MailState.REFUSED


def test_readers_change_nothing(app, rita):
    number = write(app)
    assert rita.post(f"/postausgang/{number}/nicht-senden").status == 403
    assert stored(app, number).state is MailState.WAITING


def note_down(app, minutes):
    """The server has been down that long."""
    with app.app_context():
        since = now() - timedelta(minutes=minutes)
        db.session.add(MailServer(id=1, down_since=since, last_error="Connection refused"))
        db.session.commit()


RED = "Mails gehen nicht hinaus."


@pytest.mark.parametrize(("minutes", "red"), [(9, False), (11, True)])
def test_a_server_down_for_ten_minutes_shows_red_to_those_who_send(app, anna, rita, minutes, red):
    note_down(app, minutes)
    assert (RED in anna.get("/").html) is red
    page = anna.get("/postausgang")
    assert ("Connection refused" in page.main) is red
    assert RED not in rita.get("/").html


@pytest.mark.parametrize(("minutes", "red"), [(9, False), (11, True)])
def test_mails_that_lie_there_show_red_too(app, emil, minutes, red):
    number = write(app)
    change(app, number, due_at=now() - timedelta(minutes=minutes))
    assert (RED in emil.get("/kommunen").html) is red
    assert ("niemand verschickt sie" in emil.get("/postausgang").main) is red


def test_the_sign_costs_no_statement_of_its_own(app, anna, rita):
    number = len(anna.get("/kontakte").statements)
    assert number == len(rita.get("/kontakte").statements)
    assert "Postausgang" not in rita.get("/kontakte").html


def test_removed_follow_ups_are_not_counted_beside_the_sign(app, anna):
    with app.app_context():
        factories.follow_up(in_days=0)
        remove([factories.follow_up(in_days=0)], factories.member("anna"), "follow-up.removed")
        db.session.commit()
    assert anna.get("/kontakte").soup.select_one(".side-n").get_text().split() == ["1", "fällig"]


@pytest.mark.parametrize("kind", [MailKind.PASSWORD, MailKind.NOTICE, MailKind.MORNING])
def test_a_mail_about_an_account_is_for_whose_account_it_is(app, rita, emil, mara, kind):
    with app.app_context():
        own = factories.member("mara").id
    number = write(app, "mara@kikz.test", "Geheime Sache", kind=kind, user_id=own)
    for other in (rita, emil):
        assert "Geheime Sache" not in other.get("/postausgang").html
        assert "Geheime Sache" not in other.get(f"/postausgang?q=mara&art={kind.value}").html
        assert other.get(f"/postausgang/{number}").status == 404
    for path in ("nicht-senden", "noch-einmal"):
        assert emil.post(f"/postausgang/{number}/{path}").status == 404
    assert emil.get(f"/postausgang/{number}/datei").status == 404
    assert stored(app, number).state is MailState.WAITING
    assert "Geheime Sache" in mara.get("/postausgang").main
    assert mara.get(f"/postausgang/{number}").status == 200
    assert mara.post(f"/postausgang/{number}/nicht-senden").status == 303
    assert stored(app, number).state is MailState.DROPPED


def test_who_manages_accounts_and_reads_mails_knows_of_all(app):
    with app.app_context():
        roles = {factories.Role.ADMINISTRATOR, factories.Role.MANAGER}
        factories.user("otto@kikz.test", "Otto Ober", roles)
        db.session.commit()
        own = factories.member("mara").id
    otto = CarefulClient(app)
    otto.sign_in("otto@kikz.test")
    number = write(app, "mara@kikz.test", "Geheime Sache", kind=MailKind.PASSWORD, user_id=own)
    assert "Geheime Sache" in otto.get("/postausgang").main
    assert otto.get(f"/postausgang/{number}").status == 200
