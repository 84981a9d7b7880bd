"""Files with names are noted with who stands in them; a correction reaches what waits and old copies."""

import pytest
from sqlalchemy import func, select

from crm.db import db
from crm.mail.models import MailKind, MailState
from crm.mailings import services as mailings
from crm.outputs import noting
from crm.outputs.models import Output, OutputPerson, Paper
from crm.registrations.models import Seat
from tests import factories
from tests.mailings.crowd import outbox

OLD, NEW = "alt@lahntal.test", "neu@lahntal.test"


@pytest.fixture
def known(app):
    """Somebody with a function, invited, and a guest of an event with another guest nobody knows."""
    with app.app_context():
        person = factories.person(email=OLD)
        factories.person("Andere", "Anne", at="Cölbe")
        event = factories.event(in_days=9)
        factories.registration(event, person_id=person.id, email=OLD, address_key=OLD, seat=Seat.SEATED)
        factories.registration(event, "Fremd", email="f@x.test", address_key="f@x.test", seat=Seat.SEATED)
        factories.invitation(event, person, email=OLD)
        mailings.send(factories.mailing(event), factories.member("emil"))
        db.session.commit()
        return {"person": person.id, "function": person.functions[0].id, "event": event.id}


def files(event, person):
    """Every way in which names of people leave the program as a file."""
    at = f"/veranstaltungen/{event}"
    return {
        "/kontakte/liste.csv?q=Henkel": (Paper.CONTACTS, "csv", 1, 1),
        "/kontakte/liste.xlsx": (Paper.CONTACTS, "xlsx", 2, 2),
        "/kontakte/vcard": (Paper.CARDS, "vcf", 2, 2),
        f"/kontakte/{person}/vcard": (Paper.CARDS, "vcf", 1, 1),
        f"{at}/anmeldungen.csv": (Paper.GUESTS, "csv", 2, 1),
        f"{at}/anwesenheitsliste.pdf": (Paper.SIGN_IN, "pdf", 2, 1),
        f"{at}/teilnehmende.pdf": (Paper.PARTICIPANTS, "pdf", 2, 1),
        f"{at}/namensschilder.pdf": (Paper.BADGES, "pdf", 2, 1),
    }


def noted():
    """What the log says, oldest first: kind, ending, people, contacts among them."""
    known = func.count(OutputPerson.id)
    query = select(Output.paper, Output.ending, Output.number, known).outerjoin(OutputPerson)
    return [tuple(row) for row in db.session.execute(query.group_by(Output.id).order_by(Output.id))]


def test_every_file_with_names_is_noted_and_no_page_is(app, anna, known):
    wanted = files(known["event"], known["person"])
    for url in wanted:
        assert anna.get(url).status == 200, url
    for url in ("/kontakte", f"/kontakte/{known['person']}", "/kontakte/liste.pdf"):
        anna.get(url)
    with app.app_context():
        assert noted() == list(wanted.values())
        first = db.session.scalars(select(Output).order_by(Output.id)).first()
        assert (first.user.name, first.filters) == ("Anna Adler", "q=Henkel")


def test_the_control_without_noting_the_same_walk_leaves_nothing(app, anna, known, monkeypatch):
    monkeypatch.setattr(noting, "insert", lambda model: insert_nothing(model))
    answers = [anna.get(url).status for url in list(files(known["event"], known["person"]))[:2]]
    with app.app_context():
        assert noted() == []
    assert answers == [500, 500], "where it cannot be noted the file is not handed over"


def insert_nothing(model):
    """Stand in for a log that cannot be written."""
    raise RuntimeError(model.__tablename__)


def test_a_corrected_address_reaches_what_waits_and_the_page_names_the_old_copies(app, anna, known):
    anna.get("/kontakte/liste.csv?q=Henkel")
    with app.app_context():
        assert [one.recipient for one in outbox(kind=MailKind.INVITATION)] == [OLD]
    url = f"/kontakte/{known['person']}/funktionen/{known['function']}"
    assert anna.submit(url, official_email=NEW).status == 303
    with app.app_context():
        (waits,) = outbox(kind=MailKind.INVITATION)
        assert (waits.recipient, waits.state) == (NEW, MailState.WAITING)
    page = anna.get(f"/kontakte/{known['person']}/rechte")
    for words in ("Liste der Kontakte (csv, 1 Person)", "Anna Adler", "gefragt: q=Henkel", NEW):
        assert words in page.main, words
    other = anna.get(f"/kontakte/{known['person'] + 1}/rechte")
    assert "Liste der Kontakte" not in other.main


def test_a_reader_sees_no_page_of_rights(rita, known):
    assert rita.get(f"/kontakte/{known['person']}/rechte").status == 403
