"""Feeds under secret addresses: who gets them, what they hold, and what never leaves the house."""

import time as time_of_machine
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from crm import audit, links
from crm.access import Role
from crm.calendars import feeds, items
from crm.consultations.services import cancel, remove, removed, restore
from crm.db import BERLIN, db, now, today
from crm.events.models import ChecklistItem, Event, EventState, Precision
from crm.follow_ups.models import FollowUpState
from tests import factories
from tests.factories import member
from tests.test_ics import strict

SECRET = "ZX-VERTRAULICH-7741"
KINDS = ("meine", "team", "veranstaltungen")


def url(app, kind="meine", of="anna"):
    """The path of a feed."""
    with app.test_request_context():
        found = {one.kind: one.url for one in feeds.addresses(member(of))}
    return urlsplit(found[kind]).path


def read(app, client, kind="meine", of="anna"):
    """What a feed holds, by key."""
    page = client.get(url(app, kind, of))
    assert page.status == 200
    assert page.response.content_type == "text/calendar; charset=utf-8"
    found = strict(page.html)
    assert len({one["UID"] for one in found}) == len(found)
    return {str(one["UID"]).partition("@")[0]: one for one in found}


def said(found):
    """The titles of entries, in the order of keys."""
    return [str(found[key]["SUMMARY"]) for key in sorted(found)]


@pytest.fixture
def house(app):
    """Something of every kind, of Anna and of Bert, and a confidential talk of each."""
    with app.app_context():
        anna, bert = member("anna"), member("bert")
        talk = {"starts_at": time(9, 30), "duration_minutes": 60, "note": SECRET, "agreements": SECRET}
        factories.talk("Cölbe", place="Rathaus Cölbe", **talk)
        factories.talk("Hanau", by="bert", **talk)
        factories.talk("Kassel", confidential=True, place="Rathaus Kassel", **talk)
        factories.talk("Fulda", by="bert", confidential=True, **talk)
        one = factories.event("Annas Fachtagung", responsible_id=anna.id, note=SECRET)
        factories.event("Berts Fachtagung", responsible_id=bert.id)
        group = factories.cooperation()
        group.adviser_id = anna.id
        factories.resolution(group, "Cölbe")
        factories.resolution(factories.cooperation("Hanau", "Fulda", title="Kasse"), "Hanau")
        factories.follow_up("Anna ruft an")
        factories.follow_up("Bert ruft an", by="bert")
        factories.follow_up(f"Heikel in Kassel {SECRET}", confidential=True, about="Kassel")
        db.session.add(ChecklistItem(event_id=one.id, days=-3, text="Schilder drucken", owner_id=anna.id))
        db.session.commit()


def test_mine_is_what_i_take_part_in_or_answer_for(app, house, stranger):
    found = read(app, stranger)
    assert sorted(said(found)) == [
        "Annas Fachtagung", "Aufgabe: Schilder drucken", "Beratung (vertraulich)", "Beratung: Cölbe",
        "Sitzung: Cölbe, Gemeindevertretung", "Wiedervorlage (vertraulich)", "Wiedervorlage: Anna ruft an",
    ]  # fmt: skip
    talk = found["consultation-1"]
    assert talk["LOCATION"] == "Rathaus Cölbe"
    assert talk["DTSTART"].dt == datetime.combine(today(), time(9, 30), BERLIN)
    assert talk["DTEND"].dt - talk["DTSTART"].dt == timedelta(hours=1)
    assert urlsplit(talk["URL"]).path == "/beratungen/1"


def test_the_team_has_no_confidential_talks_and_nobody_s_desk(app, house, stranger):
    assert sorted(said(read(app, stranger, "team"))) == [
        "Annas Fachtagung", "Beratung: Cölbe", "Beratung: Hanau", "Berts Fachtagung",
        "Sitzung: Cölbe, Gemeindevertretung", "Sitzung: Hanau, Stadtverordnetenversammlung",
    ]  # fmt: skip
    assert said(read(app, stranger, "team")) == said(read(app, stranger, "team", of="rita"))


def test_events_only_are_events_only(app, house, stranger):
    assert said(read(app, stranger, "veranstaltungen")) == ["Annas Fachtagung", "Berts Fachtagung"]


