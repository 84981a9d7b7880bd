"""Programme and checklist: added, changed, moved, ticked, taken out."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.db import db, today
from crm.events import checklist, programme
from crm.events.models import ChecklistItem, Event, EventKind, ProgrammeItem
from tests import factories


@pytest.fixture
def event(app):
    """Number of an event in forty days, with three points and one thing to be done."""
    with app.app_context():
        emil = factories.member("emil")
        made = factories.event(in_days=40, kind=EventKind.LECTURE)
        for starts, title in ((time(9), "Begrüßung"), (time(11), "Umsatzsteuer"), (None, "Ausklang")):
            programme.add(
                made, {"starts_at": starts, "title": title, "speaker": None, "person_id": None}, emil
            )
        checklist.add(made, {"text": "Saal mieten", "days": -30, "owner_id": None}, emil)
        db.session.commit()
        return made.id


def points(app):
    """Titles of the programme in their order."""
    with app.app_context():
        query = select(ProgrammeItem).order_by(ProgrammeItem.position)
        return [one.title for one in db.session.scalars(query)]


def point(app, title):
    """The number of a point and its version."""
    with app.app_context():
        one = db.session.scalars(select(ProgrammeItem).where(ProgrammeItem.title == title)).one()
        return one.id, str(one.version)


def task(app):
    """The one thing on the checklist, detached."""
    with app.app_context():
        one = db.session.scalars(select(ChecklistItem)).first()
        db.session.expunge_all()
        return one


def last(app, number):
    """The newest thing in the history of an event."""
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.record_type == "events", AuditEvent.record_id == number)
        found = db.session.scalars(query.order_by(AuditEvent.id.desc())).first()
        return found.name, found.changes


def test_a_point_stands_where_its_time_belongs(app, emil, event):
    url = f"/veranstaltungen/{event}/programm/neu"
    page = emil.submit(url, starts_at="10", title="Bauhof", speaker="P. Henkel, Lahntal", follow=True)
    assert "P. Henkel, Lahntal" in page.main
    assert points(app) == ["Begrüßung", "Bauhof", "Umsatzsteuer", "Ausklang"]
    assert last(app, event)[0] == "event.programme-changed"


def test_a_person_of_the_contacts_speaks(app, emil, event):
    with app.app_context():
        person = factories.person()
        db.session.commit()
        number = person.id
    page = emil.submit(
        f"/veranstaltungen/{event}/programm/neu", title="Erfahrungen", person_id=[str(number)], follow=True
    )
    assert page.soup.select_one(f".agenda-of a[href='/kontakte/{number}']").text == "Petra Henkel"


def test_one_point_after_the_other_is_entered_without_going_back(emil, event):
    url = f"/veranstaltungen/{event}/programm/neu"
    page = emil.submit(url, title="Pause", next="1")
    assert page.location.endswith(url)


@pytest.mark.parametrize(("fields", "message"), [
    ({"title": ""}, "Tragen Sie den Programmpunkt ein."),
    ({"title": "A", "starts_at": "26:00"}, "gibt es nicht"),
    ({"title": "A", "person_id-text": "Niemand Unbekannt"}, "nicht bekannt"),
])  # fmt: skip
def test_a_wrong_point_is_named_and_kept(app, emil, event, fields, message):
    url = f"/veranstaltungen/{event}/programm/neu"
    page = emil.post(url, emil.get(url).fields() | {"speaker": "Bleibt"} | fields)
    assert page.status == 422
    assert any(message in one for one in page.errors()), page.errors()
    assert page.fields()["speaker"] == ["Bleibt"]
    assert len(points(app)) == 3


def test_a_point_with_another_time_moves(app, emil, event):
    number, _version = point(app, "Begrüßung")
    emil.submit(f"/veranstaltungen/{event}/programm/{number}", starts_at="12:00")
    assert points(app) == ["Umsatzsteuer", "Ausklang", "Begrüßung"]


def test_a_point_refuses_a_lost_update(app, emil, anna, event):
    number, _version = point(app, "Begrüßung")
    url = f"/veranstaltungen/{event}/programm/{number}"
    fields = emil.get(url).fields()
    anna.submit(url, title="Von Anna")
    assert emil.post(url, fields | {"title": "Von Emil"}).status == 409
    assert "Von Anna" in points(app)


def test_points_move_by_one_place_and_stop_at_the_edge(app, emil, event):
    number, _version = point(app, "Umsatzsteuer")
    url = f"/veranstaltungen/{event}/programm/{number}/verschieben"
    for _again in range(2):
        emil.post(url, to="up")
    assert points(app) == ["Umsatzsteuer", "Begrüßung", "Ausklang"]
    emil.post(url, to="down")
    assert points(app) == ["Begrüßung", "Umsatzsteuer", "Ausklang"]


def test_a_point_is_taken_out_by_whoever_saw_it(app, emil, event):
    number, version = point(app, "Begrüßung")
    url = f"/veranstaltungen/{event}/programm/{number}/entfernen"
    emil.post(url, version="99")
    assert "Begrüßung" in points(app)
    emil.post(url, version=version)
    assert points(app) == ["Umsatzsteuer", "Ausklang"]
    assert last(app, event)[1]["programme"] == ["Begrüßung", None]


def test_points_of_another_event_are_not_reached(app, emil, event):
    with app.app_context():
        other = factories.event("Andere")
        db.session.commit()
        other_id = other.id
    number, version = point(app, "Begrüßung")
    assert emil.get(f"/veranstaltungen/{other_id}/programm/{number}").status == 404
    assert (
        emil.post(f"/veranstaltungen/{other_id}/programm/{number}/entfernen", version=version).status == 404
    )
    assert emil.post(f"/veranstaltungen/{other_id}/checkliste/{task(app).id}/erledigt").status == 404


def test_a_programme_ends_at_a_hundred_points(app, emil, event):
    with app.app_context():
        made = db.session.get(Event, event)
        made.programme += [ProgrammeItem(title=f"Punkt {n}", position=n + 3) for n in range(97)]
        db.session.commit()
    page = emil.submit(f"/veranstaltungen/{event}/programm/neu", title="Einer zu viel")
    assert page.status == 422
    assert "höchstens 100 Punkte" in page.main


def test_a_task_is_due_relative_to_the_event_and_moves_with_it(app, emil, event):
    url = f"/veranstaltungen/{event}/checkliste/neu"
    page = emil.submit(url, text="Folien schicken", distance="3", due_side="after", follow=True)
    assert f"{today() + timedelta(days=43):%d.%m.%Y}" in page.main
    emil.submit(f"/veranstaltungen/{event}/bearbeiten", day=f"{today() + timedelta(days=50):%d.%m.%Y}")
    assert f"{today() + timedelta(days=53):%d.%m.%Y}" in emil.get(f"/veranstaltungen/{event}").main


@pytest.mark.parametrize(("fields", "message"), [
    ({"text": "", "distance": "3"}, "Tragen Sie ein, was"),
    ({"text": "Saal"}, "Tragen Sie die Zahl der Tage ein."),
    ({"text": "Saal", "distance": "1000"}, "zwischen 0 und 999"),
    ({"text": "Saal", "distance": "-3"}, "zwischen 0 und 999"),
])  # fmt: skip
def test_a_wrong_task_is_named(emil, event, fields, message):
    url = f"/veranstaltungen/{event}/checkliste/neu"
    page = emil.post(url, emil.get(url).fields() | fields)
    assert page.status == 422
    assert any(message in one for one in page.errors()), page.errors()


def test_something_may_be_due_on_the_day_itself(app, emil, event):
    emil.submit(f"/veranstaltungen/{event}/checkliste/neu", text="Saal aufschließen", distance="0")
    assert f"{today() + timedelta(days=40):%d.%m.%Y}" in emil.get(f"/veranstaltungen/{event}").main


def test_a_tick_is_one_click_and_a_second_takes_it_back(app, emil, event):
    url = f"/veranstaltungen/{event}/checkliste/{task(app).id}/erledigt"
    emil.post(url)
    emil.post(url)
    with app.app_context():
        done = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "event.checklist-done")).all()
    assert len(done) == 1
    assert task(app).done_at is not None
    assert "1 erledigt" in emil.get(f"/veranstaltungen/{event}").main
    emil.post(url, done="0")
    assert task(app).done_at is None
    assert last(app, event)[0] == "event.checklist-reopened"


def test_what_is_to_be_done_is_never_kept_in_the_history(app, emil, event):
    emil.submit(f"/veranstaltungen/{event}/checkliste/{task(app).id}", text="Herrn Geheim anrufen")
    assert last(app, event) == ("event.checklist-changed", {"checklist": [None, None]})
    assert "Geheim" not in emil.get(f"/veranstaltungen/{event}/aenderungen").main


def test_a_task_refuses_a_lost_update(app, emil, anna, event):
    url = f"/veranstaltungen/{event}/checkliste/{task(app).id}"
    fields = emil.get(url).fields()
    anna.submit(url, text="Von Anna")
    assert emil.post(url, fields | {"text": "Von Emil"}).status == 409
    assert task(app).text == "Von Anna"


def test_a_task_is_taken_off_the_list(app, emil, event):
    one = task(app)
    url = f"/veranstaltungen/{event}/checkliste/{one.id}/entfernen"
    emil.post(url, version="99")
    assert task(app) is not None
    emil.post(url, version=str(one.version))
    assert task(app) is None


def test_the_usual_list_is_added_once(app, emil, event):
    for _twice in range(2):
        page = emil.post(f"/veranstaltungen/{event}/checkliste/uebliche", follow=True)
    with app.app_context():
        assert len(db.session.scalars(select(ChecklistItem)).all()) == 5
    assert "Folien vorbereiten" in page.main


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_has_a_usual_list_before_and_after(context, kind):
    days = [days for days, _text in checklist.STANDARD[kind]]
    assert days == sorted(days)
    assert min(days) < 0 < max(days)


def test_readers_see_programme_and_checklist_and_cannot_touch_them(app, rita, event):
    page = rita.get(f"/veranstaltungen/{event}")
    assert "Umsatzsteuer" in page.main
    assert "Saal mieten" in page.main
    assert not [
        form for form in page.soup.select("main form") if "/veranstaltungen/" in form.get("action", "")
    ]
    assert rita.post(f"/veranstaltungen/{event}/checkliste/{task(app).id}/erledigt").status == 403
