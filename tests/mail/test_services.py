"""What gets into the outbox: one address, one line a head, one mail a cause; and what leaves it again."""

import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from crm.db import db, now
from crm.errors import RuleBroken
from crm.mail import letters
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.mail.services import drop, drop_older, post
from tests.mail.outbox import change, office_for, send, states, stored, write
from tests.retention.running import forget

WRONG_ADDRESSES = [
    "a@b.de\r\nBcc: c@d.de", "a@b.de\nc@d.de", "a@b.de\u2028", "a@b.de, c@d.de", "a@b.de;c@d.de",
    "a@b.de c@d.de", "<a@b.de>", "Müller <a@b.de>", "x" * 400 + "@b.de", "a@b@c.de", "", " ", "a@",
    "=?utf-8?q?a=0A?=@b.de,c@d.de",
]  # fmt: skip
WRONG_LINES = [
    "Tagung\r\nBcc: c@d.de", "Tagung\nX: y", "Tagung\u2028x", "Tagung\x85x", "Tagung\x00",
    "=?utf-8?q?x=0ABcc:_c@d.de?=",
]  # fmt: skip


@pytest.mark.parametrize("address", WRONG_ADDRESSES)
def test_only_one_plain_address_gets_in(app, address):
    with office_for(app) as office:
        with app.app_context(), pytest.raises(RuleBroken) as refused:
            post(MailKind.INVITATION, address, "Einladung", "Text")
        assert "Schreiben Sie sie so" in str(refused.value.message)
        with app.app_context(), pytest.raises(RuleBroken):
            post(MailKind.INVITATION, "a@b.de", "Einladung", "Text", reply_to=address or "x")
        send(app)
    assert office.taken == []
    assert states(app) == {}


@pytest.mark.parametrize("text", WRONG_LINES)
def test_subject_and_name_are_one_line(app, text):
    with office_for(app) as office:
        for more in ({"subject": text}, {"recipient_name": text}):
            values = {"subject": "Einladung"} | more
            with app.app_context(), pytest.raises(RuleBroken):
                post(MailKind.INVITATION, "a@b.de", body="Text", **values)
        send(app)
    assert office.taken == []


@pytest.mark.parametrize("text", [one for one in WRONG_LINES if "\0" not in one])
def test_what_got_into_a_row_all_the_same_adds_no_recipient(app, text):
    number = write(app, "a@kommune.test")
    change(app, number, subject=text, recipient_name=text)
    with office_for(app) as office:
        send(app)
    assert all(one.recipients == ("a@kommune.test",) for one in office.taken)
    heads = [one.mail.keys() for one in office.taken]
    assert all("Bcc" not in keys and "X" not in keys for keys in heads)
    assert states(app)[number] in (MailState.SENT, MailState.REFUSED)


def test_mistakes_of_the_program_are_no_rules(app):
    with app.app_context():
        for more in (
            {"unsubscribe_url": "javascript:x"}, {"unsubscribe_url": "https://a.de/>\r\nBcc: x@y.de"},
            {"calendar": "BEGIN:VCALENDAR"}, {"calendar": "x", "calendar_method": "NO"},
        ):  # fmt: skip
            with pytest.raises(ValueError, match=r"page|method"):
                post(MailKind.INVITATION, "a@b.de", "Einladung", "Text", **more)


def test_a_cause_makes_one_mail_even_from_two_at_once(app):
    barrier, made = threading.Barrier(2), []

    def twin():
        with app.app_context():
            barrier.wait()
            made.append(post(MailKind.MORNING, "a@b.de", "Heute", "Text", once_key="heute-7") is not None)
            db.session.commit()

    twins = [threading.Thread(target=twin) for _ in range(2)]
    for one in twins:
        one.start()
    for one in twins:
        one.join()
    assert sorted(made) == [False, True]
    assert len(states(app)) == 1


ENTRY = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Gr\u00fc\u00dfe\r\nEND:VCALENDAR\r\n"


