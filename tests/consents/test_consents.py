"""Agreements with their proof: entered, asked for by a link, withdrawn, ended by an objection, merged."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm import links
from crm.audit import AuditEvent
from crm.consents import services, texts
from crm.consents.models import Consent, Purpose, Way
from crm.contacts.models import MailBasis, Person
from crm.db import db, now, today
from crm.duplicates.services import merge_people
from crm.duplicates.undoing import undo
from crm.errors import RuleBroken
from crm.invitations.reasons import Skip
from crm.mail.models import MailKind, MailState
from crm.mailings import recipients
from crm.mailings import services as mailings
from crm.notices import queries as notices
from tests import factories
from tests.mailings.crowd import invited, outbox

USUAL = {"purpose": Purpose.MAILINGS, "way": Way.PHONE, "given_on": None, "proof": None, "wording": None}


@pytest.fixture
def person(app):
    """The number of somebody in office."""
    with app.app_context():
        made = factories.person(email="petra@lahntal.test")
        db.session.commit()
        return made.id


def stored(app):
    """All agreements, oldest first, and the person's basis of mailings."""
    with app.app_context():
        found = list(db.session.scalars(select(Consent).order_by(Consent.id)))
        one = db.session.scalar(select(Person).order_by(Person.id))
        return found, (one.mail_basis, one.mail_basis_on)


def link_of(app):
    """The path of the link in the last mail."""
    with app.app_context():
        body = outbox(kind=MailKind.TO_CONFIRM)[-1].body
        return next(one for one in body.split() if "/einverstanden/" in one).partition(":5000")[2]


def test_an_agreement_is_entered_with_its_proof_and_shown(app, anna, person):
    url = f"/kontakte/{person}/einwilligungen/neu"
    sent = {"way": "phone", "given_on": "3.2.2025", "proof": "Akte 12/2026, Blatt 7"}
    page = anna.submit(url, follow=True, **sent)
    for words in (
        "Einladungen und Serienbriefe",
        "03.02.2025",
        "telefonisch",
        "Anna Adler",
        "Blatt 7",
        "gilt",
    ):
        assert words in page.main, words
    (one,), basis = stored(app)
    assert basis == (MailBasis.CONSENT, one.given_on)
    words = anna.get(f"/hinweise/{one.text_mark}").main
    with app.app_context():
        assert texts.usual(Purpose.MAILINGS) in words
        noted = db.session.scalar(select(AuditEvent).where(AuditEvent.name == "consent.given"))
        assert (noted.record_id, "Blatt" in str(noted.changes)) == (one.id, False)


def test_other_words_are_kept_as_they_were(app, anna, person):
    anna.submit(f"/kontakte/{person}/einwilligungen/neu", wording="Ja, schreiben Sie mir.", way="letter")
    (one,), _basis = stored(app)
    with app.app_context():
        assert notices.by_mark(one.text_mark).text == "Ja, schreiben Sie mir."


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"given_on": "1.1.2100"}, "liegt in der Zukunft"),
        ({"given_on": "31.2.2025"}, "31.2.2025"),
        ({"way": ""}, "Wählen Sie, wie es gesagt wurde."),
        ({"purpose": "quatsch"}, "Ungültige Auswahl"),
    ],
)
def test_a_wrong_entry_is_refused_and_keeps_what_was_typed(app, anna, person, sent, said):
    page = anna.submit(f"/kontakte/{person}/einwilligungen/neu", proof="Blatt 7", **sent)
    assert page.status == 422
    assert said in " ".join(page.errors()) or said in str(page.fields())
    assert page.fields()["proof"] == ["Blatt 7"]
    assert stored(app) == ([], (MailBasis.OFFICE, None))


def test_who_may_not_is_refused_and_a_double_click_makes_one(app, rita, anna, person):
    url = f"/kontakte/{person}/einwilligungen/neu"
    assert rita.get(url).status == 403
    assert rita.post(url, way="phone").status == 403
    fields = anna.get(url).fields()
    assert [anna.post(url, fields).status for _click in range(2)] == [303, 303]
    assert len(stored(app)[0]) == 1


def test_an_older_agreement_does_not_outweigh_an_objection(app, anna, person):
    anna.submit(f"/kontakte/{person}/bearbeiten", mail_basis="objected", mail_basis_on="3.2.2026")
    page = anna.submit(f"/kontakte/{person}/einwilligungen/neu", given_on="2.2.2026")
    assert page.status == 422
    assert "nach diesem Tag widersprochen" in page.html
    assert anna.submit(f"/kontakte/{person}/einwilligungen/neu", given_on="4.2.2026").status == 303
    assert stored(app)[1][0] is MailBasis.CONSENT


def test_a_withdrawal_holds_at_once_and_a_lost_update_is_told(app, anna, bert, person):
    with app.app_context():
        event, who = factories.event(), db.session.get(Person, person)
        services.enter(who, USUAL, factories.member("anna"))
        factories.invitation(event, who, email="petra@lahntal.test")
        mailings.send(factories.mailing(event), factories.member("emil"))
        db.session.commit()
    (one,), _basis = stored(app)
    url = f"/kontakte/{person}/einwilligungen/{one.id}/widerruf"
    page = anna.submit(url, withdrawn_on="1.1.2020")
    assert (page.status, page.fields()["withdrawn_on"]) == (422, ["1.1.2020"])
    fields = anna.get(url).fields()
    assert bert.submit(url).status == 303
    assert anna.post(url, fields | {"withdrawn_on": "1.2.2025"}).status == 409
    found, basis = stored(app)
    assert (found[0].withdrawn_on, basis) == (today(), (MailBasis.WITHDRAWN, today()))
    with app.app_context():
        assert [one.state for one in outbox(kind=MailKind.INVITATION)] == [MailState.DROPPED]
        event = db.session.scalar(select(factories.Event))
        assert [why for _name, why in recipients.find(event, MailKind.INVITATION).skipped] == [Skip.WITHDRAWN]
    assert "Widerruf eintragen" not in anna.get(f"/kontakte/{person}").main


