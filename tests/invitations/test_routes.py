"""The list of invitations, the audience that becomes one, answers by hand, mistakes taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.consultations.models import ConsultationState
from crm.contacts.models import Function, FunctionRole, Person
from crm.db import count, db, now, today
from crm.events.models import Event
from crm.invitations.models import Answer, Invitation
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.organisations.models import Level, Organisation
from tests import factories
from tests.invitations.test_audience import head


@pytest.fixture
def event(app):
    """The number of an event with two invited people: one was written to, one accepted."""
    with app.app_context():
        made = factories.event()
        factories.invitation(made, factories.person("Henkel"), mailed_at=now())
        auer = factories.person("Auer", at="Gießen")
        factories.invitation(made, auer, at="Gießen", answer=Answer.ACCEPTED, remark="zu zweit")
        db.session.commit()
        return made.id


def url(event, rest=""):
    """The address of the list, or below it."""
    return f"/veranstaltungen/{event}/einladungen{rest}"


def invitation(app, name="Henkel"):
    """Load an invitation by the name of its person."""
    return db.session.scalar(select(Invitation).join(Invitation.person).where(Person.last_name == name))


def last_event(app, name):
    """The newest audit event of a name."""
    query = select(AuditEvent).where(AuditEvent.name == name).order_by(AuditEvent.id.desc())
    return db.session.scalar(query.limit(1))


def rows(page):
    """What the rows of the list say."""
    return [" ".join(row.get_text(" ").split()) for row in page.soup.select("#results tbody tr")]


def test_the_list_shows_who_is_invited_and_what_they_answered(event, anna):
    first, second = rows(anna.get(url(event)))
    assert first.startswith("Gießen Petra Auer Büroleitung Landkreis Gießen –")
    assert "zugesagt zu zweit" in first
    assert (
        f"Lahntal Petra Henkel Büroleitung Landkreis Marburg-Biedenkopf {today():%d.%m.%Y} ohne Antwort"
        in second
    )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=henkel", ["Henkel"]), ("?q=giess", ["Auer"]), ("?answer=accepted", ["Auer"]),
        ("?answer=none", ["Henkel"]), ("?answer=undeliverable", []), ("?answer=quatsch", ["Auer", "Henkel"]),
        ("?q=%27%3B--", []), ("?sortierung=person", ["Auer", "Henkel"]),
        ("?sortierung=-place", ["Henkel", "Auer"]), ("?sortierung=sent", ["Henkel", "Auer"]),
        ("?county=999999", ["Auer", "Henkel"]), ("?county=x", ["Auer", "Henkel"]),
    ],
)  # fmt: skip
def test_filters_and_order_stand_in_the_address(event, anna, query, names):
    found = rows(anna.get(url(event, query)))
    assert [next(name for name in ("Auer", "Henkel") if name in row) for row in found] == names


def test_the_county_narrows_the_list(app, event, anna):
    with app.app_context():
        number = factories.place("Landkreis Marburg-Biedenkopf").id
    assert ["Henkel" in row for row in rows(anna.get(url(event, f"?county={number}")))] == [True]


def test_a_mail_that_came_back_shows_until_the_address_is_another_one(app, event, anna):
    with app.app_context():
        one = invitation(app)
        db.session.add(
            OutgoingMail(
                kind=MailKind.INVITATION, message_id="<1@x>", recipient=one.email, subject="x", body="x",
                state=MailState.REFUSED, person_id=one.person_id, event_id=event,
            )
        )  # fmt: skip
        db.session.commit()
    assert "unzustellbar" in rows(anna.get(url(event, "?answer=undeliverable")))[0]
    with app.app_context():
        invitation(app).email = "neu@kommune.test"
        db.session.commit()
    assert rows(anna.get(url(event, "?answer=undeliverable"))) == []


def test_the_main_action_follows_how_far_the_invitations_are(app, event, anna):
    def action():
        return " ".join(anna.get(url(event)).soup.select_one(".page-actions .btn-primary").get_text().split())

    assert action() == "1 Person erinnern"
    with app.app_context():
        factories.invitation(db.session.get(Event, event), factories.person("Neu"))
        db.session.commit()
    assert action() == "1 Person anschreiben"


def audience(**more):
    """A query that means the heads."""
    return "?" + "&".join(f"{name}={value}" for name, value in ({"rolle": "head"} | more).items())


def test_an_audience_is_shown_then_invited_in_one_go(app, event, anna):
    with app.app_context():
        head("Eins", "Cölbe"), head("Zwei", "Lich")
        db.session.commit()
    address = url(event, "/hinzufuegen" + audience())
    page = anna.get(address)
    assert "2 Personen aus 2 Kommunen" in page.main
    done = anna.submit(address, follow=True)
    assert "2 Personen stehen jetzt auf der Einladungsliste. Verschickt ist noch nichts." in done.main
    with app.app_context():
        assert count(db.select(Invitation)) == 4
        noted = last_event(app, "event.invited")
        assert noted.record_type == "events"
        assert noted.changes == {"invitations": [None, 2], "audience": [None, "Verwaltungsleitung"]}


def test_a_double_click_invites_once_and_a_later_one_nobody_twice(app, event, anna):
    with app.app_context():
        head("Eins", "Cölbe")
        db.session.commit()
    address = url(event, "/hinzufuegen" + audience())
    fields = anna.get(address).fields()
    assert [anna.post(address, fields).status for _click in range(2)] == [303, 303]
    page = anna.get(address)
    assert "Es bleibt niemand, der einzuladen wäre." in page.main
    assert "1 schon eingeladen" in page.main
    with app.app_context():
        assert count(db.select(Invitation)) == 3


def test_an_audience_nobody_belongs_to_is_no_list_of_invited_ones(event, anna):
    page = anna.get(url(event, "/hinzufuegen?rolle=council-chair"))
    assert "Dazu gibt es niemanden." in page.main
    assert "einzuladen wäre" not in page.main


def test_nobody_to_invite_is_said_and_nothing_is_written(app, event, anna):
    page = anna.post(url(event, "/hinzufuegen?rolle=council-chair"), {"once": ""})
    assert page.status == 422
    assert "Es bleibt niemand, der einzuladen wäre. Wählen Sie eine andere Zielgruppe." in page.main
    with app.app_context():
        assert count(db.select(Invitation)) == 2


@pytest.mark.parametrize(
    "query",
    ["?rolle=chef", "?gebiet=x", "?gebiet=99999999999999999999", "?groesse=klein", "?art=dorf",
     "?kooperation=abc", "?person=99999", "?person-text=Niemand+Da", "?kooperation-text=Nirgends"],
)  # fmt: skip
def test_a_wrong_part_of_an_audience_is_named_and_means_nobody(event, anna, query):
    page = anna.get(url(event, "/hinzufuegen" + query))
    assert page.status == 200
    assert page.errors()
    assert "Alle" not in page.main


def test_a_typed_name_finds_its_person_without_a_script(app, event, anna):
    with app.app_context():
        head("Einzig", "Cölbe", first_name="Ute")
        db.session.commit()
    page = anna.get(url(event, "/hinzufuegen?person-text=Ute+Einzig"))
    assert "1 Person aus 1 Kommune" in page.main


def test_dates_close_to_the_event_are_shown_and_block_nothing(app, event, anna, rita):
    with app.app_context():
        head("Eins", "Cölbe"), head("Zwei", "Lich"), head("Drei", "Laubach")
        day = db.session.get(Event, event).day
        for place, apart in (("Cölbe", 3), ("Laubach", 20)):
            talk = factories.talk(place)
            talk.held_on, talk.state = day + timedelta(days=apart), ConsultationState.PLANNED
        other = factories.event("Andere Tagung", in_days=16)
        factories.invitation(other, factories.person("Dort", at="Lich"), at="Lich")
        db.session.commit()
    page = anna.get(url(event, "/hinzufuegen" + audience()))
    assert "2 Kommunen haben nahe an diesem Tag schon einen Termin." in page.main
    assert "Cölbe, Gespräch am" in page.main
    assert "Lich, Andere Tagung" in page.main
    assert "Laubach, Gespräch" not in page.main
    assert anna.submit(url(event, "/hinzufuegen" + audience())).status == 303


@pytest.mark.parametrize(
    ("fields", "answer", "stored"),
    [
        ({"answer": "accepted"}, Answer.ACCEPTED, (None, None)),
        ({"answer": "represented", "represented_by": "S. Roth"}, Answer.REPRESENTED, ("S. Roth", None)),
        ({"answer": "declined", "remark": "Termin"}, Answer.DECLINED, (None, "Termin")),
        ({"answer": "none", "remark": "ruft zurück"}, Answer.NONE, (None, "ruft zurück")),
    ],
)  # fmt: skip
def test_an_answer_by_phone_is_noted(app, event, anna, fields, answer, stored):
    with app.app_context():
        number = invitation(app).id
    assert anna.submit(url(event, f"/{number}"), **fields).status == 303
    with app.app_context():
        one = invitation(app)
        assert (one.answer, (one.represented_by, one.remark)) == (answer, stored)
        assert (one.answered_at is None) is (answer is Answer.NONE)
        noted = last_event(app, "invitation.answered")
        assert (noted.record_type, noted.record_id) == ("invitations", number)
        assert "Roth" not in str(noted.changes)
        assert "Termin" not in str(noted.changes)
    assert "Antwort vermerkt" in anna.get(url(event, f"/{number}")).main


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"answer": "represented"}, "Tragen Sie ein, wer die Vertretung übernimmt."),
        ({"answer": "vielleicht"}, "Ungültige Auswahl"),
        ({"answer": "accepted", "remark": "x" * 301}, "höchstens 300 Zeichen"),
        ({"answer": "accepted", "remark": "a\nBcc: x@y.de"}, "eine Zeile"),
    ],
)
def test_a_wrong_answer_is_refused_and_kept(app, event, anna, fields, said):
    with app.app_context():
        number = invitation(app).id
    page = anna.submit(url(event, f"/{number}"), **fields)
    assert page.status == 422
    assert said in " ".join(page.errors())
    for value in fields.values():
        assert value in str(page.fields()) or value == "vielleicht" or "\n" in value
    with app.app_context():
        assert invitation(app).answer is Answer.NONE


def test_two_at_once_do_not_overwrite_each_other_unseen(app, event, anna, bert):
    with app.app_context():
        number = invitation(app).id
    fields = anna.get(url(event, f"/{number}")).fields()
    assert bert.submit(url(event, f"/{number}"), answer="declined").status == 303
    page = anna.post(url(event, f"/{number}"), {**fields, "answer": "accepted"})
    assert page.status == 409
    assert "Bert Braun" in page.main


def test_a_reminder_that_waits_is_not_sent_to_who_has_answered(app, event, anna):
    with app.app_context():
        one = invitation(app)
        number = one.id
        for kind in (MailKind.REMINDER, MailKind.CONFIRMED):
            db.session.add(
                OutgoingMail(
                    kind=kind, message_id=f"<{kind.value}>", recipient=one.email, subject="x", body="x",
                    person_id=one.person_id, event_id=event,
                )
            )  # fmt: skip
        db.session.commit()
    anna.submit(url(event, f"/{number}"), answer="accepted")
    with app.app_context():
        states = {one.kind: one.state for one in db.session.scalars(select(OutgoingMail))}
        assert states == {MailKind.REMINDER: MailState.DROPPED, MailKind.CONFIRMED: MailState.WAITING}


def test_an_invitation_never_sent_can_be_taken_back_and_a_sent_one_stays(app, event, anna):
    with app.app_context():
        sent, mistaken = invitation(app).id, invitation(app, "Auer").id
    assert (
        anna.submit(url(event, f"/{mistaken}/entfernen"), follow=True).main.count("nicht mehr eingeladen")
        == 1
    )
    assert anna.submit(url(event, f"/{sent}/entfernen")).status == 422
    with app.app_context():
        assert [one.id for one in db.session.scalars(select(Invitation))] == [sent]
        assert last_event(app, "event.uninvited").changes == {"invitations": [1, 0]}


def test_a_colleague_who_noted_an_answer_meanwhile_stops_the_removal(app, event, anna, bert):
    with app.app_context():
        number = invitation(app, "Auer").id
    fields = anna.get(url(event, f"/{number}/entfernen")).fields()
    bert.submit(url(event, f"/{number}"), answer="declined")
    assert anna.post(url(event, f"/{number}/entfernen"), fields).status == 200
    with app.app_context():
        assert invitation(app, "Auer") is not None


def test_an_invitation_of_another_event_is_not_found_here(app, event, anna):
    with app.app_context():
        other, number = factories.event("Andere"), invitation(app).id
        db.session.commit()
        other_id = other.id
    assert anna.get(url(other_id, f"/{number}")).status == 404


def crowd(number):
    """That many heads of different Kommunen, written at once."""
    query = select(Organisation).where(Organisation.level == Level.MUNICIPALITY, Organisation.on(today()))
    places = list(db.session.scalars(query.order_by(Organisation.sort_key).limit(400)))
    people = [
        Person(last_name=f"Person {n:04}", first_name="Kim", sort_key=f"{n:04}", search_text=f"{n:04}")
        for n in range(number)
    ]
    db.session.add_all(people)
    db.session.flush()
    db.session.add_all(
        Function(
            person_id=one.id, organisation_id=places[n % len(places)].id, role=FunctionRole.COUNCILLOR,
            email=f"p{n}@rat.test",
        )
        for n, one in enumerate(people)
    )  # fmt: skip
    db.session.flush()
    return people


def test_the_pages_ask_as_much_for_many_as_for_few(app, event, anna):
    address = url(event, "/hinzufuegen?rolle=councillor")
    with app.app_context():
        crowd(3)
        db.session.commit()
    few = len(anna.get(address).statements), len(anna.get(url(event)).statements)
    with app.app_context():
        crowd(600)
        db.session.commit()
    assert len(anna.get(address).statements) == few[0]
    done = anna.submit(address)
    assert done.status == 303
    assert len(done.statements) < 40
    assert len(anna.get(url(event)).statements) <= few[1] + 2
