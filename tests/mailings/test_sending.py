"""Who gets which mailing, all mails in one transaction, nobody twice and nobody who said no."""

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from crm import links
from crm.audit import AuditEvent
from crm.contacts.models import MailBasis, Person
from crm.db import db, now
from crm.errors import RuleBroken
from crm.events import checklist
from crm.events.models import EventState
from crm.invitations import queries as invitations
from crm.invitations.models import Answer, Invitation
from crm.invitations.reasons import Skip
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.mailings import recipients, services
from crm.mailings.letters import OPT_OUT
from crm.registrations.models import Seat
from tests import factories
from tests.mailings.crowd import invited, many, outbox, receivers
from tests.statements import asked


@pytest.fixture
def event(context):
    """An event that takes registrations."""
    return factories.event()


@pytest.fixture
def emil(context):
    """Who sends."""
    return factories.member("emil")


def send(event, kind, by, again=False, **over):
    """Write the usual text and send it."""
    return services.send(factories.mailing(event, kind, **over), by, again)


def test_five_hundred_minus_those_who_were_not_asked_or_withdrew_are_475(event, emil):
    many(event, 500, not_asked=20, withdrawn=5)
    with asked() as statements:
        sent = send(event, MailKind.INVITATION, emil)
    assert len(statements) < 60, "not one for every mail"
    assert (sent.mails, sent.skipped) == (475, 25)
    forbidden = select(Person.id).where(Person.mail_basis != MailBasis.OFFICE)
    assert not outbox_of(forbidden)
    assert len({one.message_id for one in outbox()}) == 475
    assert len({one.recipient for one in outbox()}) == 475


def test_control_without_asking_for_the_basis_all_would_get_it(event, emil, monkeypatch):
    monkeypatch.setattr(recipients, "against", lambda *_about: None)
    with pytest.raises(AssertionError, match="500"):
        test_five_hundred_minus_those_who_were_not_asked_or_withdrew_are_475(event, emil)


def outbox_of(people):
    """Mails to some people."""
    return list(db.session.scalars(select(OutgoingMail).where(OutgoingMail.person_id.in_(people))))


def test_sending_takes_as_many_statements_for_many_as_for_few(event, emil):
    from sqlalchemy import event as sa_event

    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    numbers = []
    for number in (3, 300):
        one = factories.event(f"Tagung {number}")
        many(one, number)
        mailing = factories.mailing(one)
        seen.clear()
        sa_event.listen(db.engine, "before_cursor_execute", note)
        services.send(mailing, emil)
        sa_event.remove(db.engine, "before_cursor_execute", note)
        numbers.append(len(seen))
    assert numbers[1] <= numbers[0] + 2


def test_a_mailing_stands_whole_with_audit_and_days(event, emil):
    one = invited(event, "Henkel")
    send(event, MailKind.INVITATION, emil)
    mailing = db.session.scalar(select(services.Mailing))
    assert (mailing.recipients, mailing.skipped, mailing.sent_by_id) == (1, 0, emil.id)
    assert mailing.sent_at
    db.session.expire_all()
    assert one.mailed_at
    noted = db.session.scalar(select(AuditEvent).where(AuditEvent.name == "event.mailed"))
    assert (noted.record_type, noted.changes) == (
        "events", {"mailing": [None, "Einladung"], "recipients": [None, 1]},
    )  # fmt: skip
    mail = outbox()[0]
    assert (mail.kind, mail.event_id, mail.person_id, mail.mailing_id) == (
        MailKind.INVITATION, event.id, one.person_id, mailing.id,
    )  # fmt: skip
    assert (mail.recipient, mail.recipient_name) == ("henkel@rathaus.test", "Petra Henkel")


def test_an_invitation_that_went_out_is_ticked_off_the_checklist(event, emil):
    checklist.add_standard(event)
    invited(event, "Henkel")
    send(event, MailKind.INVITATION, emil)
    done = {one.text for one in event.checklist if one.done_at}
    assert done == {"Termin und Ort festlegen", "Einladung verschicken"}


