"""People taken over from lists: read, asked about, filled in, twice, and the way back. All are invented."""

import io
import json
from datetime import date

import pytest
from sqlalchemy import select

from crm.audit import history_of
from crm.contacts.models import FunctionRole, Person
from crm.db import db
from crm.imports import answers, services
from crm.imports.kinds import PEOPLE
from crm.imports.models import ImportedRecord
from crm.imports.questions import About
from crm.imports.runs import WorkedOn
from tests import factories
from tests.imports.lists import written

HEAD = (
    "Anrede/Titel",
    "Vorname",
    "Nachname",
    "Funktion",
    "Kommune",
    "Telefon",
    "Mobil",
    "E-Mail",
    "von",
    "bis",
)
RUPP = (
    "Frau Dr.", "Ilse", "Rupp", "Büroleitung", "Cölbe", "06421 9850-0", "0170 123456", "i.rupp@coelbe.test",
    "1.5.2020", "",
)  # fmt: skip
VOSS = ("Herr", "Karl", "Voß", "Kämmerer", "Lich", "", "", "voss@lich.test", "", "")


def plan(content, choices=None):
    """Compare a list with who is known."""
    table = services.table_of(content, "leute.csv")
    columns, problems = services.mapping_of(table, None, PEOPLE)
    assert not problems, problems
    return services.plan_of(table, columns, choices, PEOPLE)


def take(*rows, head=HEAD):
    """Take a list over; give the plan and the run."""
    found = plan(written(*rows, head=head))
    return found, services.take_over(found, "leute.csv", None, PEOPLE)


def decide(found, answer):
    """Answer every open question about people in the same way."""
    marks = {one.mark for line in found.lines for one in line.questions if one.about is About.PERSON}
    answers.keep("people", dict.fromkeys(marks, answer), None)


def counts(found):
    """The counts that are not zero, without the rows."""
    return {key: value for key, value in found.summary.as_json().items() if value and key != "rows"}


def people():
    """All people that are not in the trash, by last name."""
    return {one.last_name: one for one in db.session.scalars(select(Person))}


def test_a_row_becomes_a_person_with_a_dated_function(context):
    found, _run = take(RUPP, VOSS)
    rupp, voss = people()["Rupp"], people()["Voß"]
    assert counts(found) == {"new": 2}
    assert (rupp.name, rupp.phone, rupp.email) == ("Dr. Ilse Rupp", "0170 123456", None)
    held = rupp.functions[0]
    assert (held.organisation.name, held.title, held.role) == (
        "Cölbe",
        "Büroleitung",
        FunctionRole.OFFICE_MANAGER,
    )
    assert (held.email, held.phone, held.valid_from) == (
        "i.rupp@coelbe.test",
        "06421 9850-0",
        date(2020, 5, 1),
    )
    assert (voss.academic_title, voss.functions[0].role, voss.functions[0].is_head) == (
        None, FunctionRole.FINANCE, False,
    )  # fmt: skip
    assert history_of(rupp)[0].name == "import.taken-over"


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Frau Dr. Petra von der Au", "Dr. Petra von der Au"), ("Rupp, Ilse", "Ilse Rupp"),
        ("Herr Voß", "Voß"), ("Hr. Karl Voß", "Karl Voß"), ("X", "X"),
        ("Prof. Dr. Anna Graf zu Höhe", "Prof. Dr. Anna Graf zu Höhe"),
    ],
)  # fmt: skip
def test_names_in_one_cell_are_taken_apart(context, cell, name):
    found = plan(written((cell,), head=("Name",)))
    assert (
        found.lines[0].entry.academic_title
        + " " * bool(found.lines[0].entry.academic_title)
        + (found.lines[0].entry.full)
        == name
    )


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("E-Mail", "a@b@c.de", "ist keine E-Mail"), ("E-Mail", "x@y.de;z@y.de", "ist keine E-Mail"),
        ("E-Mail", "Müller <m@x.de>", "ist keine E-Mail"), ("E-Mail", "a b@c.de", "ist keine E-Mail"),
        ("E-Mail", "a@@b.de", "ist keine E-Mail"), ("E-Mail", "x" * 310 + "@example.de", "ist keine E-Mail"),
        ("Telefon", "keine", "ist keine Telefonnummer"), ("Telefon", "1" * 40, "ist keine Telefonnummer"),
        ("Nachname", "", "der Name fehlt"), ("bis", "1.1.2010", "vor dem ersten Tag"),
    ],
)  # fmt: skip
def test_what_is_wrong_keeps_the_row_back(context, column, value, said):
    row = dict(zip(HEAD, RUPP, strict=True)) | {column: value}
    found = plan(written(tuple(row.values()), head=HEAD))
    assert counts(found) == {"errors": 1}
    assert said in str(found.errors)


