"""Lists of events: how exactly a time is known, where it was, with whom, twice, and back."""

import json

import pytest
from sqlalchemy import select

from crm.db import db
from crm.events.models import Entrance, Event, EventKind, EventState, Precision
from crm.imports import services
from crm.imports.kinds import EVENTS
from crm.imports.models import ImportRun
from tests import factories
from tests.imports.lists import written

HEAD = (
    "Kennung", "Titel", "Datum", "Genauigkeit", "Datum laut Quelle", "Ort", "AGS", "AGS des Landkreises",
    "Veranstaltungsort", "Art", "Veranstalter", "Zentrum beteiligt", "Thema", "Teilnehmende", "Quelle",
    "Genauigkeit der Quelle", "Bemerkung",
)  # fmt: skip


def row(**cells):
    """A row with cells by heading; what is not said stays empty."""
    cells = {"Titel": "Fachtagung Bauhof", "Kennung": "1"} | cells
    assert set(cells) <= set(HEAD), cells
    return tuple(cells.get(name, "") for name in HEAD)


def plan(*rows, choices=None):
    """Compare a list with what is stored."""
    table = services.table_of(written(*rows, head=HEAD), "liste.csv")
    columns, problems = services.mapping_of(table, None, EVENTS)
    assert not problems, problems
    return services.plan_of(table, columns, choices, EVENTS)


def take(*rows, by="mara", choices=None):
    """Take a list over; give the plan and the run."""
    found = plan(*rows, choices=choices)
    return found, services.take_over(found, "liste.csv", factories.member(by), EVENTS)


def counts(found):
    """The counts that are not zero, without the rows."""
    return {key: value for key, value in found.summary.as_json().items() if value and key != "rows"}


def one():
    """The only event."""
    return db.session.scalars(select(Event)).one()


def said(found):
    """All doubts and errors in one text."""
    return " ".join(finding.text for finding in (*found.doubts, *found.errors))


WHEN = [
    ("2014-09-10", "", Precision.DAY, "10.09.2014"),
    ("10.9.2014", "day", Precision.DAY, "10.09.2014"),
    ("2014-12", "month", Precision.MONTH, "01.12.2014"),
    ("Dezember 2014", "", Precision.MONTH, "01.12.2014"),
    ("2018", "year", Precision.YEAR, "01.01.2018"),
    ("10.09.2014", "month", Precision.MONTH, "01.09.2014"),
    ("10.09.2014", "Jahr", Precision.YEAR, "01.01.2014"),
    ("", "unknown", Precision.UNKNOWN, None),
    ("10.09.2014", "unknown", Precision.UNKNOWN, None),
    ("", "", Precision.UNKNOWN, None),
]


@pytest.mark.parametrize(("date", "precision", "kept", "day"), WHEN)
def test_a_time_is_kept_no_more_exactly_than_it_is_known(context, date, precision, kept, day):
    take(row(Datum=date, Genauigkeit=precision))
    event = one()
    assert event.precision is kept
    assert (f"{event.day:%d.%m.%Y}" if event.day else None) == day


def test_a_precision_that_says_more_than_the_date_is_doubtful(context):
    found = plan(row(Datum="2018", Genauigkeit="day"))
    assert counts(found) == {"new": 1, "doubtful": 1}
    assert "es gilt das Datum" in said(found)
    assert "ist keine Genauigkeit" in said(plan(row(Datum="2018", Genauigkeit="ungefähr")))


@pytest.mark.parametrize("date", ["31.02.2014", "um 2018", "1899", "Herbst 2023"])
def test_a_date_that_is_none_leaves_the_row_out(context, date):
    found = plan(row(Datum=date))
    assert counts(found) == {"errors": 1}
    assert services.take_over(found, "liste.csv", None, EVENTS) is None