def test_a_mail_says_all_that_a_mail_must(app):
    write(
        app, "petra@kommune.test", "Einladung: Bürgerversammlung – 100 €", "Guten Tag,\n\nGrüße\n.\nEnde",
        recipient_name="Henkel, Petra (Bürgermeisterin)", reply_to="emil@kikz.test",
        unsubscribe_url="http://127.0.0.1:5000/abmelden/x.y", calendar=ENTRY, calendar_method="REQUEST",
    )  # fmt: skip
    with office_for(app) as office:
        send(app)
    mail = office.taken[0].mail
    assert mail["To"].addresses[0].display_name == "Henkel, Petra (Bürgermeisterin)"
    assert str(mail["Subject"]) == "Einladung: Bürgerversammlung – 100 €"
    assert mail["From"].addresses[0].addr_spec == "ikz@example.test"
    assert str(mail["Reply-To"]) == "emil@kikz.test"
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "de")
    assert mail["List-Unsubscribe"] == "<http://127.0.0.1:5000/abmelden/x.y>"
    assert mail["Date"].datetime.tzinfo is not None
    text = mail.get_body(("plain",)).get_content()
    assert text.replace("\r\n", "\n") == "Guten Tag,\n\nGrüße\n.\nEnde\n"
    entry = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert entry.get_param("method") == "REQUEST"
    assert "Grüße" in entry.get_content()
    assert [part.get_filename() for part in mail.iter_attachments()] == ["termin.ics"]


def test_control_a_mail_without_plain_text_is_noticed(app, monkeypatch):
    set_content = letters.EmailMessage.set_content

    def as_page(mail, words, **more):
        set_content(mail, words, **{"subtype": "html"} | more)

    monkeypatch.setattr(letters.EmailMessage, "set_content", as_page)
    with pytest.raises(AttributeError, match="get_content"):
        test_a_mail_says_all_that_a_mail_must(app)


LETTERS = "Đặng Żółć M̂ ǧ ŉ 🙂 <b> {{7*7}} %(x)s ${7} '; --"


def test_all_letters_arrive_as_they_were_written(app):
    name = LETTERS.partition(" {")[0]
    write(app, subject=LETTERS, body=LETTERS, recipient_name=name)
    with office_for(app) as office:
        send(app)
    mail = office.taken[0].mail
    assert str(mail["Subject"]) == LETTERS
    assert mail.get_content().strip() == LETTERS
    assert mail["To"].addresses[0].display_name == name


def test_an_address_with_an_umlaut_in_its_domain_goes_in_punycode(app):
    write(app, "info@münchen.test")
    with office_for(app) as office:
        send(app)
    assert office.reached() == ["info@xn--mnchen-3ya.test"]


def test_a_server_without_umlauts_refuses_them_in_words(app):
    number = write(app, "müller@kommune.test")
    with office_for(app) as office:
        send(app)
    assert office.taken == []
    assert "Umlaute" in stored(app, number).last_error


def test_control_a_head_that_grew_a_line_is_noticed(app):
    made = letters.EmailMessage()
    made["To"] = "a@b.de"
    made._headers.append(("Subject", "x\nBcc: c@d.de"))
    with pytest.raises(ValueError, match="as it was meant"):
        letters._as_meant(made)


def test_drop_needs_to_know_which(app):
    with app.app_context(), pytest.raises(ValueError, match="which"):
        drop("weg")


def test_old_mails_of_a_kind_are_dropped_when_nobody_needs_them(app):
    morning, other = write(app, kind=MailKind.MORNING), write(app)
    with app.app_context():
        drop_older(MailKind.MORNING, now() + timedelta(seconds=1))
        db.session.commit()
    assert states(app) == {morning: MailState.DROPPED, other: MailState.WAITING}


@pytest.mark.parametrize(("days", "kept"), [(89, True), (91, False)])
def test_texts_and_addresses_go_after_ninety_days_and_rows_stay(app, days, kept):
    with time_machine.travel(now() - timedelta(days=days)):
        done = write(app, recipient_name="Petra Henkel", calendar=ENTRY, calendar_method="PUBLISH")
        waits = write(app)
    change(app, done, state=MailState.SENT, last_error="petra@kommune.test")
    with app.app_context():
        assert forget("mails") == (0 if kept else 1)
        db.session.commit()
        assert forget("mails") == 0
        assert db.session.scalar(select(func.count()).select_from(OutgoingMail)) == 2
    mail = stored(app, done)
    texts = (mail.recipient, mail.recipient_name, mail.subject, mail.body, mail.calendar, mail.last_error)
    assert any(texts) is kept
    assert stored(app, waits).body
