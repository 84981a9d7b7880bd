"""Logging a talk: one record, N participations, follow-ups, once."""

from datetime import timedelta

from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.consultations.models import Consultation, ConsultationState, Participation, Presence
from crm.consultations.services import Party
from crm.db import db, today
from crm.follow_ups.models import FollowUp
from tests import factories
from tests.factories import place


def ids(app, *names):
    """Numbers of places, as the chips send them."""
    with app.app_context():
        return [str(place(name).id) for name in names]


def fields(app, *names, **over):
    """What the form of an untroubled talk sends."""
    found = {
        "organisations": ids(app, *names),
        "held_on": f"{today():%d.%m.%Y}",
        "kind": "group" if len(names) > 1 else "single",
        "channel": "phone",
        "note": "Bauhof besprochen.",
    }
    return found | over


def test_six_municipalities_make_one_talk_and_six_participations(app, anna):
    names = ["Cölbe", "Lahntal", "Münchhausen", "Wetter (Hessen)", "Rauschenberg", "Kirchhain"]
    more = {"follow_up_on": "15.12.", "follow_up_text": "Kostentabelle anfragen"}
    page = anna.submit("/beratungen/neu", **fields(app, *names, **more))
    assert page.status == 303
    shown = anna.get(page.location)
    assert all(name in shown.main for name in names)
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        assert len(talk.participations) == 6
        assert talk.state is ConsultationState.HELD
        follow_up = db.session.scalars(select(FollowUp)).one()
        assert (follow_up.due_on.day, follow_up.due_on.month) == (15, 12)
        assert follow_up.due_on >= today()
        names = list(db.session.scalars(select(AuditEvent.name).order_by(AuditEvent.id)))
        assert names[-2:] == ["consultation.logged", "follow-up.created"]


def test_names_typed_without_a_script_are_read(app, anna):
    typed = {"organisations-text": "coelbe, Lahntal; wetter (hessen)", "organisations": []}
    page = anna.submit("/beratungen/neu", **fields(app, "Cölbe", "Lahntal") | typed)
    assert page.status == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(Participation.id))) == 3


def test_an_unknown_name_asks_and_keeps_everything(app, anna):
    typed = {"organisations-text": "Weter", "note": "Langer Text"}
    page = anna.submit("/beratungen/neu", **fields(app, "Cölbe", "Lahntal") | typed)
    assert page.status == 422
    assert "Wetter (Hessen)" in " ".join(page.errors())
    kept = page.fields()
    assert kept["note"] == ["Langer Text"]
    assert kept["organisations"] == ids(app, "Cölbe", "Lahntal")
    with app.app_context():
        assert db.session.scalar(select(func.count(Consultation.id))) == 0


def test_three_fields_are_mandatory(app, anna):
    page = anna.submit("/beratungen/neu", organisations=[], held_on="", kind="")
    assert page.status == 422
    assert len(page.soup.select(".err-sum li")) == 3


def test_readers_and_coordinators_do_not_log(app, rita, emil, ada):
    for client in (rita, emil, ada):
        assert client.get("/beratungen/neu").status == 403
        assert client.post("/beratungen/neu", fields(app, "Lahntal")).status == 403
    with app.app_context():
        assert db.session.scalar(select(func.count(Consultation.id))) == 0


def test_sending_the_same_form_twice_makes_one_record(app, anna):
    form = anna.get("/beratungen/neu").fields() | fields(app, "Lahntal")
    first, second = anna.post("/beratungen/neu", form), anna.post("/beratungen/neu", form)
    assert (first.status, second.status) == (303, 303)
    assert first.location == second.location
    with app.app_context():
        assert db.session.scalar(select(func.count(Consultation.id))) == 1


def test_a_day_after_today_makes_it_planned(app, anna):
    day = today() + timedelta(days=9)
    page = anna.submit("/beratungen/neu", **fields(app, "Lahntal", held_on=f"{day:%d.%m.%Y}"))
    assert "geplant" in anna.get(page.location).main


def test_a_dissolved_municipality_offers_its_successor(app, anna):
    page = anna.submit("/beratungen/neu", **fields(app, "Bromskirchen"))
    assert page.status == 422
    assert "Allendorf (Eder)" in " ".join(page.errors())
    past = anna.submit("/beratungen/neu", **fields(app, "Bromskirchen", held_on="31.12.2022"))
    assert past.status == 303


def test_the_form_of_a_call_says_so(anna):
    assert anna.get("/beratungen/neu?weg=anruf").soup.h1.get_text() == "Anruf erfassen"
    assert anna.get("/beratungen/neu").soup.h1.get_text() == "Beratung erfassen"