KINDS = [
    ("Kongress", EventKind.CONGRESS, False), ("Fachkongress", EventKind.CONGRESS, True),
    ("Fachtagung", EventKind.CONFERENCE, False), ("Seminar", EventKind.WORKSHOP, True),
    ("Bescheidübergabe", EventKind.HANDOVER, False), ("Vortrag", EventKind.LECTURE, False),
    ("", EventKind.INFORMATION, False),
]  # fmt: skip


@pytest.mark.parametrize(("word", "kind", "kept"), KINDS)
def test_kinds_are_read_and_another_word_is_kept(context, word, kind, kept):
    found, _run = take(row(Art=word))
    assert one().kind is kind
    assert (f"Art: {word}" in (one().note or "")) == kept
    assert not found.doubts


def test_an_unknown_kind_is_an_information_event_and_doubtful(context):
    found, _run = take(row(Art="Sommerfest"))
    assert (one().kind, "Art: Sommerfest" in one().note) == (EventKind.INFORMATION, True)
    assert "ist keine Art von Veranstaltung" in said(found)


PLACES = [
    ({"Ort": "Lahntal"}, "Lahntal", None),
    ({"Ort": "Buseck", "AGS": "06531003"}, "Buseck", None),
    ({"Ort": "Großen-Buseck", "AGS": "06531003"}, "Buseck", "Großen-Buseck"),
    ({"Ort": "Großen-Buseck", "AGS": "6531003", "Veranstaltungsort": "Kulturzentrum"}, "Buseck",
     "Kulturzentrum, Großen-Buseck"),
    ({"Ort": "Bromskirchen", "AGS": "06635005"}, "Bromskirchen", None),
    ({"Ort": "", "AGS des Landkreises": "06432"}, "Landkreis Darmstadt-Dieburg", None),
    ({"Veranstaltungsort": "ekom21"}, None, "ekom21"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "place", "venue"), PLACES, ids=lambda one: str(one))
def test_the_place_is_found_by_name_and_key(context, cells, place, venue):
    found, _run = take(row(**cells))
    event = one()
    assert (event.place.name if event.place else None, event.venue) == (place, venue)
    assert not found.doubts


WRONG_PLACES = [
    ({"Ort": "Cölbe", "AGS": "06531003"}, "ist nicht, was der Schlüssel sagt: Buseck."),
    ({"Ort": "Lahntal", "AGS": "06999999"}, "hat einen Schlüssel, der nicht im Verzeichnis steht"),
    ({"Ort": "Entenhausen"}, "steht nicht im Verzeichnis"),
]


@pytest.mark.parametrize(("cells", "doubt"), WRONG_PLACES, ids=lambda one: str(one))
def test_a_place_that_contradicts_its_key_is_left_open_and_its_name_kept(context, cells, doubt):
    found, _run = take(row(**cells))
    assert doubt in said(found)
    assert (one().place_id, one().venue) == (None, cells["Ort"])


def test_people_decide_which_place_is_meant_and_are_not_asked_again(context):
    cells = row(Ort="Cölbe", AGS="06531003")
    mark = plan(cells).lines[0].open[0].mark
    buseck = factories.place("Buseck").id
    take(cells, choices={mark: buseck})
    assert one().place_id == buseck
    again = plan(cells)
    assert counts(again).get("unchanged") == 1


def test_organisers_are_co_hosts_and_the_centre_is_not(context):
    names = (
        "Lahntal; Land Hessen; Kompetenzzentrum für Interkommunale Zusammenarbeit; Ministerium, Abteilung IV"
    )
    take(row(Veranstalter=names))
    assert [(one.name, one.organisation_id is None) for one in one().hosts] == [
        ("Lahntal", False), ("Land Hessen", True), ("Ministerium, Abteilung IV", True),
    ]  # fmt: skip


def test_topics_become_task_fields_and_the_rest_stands_in_the_note(context):
    take(row(Thema="Wasser/Abwasser; Gemeinsame Freude"))
    assert [field.name for field in one().task_fields] == ["Abwasser", "Wasser"]
    assert "Thema: Gemeinsame Freude" in one().note


