"""Inviting a selection: who may not be written to is named, what was sent stays, the rest goes back."""

import pytest
from sqlalchemy import select

from crm.contacts.models import FunctionRole, MailBasis
from crm.db import db, now
from crm.events.models import EventState
from crm.invitations.models import Invitation
from tests import factories
from tests.bulk.steps import address, confirm, done, preview, undo, undo_url


@pytest.fixture
def scene(app):
    """An event, two people to invite and one who objected."""
    with app.app_context():
        found = {
            "event": factories.event("Fachtagung").id,
            "people": [
                factories.person("Anders", email="a@lahntal.test").id,
                factories.person("Brandt", at="Cölbe", role=FunctionRole.HEAD, email="b@coelbe.test").id,
            ],
        }
        angry = factories.person("Zorn", email="z@lahntal.test")
        angry.mail_basis = MailBasis.OBJECTED
        found |= {"angry": angry.id, "places": [factories.place(one).id for one in ("Lahntal", "Cölbe")]}
        factories.event("Vorbei", in_days=-9, state=EventState.HELD)
        db.session.commit()
    return found


def invited(app):
    """Last names of who is invited."""
    with app.app_context():
        return sorted(one.person.last_name for one in db.session.scalars(select(Invitation)))


def test_people_are_invited_but_not_who_objected_and_uninvited_again(app, emil, scene):
    url = address("kontakte", "einladen", [*scene["people"], scene["angry"]])
    assert "Vorbei" not in emil.get(url).main
    page = preview(emil, url, event_id=scene["event"])
    assert "widerspr" in page.main.casefold()
    assert "2 Personen einladen" in page.main
    listed = confirm(emil, url, page, follow=True)
    assert invited(app) == ["Anders", "Brandt"]
    assert "schon eingeladen" in preview(emil, url, event_id=scene["event"]).main
    undo(emil, listed)
    assert invited(app) == []


def test_people_of_chosen_places_are_invited_by_their_office(app, emil, scene):
    url = address("kommunen", "einladen", scene["places"])
    page = preview(emil, url, event_id=scene["event"], role="head")
    assert "1 Person einladen" in page.main
    confirm(emil, url, page)
    assert invited(app) == ["Brandt"]
    page = preview(emil, url, event_id=scene["event"], role="")
    assert "1 Person einladen" in page.main


def test_what_was_mailed_stays_and_is_named(app, emil, scene):
    listed = done(emil, address("kontakte", "einladen", scene["people"]), event_id=scene["event"])
    with app.app_context():
        db.session.scalars(
            select(Invitation).where(Invitation.person_id == scene["people"][0])
        ).one().mailed_at = now()
        db.session.commit()
    assert "wurde inzwischen geändert" in emil.get(undo_url(listed)).main
    undo(emil, listed)
    assert invited(app) == ["Anders"]


def test_an_event_must_be_chosen(emil, scene):
    page = preview(emil, address("kontakte", "einladen", scene["people"]), event_id="")
    assert page.status == 422
    assert "Wählen Sie eine Veranstaltung" in page.main


def test_a_colleague_who_invited_first_is_noticed(app, emil, anna, scene):
    url = address("kontakte", "einladen", scene["people"])
    page = preview(emil, url, event_id=scene["event"])
    done(anna, address("kontakte", "einladen", scene["people"][:1]), event_id=scene["event"])
    again = confirm(emil, url, page)
    assert again.status == 409
    assert "schon eingeladen" in again.main
    assert confirm(emil, url, again).status == 303
    assert invited(app) == ["Anders", "Brandt"]


def test_readers_invite_nobody(app, rita, scene):
    url = address("kontakte", "einladen", scene["people"])
    assert rita.get(url).status == 403
    assert preview(rita, url, event_id=scene["event"]).status == 403
    assert invited(app) == []
