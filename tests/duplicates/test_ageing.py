"""What merges remember goes with what it was taken from, and mails that went out stay as they were."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from crm import jobs
from crm.db import db, now
from crm.duplicates import undoing
from crm.duplicates.models import Merge, MergeMove
from crm.invitations.models import Answer, Invitation
from crm.invitations.queries import token_of
from crm.mail.models import MailKind, MailState
from crm.mail.services import post
from crm.registrations.models import Registration
from tests import factories
from tests.retention.running import GUESTS, forget

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def twins(context):
    """Zoe Zwilling, entered twice, without objections."""
    return [factories.person("Zwilling", "Zoe", email=f"{name}@x.de") for name in ("neu", "alt")]


def remembered():
    """All that merges remember, in one text."""
    rows = db.session.execute(select(MergeMove.before, MergeMove.after))
    return json.dumps([list(row) for row in rows], ensure_ascii=False)


def undo(merge):
    """Take a merge back and forget what the session knew."""
    db.session.expire_all()
    undoing.undo(merge, factories.member("anna"))
    db.session.expire_all()


def answered(twins, in_days):
    """Both invited to one event: the first declined, the second is represented; give the merge."""
    event, when = factories.event("Tagung", in_days=in_days), now() - timedelta(days=max(-in_days, 0) + 1)
    factories.invitation(event, twins[0], answer=Answer.DECLINED, answered_at=when)
    more = {"represented_by": "Paula Petersen", "remark": "Allergie"}
    factories.invitation(event, twins[1], answer=Answer.REPRESENTED, answered_at=when, **more)
    db.session.flush()
    return factories.merge(*twins)


def test_names_and_remarks_of_guests_go_from_the_memory_of_merges_too(twins):
    merge = answered(twins, in_days=-400)
    assert "Petersen" in remembered()
    forget(*GUESTS)
    forget("merges")
    db.session.flush()
    assert "Petersen" not in remembered()
    assert "Allergie" not in remembered()
    undo(merge)
    said = db.session.execute(select(Invitation.represented_by, Invitation.remark)).all()
    assert said == [(None, None), (None, None)]


def test_answers_of_undated_events_go_a_time_after_they_were_given(twins):
    merge = answered(twins, in_days=20)
    event = db.session.scalar(select(factories.Event))
    event.starts_at = event.ends_at = None
    db.session.flush()
    forget("merges")
    db.session.flush()
    assert "Petersen" in remembered()
    with time_machine.travel(now() + timedelta(days=200)):
        db.session.execute(update(Merge).values(created_at=now()))
        forget("merges")
        db.session.flush()
    assert "Petersen" not in remembered()
    assert merge.moves


def test_what_is_still_needed_stays_and_comes_back(twins):
    merge = answered(twins, in_days=20)
    forget("merges")
    undo(merge)
    said = db.session.execute(select(Invitation.represented_by, Invitation.remark)).all()
    assert sorted(said, key=str) == [("Paula Petersen", "Allergie"), (None, None)]


def test_without_retention_answers_stay(app, twins, monkeypatch):
    answered(twins, in_days=-400)
    monkeypatch.setitem(app.config, "RETENTION", False)
    forget("merges")
    assert "Petersen" in remembered()


def test_who_a_forgotten_guest_was_is_not_remembered_and_undoing_goes_on(twins):
    event = factories.event("Alte Tagung", in_days=-400)
    guest = factories.registration(event, person_id=twins[1].id, registered_at=now() - timedelta(days=410))
    merge = factories.merge(*twins)
    forget(*GUESTS)
    forget("merges")
    table = select(func.count(MergeMove.id)).where(MergeMove.table_name == "registrations")
    assert db.session.scalar(table) == 0
    undo(merge)
    assert db.session.get(Registration, guest.id).person_id is None


def test_once_it_is_too_late_nothing_is_remembered_any_more(twins):
    factories.merge(*twins)
    with time_machine.travel(now() + timedelta(days=89)):
        forget("merges")
        assert db.session.scalar(select(func.count(MergeMove.id))) > 0
    with time_machine.travel(now() + timedelta(days=91)):
        assert forget("merges") > 0
    assert db.session.scalar(select(func.count(MergeMove.id))) == 0
    assert db.session.scalar(select(func.count(Merge.id))) == 1


def test_a_merge_that_is_undone_remembers_nothing(twins):
    merge = factories.merge(*twins)
    undo(merge)
    assert db.session.scalar(select(func.count(MergeMove.id))) == 0


def letter(twins):
    """A mail that waits for the second; the merge sends it to the first's address. Give merge and mail."""
    event = factories.event("Tagung", in_days=30)
    invited = factories.invitation(event, twins[1], email="alt@x.de")
    body = f"Liebe Frau Zwilling https://kikz.test/a?einladung={token_of(invited)} bis dann"
    more = {"event_id": event.id, "mailing_id": factories.mailing(event).id}
    mail = post(MailKind.INVITATION, "alt@x.de", "Betreff", body, person_id=twins[1].id, **more)
    for one in twins:
        one.functions[0].email = "neu@x.de"
    twins[1].email = None
    db.session.flush()
    merge = factories.merge(*twins)
    db.session.expire_all()
    assert mail.recipient == "neu@x.de"
    return merge, mail


def opens(mail):
    """The number of the invitation that the link in a mail opens, and whether it does."""
    token = mail.body.partition("einladung=")[2].split()[0]
    return token == token_of(db.session.scalar(select(Invitation)))


def test_a_mail_that_waits_gets_its_address_and_its_link_back(twins):
    with time_machine.travel(now(), tick=False):
        merge, mail = letter(twins)
        before = mail.body
        undo(merge)
        assert (mail.recipient, mail.person_id) == ("alt@x.de", twins[1].id)
        assert mail.body != before
        assert opens(mail)


@pytest.mark.parametrize("state", [MailState.SENDING, MailState.SENT, MailState.REFUSED, MailState.DROPPED])
def test_a_mail_that_waits_no_more_stays_as_it_went(twins, state):
    merge, mail = letter(twins)
    mail.state = state
    db.session.flush()
    said = mail.recipient, mail.body
    undo(merge)
    assert (mail.recipient, mail.body, mail.state) == (*said, state)


def test_texts_of_mails_are_never_remembered_and_addresses_go_with_the_mail(twins):
    merge, mail = letter(twins)
    assert "Liebe Frau" not in remembered()
    assert "alt@x.de" in json.dumps([move.before for move in merge.moves if "recipient" in move.before])
    mail.state = MailState.SENT
    db.session.flush()
    with time_machine.travel(now() + timedelta(days=91)):
        db.session.execute(update(Merge).values(created_at=now()))
        forget("mails")
        forget("merges")
    db.session.flush()
    db.session.expire_all()
    assert not [move for move in merge.moves if "recipient" in move.before]
    undo(merge)
    assert (mail.recipient, mail.body) == ("", "")


def test_the_worker_does_it(twins):
    factories.merge(*twins)
    db.session.execute(update(Merge).values(created_at=now() - timedelta(days=100)))
    db.session.commit()
    jobs.run("retention")
    assert db.session.scalar(select(func.count(MergeMove.id))) == 0