def test_no_note_and_nothing_confidential_is_in_any_feed(app, house, stranger):
    for of in ("anna", "bert", "mara", "rita", "emil"):
        for kind in KINDS:
            text = stranger.get(url(app, kind, of)).html.replace("\r\n ", "")
            assert SECRET not in text
            assert "Kassel" not in text
            assert "Fulda" not in text or "Kasse" in text
    with app.app_context():
        for name in ("anna", "bert"):
            member(name).roles = frozenset({Role.READER})
        db.session.commit()
    assert "vertraulich" not in stranger.get(url(app)).html, "who may not see it any more gets none"


def test_a_confidential_talk_without_staff_is_in_no_feed(app, stranger):
    with app.app_context():
        factories.talk("Kassel", confidential=True, staff=[])
        factories.talk("Cölbe", staff=[])
        db.session.commit()
    assert said(read(app, stranger)) == ["Beratung: Cölbe"]


def test_wrong_renewed_and_locked_addresses_answer_as_any_unknown_one(app, stranger, anna):
    right = url(app)
    with app.test_request_context():
        ada = urlsplit(feeds._url("meine", member("ada"))).path
        nobody = f"/kalender/meine/{links.make('feed-mine', 99999, 0)}.ics"
        other_purpose = f"/kalender/meine/{links.make('password', member('anna').id, 0)}.ics"
    unknown = stranger.get("/kalender/meine/unbekannt.ics")
    wrong = [
        right.replace("meine", "team"), right.replace("meine", "alle"), right.replace("/meine/W", "/meine/X"),
        ada, nobody, other_purpose, f"/kalender/meine/{'x' * 5000}.ics", "/kalender/meine/%00.ics",
        "/gibt-es-nicht",
    ]  # fmt: skip
    for one in wrong:
        page = stranger.get(one)
        assert (page.status, page.html) == (404, unknown.html), one
    assert stranger.get(right).status == 200
    with app.app_context():
        member("anna").locked_at = now()
        db.session.commit()
    assert stranger.get(right).html == unknown.html
    with app.app_context():
        member("anna").locked_at = None
        member("anna").feed_number += 1
        db.session.commit()
    assert stranger.get(right).html == unknown.html
    assert stranger.get(url(app)).status == 200


def test_a_feed_sets_no_cookie_and_knows_none(app, house, stranger, bert):
    address = url(app)
    answer = stranger.get(address)
    assert "Set-Cookie" not in answer.response.headers
    assert bert.get(address).html == answer.html


def test_an_unchanged_feed_is_not_sent_twice(app, house, stranger):
    address = url(app)
    first = stranger.get(address)
    assert first.response.headers["Cache-Control"] == "private, max-age=900"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT15M" in first.html
    mark = first.response.headers["ETag"]
    again = stranger.get(address, **{"If-None-Match": mark})
    assert (again.status, again.html, again.response.headers["ETag"]) == (304, "", mark)
    assert stranger.get(address).html == first.html
    with app.app_context():
        factories.follow_up("Neu")
        db.session.commit()
    assert stranger.get(address, **{"If-None-Match": mark}).status == 200


def test_three_zones_of_the_server_give_the_same_feed_and_the_same_pages(
    app, house, stranger, anna, monkeypatch
):
    told = set()
    for zone in ("UTC", "Europe/Berlin", "America/St_Johns"):
        monkeypatch.setenv("TZ", zone)
        time_of_machine.tzset()
        feed = stranger.get(url(app)).html
        pages = [anna.get(f"/kalender?sicht={view}&wer=team").main for view in ("monat", "woche", "liste")]
        told.add((time_of_machine.tzname[0], feed, *pages))
    monkeypatch.undo()
    time_of_machine.tzset()
    assert len({one[0] for one in told}) == 3, "the zones were really set"
    assert len({one[1:] for one in told}) == 1


def test_control_told_in_the_zone_of_the_server_three_zones_would_differ(
    app, house, stranger, anna, monkeypatch
):
    monkeypatch.setattr(items, "BERLIN", None)
    with monkeypatch.context() as inner, pytest.raises(AssertionError, match="3 == 1"):
        test_three_zones_of_the_server_give_the_same_feed_and_the_same_pages(
            app, house, stranger, anna, inner
        )
    time_of_machine.tzset()


def event_number():
    """Number of the only event."""
    return db.session.query(Event).one().id


