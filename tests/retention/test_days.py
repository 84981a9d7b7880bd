"""Every rule acts exactly on its day, whatever the calendar, the clock or the worker does."""

import os
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import current_app

from crm import drafts, once
from crm.accounts.models import SignInAttempt, UserSession
from crm.barriers.models import BarrierReport
from crm.bulk import services as bulk
from crm.bulk.models import BulkAction
from crm.consents.models import Consent, Purpose
from crm.consents.models import Way as Said
from crm.db import BERLIN, db
from crm.duplicates.models import UNDO_DAYS
from crm.events.models import EventState
from crm.feedback.models import Feedback
from crm.imports.models import ImportedRecord, ImportRun
from crm.inbox.models import MailItemState
from crm.mail import passwords
from crm.mail.models import MailKind, MailState
from crm.mail.services import post
from crm.minutes.kinds import MinutesState
from crm.outputs.models import Output, Paper
from crm.reads.models import ConfidentialRead, Way
from crm.register.models import LIFETIME, WaitingFile
from crm.registrations import floods
from crm.registrations.models import PublicPost, Seat
from crm.retention import doing, queries
from crm.retention.models import RetentionRun
from crm.retention.rules import RULES, Unit
from tests import factories
from tests.examples import making as examples
from tests.inbox import mails
from tests.minutes import making as circulating

LEAP, SPRING, AUTUMN, SILVESTER = date(2028, 2, 29), date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31)
SECOND = timedelta(seconds=1)


def _add(made):
    db.session.add(made)
    return made


def _event(at):
    return factories.event(starts_at=at - timedelta(hours=1), ends_at=at, state=EventState.HELD)


def _mail(at):
    made = post(MailKind.NOTICE, "petra@kommune.test", "Hinweis", "Guten Tag")
    made.state, made.created_at = MailState.SENT, at


def _mail_file(at):
    folder = Path(current_app.config["MAIL_FOLDER"])
    folder.mkdir(exist_ok=True)
    file = folder / "f00.eml"
    file.write_text("Guten Tag")
    os.utime(file, (at.timestamp(), at.timestamp()))


def _guest(at, **over):
    factories.registration(_event(at), registered_at=at, **over)


def _unconfirmed(at):
    waiting = {"registered_at": at, "confirmed_at": None, "seat": Seat.LAPSED}
    factories.registration(factories.event(in_days=4000), **waiting)


def _inbox(at):
    made = mails.item()
    made.state, made.settled_at = MailItemState.DISMISSED, at


def _import(at):
    run = _add(ImportRun(kind="people", file_name="a.csv", at=at))
    db.session.flush()
    common = {"kind": "people", "source_id": "1", "record_type": "people", "record_id": 1}
    _add(ImportedRecord(run_id=run.id, before={"phone": "0170 1"}, after={}, **common))


def _merge(at):
    merge = factories.merged()
    db.session.flush()
    merge.created_at = at


def _report(at):
    days = {"received_on": at.date() - timedelta(days=9), "due_on": at.date() + timedelta(days=33)}
    answer = {"answer": "Behoben", "answered_on": at.astimezone(BERLIN).date()}
    _add(BarrierReport(**days, **answer, text="Zu klein", sender_email="a@b.test", form_key="x"))


def _session(at):
    user_id = factories.member("anna").id
    _add(UserSession(token_hash="x" * 64, user_id=user_id, created_at=at, last_used_at=at))


def _own(model, **values):
    def make(at):
        _add(model(user_id=factories.member("anna").id, **values, **{MOMENTS[model]: at}))

    return make


MOMENTS = {drafts.Draft: "saved_at", once.Submission: "at", BulkAction: "created_at", WaitingFile: "at"}


def _silent(at):
    factories.person("Still").created_at = at


def _output(at):
    _add(Output(at=at, user_id=factories.member("anna").id, paper=Paper.CARDS, ending="vcf", number=1))


def _consent_link(at):
    values = {"purpose": Purpose.MAILINGS, "way": Said.LINK, "text_mark": "x", "created_at": at}
    _add(Consent(person_id=factories.person().id, **values))


def _check(at):
    made = circulating.minutes()
    check, _link = circulating.check(made, factories.person())
    made.state, made.deadline_on, check.created_at = MinutesState.DRAFT, None, at


def _question(at):
    examples.asked(examples.example(person=examples.contact()))[0].expires_at = at