@pytest.mark.parametrize("value", ["0049 (0)611-353", "+49611353 -0", "06421/98500", "110"])
def test_phones_stay_as_they_are_written(context, value):
    row = dict(zip(HEAD, RUPP, strict=True)) | {"Telefon": value}
    assert plan(written(tuple(row.values()), head=HEAD)).lines[0].state["function.phone"] == value


def test_an_address_with_an_umlaut_is_one(context):
    row = dict(zip(HEAD, RUPP, strict=True)) | {"E-Mail": "m@münchen.de"}
    assert counts(plan(written(tuple(row.values()), head=HEAD))) == {"new": 1}


def test_a_body_that_is_not_clear_waits(context):
    found = plan(written((*RUPP[:4], "Homberg", *RUPP[5:]), head=HEAD))
    assert counts(found) == {"doubtful": 1}
    assert [one.about for one in found.lines[0].questions] == [About.PLACE]


def test_twice_changes_nothing_and_a_newer_list_corrects(context):
    take(RUPP, VOSS)
    again, run = take(RUPP, VOSS)
    assert (counts(again), run) == ({"unchanged": 2}, None)
    newer, run = take((*RUPP[:3], "Hauptamtsleitung", *RUPP[4:]), VOSS)
    assert counts(newer) == {"changed": 1, "unchanged": 1}
    assert people()["Rupp"].functions[0].title == "Hauptamtsleitung"
    services.undo(run, None)
    assert people()["Rupp"].functions[0].title == "Büroleitung"


def test_what_people_changed_stays_theirs(context):
    take(RUPP)
    people()["Rupp"].phone = "0151 1"
    db.session.flush()
    newer, _run = take((*RUPP[:6], "0172 99", *RUPP[7:]))
    assert counts(newer) == {"unchanged": 1}
    assert people()["Rupp"].phone == "0151 1"


@pytest.mark.parametrize(
    ("mail", "at"),
    [
        ("I.Rupp@COELBE.test", "Wetter (Hessen)"),
        ("other@coelbe.test", "Cölbe"),
        ("other@wetter.test", "Lahntal"),
    ],
)
def test_somebody_who_may_be_known_is_asked(context, mail, at):
    factories.person("Rupp", "Ilse", at=at, email=mail)
    found, run = take(RUPP)
    assert (counts(found), run) == ({"doubtful": 1}, None)
    question = found.lines[0].questions[0]
    assert question.about is About.PERSON
    assert "Ilse Rupp" in question.text
    assert any(
        words.startswith("dieselbe: Ilse Rupp") and mail in words for _value, words in question.options
    )


def test_the_same_person_is_filled_in_and_never_overwritten(context):
    known = factories.person("Rupp", "Ilse", at="Cölbe")
    known.email, held = "privat@rupp.test", known.functions[0]
    held.phone, held.email, held.title = "06421 1", None, "Leitung"
    db.session.flush()
    found = plan(written(RUPP, head=HEAD))
    decide(found, str(known.id))
    filled, run = take(RUPP)
    assert counts(filled) == {"changed": 1}
    assert (known.email, known.phone, known.academic_title) == ("privat@rupp.test", "0170 123456", "Dr.")
    assert (held.phone, held.email, held.title) == ("06421 1", "i.rupp@coelbe.test", "Leitung")
    assert "bleibt, wie es gespeichert ist" in str(filled.doubts)
    assert counts(plan(written(RUPP, head=HEAD))) == {"unchanged": 1}
    done = services.undo(run, None)
    assert (done.removed, len(done.reset)) == ([], 1)
    assert (known.phone, known.academic_title, held.email) == (None, None, None)