def test_it_is_ticked_in_whatever_language_it_was_added(event, emil):
    with force_locale("en"):
        checklist.add_standard(event)
    invited(event, "Henkel")
    send(event, MailKind.INVITATION, emil)
    assert "Send the invitation" in {one.text for one in event.checklist if one.done_at}


def test_personal_links_open_the_invitation_of_this_person_only(event, emil):
    one, other = invited(event, "Henkel"), invited(event, "Auer", "Lich")
    send(event, MailKind.INVITATION, emil)
    for mail, invitation in zip(outbox(), (other, one), strict=True):
        token = mail.body.partition("?einladung=")[2].split()[0].partition("#")[0]
        assert invitations.by_token(token) is not None
        assert {invitations.by_token(token).person_id} == {mail.person_id}
        assert links.read(OPT_OUT, mail.unsubscribe_url.rpartition("/")[2])[0] == mail.person_id
        assert mail.unsubscribe_url in mail.body
        assert links.read(OPT_OUT, token) is None
        assert invitation


@pytest.mark.parametrize("kind", [MailKind.SAVE_THE_DATE, MailKind.INVITATION])
def test_invitations_carry_the_entry_of_the_event(event, emil, kind):
    invited(event, "Henkel")
    event.video_link = "https://video.test/geheim"
    send(event, kind, emil)
    mail = outbox()[0]
    assert mail.calendar_method == "PUBLISH"
    assert f"UID:event-{event.id}@" in mail.calendar
    assert "geheim" not in mail.calendar


def test_a_reminder_goes_only_to_those_who_were_written_to_and_have_not_answered(event, emil):
    for name, answer, mailed in (
        ("Stumm", Answer.NONE, True), ("Neu", Answer.NONE, False), ("Ja", Answer.ACCEPTED, True),
        ("Nein", Answer.DECLINED, True), ("Vertreten", Answer.REPRESENTED, True),
    ):  # fmt: skip
        invited(event, name, answer=answer, mailed=mailed)
    send(event, MailKind.REMINDER, emil)
    assert receivers() == ["stumm"]
    found = recipients.find(event, MailKind.REMINDER)
    assert found.people == []
    assert dict(found.skipped)["Petra Neu"] is Skip.NEVER_WRITTEN
    assert dict(found.skipped)["Petra Stumm"] is Skip.HAS_IT


def test_a_second_mailing_of_a_kind_goes_to_those_who_have_none_unless_wished(event, emil):
    invited(event, "Erste")
    send(event, MailKind.INVITATION, emil)
    invited(event, "Zweite")
    assert recipients.find(event, MailKind.INVITATION).had == 1
    assert send(event, MailKind.INVITATION, emil).mails == 1
    assert receivers() == ["erste", "zweite"]
    assert send(event, MailKind.INVITATION, emil, again=True).mails == 2
    with pytest.raises(RuleBroken):
        send(event, MailKind.INVITATION, emil)


def test_a_mail_that_never_went_out_does_not_count_as_got(event, emil):
    invited(event, "Verworfen"), invited(event, "Zurück")
    send(event, MailKind.INVITATION, emil)
    for mail, state in zip(outbox(), (MailState.DROPPED, MailState.REFUSED), strict=True):
        mail.state = state
    db.session.flush()
    assert [one.name for one in recipients.find(event, MailKind.INVITATION).people] == ["Petra Verworfen"]
    other = db.session.scalar(select(Invitation).where(Invitation.email.startswith("zur")))
    other.email = "neu@rathaus.test"
    db.session.flush()
    assert len(recipients.find(event, MailKind.INVITATION).people) == 2


