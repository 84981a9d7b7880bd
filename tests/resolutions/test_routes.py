"""Resolutions on screen: planned, taken, corrected, and all coming sessions in one calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from crm.cooperations.kinds import Stage, Step
from crm.cooperations.models import Cooperation, Partner
from crm.db import db, today
from crm.organisations.models import Kind
from crm.resolutions import queries
from crm.resolutions.models import Body, Resolution, Result, called
from tests import factories

AHEAD, BEFORE = today() + timedelta(days=20), today() - timedelta(days=6)


@pytest.fixture
def group(app):
    """A group of a Gemeinde, a town and a county; its number and its partners by name."""
    with app.app_context():
        made = factories.cooperation("Lahntal", "Wetter (Hessen)", "Landkreis Marburg-Biedenkopf")
        db.session.commit()
        return made.id, {one.organisation_name: one.id for one in made.partners}


def typed(day):
    return f"{day:%d.%m.%Y}"


def plan(member, group_id, partner_id):
    """Plan a session on the page."""
    url = f"/kooperationen/{group_id}/beschluesse/neu?partner={partner_id}"
    assert member.submit(url, session_on=typed(AHEAD)).status == 303


def stored(app):
    """All resolutions as (day, result, votes), and the steps of the partners."""
    with app.app_context():
        found = [(one.session_on, one.result, one.votes) for one in db.session.scalars(select(Resolution))]
        steps = {one.organisation_name: one.step for one in db.session.scalars(select(Partner))}
        return found, steps


@pytest.mark.parametrize(
    ("kind", "council", "board"),
    [
        (Kind.GEMEINDE, "Gemeindevertretung", "Gemeindevorstand"),
        (Kind.TOWN, "Stadtverordnetenversammlung", "Magistrat"),
        (Kind.SPECIAL_STATUS, "Stadtverordnetenversammlung", "Magistrat"),
        (Kind.COUNTY_FREE, "Stadtverordnetenversammlung", "Magistrat"),
        (Kind.COUNTY, "Kreistag", "Kreisausschuss"),
        (Kind.ZWECKVERBAND, "Vertretung", "Verwaltungsvorstand"),
    ],
)
def test_a_body_is_called_as_the_law_calls_it(context, kind, council, board):
    assert (str(called(Body.COUNCIL, kind)), str(called(Body.BOARD, kind))) == (council, board)


@pytest.mark.parametrize("several", [False, True])
def test_whoever_reports_a_resolution_is_led_to_session_and_votes(anna, group, several):
    number, partners = group
    one = partners["Lahntal"]
    page = anna.get(
        f"/kooperationen/{number}/stand/resolved" if several
        else f"/kooperationen/{number}/partner/{one}/stand/resolved"
    )  # fmt: skip
    target = f"/kooperationen/{number}/beschluesse/neu" + ("" if several else f"?partner={one}")
    assert page.soup.select_one(f"p > a[href='{target}']")
    assert anna.get(target).status == 200


def test_a_session_is_planned_and_its_result_entered_later(app, anna, group):
    number, partners = group
    url = f"/kooperationen/{number}/beschluesse/neu?partner={partners['Lahntal']}"
    page = anna.submit(url, session_on=typed(AHEAD), paper_number="41/2026", follow=True)
    assert f"Geplant: Lahntal entscheidet am {typed(AHEAD)}." in page.main.replace("Di, ", "")
    assert "Lahntal Gemeindevertretung" in page.main
    assert stored(app)[0] == [(AHEAD, None, "")]
    assert stored(app)[1]["Lahntal"] is Step.CANDIDATE
    edit = page.soup.select_one("a[href*='/beschluesse/1']")["href"]
    fields = {"session_on": typed(BEFORE), "result": "adopted", "votes_for": "11", "votes_against": "3"}
    anna.submit(edit, **fields, follow=True)
    assert stored(app)[0] == [(BEFORE, Result.ADOPTED, "11:3:0")]
    assert stored(app)[1]["Lahntal"] is Step.RESOLVED
    history = anna.get(f"/kooperationen/{number}/aenderungen").main
    assert "Beschluss geändert" in history
    assert "angenommen" in history


def test_a_session_that_still_lacks_its_result_is_named_beside_a_new_resolution(anna, group):
    number, partners = group
    url = f"/kooperationen/{number}/beschluesse/neu?partner={partners['Lahntal']}"
    anna.submit(url, session_on=typed(BEFORE))
    fields = {"session_on": typed(BEFORE), "result": "adopted", "votes_for": "17", "votes_against": "3"}
    shown = anna.submit(url, **fields, follow=True)
    assert "Beschluss gespeichert. Bei Lahntal steht noch die Sitzung am" in shown.main
    other = f"/kooperationen/{number}/beschluesse/neu?partner={partners['Wetter (Hessen)']}"
    assert "steht noch die Sitzung" not in anna.submit(other, **fields, follow=True).main


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"partner_id": ""}, "Wählen Sie den Partner."),
        ({"session_on": "31.02.2026"}, "Dieses Datum gibt es nicht"),
        ({"session_on": typed(AHEAD), "result": "adopted"}, "Die Sitzung liegt noch vor uns"),
        ({"result": "adopted"}, "Tragen Sie den Tag der Sitzung ein."),
        ({"votes_for": "-1"}, "zwischen 0 und 999"),
        ({"votes_for": "elf"}, "keine Zahl"),
        ({"votes_for": "1000"}, "zwischen 0 und 999"),
        (
            {"session_on": typed(BEFORE), "result": "adopted", "votes_for": "0", "votes_against": "9"},
            "Niemand",
        ),
        ({"link": "javascript:alert(1)"}, "www.example.de"),
        ({"paper_number": "x" * 61}, "60 Zeichen"),
        ({"result": "einstimmig"}, "Ungültige Auswahl"),
    ],
)
def test_a_wrong_resolution_says_why_and_keeps_the_rest(app, anna, group, fields, message):
    number, partners = group
    url = f"/kooperationen/{number}/beschluesse/neu?partner={partners['Lahntal']}"
    page = anna.submit(url, **({"note": "Satz"} | fields))
    assert page.status == 422
    assert any(message in one for one in page.errors()), page.errors()
    assert page.fields()["note"] == ["Satz"]
    assert stored(app)[0] == []


def test_a_board_decides_nothing_for_the_council(app, anna, group):
    number, partners = group
    url = f"/kooperationen/{number}/beschluesse/neu?partner={partners['Wetter (Hessen)']}"
    page = anna.submit(url, body="executive-board", session_on=typed(BEFORE), result="adopted", follow=True)
    assert "Wetter (Hessen) Magistrat" in page.main
    assert stored(app)[1]["Wetter (Hessen)"] is Step.CANDIDATE


def test_after_a_basic_resolution_the_contract_is_preset(app, anna, group):
    number, partners = group
    with app.app_context():
        made = db.session.get(Partner, partners["Lahntal"])
        factories.resolution(made.cooperation, "Lahntal", -6, result=Result.ADOPTED)
        db.session.commit()
    url = f"/kooperationen/{number}/beschluesse/neu?partner="
    assert anna.get(url + str(partners["Lahntal"])).fields()["kind"] == ["final"]
    assert anna.get(url + str(partners["Wetter (Hessen)"])).fields()["kind"] == ["basic"]


def test_the_second_of_two_editors_is_told(app, anna, bert, group):
    number, partners = group
    anna.submit(
        f"/kooperationen/{number}/beschluesse/neu?partner={partners['Lahntal']}", session_on=typed(AHEAD)
    )
    url = f"/kooperationen/{number}/beschluesse/1"
    opened = bert.get(url).fields()
    anna.submit(url, paper_number="41/2026")
    page = bert.post(url, opened | {"paper_number": "42/2026"})
    assert page.status == 409
    assert "41/2026" in page.main
    assert "42/2026" in page.main


def test_sent_twice_is_one_resolution(app, anna, group):
    number, partners = group
    url = f"/kooperationen/{number}/beschluesse/neu?partner={partners['Lahntal']}"
    fields = anna.get(url).fields() | {"session_on": typed(AHEAD)}
    assert anna.post(url, fields).location == anna.post(url, fields).location
    assert len(stored(app)[0]) == 1


def test_a_mistaken_resolution_goes_after_a_question(app, anna, group):
    number, partners = group
    url = f"/kooperationen/{number}/beschluesse/neu?partner={partners['Lahntal']}"
    anna.submit(url, session_on=typed(BEFORE), result="adopted")
    question = anna.get(f"/kooperationen/{number}/beschluesse/1/entfernen")
    assert "angenommen" in question.main
    stale = question.fields() | {"version": "99"}
    page = anna.post(f"/kooperationen/{number}/beschluesse/1/entfernen", stale)
    assert "inzwischen geändert" in page.main
    assert len(stored(app)[0]) == 1
    anna.submit(f"/kooperationen/{number}/beschluesse/1/entfernen")
    found, steps = stored(app)
    assert (found, steps["Lahntal"]) == ([], Step.CANDIDATE)
    assert "Irrtümlicher Beschluss entfernt" in anna.get(f"/kooperationen/{number}/aenderungen").main


def test_a_resolution_of_another_group_is_not_found_here(app, anna, group):
    number, partners = group
    anna.submit(
        f"/kooperationen/{number}/beschluesse/neu?partner={partners['Lahntal']}", session_on=typed(AHEAD)
    )
    with app.app_context():
        other = factories.cooperation(title="Zwei").id
        db.session.commit()
    assert anna.get(f"/kooperationen/{other}/beschluesse/1").status == 404


def test_the_calendar_shows_sessions_over_all_groups(app, anna, rita, group):
    with app.app_context():
        other = factories.cooperation("Kirchhain", "Amöneburg", title="Archivverbund")
        mine = db.session.scalars(select(Partner).order_by(Partner.id)).first().cooperation
        factories.resolution(mine, "Lahntal", 20, paper_number="41/2026")
        factories.resolution(other, "Kirchhain", 50)
        factories.resolution(other, "Amöneburg", -3)
        factories.resolution(mine, "Wetter (Hessen)", -5, result=Result.ADOPTED)
        db.session.commit()
    page = anna.get("/kooperationen/sitzungen")
    sections = [one.get_text(" ", strip=True) for one in page.soup.select("main section")]
    assert "Amöneburg" in sections[0]
    assert "Wie wurde entschieden?" in sections[0]
    assert "Lahntal, Gemeindevertretung" in page.main
    assert page.main.index("41/2026") < page.main.index("Kirchhain, Stadtverordnetenversammlung")
    assert "Wetter (Hessen)" in sections[-1]
    assert rita.get("/kooperationen/sitzungen").status == 200
    assert "/beschluesse/" not in rita.get("/kooperationen/sitzungen").html


def test_sessions_of_a_removed_group_are_not_in_the_calendar(app, anna, group):
    number, partners = group
    anna.submit(
        f"/kooperationen/{number}/beschluesse/neu?partner={partners['Lahntal']}", session_on=typed(AHEAD)
    )
    anna.post(f"/kooperationen/{number}/entfernen")
    assert "Keine Sitzung geplant" in anna.get("/kooperationen/sitzungen").main


@pytest.mark.parametrize("halt", [Stage.ENDED, Stage.ABANDONED])
def test_nobody_asks_how_a_group_that_is_over_decided(app, anna, group, halt):
    with app.app_context():
        mine = db.session.get(Cooperation, group[0])
        factories.resolution(mine, "Lahntal", -3)
        factories.resolution(mine, "Wetter (Hessen)", 4)
        db.session.commit()
    pages = ("/", "/kooperationen/sitzungen")
    assert all("Lahntal, Gemeindevertretung" in anna.get(url).main for url in pages)
    with app.app_context():
        mine = db.session.get(Cooperation, group[0])
        mine.halt, mine.halted_on, mine.halt_reason = halt, today(), "Kein Geld"
        db.session.commit()
    assert not any("Lahntal, Gemeindevertretung" in anna.get(url).main for url in pages)
    assert not any("Wetter (Hessen), Stadt" in anna.get(url).main for url in pages)
    with app.app_context():
        db.session.get(Cooperation, group[0]).halt = Stage.PAUSED
        db.session.commit()
    assert all("Lahntal, Gemeindevertretung" in anna.get(url).main for url in pages), "it may go on"


def test_a_resolution_noted_after_midnight_is_known_from_the_day_of_here(app, group):
    with app.app_context():
        made = factories.resolution(db.session.get(Cooperation, group[0]), "Lahntal", session_on=None)
        made.created_at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
        db.session.commit()
        assert queries.first_known(group[0]) == date(2026, 3, 2)