def test_an_entry_keeps_its_name_and_counts_its_changes(app, stranger, mara):
    with app.app_context():
        factories.event("Fachtagung", responsible_id=member("anna").id)
        talk = factories.talk("Cölbe")
        db.session.commit()
        number, of_talk = event_number(), talk.id
    before = read(app, stranger)
    assert mara.submit(f"/beratungen/{of_talk}/bearbeiten", place="Rathaus").status == 303
    with app.app_context():
        event = db.session.get(Event, number)
        event.title = "Kongress"
        db.session.commit()
        db.session.get(Event, number).state = EventState.CANCELLED
        db.session.commit()
    after = read(app, stranger)
    assert set(before) == set(after) == {f"event-{number}", f"consultation-{of_talk}"}
    assert {key: after[key]["UID"] for key in after} == {key: before[key]["UID"] for key in before}
    assert all(after[key]["SEQUENCE"] > before[key]["SEQUENCE"] for key in after)
    assert all(after[key]["LAST-MODIFIED"].dt >= before[key]["LAST-MODIFIED"].dt for key in after)
    assert all(one["DTSTAMP"].dt == one["LAST-MODIFIED"].dt for one in after.values())
    assert [str(after[f"event-{number}"][name]) for name in ("SUMMARY", "STATUS")] == [
        "Kongress",
        "CANCELLED",
    ]


def test_a_task_counts_the_changes_of_its_event(app, stranger):
    with app.app_context():
        event = factories.event("Fachtagung")
        db.session.add(ChecklistItem(event_id=event.id, days=-3, text="Schilder", owner_id=member("anna").id))
        db.session.commit()
    before = read(app, stranger)["task-1"]
    with app.app_context():
        event = db.session.get(Event, event_number())
        event.starts_at, event.ends_at = (
            event.starts_at + timedelta(days=7),
            event.ends_at + timedelta(days=7),
        )
        db.session.commit()
    after = read(app, stranger)["task-1"]
    assert after["DTSTART"].dt - before["DTSTART"].dt == timedelta(days=7)
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_cancelled_stays_for_sixty_days_and_removed_goes_at_once(app, stranger):
    with app.app_context():
        by = member("anna")
        fresh, old, gone = (factories.talk(name) for name in ("Cölbe", "Lahntal", "Hanau"))
        cancel(fresh, by)
        cancel(old, by)
        remove(gone, by)
        db.session.flush()
        old.updated_at = now() - timedelta(days=61)
        db.session.commit()
        numbers = fresh.id, gone.id
    found = read(app, stranger)
    assert [str(one["STATUS"]) for one in found.values()] == ["CANCELLED"]
    assert list(found) == [f"consultation-{numbers[0]}"]
    with app.app_context():
        back = removed(numbers[1], member("anna"))
        before = back.version
        restore(back, member("anna"))
        db.session.commit()
    again = read(app, stranger)[f"consultation-{numbers[1]}"]
    assert again["SEQUENCE"] > before


@pytest.mark.parametrize(("days", "seen"), [(-91, False), (-90, True), (400, True), (401, False)])
def test_a_feed_reaches_ninety_days_back_and_four_hundred_ahead(app, stranger, days, seen):
    with app.app_context():
        factories.talk("Cölbe", days_ago=-days)
        factories.follow_up(in_days=days)
        factories.event(in_days=days, responsible_id=member("anna").id)
        group = factories.cooperation()
        group.adviser_id = member("anna").id
        factories.resolution(group, "Cölbe", in_days=days)
        db.session.commit()
    assert len(read(app, stranger)) == (4 if seen else 0)


def test_where_there_is_too_much_the_oldest_is_left_out(app, stranger, monkeypatch):
    monkeypatch.setattr(feeds, "MOST", 2)
    with app.app_context():
        for days, name in ((30, "Cölbe"), (-5, "Lahntal"), (2, "Hanau")):
            factories.talk(name, days_ago=days)
            factories.follow_up(name, in_days=-days)
        db.session.commit()
    assert sorted(said(read(app, stranger))) == [
        "Beratung: Hanau", "Beratung: Lahntal", "Wiedervorlage: Hanau", "Wiedervorlage: Lahntal",
    ]  # fmt: skip


