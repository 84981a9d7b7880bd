"""The morning mail: once a person and day, only when something is due, never in confidential words."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from crm import jobs
from crm.access import Role
from crm.db import BERLIN, db, today
from crm.events.models import ChecklistItem, EventState, Precision
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.records import remove
from tests import factories

# A Wednesday, in winter.
DAY = datetime(2026, 11, 25, 6, 31, tzinfo=BERLIN)
SECRET = "ZX-VERTRAULICH-7741"


@pytest.fixture
def clock(app):
    """Half past six on a Wednesday; moves when told."""
    with time_machine.travel(DAY, tick=False) as moved:
        yield moved


def run(app):
    """Do the duty of the morning."""
    with app.app_context():
        jobs.run("morning")


def mails(app):
    """Morning mails by recipient."""
    with app.app_context():
        rows = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == MailKind.MORNING)).all()
        return {one.recipient: one.body for one in rows}


def due(app, by="anna", in_days=0, **over):
    """A follow-up that is due today."""
    with app.app_context():
        number = factories.follow_up(by=by, in_days=in_days, **over).id
        db.session.commit()
        return number


def test_who_has_something_due_gets_one_mail_and_nobody_else(app, clock):
    due(app), due(app, in_days=-2), due(app, in_days=3)
    run(app)
    assert set(mails(app)) == {"anna@kikz.test"}
    text = mails(app)["anna@kikz.test"]
    assert "Mittwoch, 25. November 2026" in text
    assert "1 überfällig, 1 heute fällig" in text
    assert "http://127.0.0.1:5000/wiedervorlagen" in text


def test_a_second_round_writes_nothing_more(app, clock):
    due(app)
    run(app)
    due(app, by="bert")
    for _ in range(3):
        clock.shift(timedelta(minutes=1))
        run(app)
    assert set(mails(app)) == {"anna@kikz.test"}


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (DAY.replace(hour=6, minute=29), 0), (DAY.replace(hour=11, minute=59), 1), (DAY.replace(hour=12), 0),
        (datetime(2026, 11, 28, 7, 0, tzinfo=BERLIN), 0), (datetime(2026, 11, 29, 7, 0, tzinfo=BERLIN), 0),
        (datetime(2026, 7, 1, 6, 31, tzinfo=BERLIN), 1),
    ],
)  # fmt: skip
def test_only_between_half_past_six_and_noon_on_working_days(app, clock, moment, number):
    clock.move_to(moment)
    due(app)
    run(app)
    assert len(mails(app)) == number


def test_missed_days_are_not_made_up_for(app, clock):
    due(app)
    run(app)
    clock.shift(timedelta(days=5))
    run(app)
    run(app)
    with app.app_context():
        keys = db.session.scalars(select(OutgoingMail.once_key).order_by(OutgoingMail.id)).all()
        states = db.session.scalars(select(OutgoingMail.state).order_by(OutgoingMail.id)).all()
    assert [one[:18] for one in keys] == ["morning-2026-11-25", "morning-2026-11-30"]
    assert states == [MailState.DROPPED, MailState.WAITING]


def test_a_round_broken_off_is_taken_up_again_without_second_mails(app, clock, monkeypatch):
    due(app), due(app, by="bert"), due(app, by="mara")
    asked = iter([False, False, True])
    monkeypatch.setattr(jobs, "stopping", lambda: next(asked, True))
    run(app)
    assert len(mails(app)) == 2
    monkeypatch.undo()
    run(app)
    assert len(mails(app)) == 3
    with app.app_context():
        assert db.session.query(OutgoingMail).count() == 3


def test_absent_locked_and_unwilling_people_get_none_and_deputies_see_for_them(app, clock):
    for name in ("anna", "bert", "mara", "emil"):
        due(app, by=name)
    with app.app_context():
        anna, bert, mara, emil = (factories.member(name) for name in ("anna", "bert", "mara", "emil"))
        anna.absent_from, anna.deputy_id = today(), emil.id
        bert.locked_at, mara.morning_mail = DAY, False
        db.session.commit()
    run(app)
    assert set(mails(app)) == {"emil@kikz.test"}
    assert "2 heute fällig" in mails(app)["emil@kikz.test"]


def test_one_can_switch_it_off(app, anna):
    page = anna.get("/konto")
    assert "Morgenmail" in page.main
    fields = page.fields()
    fields.pop("morning_mail")
    assert anna.post("/konto", **fields).status == 303
    with app.app_context():
        assert factories.member("anna").morning_mail is False


def test_it_names_talks_events_sessions_and_what_is_to_be_done(app, clock):
    with app.app_context():
        mine = factories.talk("Lahntal", days_ago=-1, confidential=True)
        theirs = factories.talk("Cölbe", days_ago=-1, by="bert")
        for one in (mine, theirs):
            one.held_on, one.agreements = today(), SECRET
        factories.resolution(factories.cooperation(), "Cölbe", in_days=0)
        event = factories.event("Fachtagung Bauhof", in_days=0, note=SECRET)
        factories.event("Abgesagt", in_days=0, state=EventState.CANCELLED)
        vague = datetime.combine(today(), time(), BERLIN)
        factories.event("Irgendwann", precision=Precision.MONTH, starts_at=vague, ends_at=None)
        gone = factories.event("Entfernt", in_days=3)
        anna = factories.member("anna").id
        for owner, days, of in ((anna, 0, event), (anna, -3, gone), (anna, 9, event), (None, 0, event)):
            db.session.add(ChecklistItem(event_id=of.id, days=days, text=SECRET, owner_id=owner))
        db.session.flush()
        remove([gone], factories.member("anna"), "event.removed")
        db.session.commit()
    due(app, text=SECRET)
    run(app)
    text = mails(app)["anna@kikz.test"]
    for words in (
        "Beratungen heute: 1", "Gremiensitzungen heute: 1", "Fachtagung Bauhof, 09:30 Uhr",
        "Zu erledigen für „Fachtagung Bauhof“: 1",
    ):  # fmt: skip
        assert words in text
    for words in (SECRET, "Abgesagt", "Irgendwann", "Entfernt"):
        assert words not in text
    assert "rita@kikz.test" not in mails(app)
    assert "ada@kikz.test" not in mails(app)


def test_nothing_due_is_no_mail(app, clock):
    run(app)
    assert mails(app) == {}


def test_two_roles_are_one_mail(app, clock):
    with app.app_context():
        factories.user("beides@kikz.test", "Bea Beides", {Role.ADVISER, Role.ADMINISTRATOR})
        factories.event(in_days=0)
        db.session.commit()
    run(app)
    assert "beides@kikz.test" in mails(app)
