"""Sending: everybody gets the mail, once, and trouble of one mail or of the server is nobody else's."""

import sys
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from crm import jobs
from crm.db import db, now
from crm.mail import sending
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.mail.services import drop, post
from crm.mailings.models import Mailing
from tests import factories
from tests.mail.outbox import (
    SENDER,
    change,
    mailed_by,
    office_for,
    send,
    server_row,
    settings,
    states,
    stored,
    write,
    write_many,
)

BAD, GOOD = "weg@kommune.test", "da@kommune.test"


def test_a_mail_goes_out_once_and_is_noted_as_sent(app):
    number = write(app, recipient_name="Petra Henkel")
    with office_for(app) as office:
        send(app)
        send(app)
    assert [(one.sender, one.recipients) for one in office.taken] == [(SENDER, ("petra@kommune.test",))]
    mail = stored(app, number)
    assert (mail.state, mail.attempts, mail.message_id) == (MailState.SENT, 1, office.taken[0].message_id)
    assert mail.sent_at is not None


def test_many_mails_go_over_one_connection(app):
    write_many(app, 30)
    with office_for(app) as office:
        send(app)
    assert len(set(office.reached())) == 30
    assert office.connections == 1


def test_a_server_that_takes_ten_a_connection_gets_them_all(app):
    write_many(app, 25)
    begin = now()
    with office_for(app, most_per_connection=10) as office, time_machine.travel(begin) as clock:
        send(app)
        clock.move_to(begin + timedelta(minutes=2))
        send(app)
    assert len(office.taken) == len(set(office.reached())) == 25


def test_what_was_rolled_back_is_never_sent(app):
    with office_for(app) as office:
        with app.app_context():
            post(MailKind.INVITATION, GOOD, "Einladung", "Text")
            db.session.rollback()
        send(app)
    assert office.taken == []


def test_control_an_outbox_of_its_own_would_send_what_was_rolled_back(app, monkeypatch):
    real = post

    def write_at_once(*mail):
        real(*mail)
        db.session.commit()

    monkeypatch.setattr(sys.modules[__name__], "post", write_at_once)
    with pytest.raises(AssertionError):
        test_what_was_rolled_back_is_never_sent(app)


def test_a_dropped_mail_is_not_sent(app):
    number, other = write(app, BAD), write(app, GOOD)
    with app.app_context():
        drop("abgemeldet", id=number)
        db.session.commit()
    with office_for(app) as office:
        send(app)
    assert office.reached() == [GOOD]
    assert states(app) == {number: MailState.DROPPED, other: MailState.SENT}


def test_single_mails_go_before_a_mailing(app):
    with app.app_context():
        mailing = Mailing(
            event_id=factories.event().id, kind=MailKind.INVITATION, subject="An alle", body="x"
        )
        db.session.add(mailing)
        db.session.commit()
        number = mailing.id
    write_many(app, 3, mailing_id=number)
    write(app, GOOD, kind=MailKind.PASSWORD)
    with office_for(app) as office:
        send(app)
    assert office.reached()[0] == GOOD
    assert len(office.taken) == 4


@pytest.mark.parametrize("answer", ["550 no such user", "552 mailbox full", "554 no"])
def test_a_final_no_is_asked_once_and_kept_with_its_reason(app, answer):
    bad, good = write(app, BAD), write(app, GOOD)
    with office_for(app, rcpt={BAD: answer}) as office:
        send(app)
        send(app)
    assert office.reached() == [GOOD]
    assert states(app) == {bad: MailState.REFUSED, good: MailState.SENT}
    assert (stored(app, bad).attempts, stored(app, bad).last_error) == (1, answer)


TROUBLE = {
    "450 at the address": {"rcpt": {BAD: "450 try later"}},
    "451 after the text": {"data": {BAD: "451 try later"}},
    "421 at the address": {"rcpt": {BAD: "421 going down"}},
    "421 after the text": {"data": {BAD: "421 going down"}},
    "broken at the address": {"rcpt": {BAD: None}},
    "broken after the text": {"data": {BAD: None}},
}


@pytest.mark.parametrize("rules", TROUBLE.values(), ids=TROUBLE)
def test_passing_trouble_is_tried_again_for_hours_with_growing_gaps(app, rules):
    bad, good = write(app, BAD), write(app, GOOD)
    begin, tries = now(), []
    with office_for(app, **rules) as office, time_machine.travel(begin, tick=False) as clock:
        while stored(app, bad).state is MailState.WAITING:
            tries.append(now() - begin)
            send(app)
            assert stored(app, bad).attempts == len(tries)
            clock.move_to(stored(app, bad).due_at - timedelta(seconds=1))
            send(app)
            assert stored(app, bad).attempts == len(tries)
            clock.move_to(now() + timedelta(seconds=1))
        assert office.reached() == [GOOD]
    gaps = [later - earlier for earlier, later in zip(tries, tries[1:], strict=False)]
    assert len(tries) >= 8
    assert tries[-1] >= timedelta(hours=4)
    assert gaps == sorted(gaps)
    assert states(app) == {bad: MailState.REFUSED, good: MailState.SENT}
    assert stored(app, bad).last_error


def test_an_answer_that_is_lost_after_the_text_is_the_same_mail_again(app):
    number = write(app, GOOD)
    begin = now()
    with office_for(app, silent_after_data={GOOD}) as office, time_machine.travel(begin) as clock:
        send(app)
        assert stored(app, number).state is MailState.WAITING
        office.rules.silent_after_data = set()
        clock.move_to(begin + timedelta(minutes=1))
        send(app)
    assert list(office.numbers().values()) == [2]
    assert stored(app, number).state is MailState.SENT