def test_a_new_function_of_somebody_known_goes_when_the_run_is_taken_back(context):
    known = factories.person("Rupp", "Ilse", at="Lahntal")
    decide(plan(written(RUPP, head=HEAD)), str(known.id))
    _found, run = take(RUPP)
    assert sorted(one.organisation.name for one in known.functions) == ["Cölbe", "Lahntal"]
    services.undo(run, None)
    db.session.expire(known)
    assert [one.organisation.name for one in known.functions if one.removed_at is None] == ["Lahntal"]


def test_somebody_else_of_that_name_or_nobody(context):
    factories.person("Rupp", "Ilse", at="Cölbe")
    decide(plan(written(RUPP, head=HEAD)), "-")
    assert counts(plan(written(RUPP, head=HEAD))) == {"skipped": 1}
    answers.keep("people", dict.fromkeys(answers.answers_of("people"), "new"), None)
    found, _run = take(RUPP)
    assert counts(found) == {"new": 1}


def test_who_stands_in_the_list_twice_is_asked(context):
    found = plan(written(RUPP, (*RUPP[:4], "Lahntal", *RUPP[5:7], "rupp@lahntal.test", "", ""), head=HEAD))
    assert counts(found) == {"new": 1, "doubtful": 1}
    assert "steht auch in Zeile 2." in found.lines[1].reasons[0]


def test_who_is_known_with_all_of_it_is_not_asked(context):
    known = factories.person("Voß", "Karl", at="Lich", role=FunctionRole.FINANCE)
    known.functions[0].email, known.functions[0].title = "voss@lich.test", "Kämmerer"
    db.session.flush()
    assert counts(plan(written(VOSS, head=HEAD))) == {"unchanged": 1}


def test_people_do_not_live_on_in_the_run(context):
    take(RUPP)
    kept = str(db.session.scalars(select(ImportedRecord)).one().after)
    assert "Rupp" not in kept
    assert "coelbe" not in kept


def test_a_run_taken_back_lies_in_the_trash_and_who_was_worked_on_is_named(context):
    _found, run = take(RUPP, VOSS)
    factories.follow_up("Anrufen", person_id=people()["Rupp"].id)
    with pytest.raises(WorkedOn) as refused:
        services.undo(run, None)
    assert refused.value.names == ["Dr. Ilse Rupp"]
    done = services.undo(run, None, leave_worked_on=True)
    assert (done.removed, done.left) == (["Karl Voß"], ["Dr. Ilse Rupp"])
    assert list(people()) == ["Rupp"]


def test_a_list_without_names_says_so(context):
    table = services.table_of(written(("Lich",), head=("Kommune",)), "leute.csv")
    assert "Keine Spalte hat die Bedeutung „Nachname“" in services.mapping_of(table, None, PEOPLE)[1][0]


def test_the_command_speaks_as_the_others_do(app, tmp_path):
    path = tmp_path / "leute.csv"
    path.write_bytes(written(RUPP, VOSS, head=HEAD))
    run = app.test_cli_runner().invoke
    dry = run(args=["contacts", "import", str(path), "--dry-run", "--json"])
    said = json.loads(dry.stdout)
    assert (said["rows"], said["new"], [one["place"] for one in said["details"]]) == (2, 2, ["Cölbe", "Lich"])
    with app.app_context():
        assert people() == {}
    assert "2 neu" in run(args=["contacts", "import", str(path)]).stdout
    assert "2 unverändert" in run(args=["contacts", "import", str(path)]).stdout
    assert "2 entfernt" in run(args=["contacts", "undo", "1"]).stdout


def test_people_on_screen(app, mara):
    form = mara.get("/importe").fields()
    content = written(RUPP, (*VOSS[:4], "Homberg", *VOSS[5:]), head=HEAD)
    mara.post("/importe", form | {"art": "people", "file": (io.BytesIO(content), "leute.csv")})
    shown = mara.get("/importe/pruefung?art=people")
    assert "Neu 1" in shown.main
    assert "Dr. Ilse Rupp" in shown.main
    ask = mara.get("/importe/pruefung/fragen?art=people")
    name = ask.soup.select("input[name^=anders-place]")[0]["name"]
    mara.post("/importe/pruefung/fragen?art=people", ask.fields() | {name: "Homberg/Ohm"})
    shown = mara.get("/importe/pruefung?art=people")
    assert "Neu 2" in shown.main
    done = mara.post("/importe/pruefung?art=people", shown.fields(), follow=True)
    assert "Personen 2" in done.main
    assert "Karl Voß" in done.main
