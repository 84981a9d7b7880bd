"""The page of an event: its numbers, the next thing to do, its entry in calendars, its documents."""

import io
from datetime import timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from crm import ics
from crm.db import db, now, today
from crm.documents.models import Document
from crm.events import checklist, services
from crm.events.calendar_entry import entry_of, in_calendar
from crm.events.models import ChecklistItem, Entrance, Event, EventState, Precision
from crm.i18n import moment
from crm.mail.models import MailKind
from crm.mailings import services as sending
from crm.registrations.models import Seat
from tests import factories

PDF = b"%PDF-1.7\n%%EOF\n"


def made(app, fill=None, **over):
    """An event on record; give its number."""
    with app.app_context():
        event = factories.event(**over)
        if fill:
            fill(event)
        db.session.commit()
        return event.id


def notice(page):
    """The words of the notice at the top."""
    found = page.soup.select("main .notice")
    assert len([one for one in found if not one.find_parent(class_="flashes")]) <= 1
    return found[-1].get_text(" ", strip=True) if found else ""


def _late(event):
    event.checklist = [ChecklistItem(text="Saal mieten", days=-20), ChecklistItem(text="Presse", days=-30)]


def _silent(event):
    factories.invitation(event, factories.person(), mailed_at=now())


def _unwritten(event):
    factories.invitation(event, factories.person())


def _crowd(event):
    factories.registration(event, "Abel")
    factories.registration(event, "Bebel", seat=Seat.WAITING, position=1)


NEXT = [
    ({"in_days": -2}, None, "Hat die Veranstaltung stattgefunden?"),
    ({"state": EventState.CANCELLED, "cancelled_because": "Sturm"}, None, "Grund: Sturm"),
    ({"in_days": 14}, _late, "Presse Seit 16 Tagen fällig. 1 weiterer Punkt ist überfällig."),
    ({"capacity": 1}, _crowd, "Ausgebucht. 1 Person steht auf der Warteliste."),
    ({"state": EventState.PLANNED, "precision": Precision.DAY}, None, "Tag und Uhrzeit fehlen."),
    ({}, _silent, "1 eingeladene Person hat noch nicht geantwortet."),
    ({}, _unwritten, "1 eingeladene Person ist noch nicht angeschrieben."),
    ({}, None, "Noch ist niemand eingeladen."),
    ({"state": EventState.PLANNED}, None, "Die Anmeldung ist noch nicht offen."),
    ({"state": EventState.HELD, "in_days": -3}, None, "Danken Sie den Gästen"),
    ({"state": EventState.DOCUMENTED, "in_days": -3}, None, ""),
]


@pytest.mark.parametrize(("values", "fill", "said"), NEXT, ids=[said or "nothing" for *_rest, said in NEXT])
def test_one_notice_says_what_is_next(app, emil, values, fill, said):
    page = emil.get(f"/veranstaltungen/{made(app, fill, **values)}")
    assert said in notice(page)
    assert bool(said) == bool(notice(page))


def test_who_was_thanked_is_not_to_be_thanked_again(app, emil):
    def thanked(event):
        factories.mailing(event, MailKind.THANKS, sent_at=now())

    number = made(app, thanked, state=EventState.HELD, in_days=-3)
    said = notice(emil.get(f"/veranstaltungen/{number}"))
    assert "Danken Sie" not in said
    assert f"Gedankt am {today():%d.%m.%Y}" in said
    assert "Den übrigen danken" in emil.get(f"/veranstaltungen/{number}/nachbereitung").html


def test_the_overdue_thing_is_ticked_in_the_notice(app, emil):
    number = made(app, _late)
    page = emil.get(f"/veranstaltungen/{number}")
    form = page.soup.select_one("main .notice form[action*='/checkliste/']")
    assert emil.post(form["action"], follow=True).status == 200
    assert "Saal mieten" in notice(emil.get(f"/veranstaltungen/{number}"))


def test_the_head_counts_seats_answers_and_kommunen(app, emil):
    def fill(event):
        for name, place in (("Abel", "Lahntal"), ("Bebel", "Cölbe"), ("Cebel", "Cölbe")):
            factories.registration(event, name, at=place, companions=1 if name == "Abel" else 0)
        factories.registration(event, "Debel", seat=Seat.WAITING, position=1)
        factories.invitation(event, factories.person(), mailed_at=now())

    page = emil.get(f"/veranstaltungen/{made(app, fill, capacity=4)}")
    for text in ("4 von 4 Plätzen belegt, 1 auf der Warteliste", "ausgebucht", "Eingeladen 1 aus 1 Kommune",
                 "Ohne Antwort 1", "Kommunen angemeldet 2"):  # fmt: skip
        assert text in page.main, page.main
    assert "ohne Begrenzung" in emil.get(f"/veranstaltungen/{made(app, capacity=None)}").main
    assert "Keine Plätze" in emil.get(f"/veranstaltungen/{made(app, capacity=0)}").main


def test_a_filled_event_opens_with_few_questions(app, emil):
    def fill(event):
        checklist.add_standard(event)
        for number in range(30):
            factories.registration(event, f"Gast{number}")
            factories.event_paper(event, f"folien-{number}.pdf")

    page = emil.get(f"/veranstaltungen/{made(app, fill)}")
    assert page.status == 200
    assert len(page.statements) <= 20


def test_an_entry_in_calendars_has_a_name_for_ever_and_a_rising_number(context):
    event = factories.event(video_link="https://video.example.org", summary="Text")
    first = entry_of(event)
    event.title = "Anders"
    db.session.flush()
    second = entry_of(event)
    assert (first.key, second.key) == (f"event-{event.id}", f"event-{event.id}")
    assert second.sequence > first.sequence
    assert "https://video.example.org" in first.text
    assert "video" not in entry_of(event, video=False).text
    assert event.secret in first.url
    event.entrance, event.state = Entrance.UNLISTED, EventState.CANCELLED
    assert (entry_of(event).url, entry_of(event).cancelled) == ("", True)


