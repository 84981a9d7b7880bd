"""The office enters, corrects and signs off guests; the waiting list moves by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm import jobs
from crm.audit import AuditEvent
from crm.contacts.models import Function, FunctionRole, Person
from crm.db import db, now
from crm.events.models import Event, EventState
from crm.invitations.models import Answer, Invitation
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.registrations import duties, letters, seats, services
from crm.registrations.models import Registration, Seat
from tests import factories


@pytest.fixture
def event_id(app):
    """An event with two seats."""
    with app.app_context():
        made = factories.event(capacity=2)
        db.session.commit()
        return made.id


def url(event_id, *rest):
    """An address below the registrations of an event."""
    return "/".join([f"/veranstaltungen/{event_id}/anmeldungen", *map(str, rest)])


def guest(app, event_id, name, **over):
    """Make a guest; give the number."""
    with app.app_context():
        made = factories.registration(db.session.get(Event, event_id), name, **over)
        db.session.commit()
        return made.id


def seats_of(app, event_id):
    """(name, seat) of everybody, in order of coming."""
    with app.app_context():
        query = select(Registration).where(Registration.event_id == event_id).order_by(Registration.id)
        return [(one.last_name, one.seat) for one in db.session.scalars(query)]


def events_of(app, name):
    """How many audit events of a name there are."""
    with app.app_context():
        return len(db.session.scalars(select(AuditEvent).where(AuditEvent.name == name)).all())


def mailed(app, kind):
    """Who got a mail of a kind, in order."""
    with app.app_context():
        query = select(OutgoingMail.recipient).where(OutgoingMail.kind == kind).order_by(OutgoingMail.id)
        return list(db.session.scalars(query))


def test_a_guest_who_called_is_entered_and_told(app, emil, event_id):
    with app.app_context():
        place = str(factories.place("Lahntal").id)
    fields = {"last_name": "Wenzel", "first_name": "Anke", "email": "wenzel@coelbe.test", "tell": "y"}
    page = emil.submit(url(event_id, "neu"), organisation=place, follow=True, **fields)
    assert "Anke Wenzel hat einen Platz." in page.text
    assert seats_of(app, event_id) == [("Wenzel", Seat.SEATED)]
    assert events_of(app, "registration.received") == 1
    assert mailed(app, MailKind.CONFIRMED) == ["wenzel@coelbe.test"]


def test_a_group_is_entered_guest_by_guest_from_one_place(app, emil, event_id):
    with app.app_context():
        place = str(factories.place("Lahntal").id)
    new = url(event_id, "neu")
    done = emil.submit(new, organisation=place, last_name="Wenzel", next="1", follow=True)
    assert "Wenzel hat einen Platz." in done.text
    assert (done.fields()["organisation"], done.fields()["last_name"]) == ([place], [""])
    assert done.soup.select_one("#person[autofocus]")


def test_the_next_guest_is_told_to_be_from_the_same_place_and_may_be_from_elsewhere(app, emil, event_id):
    with app.app_context():
        place = factories.place("Lahntal").id
    page = emil.get(url(event_id, f"neu?kommune={place}"))
    assert "Wieder aus Lahntal, wie der Gast davor." in page.main
    other = emil.get(page.soup.find("a", string="Von anderswo")["href"])
    assert "organisation" not in other.fields()
    assert "Wieder aus" not in other.main


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"email": "wenzel@coelbe.test", "tell": "y"}, "Eine Mail geht an wenzel@coelbe.test."),
     ({"email": "wenzel@coelbe.test"}, "Es geht keine Mail hinaus."),
     ({"tell": "y"}, "Es geht keine Mail hinaus.")],
)  # fmt: skip
def test_it_says_whether_a_mail_goes_out(app, emil, event_id, fields, said):
    page = emil.submit(url(event_id, "neu"), last_name="Wenzel", follow=True, **fields)
    assert f"Wenzel hat einen Platz. {said}" in page.text
    assert len(mailed(app, MailKind.CONFIRMED)) == ("geht an" in said)


def known_contact(app, **over):
    """Somebody with an office, an address and a phone; give the number."""
    with app.app_context():
        person = factories.person("Rupp", "Ilse")
        person.functions[0].email, person.functions[0].phone = "rupp@lahntal.test", "06420 8230-10"
        for name, value in over.items():
            setattr(person, name, value)
        db.session.commit()
        return person.id


def entered(app):
    """(first name, last name, mail, phone, organisation, person) of the only guest."""
    with app.app_context():
        one = db.session.scalars(select(Registration)).one()
        return one.first_name, one.last_name, one.email, one.phone, one.from_where, one.person_id


def test_a_known_contact_brings_everything_along(app, emil, event_id):
    person = known_contact(app)
    page = emil.submit(url(event_id, "neu"), person=str(person), follow=True)
    assert "Ilse Rupp hat einen Platz." in page.text
    assert entered(app) == ("Ilse", "Rupp", "rupp@lahntal.test", "06420 8230-10", "Lahntal", person)


def test_what_is_typed_counts_more_than_the_contact(app, emil, event_id):
    person = known_contact(app)
    fields = {"person-text": "Ilse Rupp", "phone": "0171 1234567", "organisation_text": "Zweckverband"}
    emil.submit(url(event_id, "neu"), **fields)
    assert entered(app) == ("Ilse", "Rupp", None, "0171 1234567", "Zweckverband", person)


def test_a_contact_is_not_entered_twice(app, emil, event_id):
    person = str(known_contact(app))
    emil.submit(url(event_id, "neu"), person=person)
    page = emil.submit(url(event_id, "neu"), person=person, email="anders@lahntal.test")
    assert "Ilse Rupp ist schon angemeldet." in page.errors()
    assert len(seats_of(app, event_id)) == 1


@pytest.mark.parametrize("name", ["last_name", "first_name"])
def test_another_name_than_that_of_the_contact_is_refused(app, emil, event_id, name):
    page = emil.submit(url(event_id, "neu"), person=str(known_contact(app)), **{name: "Anders"})
    assert "Der Kontakt heißt Ilse Rupp." in page.errors()[0]
    assert seats_of(app, event_id) == []


def test_a_contact_that_went_meanwhile_is_no_guest_without_a_name(app, emil, event_id):
    person = known_contact(app)
    with app.app_context():
        db.session.get(Person, person).removed_at = now()
        db.session.commit()
    page = emil.submit(url(event_id, "neu"), person=str(person))
    assert "Diesen Kontakt gibt es nicht mehr." in page.errors()
    assert seats_of(app, event_id) == []


def test_the_function_in_the_chosen_organisation_counts(app, emil, event_id):
    person = known_contact(app)
    with app.app_context():
        at = factories.place("Cölbe").id
        values = {
            "person_id": person,
            "organisation_id": at,
            "role": FunctionRole.HEAD,
            "title": "Bürgermeisterin",
        }
        db.session.add(Function(**values, email="ilse@coelbe.test", valid_from=now().date()))
        db.session.commit()
        lahntal = str(factories.place("Lahntal").id)
    emil.submit(url(event_id, "neu"), person=str(person), organisation=lahntal)
    assert entered(app)[2:5] == ("rupp@lahntal.test", "06420 8230-10", "Lahntal")


def test_who_holds_no_office_in_the_chosen_organisation_is_asked_about(app, emil, event_id):
    person = known_contact(app)
    with app.app_context():
        place = str(factories.place("Cölbe").id)
    page = emil.submit(url(event_id, "neu"), person=str(person), organisation=place)
    assert "Ilse Rupp hat dort heute kein Amt." in page.errors()[0]
    assert seats_of(app, event_id) == []


def test_an_address_shared_by_an_office_stays_with_its_first_guest(app, emil, event_id):
    person = known_contact(app)
    guest(app, event_id, "Henkel", email="rupp@lahntal.test", address_key="rupp@lahntal.test")
    emil.submit(url(event_id, "neu"), person=str(person))
    with app.app_context():
        one = db.session.scalars(select(Registration).where(Registration.person_id == person)).one()
        assert (one.last_name, one.email, one.phone) == ("Rupp", None, "06420 8230-10")


@pytest.mark.parametrize("email", ["", "privat@rupp.test"])
def test_the_invitation_of_the_contact_is_answered_whatever_the_address(app, emil, event_id, email):
    person, other = known_contact(app), None
    with app.app_context():
        of = db.session.get(Event, event_id)
        otto = factories.person("Rupp", "Otto")
        other = factories.invitation(of, otto, email="rupp@lahntal.test").id
        own = factories.invitation(of, db.session.get(Person, person), email="alt@lahntal.test").id
        db.session.commit()
    emil.submit(url(event_id, "neu"), person=str(person), email=email)
    with app.app_context():
        answers = [db.session.get(Invitation, one).answer for one in (own, other)]
        made = db.session.scalars(select(Registration)).one()
        assert answers == [Answer.ACCEPTED, Answer.NONE]
        assert (made.person_id, made.invitation_id) == (person, own)


def test_readers_see_no_phone_on_screen_or_in_the_file(app, rita, event_id):
    guest(app, event_id, "Henkel", phone="06421 2")
    assert "06421 2" not in rita.get(url(event_id)).main
    assert "06421 2" not in rita.get(url(event_id) + ".csv").text


def test_whose_data_are_only_kept_is_not_taken_from_the_contacts(app, emil, event_id):
    person = known_contact(app, restricted_on=now().date())
    page = emil.submit(url(event_id, "neu"), person=str(person))
    assert "Die Daten von Ilse Rupp werden nur noch aufbewahrt." in page.errors()[0]
    assert seats_of(app, event_id) == []


def test_a_phone_is_listed_corrected_and_taken_along(app, emil, event_id):
    number = guest(app, event_id, "Henkel", phone="06421 1")
    assert emil.get(url(event_id, number)).fields()["phone"] == ["06421 1"]
    emil.submit(url(event_id, number), phone="06421 2")
    assert "06421 2" in emil.get(url(event_id)).main
    assert "06421 2" in emil.get(url(event_id) + ".csv").text


def test_guests_who_need_something_are_listed_and_taken_along_for_planners(app, emil, rita, event_id):
    guest(app, event_id, "Henkel", needs="vegetarisch")
    guest(app, event_id, "Paul")
    page = emil.get(url(event_id) + "?needing=y")
    assert ("Petra Henkel" in page.main, "Petra Paul" in page.main) == (True, False)
    files = [link["href"] for link in page.soup.select(".exports a")]
    assert len(files) == 2
    for one in files:
        assert "needing=y" in one
    assert "Paul" not in emil.get(files[0]).text
    assert "Petra Paul" in rita.get(url(event_id) + "?needing=y").main


def test_bad_input_is_named_and_kept(app, emil, event_id):
    page = emil.submit(
        url(event_id, "neu"), last_name="", first_name="Anke", email="so nicht", companions="11"
    )
    assert page.status == 422
    assert "Tragen Sie den Nachnamen ein oder wählen Sie einen Kontakt." in page.errors()
    assert page.fields()["first_name"] == ["Anke"]
    assert seats_of(app, event_id) == []


def test_a_known_address_is_not_entered_twice(app, emil, event_id):
    guest(app, event_id, "Henkel")
    page = emil.submit(url(event_id, "neu"), last_name="Anders", email="PETRA.henkel@kommune.test")
    assert "Diese Adresse ist schon angemeldet: Petra Henkel." in page.errors()
    assert len(seats_of(app, event_id)) == 1


def test_the_list_shows_seats_then_the_waiting_list(app, rita, event_id):
    for number, name in enumerate(("Eins", "Zwei", "Drei", "Vier")):
        waits = number > 1
        guest(
            app,
            event_id,
            name,
            seat=Seat.WAITING if waits else Seat.SEATED,
            position=number if waits else None,
        )
    page = rita.get(url(event_id))
    rows = [row.get_text(" ", strip=True) for row in page.soup.select("tbody tr")]
    assert ["Platz 1" in row for row in rows] == [False, False, True, False]
    assert ["Platz 2" in row for row in rows] == [False, False, False, True]
    assert "Ausgebucht" in page.main
    assert "Anmeldung eintragen" not in page.main, "Rita reads"
    found = rita.get(url(event_id) + "?q=drei")
    assert len(found.soup.select("tbody tr")) == 1
    assert rita.get(url(event_id) + "?q=...").soup.select("tbody tr") == []


def test_the_list_and_its_file_can_be_ordered_by_name(app, rita, event_id):
    for name in ("Zander", "Adler"):
        guest(app, event_id, name)

    def names(order):
        page = rita.get(f"{url(event_id)}?sortierung={order}")
        return [row.get_text(strip=True).split()[-1] for row in page.soup.select("tbody th")]

    assert names("seat") == names("-name") == names("x") == ["Zander", "Adler"]
    assert names("name") == ["Adler", "Zander"]
    text = rita.get(f"{url(event_id)}.csv?sortierung=name").data.decode("utf-8-sig")
    assert text.index("Adler") < text.index("Zander")


def test_the_file_holds_all_and_defuses_formulas(app, rita, event_id):
    guest(app, event_id, "=HYPERLINK(1)")
    text = rita.get(url(event_id) + ".csv").data.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert rita.get(url(event_id) + ".xlsx").data[:2] == b"PK"


def test_correcting_keeps_the_colleague_s_change(app, emil, mara, event_id):
    number = guest(app, event_id, "Henkel")
    stale = mara.get(url(event_id, number)).fields()
    emil.submit(url(event_id, number), needs="Rollstuhlplatz")
    page = mara.post(url(event_id, number), stale | {"needs": "vegetarisch"})
    assert page.status == 409
    with app.app_context():
        assert db.session.get(Registration, number).needs == "Rollstuhlplatz"
    assert events_of(app, "registration.changed") == 1


def test_more_companions_need_seats(app, emil, event_id):
    number = guest(app, event_id, "Henkel")
    page = emil.submit(url(event_id, number), companions="2")
    assert "Es sind noch 1 Plätze frei. Erhöhen Sie zuerst die Zahl der Plätze." in page.errors()
    assert emil.submit(url(event_id, number), companions="1").status == 303


def test_signing_off_is_asked_and_promotes_the_next(app, emil, event_id):
    numbers = [guest(app, event_id, name) for name in ("Eins", "Zwei")]
    guest(app, event_id, "Drei", seat=Seat.WAITING, position=1)
    page = emil.submit(url(event_id, numbers[0], "abmelden"), follow=True)
    assert "Petra Eins ist abgemeldet." in page.text
    assert "1 Angebot geht an die Warteliste." in page.text
    assert seats_of(app, event_id) == [
        ("Eins", Seat.SIGNED_OFF),
        ("Zwei", Seat.SEATED),
        ("Drei", Seat.OFFERED),
    ]
    assert mailed(app, MailKind.OFFER) == ["petra.drei@kommune.test"]


def test_a_stale_question_signs_nobody_off(app, emil, mara, event_id):
    number = guest(app, event_id, "Henkel")
    asked = mara.get(url(event_id, number, "abmelden")).fields()
    emil.submit(url(event_id, number), needs="Rollstuhlplatz")
    assert mara.post(url(event_id, number, "abmelden"), asked).status == 200
    assert seats_of(app, event_id) == [("Henkel", Seat.SEATED)]


def test_raising_the_seats_promotes_in_order_and_lowering_throws_nobody_out(app, event_id):
    for number in range(2):
        guest(app, event_id, f"Sitzt{number}")
    for number in range(4):
        guest(app, event_id, f"Wartet{number}", seat=Seat.WAITING, position=number + 1)
    with app.app_context():
        event = db.session.get(Event, event_id)
        event.capacity = 4
        assert services.promote(event) == 2
        db.session.commit()
        assert mailed(app, MailKind.OFFER) == ["petra.wartet0@kommune.test", "petra.wartet1@kommune.test"]
        event = db.session.get(Event, event_id)
        event.capacity = 1
        assert services.promote(event) == 0
        assert (seats.taken(event_id), seats.free(event)) == (4, 0)
        db.session.commit()
    assert [seat for _name, seat in seats_of(app, event_id)].count(Seat.SEATED) == 2


def test_who_has_not_confirmed_is_passed_over_and_a_large_party_waits_for_room(app, event_id):
    guest(app, event_id, "Sitzt")
    guest(app, event_id, "Stumm", seat=Seat.WAITING, position=1, confirmed_at=None)
    guest(app, event_id, "Gruppe", seat=Seat.WAITING, position=2, companions=3)
    guest(app, event_id, "Einzeln", seat=Seat.WAITING, position=3)
    with app.app_context():
        assert services.promote(db.session.get(Event, event_id)) == 1
        db.session.commit()
    assert dict(seats_of(app, event_id))["Einzeln"] is Seat.OFFERED


def test_what_nobody_confirmed_lapses_and_the_next_moves_up(app, event_id):
    old = now() - timedelta(hours=49)
    guest(app, event_id, "Alt", confirmed_at=None, registered_at=old)
    guest(app, event_id, "Neu", confirmed_at=None, registered_at=now() - timedelta(hours=47))
    guest(app, event_id, "Wartet", seat=Seat.WAITING, position=1)
    with app.app_context():
        duties.lapse()
    assert seats_of(app, event_id) == [("Alt", Seat.LAPSED), ("Neu", Seat.SEATED), ("Wartet", Seat.OFFERED)]
    with app.app_context():
        duties.lapse()
    assert len(mailed(app, MailKind.OFFER)) == 1, "the second round finds nothing to do"
    assert events_of(app, "registration.lapsed") == 1


def test_an_offer_ends_and_goes_on_to_the_next(app, event_id):
    guest(app, event_id, "Sitzt")
    guest(app, event_id, "Zögert", seat=Seat.OFFERED, position=1, offered_until=now() - timedelta(minutes=1))
    guest(app, event_id, "Wartet", seat=Seat.WAITING, position=2)
    with app.app_context():
        duties.lapse()
    assert [seat for _name, seat in seats_of(app, event_id)] == [Seat.SEATED, Seat.LAPSED, Seat.OFFERED]
    assert mailed(app, MailKind.NOTICE) == ["petra.zögert@kommune.test"]


def test_an_offer_never_outlives_the_beginning(app):
    with app.app_context():
        event = factories.event(in_days=1, capacity=1)
        waiting = factories.registration(event, seat=Seat.WAITING, position=1)
        services.promote(event)
        assert waiting.offered_until <= event.starts_at
        db.session.rollback()


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.HELD, EventState.DOCUMENTED])
def test_nobody_moves_up_for_an_event_that_is_over_or_cancelled(app, state):
    with app.app_context():
        event = factories.event(state=state, capacity=1)
        factories.registration(event, seat=Seat.WAITING, position=1)
        assert services.promote(event) == 0
        db.session.rollback()


def test_a_registration_rolled_back_leaves_no_mail(app, event_id):
    with app.app_context():
        values = {"last_name": "Henkel", "email": "p@l.test"}
        services.register(event_id, values, "2026-11")
        db.session.rollback()
        assert db.session.scalars(select(OutgoingMail)).all() == []


def test_a_lapsed_guest_gets_no_mail_that_still_waits(app, event_id):
    number = guest(app, event_id, "Alt", confirmed_at=None, registered_at=now() - timedelta(hours=50))
    with app.app_context():
        letters.ask_to_confirm(db.session.get(Registration, number))
        db.session.commit()
        duties.lapse()
        assert [one.state for one in db.session.scalars(select(OutgoingMail))] == [MailState.DROPPED]


def test_the_worker_knows_the_duty():
    assert "registrations" in jobs.DUTIES


def test_an_address_that_cannot_be_reached_is_marked(app, rita, event_id):
    number = guest(app, event_id, "Henkel")
    with app.app_context():
        letters.say_place(db.session.get(Registration, number))
        db.session.scalar(select(OutgoingMail)).state = MailState.REFUSED
        db.session.commit()
    assert "unzustellbar" in rita.get(url(event_id)).main


def test_after_the_event_the_list_tells_who_came(app, rita):
    with app.app_context():
        event = factories.event(in_days=-2, state=EventState.HELD)
        factories.registration(event, "Da", came_at=event.starts_at)
        factories.registration(event, "Fort")
        factories.registration(event, "Ab", seat=Seat.SIGNED_OFF)
        number = event.id
        db.session.commit()
    rows = [one.get_text(" ", strip=True) for one in rita.get(url(number)).soup.select("tbody tr")]
    found = {row.split()[1]: ("nicht gekommen" in row, "gekommen" in row) for row in rows}
    assert found == {"Da": (False, True), "Fort": (True, True), "Ab": (False, False)}
