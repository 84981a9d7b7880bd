"""Whether somebody may be written to in mailings: typed, dated, shown, listed, noted in the history."""

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.contacts.models import MailBasis, Person
from crm.db import db, today
from tests import factories


@pytest.fixture
def person(app):
    """The number of somebody in office."""
    with app.app_context():
        made = factories.person()
        db.session.commit()
        return made.id


def stored(app):
    """Basis and day as stored."""
    with app.app_context():
        one = db.session.scalar(select(Person))
        return one.mail_basis, one.mail_basis_on


def test_somebody_new_with_an_office_may_be_written_to(app, anna):
    with app.app_context():
        lahntal = factories.place("Lahntal").id
    page = anna.submit(f"/kontakte/neu?kommune={lahntal}", last_name="Neu", role="finance", follow=True)
    assert "erlaubt, mit Amt oder Funktion" in page.main
    assert stored(app) == (MailBasis.OFFICE, None)


@pytest.mark.parametrize(
    ("fields", "basis", "day"),
    [
        ({"mail_basis": "consent"}, MailBasis.CONSENT, "today"),
        ({"mail_basis": "consent", "mail_basis_on": "3.2.2025"}, MailBasis.CONSENT, "2025-02-03"),
        ({"mail_basis": "objected"}, MailBasis.OBJECTED, "today"),
        ({"mail_basis": "not-asked"}, MailBasis.NOT_ASKED, None),
    ],
)
def test_a_yes_or_no_is_kept_with_its_day_and_noted(app, person, anna, fields, basis, day):
    page = anna.submit(f"/kontakte/{person}/bearbeiten", follow=True, **fields)
    found = stored(app)
    expected = f"{today()}" if day == "today" else day
    assert (found[0], found[1] and f"{found[1]}") == (basis, expected)
    assert str(basis.label) or page
    with app.app_context():
        noted = db.session.scalar(select(AuditEvent).order_by(AuditEvent.id.desc()))
        assert noted.name == "person.changed"
        assert noted.changes["mail_basis"] == ["office", basis.value]
    assert "Serienbriefe" in page.main


def test_another_answer_has_a_day_of_its_own(app, person, anna):
    anna.submit(f"/kontakte/{person}/bearbeiten", mail_basis="objected", mail_basis_on="3.2.2025")
    anna.submit(f"/kontakte/{person}/bearbeiten", mail_basis="consent")
    assert stored(app) == (MailBasis.CONSENT, today())
    anna.submit(f"/kontakte/{person}/bearbeiten", note="Nur eine Bemerkung")
    assert stored(app) == (MailBasis.CONSENT, today())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"mail_basis": "vielleicht"}, "Ungültige Auswahl"),
        ({"mail_basis": ""}, "Wählen Sie, ob Serienbriefe geschickt werden dürfen."),
        ({"mail_basis_on": "31.2.2025"}, "31.2.2025"),
    ],
)
def test_a_wrong_basis_is_refused(app, person, anna, fields, said):
    page = anna.submit(f"/kontakte/{person}/bearbeiten", **fields)
    assert page.status == 422
    assert page.errors()
    assert said in " ".join(page.errors()) or said in str(page.fields())
    assert stored(app) == (MailBasis.OFFICE, None)


def test_a_lost_update_of_the_basis_is_told(app, person, anna, bert):
    fields = anna.get(f"/kontakte/{person}/bearbeiten").fields()
    bert.submit(f"/kontakte/{person}/bearbeiten", mail_basis="objected")
    page = anna.post(f"/kontakte/{person}/bearbeiten", {**fields, "mail_basis": "consent"})
    assert page.status == 409
    assert stored(app)[0] is MailBasis.OBJECTED


def test_the_list_is_narrowed_by_the_basis(app, person, anna):
    with app.app_context():
        factories.person("Nein").mail_basis = MailBasis.OBJECTED
        db.session.commit()
    page = anna.get("/kontakte?post=objected")
    assert [row.get_text() for row in page.soup.select("#results tbody th a")] == ["Nein, Petra"]
    assert anna.get("/kontakte?post=quatsch").status == 200
    assert b"Nein" in anna.get("/kontakte/vcard?post=objected").data
    assert b"Henkel" not in anna.get("/kontakte/vcard?post=objected").data


def test_an_office_that_ended_allows_nothing_any_more(app, person, anna):
    with app.app_context():
        db.session.scalar(select(Person)).functions[0].valid_to = today().replace(year=2020)
        db.session.commit()
    assert "nicht mehr erlaubt, ohne Amt oder Funktion" in anna.get(f"/kontakte/{person}").main
