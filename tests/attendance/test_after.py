"""After an event over the web: what it brought, wishes for a talk, contacts from guests, papers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.attendance.models import Certainty
from crm.audit import AuditEvent
from crm.contacts.models import FunctionRole, MailBasis, Person
from crm.db import db, now, today
from crm.events.models import Event
from crm.registrations.models import GuestKind, Origin, Registration
from crm.task_fields.models import TaskField
from tests import factories
from tests.attendance.test_routes import audited, door, guest, held
from tests.markup import parsed


def after(number, more=""):
    """The address of the page."""
    return f"/veranstaltungen/{number}/nachbereitung{more}"


def one_guest(number, registration, more=""):
    """The address of a guest."""
    return door(number, f"/gast/{registration}{more}")


def over(app, *guests):
    """An event that ended an hour ago."""
    number, ids = held(app, *guests)
    with app.app_context():
        event = db.session.get(Event, number)
        event.starts_at, event.ends_at = now() - timedelta(hours=4), now() - timedelta(hours=1)
        db.session.commit()
    return number, ids


CAME = {"came_at": now()}


def cells(page, caption):
    """A table as rows of text."""
    table = next(one for one in page.soup.select("table") if caption in one.get_text())
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")]
        for row in table.select("tbody tr")
    ]


def test_participants_are_counted_by_place_and_kind(app, anna):
    number, _ids = over(
        app,
        ("Henkel", "Lahntal", CAME | {"companions": 2, "kind": GuestKind.HEAD}),
        ("Müller", "Cölbe", {"kind": GuestKind.STAFF}),
        ("Wald", None, CAME | {"kind": GuestKind.CITIZEN, "organisation_text": "Bürgerinitiative"}),
    )
    with app.app_context():
        event = db.session.get(Event, number)
        factories.heads(event, 40, certainty=Certainty.ESTIMATED)
        factories.heads(event, 7, organisation_id=factories.place("Buseck").id, kind=GuestKind.COUNCILLOR)
        db.session.commit()
    page = anna.get(after(number))
    assert (
        "Namentlich 2 Gezählt, ohne Namen 9 Geschätzt 40 Verschiedene Kommunen 2 Nicht gekommen 1"
        in page.main
    )
    assert cells(page, "Teilnehmende nach Kommune") == [
        ["Buseck", "0", "7", "0", "0"], ["Cölbe", "0", "0", "0", "1"], ["Lahntal", "1", "2", "0", "0"],
        ["ohne Organisation im Verzeichnis", "1", "0", "40", "0"],
    ]  # fmt: skip
    assert ["Bürgerin oder Bürger", "1", "0", "40", "0"] in cells(page, "Teilnehmende nach Art des Gastes")


def test_every_number_leads_to_as_many_guests(app, anna):
    number, _ids = over(
        app,
        ("Henkel", "Lahntal", CAME), ("Paul", "Lahntal", CAME), ("Müller", "Cölbe", {}), ("Wald", None, CAME),
    )  # fmt: skip
    page = anna.get(after(number))
    links = [one for one in page.soup.select("main table td a") if "#heads" not in one["href"]]
    assert len(links) == 5
    for link in links:
        shown = anna.get(link["href"])
        assert len(shown.soup.select(".ci")) == int(link.get_text()), link["href"]
    missed = next(one for one in page.soup.select(".figures a") if "nicht-gekommen" in one["href"])
    assert "Müller" in anna.get(missed["href"]).main


def test_before_the_event_nobody_is_missing(app, anna):
    number, _ids = held(app, ("Henkel", "Lahntal", {}), in_days=5)
    page = anna.get(after(number))
    assert "Noch keine Nachbereitung" in page.main
    assert "Nicht gekommen" not in page.main


def test_a_wish_for_a_talk_is_noted_and_met(app, anna, rita):
    number, (petra,) = held(app, ("Henkel", "Lahntal", {}))
    url = one_guest(number, petra, "/gespraech")
    assert "Kein Gesprächswunsch vermerkt." in rita.get(one_guest(number, petra)).main
    assert anna.post(url, wunsch="1").location == one_guest(number, petra)
    assert anna.post(url, wunsch="1").status == 303
    page = anna.get(after(number))
    assert "Gesprächswünsche 1" in page.main
    assert anna.post(url, wunsch="0", zurueck="nachbereitung").location == after(number, "#wishes")
    assert guest(app, petra, "wants_talk") == (False,)
    assert (audited(app, "registration.wish-noted"), audited(app, "registration.wish-met")) == (1, 1)
    assert rita.post(url, wunsch="1").status == 403


def test_a_talk_with_a_guest_starts_with_everything_known(app, anna, emil):
    number, (petra,) = held(app, ("Henkel", "Lahntal", {"wants_talk": True}))
    with app.app_context():
        event, known = db.session.get(Event, number), factories.person()
        event.task_fields = [db.session.scalars(select(TaskField).where(TaskField.name == "Bauhof")).one()]
        db.session.get(Registration, petra).person_id = known.id
        title, day, person = event.title, event.day, known.id
        db.session.commit()
    page = anna.get(after(number))
    link = next(
        one["href"] for one in page.soup.select("main a") if one.get_text(strip=True) == "Beratung erfassen"
    )
    assert link == f"/beratungen/neu?veranstaltung={number}&gast={petra}&person={person}"
    form = anna.get(link)
    fields = form.fields()
    assert form.soup.select_one("#parties .party-name").get_text(" ", strip=True).startswith("Lahntal")
    assert fields["note"] == [f"Kontakt aus der Veranstaltung „{title}“ vom {day:%d.%m.%Y}."]
    assert fields["held_on"] == [f"{today():%d.%m.%Y}"]
    assert fields["parties-0-people"] == [str(person)]
    assert "Bauhof" in form.soup.select_one("[data-name=task_fields]").get_text()
    assert anna.post(link, fields).status == 303
    assert "Beratung erfassen" not in emil.get(after(number)).main


@pytest.mark.parametrize(
    "query", ["veranstaltung=999", "veranstaltung=x", "veranstaltung=1&gast=999", "gast=1"]
)
def test_a_talk_form_survives_a_guest_that_is_none(app, anna, query):
    held(app, ("Henkel", None, {}))
    assert anna.get(f"/beratungen/neu?{query}").status == 200


def test_a_guest_becomes_a_contact_with_one_press(app, anna):
    number, (petra,) = held(
        app, ("Henkel", "Lahntal", {"first_name": "Dr. Petra", "kind": GuestKind.HEAD, "wants_talk": True})
    )
    page = anna.get(after(number))
    assert "Als Kontakt anlegen" in page.main
    url = one_guest(number, petra, "/kontakt")
    page = anna.post(url, zurueck="nachbereitung", follow=True)
    assert "Dr. Petra Henkel ist mit den Kontakten verknüpft." in page.main
    with app.app_context():
        person = db.session.get(Registration, petra).person
        assert (person.academic_title, person.first_name, person.last_name) == ("Dr.", "Petra", "Henkel")
        (function,) = person.functions
        assert (function.organisation.name, function.role, function.is_head) == (
            "Lahntal",
            FunctionRole.OTHER,
            False,
        )
        assert person.mail_basis is MailBasis.OFFICE
    assert "schon ein Kontakt" in anna.post(url, follow=True).main
    assert (audited(app, "person.created"), audited(app, "registration.linked")) == (1, 1)


def test_a_known_person_is_offered_and_linked(app, anna):
    number, (petra,) = held(app, ("Henkel", "Lahntal", {"wants_talk": True}))
    with app.app_context():
        known = factories.person().id
        db.session.commit()
    for address in (after(number), one_guest(number, petra)):
        assert "Ist der Kontakt Petra Henkel" in anna.get(address).main
    anna.post(one_guest(number, petra, "/kontakt"), person=known)
    assert guest(app, petra, "person_id") == (known,)
    with app.app_context():
        assert len(db.session.scalars(select(Person)).all()) == 1
    missing = anna.post(one_guest(number, petra, "/kontakt"), person=999_999, follow=True)
    assert "Diesen Kontakt gibt es nicht mehr." in missing.main


def test_a_guest_without_a_place_is_no_contact_yet(app, anna):
    number, (petra,) = held(app, ("Henkel", None, {}))
    page = anna.post(one_guest(number, petra, "/kontakt"), follow=True)
    assert "Ordnen Sie dem Gast zuerst unter „Anmeldungen“ eine Organisation zu." in page.main
    assert guest(app, petra, "person_id") == (None,)


def test_papers_handed_out_are_noted_and_no_update_is_lost(app, anna, bert):
    number, _ids = held(app)
    address = after(number, "/unterlagen")
    page = anna.submit(address, handed_out="- Leitfaden IKZ: 80", follow=True)
    assert "Leitfaden IKZ: 80" in page.main
    assert audited(app, "event.handed-out") == 1
    mine = anna.get(address).fields()
    bert.submit(address, handed_out="- Leitfaden IKZ: 90")
    page = anna.post(address, mine | {"handed_out": ["- Leitfaden IKZ: 85"]})
    assert page.status == 409
    assert "Bert Braun" in page.main
    assert anna.submit(address, handed_out="x" * 5001).status == 422


def test_pages_of_a_guest_and_an_event_that_are_none(app, anna):
    number, (petra,) = held(app, ("Henkel", "Lahntal", {}))
    other, _ids = held(app)
    for url in (after(999), door(999), one_guest(other, petra), one_guest(number, 999)):
        assert anna.get(url).status == 404


def test_a_forgotten_guest_has_a_page_without_a_name(app, anna):
    nothing = {
        "first_name": None,
        "forgotten_at": now(),
        "email": None,
        "address_key": None,
        "origin": Origin.PUBLIC,
    }
    number, (gone,) = held(app, (None, "Lahntal", nothing | CAME | {"search_text": "", "sort_key": ""}))
    assert "Name gelöscht" in anna.get(one_guest(number, gone)).main
    assert "Name gelöscht" in anna.get(door(number)).main
    assert anna.get(one_guest(number, gone, "/bescheinigung.pdf")).status == 404


def test_names_of_guests_are_words_and_no_markup(app, anna):
    number, ids = held(
        app, ("<b>Fett</b>", "Lahntal", {"first_name": '"><script>x</script>', "wants_talk": True})
    )
    for url in (door(number), after(number), one_guest(number, ids[0])):
        page = anna.get(url)
        assert "<script>x" not in page.html
        assert not parsed(page.html).select("main b")


def test_the_audit_of_guests_names_no_values(app, anna):
    number, (petra,) = held(app, ("Henkel", "Lahntal", {}))
    anna.post(door(number), da=petra)
    anna.post(one_guest(number, petra, "/kontakt"))
    with app.app_context():
        found = db.session.scalars(select(AuditEvent).where(AuditEvent.record_type == "registrations")).all()
        assert len(found) == 2
        assert "Henkel" not in str([one.changes for one in found])


def test_a_talk_with_a_guest_keeps_the_name_and_closes_the_wish(app, anna):
    number, (petra,) = over(app, ("Henkel", "Lahntal", CAME | {"wants_talk": True}))
    address = f"/beratungen/neu?veranstaltung={number}&gast={petra}"
    assert anna.get(address).fields()["parties-0-people"] == ["+Petra Henkel"]
    assert anna.submit(address, kind="single").status == 303
    assert guest(app, petra, "wants_talk") == (False,)
    assert audited(app, "registration.wish-met") == 1
    with app.app_context():
        assert db.session.scalars(select(Person.last_name)).all() == ["Henkel"]


def test_a_guest_without_an_organisation_stands_in_the_note(app, anna):
    number, (wald,) = over(
        app, ("Wald", None, CAME | {"organisation_text": "Bürgerinitiative", "kind": GuestKind.CITIZEN})
    )
    note = anna.get(f"/beratungen/neu?veranstaltung={number}&gast={wald}").fields()["note"][0]
    assert note.endswith(": Petra Wald, Bürgerin oder Bürger, Bürgerinitiative")


def test_a_talk_refused_leaves_the_wish_open(app, anna):
    number, (petra,) = over(app, ("Henkel", "Lahntal", CAME | {"wants_talk": True}))
    assert anna.submit(f"/beratungen/neu?veranstaltung={number}&gast={petra}", held_on="").status == 422
    assert guest(app, petra, "wants_talk") == (True,)


def test_a_coordinator_sees_who_logs_talks(app, emil, anna):
    number, (petra,) = over(app, ("Henkel", "Lahntal", CAME | {"wants_talk": True}))
    assert "Gespräche erfassen Beratende." in emil.get(one_guest(number, petra)).main
    assert "Gespräche erfassen Beratende." not in anna.get(one_guest(number, petra)).main


def test_thanks_are_written_from_the_follow_up_once_it_has_begun(app, emil):
    number, _ids = over(app, ("Henkel", "Lahntal", CAME))
    assert emil.get(after(number)).soup.select_one("a[href$='neu?art=thanks']")
    ahead, _ids = held(app, ("Henkel", "Lahntal", {}), in_days=5)
    assert not emil.get(after(ahead)).soup.select_one("a[href$='neu?art=thanks']")