def test_a_slow_server_is_given_up_after_the_time_set(app):
    number = write(app, GOOD)
    with office_for(app, delay=3) as office, settings(app, MAIL_TIMEOUT=1):
        send(app)
        assert stored(app, number).state is MailState.WAITING
        assert "timed out" in stored(app, number).last_error
        office.rules.delay = 0


DOWN = {
    "nobody there": None,
    "421 at once": {"greeting": "421 not now"},
    "breaks off at once": {"greeting": None},
    "does not take us": {"mail_from": "550 who are you"},
}


@pytest.mark.parametrize("rules", DOWN.values(), ids=DOWN)
def test_a_server_that_is_down_costs_nobody_an_attempt_and_is_noted(app, rules):
    write_many(app, 5)
    if rules is None:
        with mailed_by(app, 1):
            send(app)
    else:
        with office_for(app, **rules) as office:
            send(app)
        assert office.connections == 1
    row = server_row(app)
    assert row.down_since is not None
    assert row.last_error
    with app.app_context():
        assert db.session.scalar(select(func.sum(OutgoingMail.attempts))) == 0
    assert set(states(app).values()) == {MailState.WAITING}
    with office_for(app) as office, time_machine.travel(now() + timedelta(minutes=1)):
        send(app)
    assert len(office.taken) == 5
    assert server_row(app).down_since is None


@pytest.mark.parametrize("answer", [None, "220 what is this", "454 no"])
def test_trouble_with_the_encryption_is_trouble_of_the_server(app, answer):
    number = write(app)
    with office_for(app, starttls=answer) as office, settings(app, MAIL_SECURITY="starttls"):
        send(app)
    assert office.taken == []
    assert stored(app, number).state is MailState.WAITING
    assert server_row(app).down_since is not None


def test_a_server_down_for_hours_is_tried_often_and_a_mail_given_up_after_days(app):
    number, begin, tries = write(app), now(), []
    with mailed_by(app, 1), time_machine.travel(begin, tick=False) as clock:
        for minute in range(0, 5 * 60, 2):
            clock.move_to(begin + timedelta(minutes=minute))
            before = stored(app, number).due_at
            send(app)
            if stored(app, number).due_at != before:
                tries.append(minute)
        assert len(tries) >= 8
        assert tries[-1] >= 4 * 60
        clock.move_to(begin + timedelta(days=3, hours=1))
        send(app)
    assert stored(app, number).state is MailState.REFUSED


def test_control_without_the_growing_gaps_trouble_would_be_given_up_too_early(app, monkeypatch):
    monkeypatch.setattr(sending, "GAPS", [timedelta(minutes=1)] * 5)
    with pytest.raises(AssertionError, match="6 >= 8"):
        test_passing_trouble_is_tried_again_for_hours_with_growing_gaps(app, TROUBLE["450 at the address"])
    monkeypatch.setattr(sending, "_again", lambda _since: now() + timedelta(hours=2))
    with pytest.raises(AssertionError, match="3 >= 8"):
        test_a_server_down_for_hours_is_tried_often_and_a_mail_given_up_after_days(app)


def test_three_broken_connections_in_a_row_end_the_run(app):
    write_many(app, 6)
    with office_for(app, rcpt={f"gast{one}@kommune.test": None for one in range(6)}) as office:
        send(app)
    assert office.connections == 3


def test_a_mail_that_cannot_be_written_keeps_nobody(app):
    bad, good = write(app), write(app, GOOD)
    change(app, bad, recipient="a@b.de, c@d.de")
    with office_for(app) as office:
        send(app)
    assert office.reached() == [GOOD]
    assert states(app) == {bad: MailState.REFUSED, good: MailState.SENT}


def test_a_claim_lapses_after_ten_minutes_and_not_before(app):
    number = write(app)
    begin = now()
    with app.app_context():
        assert sending.claim() is not None
        assert sending.claim() is None
    with office_for(app) as office, time_machine.travel(begin) as clock:
        clock.move_to(begin + timedelta(minutes=9))
        send(app)
        assert office.taken == []
        clock.move_to(begin + timedelta(minutes=11))
        send(app)
    assert len(office.taken) == 1
    assert (stored(app, number).state, stored(app, number).attempts) == (MailState.SENT, 2)


def test_a_mail_over_which_the_sender_dies_each_time_is_given_up(app):
    number = write(app)
    change(app, number, state=MailState.SENDING, claimed_at=now() - timedelta(hours=1), attempts=10)
    with office_for(app) as office:
        send(app)
    assert office.taken == []
    assert stored(app, number).state is MailState.REFUSED


def test_the_run_ends_after_the_mail_in_hand_when_the_worker_is_to_stop(app, monkeypatch):
    write_many(app, 5)
    asked = iter([False, False, True])
    monkeypatch.setattr(jobs, "stopping", lambda: next(asked))
    with office_for(app) as office:
        send(app)
    assert len(office.taken) == 2
    assert list(states(app).values()).count(MailState.WAITING) == 3


def test_a_folder_that_takes_no_file_is_trouble_of_the_folder(app, tmp_path):
    number, wrong = write(app), tmp_path / "mails"
    wrong.write_text("no folder")
    with settings(app, MAIL_FOLDER=wrong):
        send(app)
    assert stored(app, number).state is MailState.WAITING
    assert server_row(app).down_since is not None


def test_without_a_server_mails_become_files_that_a_mail_program_opens(app, tmp_path):
    number = write(app, body="Grüße aus Lahntal")
    with settings(app, MAIL_FOLDER=tmp_path / "mails"):
        send(app)
    files = list((tmp_path / "mails").iterdir())
    assert [one.suffix for one in files] == [".eml"]
    assert "Grüße aus Lahntal".encode() in files[0].read_bytes()
    assert b"Content-Language: de" in files[0].read_bytes()
    assert stored(app, number).state is MailState.SENT
