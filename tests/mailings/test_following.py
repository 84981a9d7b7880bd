"""Mails that wait follow the person: a corrected address, an end of the office, an objection in the form."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.contacts.models import MailBasis, Person
from crm.db import db, today
from crm.events.models import EventState
from crm.invitations import queries as invitations
from crm.invitations.models import Invitation
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.mailings import services
from tests import factories
from tests.mailings.crowd import invited, outbox


@pytest.fixture
def waiting(app):
    """Numbers of a person and the function, to whom an invitation waits in the outbox."""
    with app.app_context():
        one = invited(factories.event(), "Henkel")
        services.send(factories.mailing(one.event), factories.member("emil"))
        db.session.commit()
        return one.person_id, one.person.functions[0].id


def mail():
    """The invitation in the outbox."""
    return outbox(kind=MailKind.INVITATION)[0]


def test_a_corrected_official_address_reaches_what_waits_and_its_link(app, waiting, anna):
    person, function = waiting
    with app.app_context():
        old = mail().body.partition("einladung=")[2].split()[0].partition("#")[0]
    assert (
        anna.submit(f"/kontakte/{person}/funktionen/{function}", official_email="neu@rathaus.test").status
        == 303
    )
    with app.app_context():
        sent = mail()
        assert (sent.recipient, sent.state) == ("neu@rathaus.test", MailState.WAITING)
        assert db.session.scalar(select(Invitation)).email == "neu@rathaus.test"
        fresh = sent.body.partition("einladung=")[2].split()[0].partition("#")[0]
        assert invitations.by_token(fresh) is not None
        assert invitations.by_token(old) is None
        assert old not in sent.body


def test_what_was_sent_and_what_is_over_stays(app, waiting, anna):
    person, function = waiting
    with app.app_context():
        mail().state = MailState.SENT
        db.session.scalar(select(Invitation)).event.state = EventState.HELD
        db.session.commit()
    anna.submit(f"/kontakte/{person}/funktionen/{function}", official_email="neu@rathaus.test")
    with app.app_context():
        assert mail().recipient == "henkel@rathaus.test"
        assert db.session.scalar(select(Invitation)).email == "henkel@rathaus.test"


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("/bearbeiten", {"mail_basis": "objected"}),
        ("/bearbeiten", {"mail_basis": "withdrawn", "mail_basis_on": "1.2.2026"}),
        ("/bearbeiten", {"mail_basis": "not-asked"}),
        ("/entfernen", {}),
        ("/funktionen/{function}/entfernen", {}),
        ("/funktionen/{function}/beenden", {"valid_to": f"{today() - timedelta(days=1):%d.%m.%Y}"}),
        ("/funktionen/{function}", {"official_email": ""}),
    ],
)
def test_who_may_not_be_written_to_any_more_gets_nothing_that_waits(app, waiting, anna, url, fields):
    person, function = waiting
    assert anna.submit(f"/kontakte/{person}" + url.format(function=function), **fields).status == 303
    with app.app_context():
        assert mail().state is MailState.DROPPED


def test_an_unrelated_change_leaves_the_mail_alone(app, waiting, anna):
    person, _function = waiting
    anna.submit(f"/kontakte/{person}/bearbeiten", note="Neu", phone="0641 1")
    with app.app_context():
        assert (mail().state, mail().recipient) == (MailState.WAITING, "henkel@rathaus.test")


def test_a_successor_does_not_get_the_mail_of_the_predecessor(app, waiting, anna):
    person, function = waiting
    fields = {"successor__text": "Ute Neu", "valid_from": f"{today():%d.%m.%Y}"}
    address = f"/kontakte/{person}/funktionen/{function}/nachfolge"
    assert anna.submit(address, official_email="henkel@rathaus.test", **fields).status == 303
    with app.app_context():
        assert mail().state is MailState.DROPPED
        assert (
            db.session.scalar(select(Person.mail_basis).where(Person.last_name == "Neu")) is MailBasis.OFFICE
        )


def test_who_shares_the_address_of_an_office_still_gets_the_mail(app):
    with app.app_context():
        event = factories.event()
        old, new = (invited(event, name, email="bm@rathaus.test") for name in ("Alt", "Neu"))
        old.person.email = new.person.email = "bm@rathaus.test"
        services.send(factories.mailing(event), factories.member("emil"))
        nobodys = {"recipient": "bm@rathaus.test", "subject": "Dank", "body": "x", "message_id": "<1@x>"}
        db.session.add(OutgoingMail(kind=MailKind.THANKS, **nobodys))
        services.object_to_mailings(old.person)
        db.session.commit()
        assert {one.person_id: one.state for one in outbox()} == {
            old.person_id: MailState.DROPPED, new.person_id: MailState.WAITING, None: MailState.DROPPED,
        }  # fmt: skip


@pytest.mark.parametrize("path", ["/neu", "/funktionen/neu", "/funktionen/{function}"])
def test_a_head_who_is_followed_by_another_gets_nothing_that_waits(app, anna, path):
    with app.app_context():
        event = factories.event()
        head = invited(event, "Alt")
        head.person.functions[0].is_head = True
        other = factories.person("Neu", at="Lahntal")
        services.send(factories.mailing(event), factories.member("emil"))
        db.session.commit()
        place, ends, other_id = head.organisation_id, head.person.functions[0].id, other.id
        path = path.format(function=other.functions[0].id)
    base = "/kontakte" if path == "/neu" else f"/kontakte/{other_id}"
    fields = {
        "organisation": str(place), "role": "head", "title": "", "is_head": "1",
        "valid_from": f"{today():%d.%m.%Y}", "hand_over": str(ends),
        "last_name": "Nachfolger",
    }  # fmt: skip
    filled = anna.get(f"{base}{path}").fields()
    page = anna.post(f"{base}{path}", filled | fields)
    assert page.status == 303, page.errors()
    with app.app_context():
        assert mail().state is MailState.DROPPED