def test_a_cancellation_goes_to_everybody_who_would_come_one_mail_per_address(event, emil):
    for name, over in (
        ("Eingeladen", {"mailed": True}), ("Ungeschrieben", {}), ("Abgesagt", {"answer": Answer.DECLINED}),
        ("Zugesagt", {"answer": Answer.ACCEPTED, "basis": MailBasis.OBJECTED}),
        ("Widerspruch", {"mailed": True, "basis": MailBasis.OBJECTED}), ("Doppelt", {"mailed": True}),
    ):  # fmt: skip
        invited(event, name, **over)
    address = {"email": "Doppelt@Rathaus.TEST", "address_key": "doppelt@rathaus.test"}
    factories.registration(event, "Doppelt", **address)
    factories.registration(event, "Gast"), factories.registration(event, "Wartet", seat=Seat.WAITING)
    factories.registration(event, "Weg", seat=Seat.SIGNED_OFF)
    factories.registration(event, "Unbestätigt", confirmed_at=None)
    event.state = EventState.CANCELLED
    db.session.flush()
    send(event, MailKind.CALLED_OFF, emil)
    assert receivers() == ["Doppelt", "eingeladen", "petra.gast", "petra.wartet", "zugesagt"]
    for mail in outbox():
        assert mail.calendar_method == "CANCEL"
        assert "STATUS:CANCELLED" in mail.calendar
    assert recipients.find(event, MailKind.CALLED_OFF).people == []


def test_thanks_go_to_those_who_came_with_the_papers_for_guests(event, emil):
    paper = factories.event_paper(event)
    paper.for_guests = True
    factories.registration(event, "Da", came_at=now()), factories.registration(event, "Nicht")
    factories.registration(event, "Vergessen", came_at=now(), email=None, address_key=None)
    objected = factories.person("Kein")
    objected.email, objected.mail_basis = "Kein@Web.test", MailBasis.OBJECTED
    factories.registration(event, "Kein", came_at=now(), email="kein@web.test", address_key="kein@web.test")
    event.state = EventState.HELD
    event.starts_at = event.ends_at = now()
    db.session.flush()
    body = "Guten Tag {name}\n{unterlagen}\n{link}"
    send(event, MailKind.THANKS, emil, body=body)
    assert receivers() == ["petra.da"]
    mail = outbox()[0]
    assert f"/anmeldung/{event.secret}/unterlagen/{paper.id}" in mail.body
    assert "/meine-anmeldung/" in mail.body
    assert mail.unsubscribe_url is None


@pytest.mark.parametrize(
    ("kind", "state", "begun", "said"),
    [
        (MailKind.CALLED_OFF, EventState.OPEN, False, "findet statt"),
        (MailKind.INVITATION, EventState.CANCELLED, False, "ist abgesagt"),
        (MailKind.THANKS, EventState.OPEN, False, "steht noch bevor"),
        (MailKind.INVITATION, EventState.PLANNED, False, "noch für niemanden zu sehen"),
        (MailKind.REMINDER, EventState.OPEN, True, "ist vorbei"),
    ],
)
def test_a_mailing_that_does_not_fit_the_event_is_refused(emil, context, kind, state, begun, said):
    event = factories.event(state=state, in_days=-2 if begun else 14)
    invited(event, "Henkel", mailed=True)
    with pytest.raises(RuleBroken, match=said):
        send(event, kind, emil)
    assert outbox() == []


def test_a_bad_address_or_name_stops_nobody_else(event, emil):
    invited(event, "Gut"), invited(event, "Schlecht", email="kein, mail@x"), invited(event, "Leer", email="")
    odd = invited(event, "Seltsam", "Lich")
    odd.person.last_name = "Selt\nBcc: x@y.test =?utf-8?q?x?="
    db.session.flush()
    assert send(event, MailKind.INVITATION, emil, subject="An {name}: {titel}").mails == 2
    assert receivers() == ["gut", "seltsam"]
    for mail in outbox():
        for text in (mail.subject, mail.recipient_name):
            assert "\n" not in text
            assert "=?" not in text


def test_a_mailing_is_sent_once_and_then_stays_as_it_is(event, emil):
    invited(event, "Henkel")
    mailing = factories.mailing(event)
    services.send(mailing, emil)
    for act in (services.send, services.discard):
        with pytest.raises(RuleBroken, match="schon verschickt"):
            act(mailing, emil)
    with pytest.raises(RuleBroken, match="schon verschickt"):
        services.change(mailing, {"subject": "Neu"}, emil)
    assert len(outbox()) == 1
