"""Personal data of guests go on their day and leave no trace; what is counted stays."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from config import ConfigError, Production
from crm import jobs
from crm.addresses import comparable
from crm.attendance import forgetting, queries, services
from crm.audit import AuditEvent
from crm.db import BERLIN, db, now, today
from crm.events.models import Event, EventState, Precision
from crm.feedback import queries as feedback
from crm.feedback.models import Feedback
from crm.invitations.models import Answer, Invitation
from crm.mail import services as mail
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.notices import services as notices
from crm.records import remove
from crm.registrations import queries as registrations
from crm.registrations import services as registering
from crm.registrations.models import GuestKind, Origin, Registration, Seat
from crm.retention import doing
from tests import factories
from tests.everything import changed, stored
from tests.retention.running import due_guests, forget_guests

ANSWERS, GUESTS, NEEDS, OPINIONS, UNCONFIRMED = "answers", "guests", "needs", "opinions", "unconfirmed"
MARK = "Marker-Petersen-58213"
LEAP, SPRING, AUTUMN, SILVESTER = date(2028, 2, 29), date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31)


def ended(day, clock=time(15, 30), **over):
    """An event that ended at that time in Berlin."""
    ends = datetime.combine(day, clock, BERLIN)
    return factories.event(starts_at=ends - timedelta(hours=1), ends_at=ends, state=EventState.HELD, **over)


def rules_on(day):
    """Which rules have something to do."""
    return [one.rule.key for one in due_guests(day)]


@pytest.mark.parametrize(
    "day", [LEAP, SPRING, AUTUMN, SILVESTER, date(2026, 8, 31), LEAP - timedelta(days=180)]
)
@pytest.mark.parametrize("clock", [time(0, 0), time(2, 30), time(23, 59)])
@pytest.mark.parametrize(("rule", "days"), [(GUESTS, 180), (NEEDS, 14)])
def test_data_go_exactly_on_their_day(context, day, clock, rule, days):
    event = ended(day, clock)
    more = {"needs": "vegan"} if rule is NEEDS else {}
    factories.registration(event, registered_at=now(), **more)
    db.session.commit()
    assert rule not in rules_on(day + timedelta(days=days - 1))
    assert rule in rules_on(day + timedelta(days=days))
    assert rule in rules_on(day + timedelta(days=days + 3))


@pytest.mark.parametrize("day", [LEAP, SPRING, AUTUMN])
def test_what_nobody_confirmed_goes_after_seven_days(context, day):
    event, moment = factories.event(in_days=2000), datetime.combine(day, time(23, 30), BERLIN)
    plain = {"registered_at": moment, "confirmed_at": None, "seat": Seat.LAPSED}
    factories.registration(event, "Nie", **plain)
    factories.registration(event, "Doch", **(plain | {"confirmed_at": now()}))
    factories.registration(event, "Noch", **(plain | {"seat": Seat.SEATED}))
    db.session.commit()
    assert rules_on(day + timedelta(days=6)) == []
    (one,) = due_guests(day + timedelta(days=7))
    assert (one.rule.key, len(one.numbers)) == (UNCONFIRMED, 1)


def told(periods):
    """The mark of a notice that names these periods."""
    return notices.keep(f"Wir behalten Angaben so lange: {periods}", periods)


def test_a_longer_period_holds_only_for_those_who_were_told_of_it(context, monkeypatch):
    event = ended(LEAP)
    for name, promised in (("Kurz", 30), ("Lang", 180), ("Alt", None)):
        mark = told({"guests": promised, "needs": 3}) if promised else None
        factories.registration(event, name, registered_at=now(), needs="vegan", privacy_version=mark)
    db.session.commit()

    def due(days):
        return {one.rule.key: len(one.numbers) for one in due_guests(LEAP + timedelta(days=days))}

    assert (due(2), due(3), due(14)) == ({}, {NEEDS: 2}, {NEEDS: 3})
    assert (due(29)[NEEDS], due(30)) == (3, {NEEDS: 3, GUESTS: 1})
    assert (due(179)[GUESTS], due(180)[GUESTS]) == (1, 3)
    monkeypatch.setattr(forgetting.notices, "shorter_promises", lambda key, days: {})
    assert (due(13), due(179)) == ({}, {NEEDS: 3}), "the control: without the promise the longer one holds"


def test_a_shorter_period_holds_for_those_who_were_told_a_longer_one(context):
    factories.registration(ended(LEAP), registered_at=now(), privacy_version=told({"guests": 700}))
    db.session.commit()
    assert GUESTS not in rules_on(LEAP + timedelta(days=179))
    assert GUESTS in rules_on(LEAP + timedelta(days=180))


def test_an_event_without_a_date_counts_from_the_registration(context):
    event = factories.event(starts_at=None, ends_at=None, precision=Precision.UNKNOWN)
    factories.registration(event, registered_at=datetime.combine(LEAP, time(9), BERLIN))
    db.session.commit()
    assert GUESTS not in rules_on(LEAP + timedelta(days=179))
    assert GUESTS in rules_on(LEAP + timedelta(days=180))


@pytest.mark.parametrize(
    ("precision", "last"),
    [(Precision.DAY, LEAP), (Precision.MONTH, date(2028, 2, 29)), (Precision.YEAR, date(2028, 12, 31))],
)
def test_the_period_begins_when_the_known_day_month_or_year_is_over(context, precision, last):
    begins = datetime.combine(LEAP if precision is Precision.DAY else date(2028, 2, 1), time(0), BERLIN)
    factories.registration(
        factories.event(starts_at=begins, ends_at=None, precision=precision), registered_at=now()
    )
    db.session.commit()
    assert GUESTS not in rules_on(last + timedelta(days=179))
    assert GUESTS in rules_on(last + timedelta(days=180))


@pytest.mark.parametrize("named", [{"represented_by": MARK}, {"remark": MARK}])
@pytest.mark.parametrize("day", [LEAP, SPRING, AUTUMN])
def test_whom_invited_people_named_goes_though_nobody_registered(app, context, named, day):
    event = ended(day)
    invitation = factories.invitation(event, factories.person(), answer=Answer.REPRESENTED, **named).id
    db.session.commit()
    assert rules_on(day + timedelta(days=179)) == []
    (one,) = forget_guests(day + timedelta(days=180))
    assert (one.rule.key, one.numbers) == (ANSWERS, (invitation,))
    assert hits(app) == set()
    assert db.session.get(Invitation, invitation).answer is Answer.REPRESENTED
    assert forget_guests(day + timedelta(days=181)) == []


@pytest.mark.parametrize("day", [LEAP, SPRING, AUTUMN])
def test_what_guests_wrote_goes_and_their_ratings_stay(app, context, day):
    event = ended(day)
    for rating, texts in ((5, {"liked": MARK}), (2, {"missed": MARK}), (1, {})):
        db.session.add(Feedback(event_id=event.id, given_on=day, rating=rating, **texts))
    db.session.commit()
    assert rules_on(day + timedelta(days=179)) == []
    (one,) = forget_guests(day + timedelta(days=180))
    assert (one.rule.key, len(one.numbers)) == (OPINIONS, 2)
    assert hits(app) == set()
    opinion = feedback.summary(event.id)
    assert (opinion.number, opinion.liked, opinion.missed) == (3, [], [])


def test_answers_and_texts_without_a_date_count_from_their_own_day(context):
    event = factories.event(starts_at=None, ends_at=None, precision=Precision.UNKNOWN)
    moment = datetime.combine(LEAP, time(9), BERLIN)
    factories.invitation(event, factories.person(), answered_at=moment, remark="ruft an")
    db.session.add(Feedback(event_id=event.id, given_on=LEAP, rating=1, liked="Alles"))
    db.session.commit()
    assert rules_on(LEAP + timedelta(days=179)) == []
    assert rules_on(LEAP + timedelta(days=180)) == [ANSWERS, OPINIONS]


def test_the_period_is_a_setting_and_can_be_stopped(app, context, monkeypatch):
    event = ended(today() - timedelta(days=31))
    guest = factories.registration(event)
    db.session.commit()
    assert due_guests() == []
    monkeypatch.setitem(app.config, "PARTICIPANTS_KEEP_DAYS", 30)
    assert rules_on(today()) == [GUESTS]
    monkeypatch.setitem(app.config, "RETENTION", False)
    assert due_guests() == forget_guests() == []
    jobs.run(doing.DUTY)
    assert db.session.get(Registration, guest.id).last_name == "Henkel"
    monkeypatch.setitem(app.config, "RETENTION", True)
    jobs.run(doing.DUTY)
    assert db.session.get(Registration, guest.id).last_name is None


def test_the_switch_knows_two_words():
    key = {"SECRET_KEY": "x" * 40}
    assert Production(key).RETENTION is True
    assert Production(key | {"RETENTION": "off"}).RETENTION is False
    with pytest.raises(ConfigError, match="nötig ist on oder off"):
        Production(key | {"RETENTION": "vielleicht"})


def marked():
    """A guest whose every text is the mark, with mails, answers and a history; one of another event stays."""
    by, event = factories.member("anna"), factories.event("Bürgerversammlung")
    values = {
        "first_name": MARK, "last_name": MARK, "email": f"{MARK}@kommune.test", "organisation_text": MARK,
        "needs": MARK, "companions": 1, "kind": GuestKind.CITIZEN,
    }  # fmt: skip
    registering.register(event.id, values, "2026-11")
    guest = registrations.by_key(event.id, comparable(values["email"]))
    registering.confirm(guest)
    registering.change(guest, values | {"needs": f"{MARK} 2"}, by)
    guest.person_id, guest.organisation_id = factories.person().id, factories.place("Lahntal").id
    to_all = {"event_id": event.id, "recipient_name": MARK, "last_error": f"550 <{MARK}>"}
    mail.post(MailKind.THANKS, f"{MARK}@kommune.test".lower(), MARK, f"Guten Tag {MARK}", **to_all)
    mail.post(MailKind.THANKS, "andere@kommune.test", "Dank", "Guten Tag", event_id=event.id)
    answer = {"answer": Answer.REPRESENTED, "represented_by": MARK, "remark": MARK}
    factories.invitation(event, factories.person("Andere", "Anna"), **answer)
    event.starts_at = event.ends_at = datetime.combine(LEAP, time(18), BERLIN)
    event.state = EventState.HELD
    services.come(guest, by)
    services.note_wish(guest, True, by)
    db.session.commit()
    return event.id, guest.id


def hits(app):
    """Where the mark stands, by table."""
    mark = MARK.lower()
    return {name for name, rows in stored(app, ()).items() if any(mark in row.lower() for row in rows)}


def test_a_guest_leaves_no_trace_and_the_counts_stay(app, context):
    number, guest_id = marked()
    assert hits(app) == {"registrations", "outgoing_mails", "invitations"}
    before = queries.tally(number), registrations.numbers(number), len(queries.listing(number))
    done = forget_guests(LEAP + timedelta(days=180))
    assert [(one.rule.key, one.numbers) for one in done] == [
        (NEEDS, (guest_id,)), (GUESTS, (guest_id,)), (ANSWERS, (1,)),
    ]  # fmt: skip
    assert hits(app) == set()
    assert (queries.tally(number), registrations.numbers(number), len(queries.listing(number))) == before
    guest = db.session.get(Registration, guest_id)
    kept = (guest.kind, guest.companions, guest.organisation.name, guest.seat, guest.origin)
    assert kept == (GuestKind.CITIZEN, 1, "Lahntal", Seat.SEATED, Origin.PUBLIC)
    assert guest.came_at
    assert guest.confirmed_at
    assert guest.forgotten_at
    assert guest.person_id is guest.invitation_id is guest.address_key is None
    mails = db.session.scalars(select(OutgoingMail).where(OutgoingMail.event_id == number)).all()
    assert len(mails) >= 4
    assert [one.recipient for one in mails if one.recipient] == ["andere@kommune.test"]
    assert {one.state for one in mails if not one.recipient} == {MailState.DROPPED}


def test_the_protocol_has_numbers_and_no_names(app, context):
    number, _guest = marked()
    forget_guests(LEAP + timedelta(days=180))
    found = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "event.guests-forgotten")).all()
    assert [(one.record_type, one.record_id, one.user_id, one.changes) for one in found] == [
        ("events", number, None, {"guests": [1, None]}), ("events", number, None, {"guests": [1, None]}),
        ("events", number, None, {"invitations": [1, None]}),
    ]  # fmt: skip


def test_needs_go_first_and_nothing_else(app, context):
    _number, guest_id = marked()
    forget_guests(LEAP + timedelta(days=14))
    guest = db.session.get(Registration, guest_id)
    assert (guest.needs, guest.last_name, guest.forgotten_at) == (None, MARK, None)


def test_a_second_run_and_two_at_once_find_nothing_left(app, context):
    marked()
    day = LEAP + timedelta(days=183)
    listed = due_guests(day)
    assert forget_guests(day) == listed
    before = stored(app, ())
    assert forget_guests(day) == due_guests(day) == []
    assert [doing.DOINGS[one.rule.key].forget(one) for one in listed] == [0, 0, 0]
    db.session.commit()
    assert changed(before, stored(app, ())) == ["retention_runs"]


def test_events_in_the_trash_are_not_forgotten_about(app, context):
    number, _guest = marked()
    remove([db.session.get(Event, number)], factories.member("anna"), "event.removed")
    db.session.commit()
    forget_guests(LEAP + timedelta(days=180))
    assert hits(app) == set()


def test_an_address_registers_anew_once_it_was_forgotten(context):
    event = factories.event()
    old = {"registered_at": now() - timedelta(days=9), "confirmed_at": None, "seat": Seat.LAPSED}
    gone = factories.registration(event, **old)
    db.session.commit()
    assert rules_on(today()) == [UNCONFIRMED]
    forget_guests()
    email = "petra.henkel@kommune.test"
    registering.register(event.id, {"last_name": "Henkel", "email": email}, "1")
    assert registrations.by_key(event.id, email).id != gone.id


def test_every_personal_column_of_a_guest_goes(context):
    """A new personal column without a rule fails here."""
    personal = {column.key for column in Registration.__table__.columns if column.info.get("personal")}
    assert personal <= set(forgetting.NOTHING)
