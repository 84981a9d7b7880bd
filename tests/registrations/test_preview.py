"""Whoever plans an event sees the page of its guests before anybody can register."""

import pytest

from crm.db import db
from crm.events.models import Entrance, EventState
from crm.registrations.models import Registration
from tests import factories


def make(app, **over):
    """An event; give the addresses of its preview, of its public page, of its own page."""
    with app.app_context():
        one = factories.event(**over)
        db.session.commit()
        return f"/veranstaltungen/{one.id}/vorschau", f"/anmeldung/{one.secret}", f"/veranstaltungen/{one.id}"


def test_a_planned_event_shows_its_page_to_planners_alone(app, emil, rita, stranger):
    preview, public, _own = make(app, state=EventState.PLANNED, asks_needs=True)
    page = emil.get(preview)
    assert page.status == 200
    assert "Vorschau" in page.main
    assert page.soup.select_one("input[name=needs], textarea[name=needs]")
    assert rita.get(preview).status == 403
    assert stranger.get(preview).status in (302, 303, 401)
    assert stranger.get(public).status == 404


def test_nobody_registers_on_a_preview(app, emil):
    preview, _public, _own = make(app, state=EventState.PLANNED)
    page = emil.get(preview)
    assert not page.soup.select("main button[type=submit], main input[type=hidden]")
    assert emil.post(preview, first_name="Petra", last_name="Henkel").status == 405
    with app.app_context():
        assert db.session.query(Registration).count() == 0


@pytest.mark.parametrize("state", [EventState.PLANNED, EventState.SAVE_THE_DATE])
def test_the_event_leads_to_its_preview_until_registration_is_open(app, emil, rita, state):
    preview, _public, own = make(app, state=state, entrance=Entrance.INVITED)
    assert emil.get(own).soup.select_one(f"a[href='{preview}']")
    assert not rita.get(own).soup.select_one(f"a[href='{preview}']")


def test_an_open_event_leads_to_the_page_itself(app, emil):
    preview, public, own = make(app)
    links = [one["href"] for one in emil.get(own).soup.select("main a[href]")]
    assert public in links
    assert preview not in links


@pytest.mark.parametrize("state", [EventState.OPEN, EventState.CANCELLED])
def test_once_there_is_a_page_the_preview_leads_to_it(app, emil, state):
    preview, public, _own = make(app, state=state)
    assert emil.get(preview).location == public


def test_the_preview_offers_the_same_names_and_is_never_an_answer(app, emil):
    preview, _public, _own = make(app, state=EventState.PLANNED)
    page = emil.get(f"{preview}?gesendet=1")
    assert len(page.soup.select("#places option")) > 400
    assert "Wir haben Ihnen eine E-Mail geschickt" not in page.main


def test_what_is_not_there_has_no_preview(emil):
    assert emil.get("/veranstaltungen/99999/vorschau").status == 404