def test_what_has_no_day_or_is_done_is_not_in_it(app, stranger):
    with app.app_context():
        by = member("anna")
        event = factories.event(responsible_id=by.id, precision=Precision.MONTH)
        done = {"text": "Getan", "owner_id": by.id, "done_at": now()}
        factories.follow_up(state=FollowUpState.DONE)
        db.session.add(ChecklistItem(event_id=event.id, days=0, **done))
        db.session.commit()
    assert read(app, stranger) == {}


def test_a_night_when_the_clocks_change_makes_no_talk_longer(context):
    talk = factories.talk("Cölbe", starts_at=time(1, 30), duration_minutes=120)
    talk.held_on = date(2026, 10, 25)
    starts, ends = feeds._times(talk)
    assert ends.astimezone(UTC) - starts.astimezone(UTC) == timedelta(hours=2)


def test_a_feed_costs_few_statements(app, stranger):
    with app.app_context():
        group = factories.cooperation()
        group.adviser_id = member("anna").id
        for number in range(10):
            factories.talk("Cölbe", "Lahntal", days_ago=number)
            factories.event(f"Forum {number}", responsible_id=member("anna").id)
            factories.resolution(group, "Cölbe", in_days=number)
            factories.follow_up(f"Sache {number}")
        db.session.commit()
    for kind in KINDS:
        assert len(stranger.get(url(app, kind)).statements) <= 12


def test_the_page_shows_three_addresses_that_work(app, anna, stranger):
    page = anna.get("/kalender/abonnieren")
    fields = page.soup.select("input[readonly]")
    assert len(fields) == 3
    for field, link in zip(fields, page.soup.select("a[href^='webcal:']"), strict=True):
        assert link["href"].partition(":")[2] == field["value"].partition(":")[2]
        assert stranger.get(urlsplit(field["value"]).path).status == 200
        assert page.soup.select_one(f"label[for={field['id']}]")
    for word in ("Outlook", "Thunderbird", "iPhone", "Android"):
        assert word in page.main


def test_new_addresses_end_the_old_ones_after_a_question(app, anna, stranger):
    old = [url(app, kind) for kind in KINDS]
    question = anna.get("/kalender/abonnieren/neue-adressen")
    assert "Alte Adressen ungültig machen?" in question.main
    assert stranger.get(old[0]).status == 200, "a question changes nothing"
    page = anna.submit("/kalender/abonnieren/neue-adressen", follow=True)
    assert "neue Adressen" in page.main
    assert [stranger.get(one).status for one in old] == [404, 404, 404]
    assert [stranger.get(url(app, kind)).status for kind in KINDS] == [200, 200, 200]
    assert stranger.get(url(app, of="bert")).status == 200
    with app.app_context():
        events = audit.history_of(member("anna"))
        assert [(one.name, one.user_id) for one in events] == [("user.feeds-renewed", member("anna").id)]


def test_two_clicks_renew_once(app, anna):
    fields = anna.get("/kalender/abonnieren/neue-adressen").fields()
    assert anna.post("/kalender/abonnieren/neue-adressen", fields).status == 303
    assert anna.post("/kalender/abonnieren/neue-adressen", fields).status == 200
    with app.app_context():
        assert member("anna").feed_number == 1


def test_one_event_as_a_file(app, rita, stranger):
    with app.app_context():
        number = factories.event("Fachtagung; Bauhof", note=SECRET).id
        vague = factories.event(precision=Precision.YEAR).id
        db.session.commit()
    page = rita.get(f"/kalender/veranstaltung/{number}.ics")
    assert page.response.headers["Content-Disposition"] == f"attachment; filename=veranstaltung-{number}.ics"
    assert [str(one["SUMMARY"]) for one in strict(page.html)] == ["Fachtagung; Bauhof"]
    assert SECRET not in page.html
    assert Calendar.from_ical(page.html)["METHOD"] == "PUBLISH"
    for missing in (vague, 999_999):
        assert rita.get(f"/kalender/veranstaltung/{missing}.ics").status == 404
    assert f"/kalender/veranstaltung/{number}.ics" in rita.get(f"/veranstaltungen/{number}").html
    assert "/kalender/veranstaltung" not in rita.get(f"/veranstaltungen/{vague}").html
    assert stranger.get(f"/kalender/veranstaltung/{number}.ics").status == 302