def test_what_has_no_field_is_kept_in_the_note_and_guests_are_not_counted(context):
    cells = {
        "Datum": "2018", "Datum laut Quelle": "um 2018 (erschlossen)", "Teilnehmende": "mehr als 150",
        "Zentrum beteiligt": "unknown", "Quelle": "ikz-hessen.de", "Genauigkeit der Quelle": "site only",
        "Bemerkung": "Titel sinngemäß",
    }  # fmt: skip
    take(row(**cells))
    event = one()
    assert event.source == "ikz-hessen.de"
    for text in (
        "Titel sinngemäß",
        "um 2018 (erschlossen)",
        "mehr als 150",
        "nicht bekannt",
        "nur die Seite",
    ):
        assert text in event.note
    assert (event.capacity, event.state, event.entrance) == (None, EventState.HELD, Entrance.UNLISTED)


def test_what_lies_ahead_is_planned(context):
    take(row(Datum="10.09.2099"))
    assert one().state is EventState.PLANNED


def test_a_list_taken_twice_changes_nothing(context):
    rows = row(), row(Kennung="2", Titel="Kongress", Datum="2018", Ort="Großen-Buseck", AGS="06531003")
    take(*rows)
    db.session.expire_all()
    found, run = take(*rows)
    assert (counts(found), run) == ({"unchanged": 2}, None)


def test_without_a_mark_title_and_time_tell_a_row(context):
    rows = row(Kennung="", Datum="2018"), row(Kennung="", Datum="2019")
    take(*rows)
    db.session.expire_all()
    assert counts(plan(*rows)) == {"unchanged": 2}


def test_the_same_mark_twice_is_an_error(context):
    assert counts(plan(row(), row(Titel="Andere"))) == {"errors": 2}
    assert counts(plan(row(), row())) == {"new": 1, "errors": 1}


def test_a_changed_row_changes_what_nobody_touched(context):
    take(row(Datum="2018"))
    event = one()
    event.venue = "Von Hand"
    db.session.flush()
    found, _run = take(row(Datum="10.09.2018", Veranstaltungsort="Halle", Titel="Neuer Titel"))
    assert (event.title, event.precision, event.venue) == ("Neuer Titel", Precision.DAY, "Von Hand")
    assert counts(found) == {"changed": 1, "doubtful": 1}
    assert "von Hand geändert" in said(found)
    assert counts(plan(row(Datum="10.09.2018", Veranstaltungsort="Halle", Titel="Neuer Titel"))).get(
        "unchanged"
    )


def test_a_run_is_taken_back(context):
    mara = factories.member("mara")
    _found, first = take(row(Datum="2018"))
    _found, second = take(row(Datum="10.09.2018"))
    services.undo(second, mara)
    assert one().precision is Precision.YEAR
    services.undo(first, mara)
    assert db.session.scalars(select(Event)).all() == []
    assert counts(plan(row(Datum="2018"))) == {"new": 1}


def test_an_event_with_guests_is_not_put_away_unasked(context):
    _found, run = take(row())
    factories.registration(one())
    assert services.worked_on(run) == ["Fachtagung Bauhof"]


def test_an_event_in_the_trash_stays_there(context):
    _found, _run = take(row())
    one().removed_at = one().created_at
    db.session.flush()
    db.session.expire_all()
    found = plan(row(Titel="Neu"))
    assert (counts(found).get("unchanged"), "ist entfernt" in said(found)) == (1, True)