def test_a_link_counts_only_once_it_was_used(app, anna, stranger, person):
    page = anna.submit(f"/kontakte/{person}/einwilligungen/neu", way="link", follow=True)
    assert "Link noch nicht benutzt" in page.main
    assert stored(app)[1] == (MailBasis.OFFICE, None)
    url = link_of(app)
    page = stranger.get(url)
    with app.app_context():
        assert texts.usual(Purpose.MAILINGS) in page.main
    assert "Henkel" not in page.html
    assert stored(app)[0][0].given_on is None, "opening the page is no agreement"
    page = stranger.submit(url, follow=True)
    assert "Ihre Einwilligung ist gespeichert." in page.main
    (one,), basis = stored(app)
    assert one.confirmed_at >= one.created_at
    assert (one.address, one.way, basis) == ("petra@lahntal.test", Way.LINK, (MailBasis.CONSENT, today()))
    assert stranger.post(url).status == 303
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.name == "consent.given")
        assert [noted.user_id for noted in db.session.scalars(query)] == [None]


def test_other_links_open_nothing(app, anna, stranger, person):
    anna.submit(f"/kontakte/{person}/einwilligungen/neu", way="link")
    url = link_of(app)
    with app.app_context():
        wrong = links.make("invitation", 1, "petra@lahntal.test"), links.make("consent", 1, "andere@x.test")
    for token in (*wrong, url.rpartition("/")[2][:-3], "abc"):
        assert stranger.get(f"/einverstanden/{token}").status == 404
        assert stranger.post(f"/einverstanden/{token}").status == 404
    assert stranger.post(url, token=False).status == 400
    with app.app_context():
        db.session.get(Person, person).functions[0].email = "neu@lahntal.test"
        db.session.commit()
    assert stranger.get(url).status == 404, "the address is another one by now"
    assert stored(app)[0][0].given_on is None


def test_without_an_address_no_link_is_sent(app, anna):
    with app.app_context():
        number = factories.person("Ohne", email=None).id
        db.session.commit()
    page = anna.submit(f"/kontakte/{number}/einwilligungen/neu", way="link")
    assert page.status == 422
    assert "hat keine Mailadresse" in page.html


def test_an_objection_by_link_ends_the_agreement_and_a_newer_one_stands_alone(app, anna, person):
    with app.app_context():
        who, by = db.session.get(Person, person), factories.member("anna")
        services.enter(who, USUAL | {"given_on": today() - timedelta(days=9)}, by)
        mailings.object_to_mailings(who)
        services.enter(who, USUAL, by)
        db.session.commit()
    found, basis = stored(app)
    assert [one.withdrawn_on for one in found] == [today(), None]
    assert basis[0] is MailBasis.CONSENT


def test_of_two_doubles_the_stricter_wins_and_undoing_gives_back(context):
    angry, glad = factories.person("Zwei", "Zita"), factories.person("Zwei", "Zita")
    by = factories.member("anna")
    services.enter(glad, USUAL | {"given_on": today() - timedelta(days=9)}, by)
    angry.mail_basis, angry.mail_basis_on = MailBasis.OBJECTED, today()
    db.session.flush()
    versions = {one.id: str(one.version) for one in (angry, glad)}
    merge = merge_people(glad.id, angry.id, versions, {}, by)
    proof = db.session.scalar(select(Consent))
    assert (glad.mail_basis, proof.person_id, proof.withdrawn_on) == (MailBasis.OBJECTED, glad.id, today())
    undo(merge, by)
    db.session.refresh(proof)
    assert (proof.person_id, proof.withdrawn_on) == (glad.id, None)


def test_five_hundred_with_proof_minus_unconfirmed_and_withdrawn_are_475(context):
    """Proof and basis are one: who has not used the link or has withdrawn gets nothing."""
    event, by = factories.event(), factories.member("anna")
    for number in range(25):
        one = invited(event, f"Nr{number}", basis=MailBasis.NOT_ASKED).person
        one.email = f"nr{number}@rathaus.test"
        if number < 15:
            services.enter(one, USUAL | {"way": Way.LINK}, by)
        elif number < 20:
            services.withdraw(services.enter(one, USUAL, by), None, by)
        else:
            services.confirm(services.enter(one, USUAL | {"way": Way.LINK}, by))
    found = recipients.find(event, MailKind.INVITATION)
    assert len(found.people) == 5
    reasons = [why for _name, why in found.skipped]
    assert (reasons.count(Skip.NOT_ASKED), reasons.count(Skip.WITHDRAWN)) == (15, 5)


def test_the_control_a_link_that_counted_unused_would_be_noticed(context, monkeypatch):
    event, by = factories.event(), factories.member("anna")
    one = invited(event, "Nie", basis=MailBasis.NOT_ASKED).person
    monkeypatch.setattr(services, "_ask", lambda who, common, values, _by: services._allow(
        who, Consent(**common, given_on=today()), _by))  # fmt: skip
    services.enter(one, USUAL | {"way": Way.LINK}, by)
    assert [who.name for who in recipients.find(event, MailKind.INVITATION).people] == ["Petra Nie"]


def test_a_future_day_is_refused_by_the_service(context):
    with pytest.raises(RuleBroken):
        services.enter(factories.person(), USUAL | {"given_on": today() + timedelta(days=1)}, None)
    assert now()
