"""Events on screen: plan, change, copy, cancel, remove; what may be typed and what may not."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.db import BERLIN, db, today
from crm.events import checklist, programme
from crm.events.models import ChecklistItem, Entrance, Event, EventKind, EventState, Precision
from crm.registrations.models import Seat
from crm.task_fields.models import TaskField
from tests import factories

NEW = "/veranstaltungen/neu"
DAY = today() + timedelta(days=40)
LEAST = {"title": "Fachtagung Kasse", "kind": "conference", "day": f"{DAY:%d.%m.%Y}"}


def made(app, **over):
    """An event on record; give its number."""
    with app.app_context():
        event = factories.event(**over)
        db.session.commit()
        return event.id


def stored(app, number=None):
    """An event with what hangs on it, detached."""
    with app.app_context():
        query = select(Event).order_by(Event.id.desc())
        event = db.session.scalars(query.where(Event.id == number) if number else query).first()
        if event is not None:
            for name in ("hosts", "task_fields", "programme", "checklist", "place"):
                getattr(event, name)
            db.session.expunge_all()
        return event


def happened(app, number):
    """Names of what the history of an event holds, the oldest first."""
    with app.app_context():
        query = select(AuditEvent.name).where(
            AuditEvent.record_type == "events", AuditEvent.record_id == number
        )
        return list(db.session.scalars(query.order_by(AuditEvent.id)))


def test_title_kind_and_day_are_enough(app, emil):
    page = emil.submit(NEW, **LEAST, follow=True)
    assert page.status == 200, page.errors()
    event = stored(app)
    assert (event.title, event.kind, event.day, event.precision) == (
        "Fachtagung Kasse", EventKind.CONFERENCE, DAY, Precision.DAY,
    )  # fmt: skip
    assert (event.state, event.entrance, event.capacity) == (EventState.PLANNED, Entrance.UNLISTED, None)
    assert happened(app, event.id) == ["event.created"]
    assert len(event.checklist) == 10


def test_everything_that_can_be_typed_is_kept(app, emil):
    with app.app_context():
        field = db.session.scalars(select(TaskField).where(TaskField.name == "Kasse")).one().id
        group = factories.cooperation()
        db.session.commit()
        number = group.id
    page = emil.submit(
        NEW, **LEAST, starts="9.30", ends="15:30", venue="Kulturzentrum", place_id__text="Buseck",
        video_link="meet.example.org/raum", capacity="160",
        register_until=f"{DAY - timedelta(days=7):%d.%m.%Y}",
        entrance="listed", summary="Text", for_whom="Kämmereien", hosts__text="Lahntal", note="Intern",
        other_hosts="ekom21; HSGB ;ekom21", task_fields=[str(field)], cooperation_id=[str(number)],
        follow=True,
    )  # fmt: skip
    assert page.status == 200, page.errors()
    event = stored(app)
    starts = event.starts_at.astimezone(BERLIN)
    assert (starts.date(), starts.time(), event.precision) == (DAY, time(9, 30), Precision.TIME)
    assert [one.name for one in event.hosts] == ["Lahntal", "ekom21", "HSGB"]
    assert [one.organisation_id is None for one in event.hosts] == [False, True, True]
    assert (event.video_link, event.capacity) == ("https://meet.example.org/raum", 160)
    assert (event.place.name, event.cooperation_id, event.entrance) == ("Buseck", number, Entrance.LISTED)
    assert [one.name for one in event.task_fields] == ["Kasse"]
    for text in (
        "Kulturzentrum, Buseck",
        "mit Lahntal, ekom21, HSGB",
        "0 von 160 Plätzen belegt",
        "Kämmereien",
    ):
        assert text in page.main


WRONG = [
    ({"title": ""}, "Geben Sie der Veranstaltung einen Titel."),
    ({"kind": ""}, "Wählen Sie die Art der Veranstaltung."),
    ({"day": ""}, "Tragen Sie den Tag der Veranstaltung ein."),
    ({"day": "31.04.2027"}, "Dieses Datum gibt es nicht"),
    ({"day": "01.01.1899"}, "zwischen 1900 und 2100"),
    ({"starts": "24:00"}, "24:00"),
    ({"starts": "25:00"}, "gibt es nicht"),
    ({"ends": "12:00"}, "Tragen Sie auch den Beginn ein."),
    ({"starts": "12:00", "ends": "11:00"}, "Das Ende liegt vor dem Beginn."),
    ({"last_day": f"{DAY - timedelta(days=1):%d.%m.%Y}"}, "Der letzte Tag liegt vor dem ersten."),
    ({"last_day": f"{DAY + timedelta(days=32):%d.%m.%Y}"}, "höchstens 31 Tage"),
    ({"starts": "9:00", "last_day": f"{DAY + timedelta(days=1):%d.%m.%Y}"}, "wann sie am letzten Tag endet"),
    ({"register_until": f"{DAY + timedelta(days=1):%d.%m.%Y}"}, "erst nach der Veranstaltung enden"),
    ({"day": "28.03.2027", "starts": "02:30"}, "springt die Uhr von 02:00 auf 03:00"),
    ({"capacity": "-1"}, "zwischen 0 und 100000"),
    ({"capacity": "100001"}, "zwischen 0 und 100000"),
    ({"capacity": "viele"}, "keine Zahl"),
    ({"video_link": "http://meet.example.org"}, "https://"),
    ({"video_link": "javascript:alert(1)"}, "Schreiben Sie die Adresse so"),
    ({"entrance": "door"}, "Ungültige Auswahl"),
    ({"place_id-text": "Entenhausen"}, "Entenhausen"),
    ({"title": "x" * 201}, "höchstens 200 Zeichen"),
    ({"other_hosts": ";".join(f"Verein {n}" for n in range(30))}, "höchstens 20 Namen"),
    ({"responsible_id": "99999"}, "Ungültige Auswahl"),
]


@pytest.mark.parametrize(("fields", "message"), WRONG, ids=lambda one: str(one)[:40])
def test_wrong_input_is_named_and_kept(app, emil, fields, message):
    typed = emil.get(NEW).fields() | LEAST | {"summary": "Bleibt stehen"} | fields
    page = emil.post(NEW, typed)
    assert page.status == 422
    assert any(message in one for one in page.errors()), page.errors()
    kept = page.fields()
    assert kept["summary"] == ["Bleibt stehen"]
    for name, value in fields.items():
        if name in ("day", "starts", "ends", "capacity", "video_link", "last_day", "title"):
            assert kept[name] == [value]
    assert stored(app) is None


def test_both_fields_of_a_contradiction_are_marked(emil):
    page = emil.submit(NEW, **LEAST, starts="12:00", ends="11:00")
    assert {"starts-error", "ends-error"} <= {tag.get("id") for tag in page.soup.select(".field-error")}


def test_the_end_of_the_double_hour_and_no_places_are_taken(app, emil):
    fields = LEAST | {"day": "31.10.2027", "starts": "02:30", "ends": "04:00", "capacity": "0"}
    assert emil.submit(NEW, **fields).status == 303
    event = stored(app)
    assert (event.capacity, (event.ends_at - event.starts_at) / timedelta(hours=1)) == (0, 2.5)


def test_a_day_gone_by_is_saved_with_a_warning(app, emil):
    page = emil.submit(NEW, **(LEAST | {"day": "01.02.2026"}), follow=True)
    assert "Der Termin liegt in der Vergangenheit." in page.main
    assert "Hat die Veranstaltung stattgefunden?" in page.main
    assert stored(app) is not None


def test_an_event_under_way_is_not_called_past_and_no_longer_announced(app, emil):
    fields = LEAST | {"day": f"{today():%d.%m.%Y}", "starts": "00:00", "ends": "23:59"}
    page = emil.submit(NEW, **fields, follow=True)
    assert "liegt in der Vergangenheit" not in page.main
    assert "Als Save-the-date ankündigen" not in page.main


def test_a_known_day_and_venue_need_not_be_agreed_on(app, emil):
    known = LEAST | {"starts": "09:30", "ends": "15:00", "venue": "Bürgerhaus", "standard": "y"}
    for fields, done in ((known, True), (LEAST | {"standard": "y"}, False)):
        emil.submit(NEW, **fields)
        first = stored(app).checklist[0]
        assert (first.text, bool(first.done_at)) == ("Termin und Ort festlegen", done)


def test_a_form_sent_twice_makes_one_event(app, emil):
    fields = emil.get(NEW).fields() | LEAST
    first, second = emil.post(NEW, fields), emil.post(NEW, fields)
    assert first.location == second.location
    with app.app_context():
        assert len(db.session.scalars(select(Event)).all()) == 1


def test_an_address_presets_place_and_cooperation(app, anna):
    with app.app_context():
        group = factories.cooperation(title="Bauhof Nord")
        db.session.commit()
        place, number = factories.place("Lahntal").id, group.id
    page = anna.get(f"{NEW}?kommune={place}&kooperation={number}")
    fields = page.fields()
    assert (fields["place_id"], fields["cooperation_id"]) == ([str(place)], [str(number)])
    assert anna.get(f"{NEW}?kommune=abc&kooperation=99999").status == 200


def test_an_event_is_changed_and_the_history_says_what(app, emil):
    number = made(app, state=EventState.PLANNED)
    page = emil.submit(f"/veranstaltungen/{number}/bearbeiten", title="Neuer Titel", capacity="80",
                       other_hosts="ekom21", summary="Mehr", follow=True)  # fmt: skip
    assert "Neuer Titel" in page.main
    assert happened(app, number) == ["event.changed"]
    history = emil.get(f"/veranstaltungen/{number}/aenderungen").main
    for text in ("Veranstaltung geändert", "Neuer Titel", "ekom21", "80"):
        assert text in history
    emil.submit(f"/veranstaltungen/{number}/bearbeiten")
    assert happened(app, number) == ["event.changed"]


def test_a_new_hour_is_read_in_the_history_as_people_write_it(app, emil):
    number = made(app)
    emil.submit(f"/veranstaltungen/{number}/bearbeiten", starts="10:00")
    assert "10:00 Uhr" in emil.get(f"/veranstaltungen/{number}/aenderungen").main


def test_internal_notes_never_stand_in_the_history(app, emil):
    number = made(app)
    emil.submit(f"/veranstaltungen/{number}/bearbeiten", note="Geheimnis")
    page = emil.get(f"/veranstaltungen/{number}/aenderungen")
    assert "Interne Notizen" in page.main
    assert "Geheimnis" not in page.main


def test_edit_refuses_a_lost_update(app, emil, anna):
    number = made(app)
    url = f"/veranstaltungen/{number}/bearbeiten"
    fields = emil.get(url).fields()
    anna.submit(url, title="Von Anna", venue="Rathaus")
    page = emil.post(url, fields | {"title": "Von Emil"})
    assert page.status == 409
    assert "Anna Adler" in page.main
    assert stored(app, number).title == "Von Anna"
    again = emil.post(url, page.fields() | {"title": "Von Emil"})
    assert again.status == 303
    assert (stored(app, number).title, stored(app, number).venue) == ("Von Emil", "Rathaus")


def test_an_open_event_keeps_its_time(app, emil):
    number = made(app, state=EventState.OPEN)
    page = emil.submit(f"/veranstaltungen/{number}/bearbeiten", starts="", ends="")
    assert page.status == 422
    assert any("Die Anmeldung ist offen" in one for one in page.errors())


def test_a_rough_time_of_long_ago_stays_when_nothing_is_typed(app, emil):
    number = made(app, in_days=-3000, precision=Precision.YEAR, ends_at=None, state=EventState.HELD)
    before = stored(app, number).starts_at
    url = f"/veranstaltungen/{number}/bearbeiten"
    assert "Bekannt ist bisher: 2018" in emil.get(url).main
    assert emil.submit(url, venue="Rathaus").status == 303
    event = stored(app, number)
    assert (event.starts_at, event.precision, event.venue) == (before, Precision.YEAR, "Rathaus")
    emil.submit(url, day="04.11.2017")
    assert stored(app, number).precision is Precision.DAY


def test_fewer_seats_throw_nobody_out(app, emil):
    number = made(app, capacity=3)
    with app.app_context():
        event = db.session.get(Event, number)
        for name in ("Abel", "Bebel", "Cebel"):
            factories.registration(event, name)
        db.session.commit()
    page = emil.submit(f"/veranstaltungen/{number}/bearbeiten", capacity="2", follow=True)
    assert "3 Plätze sind belegt, mehr als die jetzt 2 vorgesehenen" in page.main
    assert "3 von 2 Plätzen belegt" in page.main


def test_more_seats_go_to_the_waiting_list_at_once(app, emil):
    number = made(app, capacity=1)
    with app.app_context():
        event = db.session.get(Event, number)
        factories.registration(event, "Abel")
        waiting = factories.registration(event, "Bebel", seat=Seat.WAITING, position=1)
        db.session.commit()
        waits = waiting.id
    page = emil.submit(f"/veranstaltungen/{number}/bearbeiten", capacity="2", follow=True)
    assert "1 Angebot geht an die Warteliste." in page.main
    with app.app_context():
        assert db.session.get(type(waiting), waits).seat is Seat.OFFERED


def test_only_planners_change_events(app, rita, ada):
    number = made(app)
    assert rita.get(f"/veranstaltungen/{number}").status == 200
    assert "Bearbeiten" not in rita.get(f"/veranstaltungen/{number}").main
    for client in (rita, ada):
        assert client.get(NEW).status == 403
        assert client.post(f"/veranstaltungen/{number}/stand", state="closed", version="1").status == 403


def whole(app):
    """An event with every part; give its number."""
    with app.app_context():
        emil = factories.member("emil")
        event = factories.event(
            summary="Text", for_whom="Alle", capacity=20, note="Geheim", state=EventState.HELD
        )
        event.hosts = [*event.hosts]
        checklist.add_standard(event)
        checklist.tick(event, event.checklist[0], True, emil)
        programme.add(event, {"starts_at": time(9, 30), "title": "Begrüßung", "speaker": "P. Henkel",
                              "person_id": None}, emil)  # fmt: skip
        factories.registration(event)
        factories.event_paper(event)
        db.session.commit()
        return event.id


def test_a_copy_takes_the_parts_that_were_chosen(app, emil):
    number = whole(app)
    url = f"/veranstaltungen/{number}/kopieren"
    assert emil.submit(url, day=f"{DAY:%d.%m.%Y}", title="Zweite Auflage").status == 303
    copy, first = stored(app), stored(app, number)
    assert (copy.title, copy.day, copy.state) == ("Zweite Auflage", DAY, EventState.PLANNED)
    assert copy.starts_at.astimezone(BERLIN).time() == first.starts_at.astimezone(BERLIN).time()
    assert (copy.summary, copy.capacity, copy.note) == ("Text", 20, None)
    assert [(one.title, one.speaker) for one in copy.programme] == [("Begrüßung", None)]
    assert len(copy.checklist) == 10
    assert [one.text for one in copy.checklist if one.done_at] == ["Termin und Ort festlegen"]
    assert copy.secret != first.secret
    fields = emil.get(url).fields() | {"day": f"{DAY:%d.%m.%Y}"}
    bare = {name: value for name, value in fields.items() if value != ["y"]}
    emil.post(url, bare)
    second = stored(app)
    assert (second.summary, second.capacity, second.programme, second.checklist) == (None, None, [], [])
    emil.submit(url, day=f"{DAY:%d.%m.%Y}", speakers=True)
    assert [one.speaker for one in stored(app).programme] == ["P. Henkel"]


def test_the_list_of_a_copy_made_late_begins_today(app, emil):
    day = today() + timedelta(days=20)
    emil.submit(f"/veranstaltungen/{whole(app)}/kopieren", day=f"{day:%d.%m.%Y}", title="Bald")
    copy = stored(app)
    assert copy.day == day
    assert sorted({one.days for one in copy.checklist})[0] == -20


def test_a_copy_asks_for_the_day(app, emil):
    page = emil.submit(f"/veranstaltungen/{whole(app)}/kopieren", day="")
    assert page.status == 422
    assert "Tragen Sie den Tag der Veranstaltung ein." in page.errors()


def test_a_copy_onto_the_missing_hour_is_refused(app, emil):
    with app.app_context():
        starts = factories.event().starts_at.replace(hour=2, minute=30)
        event = factories.event("Nachts", starts_at=starts, ends_at=starts + timedelta(hours=3))
        db.session.commit()
        number = event.id
    page = emil.submit(f"/veranstaltungen/{number}/kopieren", day="28.03.2027")
    assert page.status == 422
    assert any("springt die Uhr" in one for one in page.errors())


def test_cancelling_asks_for_the_reason_and_says_how_many_have_to_be_told(app, emil):
    number = made(app)
    with app.app_context():
        event = db.session.get(Event, number)
        factories.registration(event)
        factories.invitation(event, factories.person())
        db.session.commit()
    url = f"/veranstaltungen/{number}/absagen"
    assert "1 Anmeldung und 1 eingeladene Person" in emil.get(url).main
    assert emil.submit(url, reason="").status == 422
    page = emil.submit(url, reason="Sturm", follow=True)
    for text in ("Die Veranstaltung ist abgesagt.", "Sturm", "Alle per Mail benachrichtigen"):
        assert text in page.main
    event = stored(app, number)
    assert (event.state, event.cancelled_because) == (EventState.CANCELLED, "Sturm")
    assert happened(app, number) == ["event.cancelled"]
    assert emil.get(url).status == 303


def test_the_checklist_rests_while_an_event_is_cancelled(app, emil):
    number = made(app)
    with app.app_context():
        db.session.add(ChecklistItem(event_id=number, days=-3, text="Saal prüfen"))
        db.session.commit()
    address = f"/veranstaltungen/{number}"
    assert "Saal prüfen" in emil.get(address).main
    emil.submit(f"{address}/absagen", reason="Sturm")
    page = emil.get(address).main
    assert ("Saal prüfen" in page, "Sie ruht, solange" in page) == (False, True)


def test_the_next_state_is_one_click(app, emil):
    number = made(app, state=EventState.PLANNED)
    page = emil.get(f"/veranstaltungen/{number}")
    version = page.soup.select_one("form[action$='/stand'] input[name=version]")["value"]
    shown = emil.post(f"/veranstaltungen/{number}/stand", state="open", version=version, follow=True)
    assert "Stand jetzt: Anmeldung offen." in shown.main
    assert happened(app, number) == ["event.advanced"]
    assert "Stand der Veranstaltung geändert" in emil.get(f"/veranstaltungen/{number}/aenderungen").main


@pytest.mark.parametrize("state", ["held", "full", "cancelled", "nonsense", ""])
def test_a_state_that_does_not_follow_changes_nothing(app, emil, state):
    number = made(app, state=EventState.OPEN)
    version = str(stored(app, number).version)
    page = emil.post(f"/veranstaltungen/{number}/stand", state=state, version=version, follow=True)
    assert page.status == 200
    assert stored(app, number).state is EventState.OPEN
    assert happened(app, number) == []


def test_the_state_of_a_changed_event_is_not_set_unseen(app, emil, anna):
    number = made(app, state=EventState.PLANNED)
    version = str(stored(app, number).version)
    anna.submit(f"/veranstaltungen/{number}/bearbeiten", title="Von Anna")
    page = emil.post(f"/veranstaltungen/{number}/stand", state="open", version=version, follow=True)
    assert "inzwischen" in page.main
    assert stored(app, number).state is EventState.PLANNED


def test_a_removed_event_comes_back_with_its_guests(app, emil):
    number = whole(app)
    page = emil.submit(f"/veranstaltungen/{number}/entfernen", follow=True)
    assert "Veranstaltung entfernt." in page.main
    assert emil.get(f"/veranstaltungen/{number}").status == 404
    assert "Fachtagung Bauhof" not in emil.get("/veranstaltungen?zeit=alle").main
    assert "Fachtagung Bauhof" in emil.get("/entfernt").main
    assert emil.submit(f"/veranstaltungen/{number}/wiederherstellen", follow=True).status == 200
    assert "1 von 20 Plätzen belegt" in emil.get(f"/veranstaltungen/{number}").main
    assert happened(app, number)[-2:] == ["event.removed", "event.restored"]
    assert emil.get(f"/veranstaltungen/{number}/wiederherstellen").status == 404


def test_an_event_that_changed_is_not_removed_unseen(app, emil, anna):
    number = made(app)
    fields = emil.get(f"/veranstaltungen/{number}/entfernen").fields()
    anna.submit(f"/veranstaltungen/{number}/bearbeiten", title="Von Anna")
    assert emil.post(f"/veranstaltungen/{number}/entfernen", fields).status == 200
    assert stored(app, number) is not None


@pytest.mark.parametrize("path", ["", "/bearbeiten", "/kopieren", "/absagen", "/aenderungen", "/entfernen",
                                  "/wiederherstellen", "/programm/neu", "/checkliste/neu"])  # fmt: skip
def test_an_event_that_is_not_there_is_a_404(emil, path):
    assert emil.get(f"/veranstaltungen/4711{path}").status == 404


def test_an_address_presets_a_day_to_come(emil):
    day = today() + timedelta(days=20)
    assert emil.get(f"/veranstaltungen/neu?tag={day:%Y-%m-%d}").fields()["day"] == [f"{day:%d.%m.%Y}"]
    for text in ("gestern", "unsinn", "2026-02-30", f"{today():%Y-%m-%d}"):
        assert emil.get(f"/veranstaltungen/neu?tag={text}").fields()["day"] == [""]