HOSTILE = (
    "=1+1",
    "<script>alert(1)</script>",
    "a\x00b",
    "x" * 300,
    "\u202eabc",
    "Robert'); DROP TABLE events;--",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_breaks_the_import(context, text):
    for name in HEAD:
        found = plan(row(**{name: text}))
        assert found.summary.rows == 1
        assert found.digest(b"")


# The command and the screen.


@pytest.fixture
def run(app, tmp_path):
    """Run the command with a list; give its answer."""

    def command(content, *options):
        path = tmp_path / "liste.csv"
        path.write_bytes(content)
        return app.test_cli_runner().invoke(args=["events", "import", str(path), *options])

    return command


def test_the_command_counts_and_says_every_row(app, run):
    content = written(row(Ort="Entenhausen"), row(Kennung="2", Datum="quatsch"), head=HEAD)
    dry = run(content, "--dry-run", "--json")
    with app.app_context():
        assert db.session.scalars(select(Event)).all() == []
    said_dry, answer = json.loads(dry.stdout), json.loads(run(content, "--json").stdout)
    assert said_dry["new"] == answer["new"] == 1
    assert [answer[name] for name in ("rows", "doubtful", "errors")] == [2, 1, 1]
    first, second = answer["details"]
    assert (first["action"], first["event"], bool(first["doubts"])) == ("new", "Fachtagung Bauhof", True)
    assert (second["action"], bool(second["errors"])) == ("error", True)
    assert json.loads(run(content, "--json").stdout)["unchanged"] == 1


def test_a_run_is_taken_back_by_command(app, run):
    run(written(row(), head=HEAD))
    with app.app_context():
        number = db.session.scalars(select(ImportRun)).one().id
    answer = app.test_cli_runner().invoke(args=["events", "undo", str(number)])
    assert "1 entfernt" in answer.output
    again = app.test_cli_runner().invoke(args=["events", "undo", str(number)])
    assert again.exit_code == 1


def test_a_list_without_titles_is_refused(run):
    answer = run(b"Kennung;Datum\n1;2018\n", "--json")
    assert (answer.exit_code, json.loads(answer.stdout)["errors"]) == (1, 1)


def upload(client, content, art="events"):
    """Send a list to the screen."""
    import io

    fields = client.get("/importe").fields() | {"art": art, "file": (io.BytesIO(content), "liste.csv")}
    return client.post("/importe", fields, follow=True)


def test_the_screen_shows_what_would_happen_takes_it_over_and_back(app, mara):
    content = written(
        row(Datum="2018", Ort="Cölbe", AGS="06531003"), row(Kennung="2", Titel="Kongress"), head=HEAD
    )
    page = upload(mara, content)
    for text in ("Kongress", "ohne Datum", "2018", "Wer ist gemeint?", "Buseck"):
        assert text in page.main, page.main
    fields = page.fields()
    select_name = next(name for name in fields if name.startswith("ort-"))
    with app.app_context():
        buseck = str(factories.place("Buseck").id)
    done = mara.post("/importe/pruefung?art=events", fields | {select_name: buseck}, follow=True)
    for text in ("2 neu", "Fachtagung Bauhof", "Veranstaltungen"):
        assert text in done.main, done.main
    with app.app_context():
        event = db.session.scalars(select(Event).where(Event.title == "Fachtagung Bauhof")).one()
        assert event.place.name == "Buseck"
        assert "Durch Import übernommen" in mara.get(f"/veranstaltungen/{event.id}/aenderungen").main
        number = db.session.scalars(select(ImportRun)).one().id
    back = mara.submit(f"/importe/{number}/zuruecknehmen", follow=True)
    assert back.main.count("entfernt") == 3


def test_a_list_of_events_and_one_of_cooperations_wait_apart(mara):
    upload(mara, written(row(), head=HEAD))
    assert "Fachtagung Bauhof" in mara.get("/importe/pruefung?art=events").main
    assert mara.get("/importe/pruefung").status == 303


def test_columns_of_another_list_are_given_a_meaning_by_hand(mara):
    content = b"Nummer;Worum es ging;Wann\n1;Fachtagung;2018\n"
    page = upload(mara, content)
    assert page.status == 422
    shown = mara.get("/importe/pruefung?art=events&spalte-1=title&spalte-2=date").main
    for text in ("Fachtagung", "2018"):
        assert text in shown