def test_a_written_calendar_reads_back_to_the_same_moments(context):
    event = factories.event()
    event.starts_at = event.starts_at.replace(month=10, day=25, hour=1)
    event.ends_at = event.starts_at + timedelta(hours=30)
    back = Calendar.from_ical(ics.calendar([entry_of(event)])).walk("VEVENT")[0]
    assert (back["DTSTART"].dt, back["DTEND"].dt) == (event.starts_at, event.ends_at)


def test_what_has_no_day_has_no_place_in_a_calendar(context):
    rough = factories.event(precision=Precision.MONTH)
    whole = factories.event(precision=Precision.DAY, ends_at=None)
    assert (in_calendar(rough), in_calendar(whole)) == (False, True)
    assert entry_of(whole).starts == whole.day
    with pytest.raises(ValueError, match="without a day"):
        entry_of(factories.event(starts_at=None, ends_at=None, precision=Precision.UNKNOWN))


def attach(client, number, name="Folien.pdf", content=PDF, **fields):
    """Send a file to an event."""
    url = f"/dokumente/veranstaltung/{number}"
    sent = client.get(url).fields() | fields | {"file": (io.BytesIO(content), name)}
    return client.post(url, sent, follow=True)


def test_a_file_is_attached_shown_to_guests_downloaded_and_removed(app, emil):
    number = made(app)
    page = attach(emil, number)
    assert "Folien.pdf" in page.main
    assert "nur intern" in page.main
    with app.app_context():
        file = db.session.scalars(select(Document)).one().id
    assert emil.get(f"/dokumente/{file}").data == PDF
    page = emil.post(f"/dokumente/veranstaltung/{number}/{file}/gaeste", shown="1", follow=True)
    assert "für Gäste" in page.main
    url = f"/dokumente/veranstaltung/{number}/{file}/entfernen"
    assert "Das lässt sich nicht zurücknehmen." in emil.get(url).main
    emil.submit(url)
    assert emil.get(f"/dokumente/{file}").status == 404
    history = emil.get(f"/veranstaltungen/{number}/aenderungen").main
    for text in ("Dokument angehängt", "Dokument für Gäste freigegeben", "Folien.pdf"):
        assert text in history


def test_a_file_for_guests_is_chosen_at_once(app, emil):
    assert "für Gäste" in attach(emil, made(app), for_guests="y").main


def test_a_page_in_the_dress_of_a_file_is_refused(app, emil):
    page = attach(emil, made(app), content=b"<html><script>alert(1)</script>")
    assert page.status == 422


def test_files_of_events_are_for_planners_only_and_those_of_groups_stay_apart(app, emil, rita):
    number = made(app)
    other = made(app, title="Andere")
    attach(emil, number)
    with app.app_context():
        file = db.session.scalars(select(Document)).one().id
    assert rita.get(f"/dokumente/{file}").status == 200
    assert rita.post(f"/dokumente/veranstaltung/{number}/{file}/gaeste", shown="1").status == 403
    assert emil.post(f"/dokumente/veranstaltung/{other}/{file}/gaeste", shown="1").status == 404
    assert emil.get(f"/dokumente/veranstaltung/{other}/{file}/entfernen").status == 404
    emil.submit(f"/veranstaltungen/{number}/entfernen")
    assert emil.get(f"/dokumente/{file}").status == 404


def test_a_cancellation_that_went_out_is_not_offered_again(app, emil):
    with app.app_context():
        by, event = factories.member("emil"), factories.event()
        factories.registration(event)
        services.cancel(event, "Sturm", by)
        db.session.commit()
        number = event.id
    address = f"/veranstaltungen/{number}"
    assert "Alle per Mail benachrichtigen" in emil.get(address).main
    with app.app_context():
        event = db.session.get(Event, number)
        mailing = factories.mailing(event, MailKind.CALLED_OFF)
        sending.send(mailing, factories.member("emil"))
        db.session.commit()
        sent = moment(mailing.sent_at)
    page = emil.get(address)
    assert f"Die Absage ging am {sent} per E-Mail hinaus." in page.main
    assert "Alle per Mail benachrichtigen" not in page.main
    assert "Sturm" in page.main
    assert emil.get(page.soup.select_one(".notice-actions a")["href"]).status == 200
    with app.app_context():
        event, by = db.session.get(Event, number), factories.member("emil")
        services.advance(event, EventState.PLANNED, by)
        services.cancel(event, "Doch", by)
        db.session.commit()
    assert "Alle per Mail benachrichtigen" in emil.get(address).main


def test_of_two_entries_in_mails_the_later_is_newer_and_feeds_stay_the_same(context, monkeypatch):
    event = factories.event(video_link="https://video.test/geheim")
    stamps = []
    for minute in range(2):
        monkeypatch.setattr("crm.ics.now", lambda at=event.updated_at + timedelta(minutes=minute + 1): at)
        stable = Calendar.from_ical(ics.calendar([entry_of(event, stable=True)])).events[0]
        assert stable.get("dtstamp").dt == event.updated_at.replace(microsecond=0)
        stamps.append(Calendar.from_ical(ics.calendar([entry_of(event, video=bool(minute))])).events[0])
    first, second = (one.get("dtstamp").dt for one in stamps)
    assert second - first == timedelta(minutes=1)
    assert stamps[0]["uid"] == stamps[1]["uid"]
