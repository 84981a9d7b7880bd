"""Invited people without a registration at the door: recognised, entered once, and no longer silent."""

import pytest
from sqlalchemy import select

from crm.db import db
from crm.events.models import Event
from crm.invitations.models import Answer, Invitation
from crm.registrations.models import GuestKind, Origin, Registration, Seat
from tests import factories
from tests.attendance.test_pasted import pasted, registrations
from tests.attendance.test_routes import door, held


@pytest.fixture
def event(app):
    """An event under way: Petra Henkel and Karl Ebel are invited, Frank Lang is registered."""
    number, _ids = held(app, ("Lang", "Lahntal", {"first_name": "Frank"}))
    with app.app_context():
        made = db.session.get(Event, number)
        for last, first in (("Henkel", "Petra"), ("Ebel", "Karl"), ("Lang", "Frank")):
            factories.invitation(made, factories.person(last, first, at="Lahntal"))
        db.session.commit()
    return number


def invitations(app):
    """Answers by last name."""
    with app.app_context():
        found = db.session.scalars(select(Invitation).order_by(Invitation.id))
        return {one.person.last_name: one.answer for one in found}


def guest(app, last_name):
    """A guest by last name, loaded with what is compared."""
    found = db.session.scalars(select(Registration).where(Registration.last_name == last_name)).all()
    assert len(found) == 1
    return found[0]


def test_a_pasted_list_finds_the_invited_and_links_them(app, event, anna):
    page = anna.submit(door(event, "/liste"), text="Henkel, Petra; Lahntal\nLang, Frank; Lahntal\nNeu, Nora")
    assert "Erkannt 2" in page.main
    assert "Neue Gäste 1" in page.main
    assert pasted(anna, event, "Henkel, Petra; Lahntal\nLang, Frank; Lahntal").status == 303
    assert invitations(app) == {"Henkel": Answer.ACCEPTED, "Ebel": Answer.NONE, "Lang": Answer.NONE}
    with app.app_context():
        one = guest(app, "Henkel")
        assert one.person.last_name == one.invitation.person.last_name == "Henkel"
        assert (one.origin, one.kind, one.from_where) == (Origin.LIST, GuestKind.MANAGEMENT, "Lahntal")
        assert one.came_at
        assert one.email == one.invitation.email
    before = registrations(app)
    pasted(anna, event, "Henkel, Petra; Lahntal\nLang, Frank; Lahntal")
    assert registrations(app) == before


def test_an_invited_namesake_of_another_place_is_asked_for(app, event, anna):
    page = pasted(anna, event, "Henkel, Petra; Marburg")
    assert page.status == 422
    assert [one["value"] for one in page.soup.select("input[name='zeile-1']")][0].startswith("einladung-")
    assert "Henkel" not in " ".join(name for name, _origin, _came in registrations(app))


def test_an_invitation_of_another_event_is_not_taken(app, event, anna):
    with app.app_context():
        other = factories.invitation(factories.event("Andere"), factories.person("Fremd")).id
        db.session.commit()
    pasted(anna, event, "Neu, Nora", **{"zeile-1": f"einladung-{other}"})
    assert anna.post(door(event), eingeladen=other).status == 404
    assert len(registrations(app)) == 1


def test_the_walk_in_form_offers_the_invited_person(app, event, anna):
    wanted = {"last_name": "henkel", "first_name": "PETRA", "kind": "management"}
    page = anna.submit(door(event, "/ohne-anmeldung"), **wanted)
    assert "Petra Henkel ist eingeladen." in page.main
    button = page.soup.select_one("input[name=eingeladen]")
    for _press in range(2):
        assert anna.post(door(event), eingeladen=button["value"]).status == 303
    with app.app_context():
        one = guest(app, "Henkel")
        assert (one.origin, one.seat, one.invitation_id) == (
            Origin.AT_THE_DOOR, Seat.SEATED, int(button["value"]),
        )  # fmt: skip
        assert one.person_id
    assert invitations(app)["Henkel"] is Answer.ACCEPTED
    assert "ist eingeladen" not in anna.submit(door(event, "/ohne-anmeldung"), **wanted).main


def test_before_the_day_nobody_invited_is_there(app, anna):
    number, _ids = held(app, in_days=3)
    with app.app_context():
        made = factories.invitation(db.session.get(Event, number), factories.person()).id
        db.session.commit()
    page = anna.post(door(number), eingeladen=made, follow=True)
    assert "Tragen Sie Gäste" in page.main or "Anmeldungen" in page.main
    assert registrations(app) == []
    assert set(invitations(app).values()) == {Answer.NONE}


def test_who_reads_only_enters_nobody(app, event, rita):
    with app.app_context():
        number = db.session.scalars(select(Invitation.id)).first()
    assert rita.post(door(event), eingeladen=number).status == 403