MAKERS = {
    "mails": _mail,
    "mail-files": _mail_file,
    "needs": lambda at: _guest(at, needs="vegan"),
    "unconfirmed": _unconfirmed,
    "consent-links": _consent_link,
    "example-inquiries": _question,
    "guests": _guest,
    "answers": lambda at: factories.invitation(_event(at), factories.person(), remark="ruft an"),
    "opinions": lambda at: _add(Feedback(event_id=_event(at).id, given_on=at.date(), rating=1, liked="Ja")),
    "inbox": _inbox,
    "barriers": _report,
    "minutes-checks": _check,
    "imports": _import,
    "merges": _merge,
    "bulk-actions": _own(BulkAction, kind="wiedervorlagen", action="verschieben", entries=[]),
    "drafts": _own(drafts.Draft, path="/beratungen/neu", fields=[]),
    "submissions": _own(once.Submission, key="x" * 43, content="", target="/"),
    "waiting-files": _own(WaitingFile, purpose="register", file_name="a.txt", content=b""),
    "sessions": _session,
    "attempts": lambda at: _add(SignInAttempt(account="x" * 64, source="127.0.0.1", at=at)),
    "public-posts": lambda at: _add(PublicPost(source="x" * 64, at=at)),
    "reads": lambda at: _add(ConfidentialRead(at=at, user_id=factories.member("anna").id, way=Way.LOG)),
    "outputs": _output,
    "silent-contacts": _silent,
    "runs": lambda at: _add(RetentionRun(at=at, day=at.date(), records=1, counts={})),
}


def due_at(key, at):
    """Whether a rule has something to do at a moment."""
    return bool(doing.due(at, {key}))


def day_of(rule, at):
    """The first moment at which it is due."""
    length = queries.period(rule.key)
    if rule.unit is Unit.HOURS and rule.period_of is None:
        return at + timedelta(hours=length) + SECOND
    return datetime.combine(at.astimezone(BERLIN).date() + timedelta(days=length), time(0), BERLIN)


def test_every_rule_that_acts_is_tried_here():
    assert set(MAKERS) == {key for key, rule in RULES.items() if rule.acts} == set(doing.DOINGS)
    assert len(MAKERS) >= 12


@pytest.mark.parametrize("day", [LEAP, SPRING, AUTUMN, SILVESTER], ids=str)
@pytest.mark.parametrize("clock", [time(0, 0), time(2, 30), time(23, 59)], ids=str)
def test_every_rule_acts_exactly_on_its_day(context, monkeypatch, tmp_path, day, clock):
    monkeypatch.setitem(current_app.config, "MAIL_FOLDER", tmp_path)
    moment = datetime.combine(day, clock, BERLIN)
    for key, make in MAKERS.items():
        make(moment)
        db.session.flush()
        first = day_of(RULES[key], moment)
        found = [due_at(key, first + step) for step in (-2 * SECOND, timedelta(0), timedelta(days=3))]
        assert found == [False, True, True], key
        db.session.rollback()


def test_a_day_too_few_would_be_noticed(context, monkeypatch, tmp_path):
    """The control: with a period one day shorter every rule that counts days acts too early."""
    monkeypatch.setitem(current_app.config, "MAIL_FOLDER", tmp_path)
    moment = datetime.combine(LEAP, time(12), BERLIN)
    right = {key: queries.period(key) for key in RULES}
    early = []
    for key, make in MAKERS.items():
        make(moment)
        db.session.flush()
        first = day_of(RULES[key], moment)
        monkeypatch.setattr(queries, "period", lambda name, known=None: right[name] - 1)
        early.append(due_at(key, first - 2 * SECOND))
        monkeypatch.undo()
        monkeypatch.setitem(current_app.config, "MAIL_FOLDER", tmp_path)
        db.session.rollback()
    assert all(early)


def test_a_clock_set_back_brings_nothing_forward_and_three_missed_days_are_made_up_for(context, monkeypatch):
    # Dead sessions are swept after every run, whatever the rule says.
    monkeypatch.setattr(doing, "AFTERWARDS", [])
    # At noon: an hour before midnight the clock of summer would make it the next day.
    moment = datetime.combine(date(2026, 11, 26), time(12), BERLIN)
    for days in (89, 90, 91):
        _session(moment - timedelta(days=days))
        db.session.flush()
        db.session.execute(UserSession.__table__.update().values(token_hash=UserSession.__table__.c.id))
    db.session.commit()
    assert doing.run(moment - timedelta(days=3), {"sessions"}) == []
    (done,) = doing.run(moment, {"sessions"})
    assert len(done.numbers) == 2
    assert doing.run(moment - timedelta(days=3), {"sessions"}) == []
    (missed,) = doing.run(moment + timedelta(days=3), {"sessions"})
    assert len(missed.numbers) == 1


def test_promises_made_elsewhere_are_those_of_the_table(context):
    held = {
        "drafts": drafts.LIFETIME, "submissions": once.LIFETIME, "bulk-actions": bulk.LIFETIME,
        "waiting-files": LIFETIME, "merges": timedelta(days=UNDO_DAYS), "public-posts": floods.WINDOW,
        "password-links": passwords.LIFETIME,
    }  # fmt: skip
    for key, lifetime in held.items():
        assert timedelta(hours=queries.period(key)) == lifetime, key
        assert not RULES[key].is_changeable
