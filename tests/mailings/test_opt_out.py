"""One click without signing in ends all mailings, also those that wait; opening the page does nothing."""

import pytest
from sqlalchemy import select

from crm import links
from crm.audit import AuditEvent
from crm.contacts.models import MailBasis, Person
from crm.db import db
from crm.mail.models import MailKind, MailState
from crm.mailings import recipients, services
from crm.mailings.letters import OPT_OUT
from tests import factories
from tests.mailings.crowd import invited, outbox

KINDS = (MailKind.REMINDER, MailKind.CONFIRMED, MailKind.CALLED_OFF)


@pytest.fixture
def sent(app):
    """The way out of somebody to whom an invitation is on its way, with the mails beside it."""
    with app.app_context():
        event, emil = factories.event(), factories.member("emil")
        one, _other = invited(event, "Henkel"), invited(event, "Auer")
        services.send(factories.mailing(event), emil)
        for kind in KINDS:
            services.mail.post(kind, one.email, "x", "x", person_id=one.person_id, event_id=event.id)
        services.mail.post(MailKind.THANKS, "HENKEL@rathaus.test", "x", "x", event_id=event.id)
        db.session.commit()
        mine = outbox(person_id=one.person_id, kind=MailKind.INVITATION)[0]
        return mine.unsubscribe_url.removeprefix("http://127.0.0.1:5000")


def henkel():
    """The person as stored."""
    return db.session.scalar(select(Person).where(Person.last_name == "Henkel"))


def states(app):
    """Kind of every mail to the person, with its state."""
    with app.app_context():
        return {one.kind: one.state for one in outbox() if one.recipient.lower().startswith("henkel")}


def test_opening_the_page_changes_nothing(app, sent, stranger):
    page = stranger.get(sent)
    assert page.status == 200
    assert "Das Öffnen dieser Seite allein hat nichts geändert." in page.main
    assert len(page.soup.select("main form button")) == 1
    with app.app_context():
        assert henkel().mail_basis is MailBasis.OFFICE
    assert states(app)[MailKind.INVITATION] is MailState.WAITING


def test_one_button_ends_all_mailings_at_once(app, sent, stranger):
    page = stranger.submit(sent, follow=True)
    assert "Sie erhalten von uns keine Einladungen und Serienbriefe mehr." in page.main
    assert states(app) == {
        MailKind.INVITATION: MailState.DROPPED, MailKind.REMINDER: MailState.DROPPED,
        MailKind.THANKS: MailState.DROPPED, MailKind.CONFIRMED: MailState.WAITING,
        MailKind.CALLED_OFF: MailState.WAITING,
    }  # fmt: skip
    with app.app_context():
        person = henkel()
        assert (person.mail_basis, person.mail_basis_on) == (MailBasis.OBJECTED, services.today())
        others = [one.state for one in outbox() if one.recipient.startswith("auer")]
        assert others == [MailState.WAITING]
        noted = db.session.scalar(select(AuditEvent).where(AuditEvent.name == "person.objected"))
        assert (noted.record_type, noted.record_id, noted.user_id) == ("people", person.id, None)
        assert noted.changes["mail_basis"] == ["office", "objected"]
        assert "Henkel" not in str(noted.changes)
        event = db.session.scalar(select(factories.Event))
        found = recipients.find(event, MailKind.INVITATION, again=True)
        assert [one.name for one in found.people] == ["Petra Auer"]


def test_a_second_click_says_the_same_and_notes_nothing_more(app, sent, stranger):
    fields = stranger.get(sent).fields()
    for _click in range(2):
        assert stranger.post(sent, fields).status == 303
    with app.app_context():
        found = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "person.objected")).all()
        assert len(found) == 1


def test_a_page_from_elsewhere_cannot_press_the_button(app, sent, stranger):
    assert stranger.post(sent, token=False).status == 400
    assert stranger.post(sent, headers={"Origin": "https://boese.test"}).status == 400
    with app.app_context():
        assert henkel().mail_basis is MailBasis.OFFICE


@pytest.mark.parametrize(
    "kind", ["other purpose", "forged", "cut", "nonsense", "long", "nobody", "other key"]
)
def test_other_links_open_nothing(app, sent, stranger, kind):
    token = sent.rpartition("/")[2]
    with app.app_context():
        number = henkel().id
        wrong = {
            "other purpose": links.make("invitation", number), "forged": token[:-9] + token[-9:].swapcase(),
            "cut": token[:-5], "nonsense": "abc", "long": "a" * 500, "nobody": links.make(OPT_OUT, 999_999),
            "other key": links.make("opt-out-2", number),
        }  # fmt: skip
    for page in (stranger.get(f"/keine-post/{wrong[kind]}"), stranger.post(f"/keine-post/{wrong[kind]}")):
        assert page.status == 404
    with app.app_context():
        assert henkel().mail_basis is MailBasis.OFFICE


def test_the_way_out_works_for_somebody_who_was_removed(app, sent, stranger, anna):
    with app.app_context():
        number = henkel().id
    anna.submit(f"/kontakte/{number}/entfernen")
    assert stranger.submit(sent).status == 303
    with app.app_context():
        query = select(Person.mail_basis).where(Person.id == number)
        assert db.session.scalar(query.execution_options(include_removed=True)) is MailBasis.OBJECTED


def test_the_page_names_nobody(sent, stranger):
    assert "Henkel" not in stranger.get(sent).html
    assert "Henkel" not in stranger.submit(sent, follow=True).html
