"""The quick line on screen: logged with one line, asked where unclear, nothing lost."""

import json
from datetime import datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.consultations.models import Channel, Consultation, ConsultationKind, ConsultationState, Presence
from crm.db import BERLIN, db, today
from crm.follow_ups.models import FollowUp
from tests import factories
from tests.pages import CarefulClient

LINE = "gestern Tel. Cölbe: Bauhof, 30 min, WV 31.12. Satzung prüfen"
URL = "/kurzzeile"
PLANNED = f"{URL}/geplant/1"
READ = {"X-Fragment": "1"}


def counted(app, model=Consultation):
    """How many records there are."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def send(person, line, to=URL, **more):
    """Type a line and send it as the page would."""
    return person.submit(URL, to=to, line=line, **more)


def test_a_call_is_logged_with_one_line(app, anna):
    answer = send(anna, LINE)
    assert answer.status == 303
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        due = db.session.scalars(select(FollowUp)).one()
        assert (talk.held_on, talk.channel, talk.kind) == (
            today() - timedelta(days=1), Channel.PHONE, ConsultationKind.SINGLE,
        )  # fmt: skip
        assert (talk.places, talk.duration_minutes) == (["Cölbe"], 30)
        assert [one.name for one in talk.task_fields] == ["Bauhof"]
        assert [one.name for one in talk.staff] == ["Anna Adler"]
        assert (due.text, due.owner.name, due.consultation_id) == ("Satzung prüfen", "Anna Adler", talk.id)
        events = select(AuditEvent.name).order_by(AuditEvent.id)
        assert "consultation.logged" in list(db.session.scalars(events))
    page = anna.get(answer.location)
    assert "Festgehalten:" in page.main
    assert "Bauhof, Cölbe" in page.main
    assert f"Wiedervorlage am {due.due_on:%d.%m.%Y}: Satzung prüfen" in page.main


def test_the_line_stands_on_the_first_page(anna, rita):
    assert anna.get("/").soup.select_one("form.quick input[name=line]")
    assert not rita.get("/").soup.select_one("form.quick")


@pytest.mark.parametrize("to", [URL, f"{URL}/lesen", f"{URL}/formular"])
def test_who_only_reads_logs_nothing(app, rita, to):
    assert rita.post(to, line=LINE).status == 403
    assert counted(app) == 0


def test_reading_writes_nothing(app, anna):
    page = send(anna, LINE, to=f"{URL}/lesen")
    assert page.status == 200
    assert "Satzung prüfen" in page.main
    assert counted(app) == counted(app, FollowUp) == 0


def test_the_script_gets_the_piece_alone(anna):
    answer = anna.post(f"{URL}/lesen", line=LINE, headers={"X-Fragment": "1"})
    assert answer.soup.find("main") is None
    assert "Satzung prüfen" in answer.text


def test_an_unclear_line_asks_and_is_kept(app, anna):
    page = send(anna, "Tel. Homberg: Bauhof")
    assert page.status == 422
    assert counted(app) == 0
    assert page.fields()["line"] == ["Tel. Homberg: Bauhof"]
    choices = page.soup.select(".quick-asks button")
    assert [one.get_text(" ", strip=True).split(" (")[0] for one in choices[:2]] == [
        "Homberg",
        "Homberg",
    ]
    sent = page.fields() | {choices[1]["name"]: choices[1]["value"]}
    assert anna.post(URL, sent).status == 303
    with app.app_context():
        assert db.session.scalars(select(Consultation)).one().places == ["Homberg (Ohm)"]


def test_an_answer_travels_along_and_can_be_taken_back(anna):
    page = send(anna, "Tel. Homberg: Bauhof")
    name = page.soup.select_one(".quick-asks button")["name"]
    value = page.soup.select(".quick-asks button")[0]["value"]
    read = anna.post(f"{URL}/lesen", page.fields() | {name: value})
    assert read.soup.select_one(f"input[type=hidden][name={name}]")["value"] == value
    again = anna.post(f"{URL}/lesen", read.fields() | {"ohne": name.removeprefix("meint-")})
    assert again.soup.select_one(".quick-asks")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "Schreiben Sie, was war: Tag, Weg, Kommune: Thema."),
        ("gestern Tel.", "Welche Kommune war es?"),
        ("x" * 2001, "2001"),
        ("Tel. C\x00ölbe: Bauhof", "Steuerzeichen"),
    ],
)
def test_bad_lines_are_refused_with_a_sentence(app, anna, line, said):
    page = send(anna, line)
    assert page.status == 422
    assert said in page.main
    assert counted(app) == 0


def test_a_file_in_place_of_the_line_is_refused(app, anna):
    from io import BytesIO

    page = anna.post(URL, {"line": (BytesIO(b"x"), "x.txt")})
    assert page.status in (400, 422)
    assert counted(app) == 0


def test_a_double_press_makes_one_talk(app, anna):
    fields = anna.get(URL).fields() | {"line": LINE}
    first, second = anna.post(URL, fields), anna.post(URL, fields)
    assert (first.status, second.status) == (303, 303)
    assert first.location == second.location
    assert counted(app) == 1


def test_a_twin_is_told_once(app, anna):
    send(anna, LINE)
    page = send(anna, LINE)
    assert page.status == 422
    assert "schon eine Beratung" in page.main
    assert anna.post(URL, page.fields()).status == 303
    assert counted(app) == 2


def test_what_was_planned_for_that_day_is_told_whatever_the_channel(app, anna):
    with app.app_context():
        talk = factories.talk("Cölbe", "Lahntal")
        talk.state, number = ConsultationState.PLANNED, talk.id
        db.session.commit()
    page = send(anna, "heute Tel. Cölbe: Bauhof")
    assert page.status == 422
    assert "schon eine Beratung" in page.main
    assert page.soup.select_one(f"button[formaction='{URL}/geplant/{number}']")
    assert counted(app) == 1
    assert anna.post(URL, page.fields()).status == 303
    assert counted(app) == 2


def came_in(app):
    """Anna, who has just signed in."""
    client = CarefulClient(app)
    client.come_in("anna@kikz.test")
    return client


def test_a_plan_for_later_today_is_no_twin_of_what_was_just_said(app):
    noon = datetime.combine(today() + timedelta(days=1), time(14), BERLIN)
    with time_machine.travel(noon):
        with app.app_context():
            talk = factories.talk("Cölbe", "Lahntal", starts_at=time(16, 45), channel=Channel.VIDEO)
            talk.state = ConsultationState.PLANNED
            db.session.commit()
        anna = came_in(app)
        fields = anna.get(URL).fields() | {"line": "Tel. Cölbe: Bauhof"}
        assert "Für diesen Tag geplant" not in anna.post(f"{URL}/lesen", fields, headers=READ).html
        assert send(anna, "Tel. Cölbe: Bauhof").status == 303
        later = send(anna, "heute 17 Uhr Video Cölbe: Bauhof")
        assert later.status == 422
        assert "Video, 16:45 Uhr, geplant" in later.main
    with time_machine.travel(noon + timedelta(hours=3)):
        assert send(came_in(app), "Tel. Lahntal: Bauhof").status == 422
    assert counted(app) == 2


def test_the_warning_holds_for_its_twin_alone(app, anna):
    for line in (LINE, "gestern Tel. Lahntal: Kasse"):
        send(anna, line)
    told = send(anna, LINE).fields()
    assert anna.post(URL, told | {"line": "gestern Tel. Lahntal: Kasse"}).status == 422
    assert counted(app) == 2


def test_a_lost_session_keeps_the_line(app, anna):
    fields = anna.get(URL).fields() | {"line": LINE}
    anna.browser.delete_cookie("session")
    anna.browser.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    door = anna.post(URL, fields)
    assert door.status == 401
    assert counted(app) == 0
    assert door.soup.select_one("input[name=sealed]")["value"]


@pytest.mark.parametrize("to", [f"{URL}/lesen", f"{URL}/formular", PLANNED])
def test_a_lost_session_keeps_the_line_wherever_it_was_sent(app, anna, to):
    fields = anna.get(URL).fields() | {"line": LINE}
    anna.browser.delete_cookie(app.config["SESSION_COOKIE_NAME"])
    door = anna.post(to, fields)
    assert door.status == 401
    sealed = door.fields() | {"email": "anna@kikz.test", "password": factories.PASSWORD}
    back = anna.post("/anmelden", sealed)
    assert anna.get(back.location).fields()["line"] == [LINE]


def test_an_unreadable_line_does_not_open_an_empty_form(anna):
    assert send(anna, "x" * 2001, to=f"{URL}/formular").status == 422


def test_a_day_to_come_is_planned(app, anna):
    page = send(anna, "übermorgen 10 Uhr Video Cölbe: Kasse", follow=True)
    assert "Geplant:" in page.main


def test_a_rule_of_talks_speaks_here_too(app, anna):
    page = send(anna, "Einzelgespräch Cölbe, Lahntal: Bauhof")
    assert page.status == 422
    assert "Gruppengespräch" in page.main
    assert page.fields()["line"] == ["Einzelgespräch Cölbe, Lahntal: Bauhof"]


def test_a_confidential_line_is_hidden_from_others(app, anna, rita):
    send(anna, "Tel. Cölbe vertraulich: Fusion")
    assert "Cölbe" not in rita.get("/beratungen").main


def test_the_full_form_takes_over_what_was_read(app, anna):
    answer = send(anna, "gestern Tel. Cölbe, Homberg: Bauhof, 30 min, WV 31.12. prüfen", to=f"{URL}/formular")
    assert answer.status == 303
    fields = anna.get(answer.location).fields()
    assert fields["duration_minutes"] == ["30"]
    assert fields["follow_up_text"] == ["prüfen"]
    assert fields["channel"] == ["phone"]
    assert "Homberg" in fields["note"][0]
    with app.app_context():
        assert fields["organisations"] == [str(factories.place("Cölbe").id)]


def test_who_was_represented_or_excused_is_said_beside_the_name(app, anna):
    line = "gestern Runde Cölbe, Lahntal vertreten durch Frau Weber, Absage Ottrau: Bauhof, 60 min"
    page = send(anna, line)
    assert page.status == 303, page.errors() or page.main
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        assert {one.organisation_name: one.presence for one in talk.participations} == {
            "Cölbe": Presence.PRESENT, "Lahntal": Presence.REPRESENTED, "Ottrau": Presence.APOLOGISED,
        }  # fmt: skip
    page = anna.get(send(anna, line, to=f"{URL}/formular").location)
    chosen = page.soup.select("select[name$=-presence] option[selected]")
    assert [one["value"] for one in chosen] == ["present", "represented", "apologised"]
    stand_ins = [one["value"] for one in page.soup.select("input[name$=-represented_by]")]
    assert stand_ins == ["", "Frau Weber", ""]


def test_who_was_represented_by_nobody_is_asked_about(anna):
    page = send(anna, "Runde Cölbe, Lahntal vertreten: Bauhof")
    assert page.status == 422
    assert "Tragen Sie ein, wer Lahntal vertreten hat." in page.main


def test_a_call_to_say_one_cannot_come_is_a_talk_all_the_same(app, anna):
    assert send(anna, "Tel. Cölbe abgesagt: Bauhof, 5 min").status == 303
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        assert [one.presence for one in talk.participations] == [Presence.PRESENT]
        assert "Cölbe abgesagt" in talk.note


def test_a_group_brings_its_partners(app, anna):
    with app.app_context():
        factories.cooperation("Cölbe", "Lahntal", title="Bauhof Nord")
        db.session.commit()
    send(anna, "#Bauhof Nord: Tel., 30 min")
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        assert (talk.cooperation.title, talk.places) == ("Bauhof Nord", ["Cölbe", "Lahntal"])


def test_a_talk_of_others_cannot_be_looked_at_by_its_number(app, anna):
    assert anna.get(f"{URL}/999").status == 404


def test_the_command_shows_how_a_line_is_read(app):
    told = app.test_cli_runner().invoke(
        args=["quicklog", "Di 24.11. Tel. Homberg: Bauhof", "--json", "--on", "2026-11-24"]
    )
    assert told.exit_code == 0, told.output
    found = json.loads(told.output)
    assert found["clear"] is False
    assert {one["part"]: one["shown"] for one in found["parts"]} == {
        "day": "Di, 24.11.2026", "channel": "Telefon", "task-field": "Bauhof",
    }  # fmt: skip
    assert [one["shown"] for one in found["questions"][0]["choices"]] == [
        "Homberg (Efze)",
        "Homberg (Ohm)",
        "Homberg",
    ]
    assert counted(app) == 0


def test_the_command_says_it_in_words_and_refuses_what_is_no_day(app):
    run = app.test_cli_runner().invoke
    assert "Weg: Telefon (angenommen)" in run(args=["quicklog", "Cölbe: Bauhof"]).output
    assert run(args=["quicklog", "Cölbe", "--on", "24.11."]).exit_code == 2
    assert run(args=["quicklog", "Cölbe", "--by", "niemand@kikz.test"]).exit_code == 2