def test_nobody_is_said_to_be_present_before_a_talk(app, anna):
    day = today() + timedelta(days=3)
    url = anna.submit("/beratungen/neu", **fields(app, "Cölbe", held_on=f"{day:%d.%m.%Y}")).location
    parties = anna.get(url).soup.select_one("section[aria-labelledby=parties-title]").get_text()
    assert "Cölbe" in parties
    assert "anwesend" not in parties
    assert "anwesend" not in anna.get(f"{url}/vermerk").main


def test_represented_needs_a_name(app, anna):
    (number,) = ids(app, "Lahntal")
    row = {"parties-0-organisation": number, "parties-0-presence": "represented"}
    page = anna.submit("/beratungen/neu", **fields(app, "Lahntal") | row)
    assert page.status == 422
    assert "Lahntal" in " ".join(page.errors())


def test_a_planned_talk_that_took_place_counts_who_was_invited_in_the_form_too(app, anna):
    with app.app_context():
        talk = factories.talk("Lahntal")
        talk.state, talk.participations[0].presence = ConsultationState.PLANNED, Presence.INVITED
        number = talk.id
        db.session.commit()
    assert anna.submit(f"/beratungen/{number}/bearbeiten", state="held").status == 303
    with app.app_context():
        talk = db.session.get(Consultation, number)
        assert (talk.state, len(talk.counted)) == (ConsultationState.HELD, 1)


def test_who_stood_in_is_forgotten_when_it_was_somebody_else(app, anna):
    (number,) = ids(app, "Lahntal")
    row = {
        "parties-0-organisation": number, "parties-0-presence": "represented",
        "parties-0-represented_by": "Jürgen Heuser",
    }  # fmt: skip
    url = anna.submit("/beratungen/neu", **fields(app, "Lahntal") | row).location
    assert "vertreten durch Jürgen Heuser" in anna.get(url).main
    edited = anna.get(f"{url}/bearbeiten").fields()
    assert anna.post(f"{url}/bearbeiten", edited | {"parties-0-presence": "present"}).status == 303
    assert "vertreten durch" not in anna.get(url).main
    with app.app_context():
        assert db.session.scalars(select(Participation.represented_by)).one() is None


def test_rows_carry_presence_people_and_private_note(app, anna):
    numbers = ids(app, "Cölbe", "Lahntal")
    rows = {
        "parties-0-organisation": numbers[0], "parties-0-presence": "apologised",
        "parties-1-organisation": numbers[1], "parties-1-presence": "present",
        "parties-1-people-text": "Petra Henkel, Büroleitung; Jonas Eberhardt",
        "parties-1-private_note": "Standort soll bleiben.",
        "parties-1-follow_up_on": "1.12.", "parties-1-follow_up_text": "Anrufen",
    }  # fmt: skip
    page = anna.submit("/beratungen/neu", **fields(app, "Cölbe", "Lahntal") | rows)
    assert page.status == 303, page.errors()
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        first, second = talk.participations
        assert first.presence is Presence.APOLOGISED
        assert [one.person.last_name for one in second.people] == ["Henkel", "Eberhardt"]
        assert [one.function_called for one in second.people] == ["Büroleitung", None]
        assert second.private_note == "Standort soll bleiben."
        assert db.session.scalars(select(FollowUp)).one().organisation_id == int(numbers[1])
        assert len(talk.counted) == 1


def test_same_group_again_brings_the_parties_of_an_earlier_talk(app, anna):
    with app.app_context():
        number = factories.talk("Cölbe", "Lahntal", days_ago=30).id
        db.session.commit()
    form = anna.get(f"/beratungen/neu?wie={number}").fields()
    assert form["organisations"] == ids(app, "Cölbe", "Lahntal")
    assert form["held_on"] == [f"{today():%d.%m.%Y}"]


def test_the_same_talk_twice_on_a_day_is_asked_once(app, anna):
    anna.submit("/beratungen/neu", **fields(app, "Lahntal"))
    page = anna.submit("/beratungen/neu", **fields(app, "Lahntal"))
    assert page.status == 200
    assert "schon eine Beratung" in page.main
    again = anna.post("/beratungen/neu", page.fields())
    assert again.status == 303


def test_yesterdays_committee_is_not_preset(app, anna):
    with app.app_context():
        factories.talk("Lahntal", kind=factories.ConsultationKind.COMMITTEE)
        db.session.commit()
    assert anna.get("/beratungen/neu").fields()["kind"] == [""]


def test_confirming_a_planned_talk_counts_who_was_invited(app, anna):
    with app.app_context():
        row = Party(place("Lahntal").id, presence=Presence.INVITED)
        talk = factories.talk(parties=[row], held_on=today() + timedelta(days=1))
        talk.held_on = today()
        db.session.commit()
        number = talk.id
        assert talk.counted == []
    assert "zählt als" not in anna.get(f"/beratungen/{number}").main
    anna.post(f"/beratungen/{number}/stattgefunden")
    assert "zählt als 1 Teilnahme" in anna.get(f"/beratungen/{number}").main
