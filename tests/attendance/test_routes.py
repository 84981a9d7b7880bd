"""The list at the door over the web: ticks, guests without registration, heads without names."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from crm.attendance import queries, services
from crm.attendance.models import Certainty
from crm.audit import AuditEvent
from crm.db import db, now
from crm.events.models import Event, EventState
from crm.registrations.models import GuestKind, Origin, Registration, Seat
from tests import factories


def held(app, *guests, in_days=0, **over):
    """An event under way with guests by (last name, place, more); give its number and theirs."""
    with app.app_context():
        event = factories.event(in_days=in_days, **over)
        if not in_days:
            event.starts_at, event.ends_at = now() - timedelta(hours=1), now() + timedelta(hours=3)
        numbers = [factories.registration(event, name, at=at, **more).id for name, at, more in guests]
        db.session.commit()
        return event.id, numbers


def door(number, more=""):
    """The address of the list."""
    return f"/veranstaltungen/{number}/anwesenheit{more}"


def guest(app, number, *names):
    """Some columns of a guest."""
    with app.app_context():
        one = db.session.get(Registration, number)
        return tuple(getattr(one, name) for name in names)


def audited(app, name):
    """How often something was noted."""
    with app.app_context():
        return len(db.session.scalars(select(AuditEvent).where(AuditEvent.name == name)).all())


def test_one_press_is_one_arrival_and_a_second_takes_it_back(app, anna, emil):
    number, (petra,) = held(app, ("Henkel", "Lahntal", {}))
    page = anna.get(door(number))
    assert "Henkel, Petra" in page.main
    assert "0 von 1 angekommen" in page.main
    answer = anna.post(door(number), da=petra, q="hen")
    assert (answer.status, answer.location) == (303, door(number, f"?zuletzt={petra}&q=hen#gast-{petra}"))
    shown = anna.get(answer.location)
    assert "da seit" in shown.main
    assert "1 von 1 angekommen" in shown.main
    assert "1 Kommune vertreten" in shown.main
    button = shown.soup.select_one(f"#gast-{petra}")
    assert (button["aria-pressed"], button["name"], button.has_attr("data-autofocus")) == (
        "true",
        "weg",
        True,
    )
    emil.post(door(number), weg=petra)
    assert guest(app, petra, "came_at") == (None,)
    assert audited(app, "registration.came") == audited(app, "registration.came-undone") == 1


def test_two_who_tick_the_same_guest_do_it_once(app, anna, bert):
    number, (petra,) = held(app, ("Henkel", "Lahntal", {}))
    assert [one.post(door(number), da=petra).status for one in (anna, bert, anna)] == [303, 303, 303]
    assert audited(app, "registration.came") == 1
    assert [one.post(door(number), weg=petra).status for one in (anna, bert)] == [303, 303]
    assert audited(app, "registration.came-undone") == 1


def test_a_tick_on_what_another_has_read_before_changes_nothing(app, context):
    event = factories.event(in_days=0)
    petra = factories.registration(event)
    db.session.commit()
    assert petra.came_at is None
    # A colleague was faster; what was read before does not know.
    faster = update(Registration).values(came_at=now()).execution_options(synchronize_session=False)
    db.session.execute(faster)
    assert not services.come(petra, factories.member("bert"))
    assert not db.session.scalars(select(AuditEvent).where(AuditEvent.name == "registration.came")).all()


def test_many_hands_at_one_moment_tick_once(app, anna, bert, emil, mara):
    number, (petra,) = held(app, ("Henkel", "Lahntal", {}))
    hands = [(one.browser, one.token()) for one in (anna, bert, emil, mara)]
    together = threading.Barrier(len(hands))

    def press(hand):
        browser, token = hand
        together.wait(10)
        return browser.post(door(number), data={"da": petra, "csrf_token": token}).status_code

    with ThreadPoolExecutor(len(hands)) as pool:
        assert list(pool.map(press, hands)) == [303] * 4
    assert audited(app, "registration.came") == 1


def test_guests_are_found_by_the_beginning_of_name_or_place_however_written(app, anna):
    guests = (("Müller", "Cölbe", {}), ("Henkel", "Lahntal", {}), ("Weiß", "Wetter (Hessen)", {}))
    number, _ids = held(app, *guests)
    for text, names in (
        ("muel", ["Müller"]), ("coelb", ["Müller"]), ("WEISS", ["Weiß"]), ("wetter", ["Weiß"]),
        ("petra lahn", ["Henkel"]), ("", ["Henkel", "Müller", "Weiß"]), ("xyz", []), ("%", []),
        ("biedenkopf", []),
    ):  # fmt: skip
        page = anna.get(door(number, f"?q={text}"))
        found = [tag.get_text(" ").split(",")[0].strip() for tag in page.soup.select(".ci-name")]
        assert found == names, text
    assert "„Zwiebel“ ohne Anmeldung eintragen" in anna.get(door(number, "?q=Zwiebel")).main


def test_the_waiting_list_may_be_let_in_and_counts(app, anna):
    waits = {"seat": Seat.WAITING, "position": 3}
    number, (willi,) = held(app, ("Warten", "Marburg", waits))
    page = anna.get(door(number)).main
    assert "Warteliste 1" in page, "the place in the row, as the list of registrations says it"
    assert "0 von 0 angekommen" in page
    anna.post(door(number), da=willi)
    page = anna.get(door(number)).main
    assert "stand auf der Warteliste und ist jetzt da." in page
    assert "1 von 1 angekommen" in page
    assert guest(app, willi, "seat", "position") == (Seat.WAITING, 3)


def test_who_came_was_expected_and_every_head_counts(app, anna):
    came, off = {"came_at": now()}, {"seat": Seat.SIGNED_OFF}
    number, _ids = held(
        app,
        ("Gruppe", "Lahntal", came | {"companions": 3}), ("Doch", "Lahntal", came | off),
        ("Fehlt", "Lahntal", {"companions": 1}), ("Ab", "Lahntal", off),
        ("Ohne", "Lahntal", came | {"origin": Origin.AT_THE_DOOR}),
    )  # fmt: skip
    page = anna.get(door(number)).main
    assert "5 von 7 angekommen" in page
    assert "1 ohne Anmeldung" in page


def test_who_lapsed_is_not_on_the_list_and_who_signed_off_says_so(app, anna):
    number, _ids = held(
        app, ("Weg", "Lahntal", {"seat": Seat.LAPSED}), ("Ab", "Lahntal", {"seat": Seat.SIGNED_OFF})
    )
    page = anna.get(door(number)).main
    assert "Weg, Petra" not in page
    assert "abgemeldet" in page


def test_ticks_are_refused_where_there_is_nothing_to_tick(app, anna, rita):
    number, (petra,) = held(app, ("Henkel", "Lahntal", {}))
    other, (paul,) = held(app, ("Paul", "Lahntal", {}), state=EventState.CANCELLED)
    assert anna.post(door(number), da=paul).status == 404
    assert anna.post(door(number), da="x").status == 400
    assert anna.post(door(number)).status == 400
    assert rita.post(door(number), da=petra).status == 403
    page = anna.post(door(other), da=paul, follow=True)
    assert "Die Veranstaltung ist abgesagt" in page.main
    assert guest(app, petra, "came_at") == guest(app, paul, "came_at") == (None,)
    assert not rita.get(door(number)).soup.select("button.ci-btn")


def test_numbers_count_heads_and_stay_apart(app, anna):
    number, ids = held(
        app,
        ("Henkel", "Lahntal", {"companions": 2, "came_at": now()}),
        ("Müller", "Cölbe", {}),
        ("Tür", "Cölbe", {"origin": Origin.AT_THE_DOOR, "came_at": now(), "companions": 1}),
    )
    with app.app_context():
        event = db.session.get(Event, number)
        factories.heads(event, 12, certainty=Certainty.ESTIMATED)
        factories.heads(event, 7, organisation_id=factories.place("Buseck").id, kind=GuestKind.COUNCILLOR)
        db.session.commit()
        total = queries.tally(number).total
        assert (total.named, total.counted, total.estimated) == (2, 10, 12)
        assert (total.expected, total.arrived, total.at_the_door) == (4, 3, 2)
        assert [row.text for row in queries.tally(number).kommunen] == ["Buseck", "Cölbe", "Lahntal"]
    page = anna.get(door(number)).main
    for words in ("3 von 4 angekommen", "2 ohne Anmeldung", "3 Kommunen vertreten", "Namentlich 2"):
        assert words in page
    assert "Gezählt, ohne Namen 10 Geschätzt 12" in page
    assert ids


WALK_IN = {"last_name": "Neu", "first_name": "Nora", "organisation-text": "Lahntal", "kind": "staff"}


def test_a_guest_without_registration_is_there_at_once(app, anna):
    number, _ids = held(app)
    address = door(number, "/ohne-anmeldung")
    page = anna.submit(address, follow=True, **WALK_IN)
    assert "Nora Neu ist da." in page.main
    with app.app_context():
        one = db.session.scalars(select(Registration)).one()
        assert (one.origin, one.seat, one.kind) == (Origin.AT_THE_DOOR, Seat.SEATED, GuestKind.STAFF)
        assert (one.organisation.name, one.came_at is not None, one.is_confirmed) == ("Lahntal", True, True)
        assert one.search_text == "nora neu"
    assert audited(app, "registration.walked-in") == 1
    assert "0 von 0 angekommen 1 ohne Anmeldung" in page.main


def test_who_is_on_the_list_is_offered_instead_of_a_double(app, anna):
    number, (nora,) = held(app, ("Neu", "Lahntal", {"first_name": "Nora"}))
    address = door(number, "/ohne-anmeldung")
    page = anna.submit(address, **WALK_IN)
    assert page.status == 200
    assert "Nora Neu steht schon auf der Liste." in page.main
    assert page.soup.select_one("input[name=da]")["value"] == str(nora)
    fields = page.fields(1)
    assert fields["last_name"] == ["Neu"]
    assert anna.post(address, fields).status == 303
    with app.app_context():
        assert len(db.session.scalars(select(Registration)).all()) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"last_name": " "}, "Tragen Sie den Nachnamen ein."),
        ({"kind": ""}, "Wählen Sie, als wer die Person kommt."),
        ({"organisation-text": "Nirgendwo"}, "Nirgendwo"),
        ({"email": "nora"}, "Schreiben Sie die Adresse so"),
        ({"companions": "12"}, "zwischen 0 und 9"),
    ],
)
def test_a_guest_at_the_door_is_checked_and_what_was_typed_stays(app, anna, change, message):
    number, _ids = held(app)
    page = anna.submit(door(number, "/ohne-anmeldung"), **(WALK_IN | change))
    assert page.status == 422
    assert any(message in error for error in page.errors()), page.errors()
    assert page.fields()["first_name"] == ["Nora"]


def test_whoever_is_entered_before_the_day_registers(app, anna):
    number, _ids = held(app, in_days=3)
    there = anna.get(door(number))
    assert "Gast ohne Anmeldung" not in there.main
    page = anna.get(anna.get(door(number, "/ohne-anmeldung?q=Neu")).location)
    assert page.soup.select_one("h1").get_text(strip=True) == "Anmeldung eintragen"
    assert page.fields()["last_name"] == ["Neu"]


def test_nobody_walks_in_before_the_day(app, anna):
    number, _ids = held(app, in_days=3)
    page = anna.post(door(number, "/ohne-anmeldung"), WALK_IN | {"csrf_token": anna.token()})
    assert page.status == 422
    assert "Bis dahin tragen Sie Gäste unter „Anmeldungen“ ein" in page.main


def test_an_address_registers_once_at_the_door_too(app, anna):
    number, (petra,) = held(app, ("Henkel", "Lahntal", {}))
    wanted = WALK_IN | {"email": "Petra.Henkel@kommune.test"}
    page = anna.submit(door(number, "/ohne-anmeldung"), **wanted)
    assert "Petra Henkel steht schon auf der Liste." in page.main
    again = anna.post(door(number, "/ohne-anmeldung"), page.fields(1))
    assert (again.status, petra > 0) == (422, True)
    assert "ist schon angemeldet" in " ".join(again.errors())


def test_missing_are_those_with_a_seat_who_did_not_come_to_an_event_that_is_over(app, context):
    event = factories.event(in_days=0)
    event.starts_at, event.ends_at = now() - timedelta(hours=3), now() + timedelta(hours=3)
    missing = factories.registration(event)
    for name, more in (
        ("Kam", {"came_at": now()}), ("Wartet", {"seat": Seat.WAITING}), ("Angebot", {"seat": Seat.OFFERED}),
        ("Ab", {"seat": Seat.SIGNED_OFF}), ("Offen", {"confirmed_at": None}),
        ("Tür", {"origin": Origin.AT_THE_DOOR}),
    ):  # fmt: skip
        factories.registration(event, name, **more)
    db.session.commit()

    def no_shows():
        return [one for one in queries.listing(event.id) if queries.is_no_show(one)]

    assert no_shows() == []
    event.ends_at = now() - timedelta(minutes=1)
    assert (
        no_shows() == queries.listing(event.id, queries.Wanted(standing=queries.Standing.MISSED)) == [missing]
    )
    assert queries.tally(event.id).total.missed == 1
    event.state = EventState.CANCELLED
    assert no_shows() == []


def test_who_is_ticked_after_the_event_came_at_its_begin(app, anna):
    number, (petra,) = held(app, ("Henkel", "Lahntal", {}), in_days=-2)
    anna.post(door(number), da=petra)
    with app.app_context():
        one = db.session.get(Registration, petra)
        assert one.came_at == one.event.starts_at
    assert "da seit" not in anna.get(door(number)).main


def test_the_list_of_a_full_hall_takes_few_statements(app, anna):
    with app.app_context():
        event = factories.event(in_days=0)
        for number in range(160):
            factories.registration(event, f"Gast{number:03}", at=("Lahntal", "Cölbe", "Marburg")[number % 3])
        db.session.commit()
        address = door(event.id)
    page = anna.get(address)
    assert page.status == 200
    assert len(page.statements) <= 14
    assert len(page.html) < 260_000
