"""Old talks taken over: what stands in them, what is asked, twice, newer lists, and the way back."""

from datetime import date

import pytest
from sqlalchemy import select

from crm.audit import history_of
from crm.consultations.models import Channel, Consultation, ConsultationKind, ConsultationState, Presence
from crm.consultations.services import remove, restore
from crm.db import db
from crm.follow_ups.models import FollowUp
from crm.imports import runs, services
from crm.imports.models import ImportedRecord
from crm.imports.questions import About
from crm.imports.runs import WorkedOn
from tests import factories
from tests.imports.talks.old_lists import CALL, HEAD, counts, decide, old_list, one, plan, take

pytestmark = pytest.mark.usefixtures("context")


def talks():
    """All talks that are not in the trash, the oldest first."""
    return list(db.session.scalars(select(Consultation).order_by(Consultation.held_on, Consultation.id)))


def test_a_row_becomes_a_talk_with_all_it_says():
    found, run = take(old_list(CALL))
    talk = talks()[0]
    assert counts(found) == {"new": 1}
    assert (talk.held_on, talk.kind, talk.channel) == (
        date(2012, 3, 8),
        ConsultationKind.GROUP,
        Channel.PHONE,
    )
    assert (talk.state, talk.created_by_id, talk.confidential) == (ConsultationState.HELD, None, False)
    assert [(one.organisation_name, one.presence, one.position) for one in talk.participations] == [
        ("Cölbe", Presence.PRESENT, 0), ("Lahntal", Presence.PRESENT, 1),
    ]  # fmt: skip
    assert [one.name for one in talk.task_fields] == ["Archiv"]
    assert (talk.duration_minutes, talk.agreements, talk.next_step) == (30, "Protokoll folgt", None)
    assert talk.note == (
        "Aus der übernommenen Liste:\n- Kommunen: Cölbe, Lahntal\n- Thema: Archiv\n- Teilnehmende: 2 Bgm.\n"
        "- Art: Tel.\n- Dauer: 30 min\n- Wiedervorlage: erl."
    )
    event = history_of(talk)[0]
    assert (event.name, event.changes) == (
        "import.taken-over",
        {"organisations": [None, ["Cölbe", "Lahntal"]]},
    )
    assert run.counts["new"] == 1


def test_texts_about_people_do_not_live_on_in_the_run():
    take(old_list(CALL))
    kept = db.session.scalars(select(ImportedRecord)).one()
    assert "Bgm." not in str(kept.after)
    assert "Protokoll" not in str(kept.after)


def test_further_columns_find_their_place():
    group = factories.cooperation("Cölbe", "Lahntal", title="Archivverbund")
    content = one(
        Ort="Rathaus", Vermerk="Gutes Gespräch", Aktenzeichen="IV 3", Kooperation="Archivverbund", Nr_="7"
    )
    found, _run = take(content)
    talk = talks()[0]
    assert (talk.place, talk.file_reference, talk.cooperation_id) == ("Rathaus", "IV 3", group.id)
    assert talk.note.startswith("Gutes Gespräch\n\nAus der übernommenen Liste:")
    assert group.talked_on == date(2012, 3, 8)
    assert found.lines[0].entry.identity == "id:7"
    assert "ist nicht der Titel" in str(plan(one(Kooperation="Unbekannt")).doubts)


def test_who_advised_is_known_by_name_or_asked_once():
    known, other = factories.member("anna"), factories.member("mara")
    content = old_list(
        (*CALL[:8], f"{known.name}/KH"), ("9.3.2012", "Tel.", "Lich", *[""] * 5, "kh"),
        ("10.3.2012", "Tel.", "Hungen", *[""] * 5, "KH. "),
    )  # fmt: skip
    found = plan(content)
    assert counts(found) == {"new": 3}
    assert len({one.mark for line in found.lines for one in line.questions}) == 1
    decide(found, About.STAFF, str(other.id))
    take(content)
    assert [sorted(one.name for one in talk.staff) for talk in talks()] == [
        sorted([known.name, other.name]), [other.name], [other.name],
    ]  # fmt: skip


def test_a_sign_that_is_nobody_stays_in_the_note():
    content = old_list((*CALL[:8], "KH"))
    decide(plan(content), About.STAFF, "-")
    found, _run = take(content)
    assert found.lines[0].questions == []
    assert talks()[0].note.endswith("- Beraten durch: KH")


def test_a_day_ahead_becomes_a_follow_up_of_who_advised():
    name = factories.member("anna").name
    take(old_list((*CALL[:7], "1.12.2099", name)))
    due = db.session.scalars(select(FollowUp)).one()
    assert (due.due_on, due.text, due.owner.name) == (date(2099, 12, 1), "Protokoll folgt", name)
    assert (due.consultation_id, due.about) == (talks()[0].id, "Cölbe, Lahntal")
    assert history_of(due)[0].name == "import.taken-over"


def test_without_somebody_of_the_house_it_stays_a_next_step():
    found, _run = take(old_list((*CALL[:7], "1.12.2099", "KH")))
    assert db.session.scalars(select(FollowUp)).all() == []
    assert talks()[0].next_step == "1.12.2099"
    assert "niemand aus dem Haus" in str(found.doubts)


@pytest.mark.parametrize(
    ("cells", "about"),
    [
        ({"Datum": "Feb. 2014"}, About.DAY), ({"Datum": ""}, About.DAY),
        ({"Datum": "Mi 8.3.2012"}, About.DAY),
        ({"Art": "VA"}, About.KIND), ({"Art": ""}, About.KIND), ({"Art": "Palaver"}, About.KIND),
        ({"Art": "Einzelgespräch", "Kommunen": "Cölbe, Lich"}, About.KIND),
        ({"Kommunen": "Krichheim"}, About.PLACE), ({"Kommunen": "?"}, About.PLACE),
        ({"Kommunen": "dto."}, About.PLACE), ({"Kommunen": "Homberg"}, About.PLACE),
    ],
)  # fmt: skip
def test_what_is_not_clear_waits(cells, about):
    found, run = take(one(Thema="Archiv", **cells))
    assert counts(found) == {"doubtful": 1}
    assert (run, talks()) == (None, [])
    assert [question.about for question in found.lines[0].questions] == [about]


def test_one_decision_holds_for_all_rows_with_that_spelling_and_for_the_next_list():
    rows = [(f"{day}.3.2012", "Tel.", "Homberg, Wabern", "", "", "", "", "", "") for day in (7, 8, 9)]
    place = str(factories.place("Homberg (Ohm)").id)
    found = plan(old_list(("1.3.2012", "Tel.", "Homberg", *[""] * 6), *rows))
    marks = decide(found, About.PLACE, place)
    assert len(marks) == 1
    again, _run = take(old_list(("1.3.2012", "Tel.", "Homberg", *[""] * 6), *rows))
    assert talks()[0].places == ["Homberg (Ohm)"]
    assert again.answered >= marks
    assert counts(plan(old_list(("1.1.2013", "Tel.", "HOMBERG", *[""] * 6)))) == {"new": 1}


def test_a_decision_may_be_that_nobody_is_meant_or_that_a_row_is_left_out():
    content = old_list(
        ("1.3.2012", "Tel.", "Cölbe, Knüllgruppe", *[""] * 6), ("Mai 2012", "Tel.", "Lich", *[""] * 6)
    )
    decide(plan(content), About.PLACE, "-")
    decide(plan(content), About.DAY, "-")
    found, _run = take(content)
    assert counts(found) == {"new": 1, "skipped": 1}
    assert [talk.places for talk in talks()] == [["Cölbe"]]
    assert "- Kommunen: Cölbe, Knüllgruppe" in talks()[0].note


def test_the_row_above_is_offered_and_never_taken():
    content = old_list(
        ("1.3.2012", "Tel.", "Cölbe, Lich", *[""] * 6), ("2.3.2012", "Tel.", "dto.", *[""] * 6)
    )
    question = plan(content).lines[1].questions[0]
    ids, words = question.options[0]
    assert words == "wie Zeile 2: Cölbe, Lich"
    decide(plan(content), About.PLACE, ids)
    take(content)
    assert [talk.places for talk in talks()] == [["Cölbe", "Lich"]] * 2


def test_all_of_a_county_is_a_question_with_that_answer():
    question = plan(one(Kommunen="alle Kommunen im Kreis Gießen")).lines[0].questions[0]
    words = dict(question.options)
    everybody = next(ids for ids, said in question.options if "alle 18 Kommunen" in said)
    assert "Landkreis Gießen" in words.values()
    decide(plan(one(Kommunen="alle Kommunen im Kreis Gießen")), About.PLACE, everybody)
    take(one(Kommunen="alle Kommunen im Kreis Gießen"))
    assert len(talks()[0].places) == 18


@pytest.mark.parametrize(
    ("day", "text", "name"),
    [
        ("31.12.2017", "Beerfelden", "Beerfelden"), ("1.1.2018", "Beerfelden", "Oberzent"),
        ("31.12.2019", "Wahlsburg", "Wahlsburg"), ("9.3.2021", "Wahlsburg", "Wesertal"),
        ("16.4.2024", "Bromskirchen", "Allendorf (Eder)"), ("1.1.2018", "Oberzent", "Oberzent"),
    ],
)  # fmt: skip
def test_names_mean_the_unit_of_the_day(day, text, name):
    found, _run = take(one(Datum=day, Kommunen=text))
    assert talks()[0].places == [name]
    assert bool(found.doubts) is (text != name)


def test_a_name_from_before_the_merger_is_asked():
    question = plan(one(Datum="1.6.2012", Kommunen="Oberzent")).lines[0].questions[0]
    assert [words.partition(" (")[0] for _ids, words in question.options] == [
        "Beerfelden", "Hesseneck", "Rothenberg", "Sensbachtal", "niemand: es bleibt im Vermerk",
    ]  # fmt: skip


def test_rows_that_are_no_talks_are_skipped_and_counted():
    content = old_list(
        ("2017", *[""] * 8), CALL, ("Summe 2017", "", "12", *[""] * 6),
        ("", "", "", "", "Gesamt", "3 h", "", "", ""),
        HEAD, CALL, ("", *[""] * 8), ("Ab hier neue Zählung", *[""] * 8),
    )  # fmt: skip
    found, _run = take(content)
    assert counts(found) == {"new": 1, "skipped": 7}
    assert [line.why_skipped for line in found.skipped] == [
        "eine Jahreszeile", "eine Summe", "eine Summe", "noch einmal die Kopfzeile",
        "steht Wort für Wort schon in Zeile 3", "leer", "eine Bemerkung",
    ]  # fmt: skip


def test_a_talk_that_is_there_already_is_not_taken_unless_somebody_says_so():
    factories.talk(
        "Cölbe", "Lahntal", kind=ConsultationKind.GROUP, channel=Channel.PHONE, held_on=date(2012, 3, 8)
    )
    found, run = take(old_list(CALL))
    assert (counts(found), run) == ({"doubtful": 1}, None)
    assert "gibt es schon" in found.lines[0].reasons[0]
    decide(found, About.DOUBLE, "-")
    assert counts(plan(old_list(CALL))) == {"skipped": 1}
    decide(found, About.DOUBLE, "take")
    take(old_list(CALL))
    assert len(talks()) == 2


def test_nobody_learns_of_a_confidential_talk_by_a_list():
    factories.talk(
        "Cölbe", "Lahntal", kind=ConsultationKind.GROUP, channel=Channel.PHONE, held_on=date(2012, 3, 8),
        confidential=True,
    )  # fmt: skip
    assert counts(plan(old_list(CALL))) == {"new": 1}


def test_two_rows_of_one_day_with_the_same_partners_are_asked():
    found = plan(old_list(CALL, (*CALL[:4], "IT", *CALL[5:])))
    assert counts(found) == {"new": 1, "doubtful": 1}
    assert "steht auch in Zeile 2" in found.lines[1].reasons[0]


def test_twice_changes_nothing_and_a_newer_list_corrects():
    take(old_list(CALL))
    again, run = take(old_list(CALL))
    assert (counts(again), run) == ({"unchanged": 1}, None)
    newer = (*CALL[:5], "1 h", "Interesse vorhanden", "", "")
    changed, run = take(old_list(newer))
    talk = talks()[0]
    assert counts(changed) == {"changed": 1}
    assert (talk.duration_minutes, talk.agreements) == (60, "Interesse vorhanden")
    assert history_of(talk)[0].changes["agreements"] == [None, None]
    done = services.undo(run, None)
    assert (done.removed, len(done.reset)) == ([], 1)
    assert (talk.duration_minutes, talk.agreements) == (30, "Protokoll folgt")


def test_what_people_changed_stays_theirs():
    take(old_list(CALL))
    talks()[0].agreements = "Von Hand"
    db.session.flush()
    changed, _run = take(old_list((*CALL[:5], "1 h", "Aus der Liste", "", "")))
    assert counts(changed) == {"changed": 1}
    assert (talks()[0].agreements, talks()[0].duration_minutes) == ("Von Hand", 60)
    assert "von Hand geändert" in str(changed.doubts)


def test_a_run_taken_back_lies_in_the_trash_with_its_follow_ups_and_comes_back():
    name = factories.member("anna").name
    _found, run = take(old_list((*CALL[:7], "1.12.2099", name), ("9.3.2012", "Tel.", "Lich", *[""] * 6)))
    made = talks()
    done = services.undo(run, factories.member("mara"))
    assert (len(done.removed), talks(), db.session.scalars(select(FollowUp)).all()) == (2, [], [])
    assert history_of(made[0])[0].name == "import.undone"
    assert history_of(made[0])[0].user_id == factories.member("mara").id
    restore(made[0], factories.member("anna"))
    assert len(db.session.scalars(select(FollowUp)).all()) == 1
    assert counts(plan(old_list(("9.3.2012", "Tel.", "Lich", *[""] * 6)))) == {"new": 1}


def test_talks_somebody_worked_on_are_named_and_may_stay():
    _found, run = take(old_list(CALL, ("9.3.2012", "Tel.", "Lich", *[""] * 6)))
    first = talks()[0]
    factories.talk("Cölbe", follows_id=first.id)
    with pytest.raises(WorkedOn) as refused:
        services.undo(run, None)
    assert refused.value.names == ["08.03.2012 Cölbe, Lahntal"]
    done = services.undo(run, None, leave_worked_on=True)
    assert (done.removed, done.left) == (["09.03.2012 Lich"], ["08.03.2012 Cölbe, Lahntal"])


def test_a_confidential_talk_is_named_by_its_number_only():
    _found, run = take(old_list(CALL))
    talks()[0].confidential = True
    factories.talk("Cölbe", follows_id=talks()[0].id)
    assert list(runs.worked_on(run, services.undoing.KINDS["talks"]).values()) == [
        f"Vertrauliche Beratung {talks()[0].id}"
    ]


def test_what_lies_in_the_trash_stays_there():
    _found, run = take(old_list(CALL))
    remove(talks()[0], factories.member("anna"))
    again, second = take(old_list((*CALL[:5], "1 h", "", "", "")))
    assert (counts(again), second) == ({"unchanged": 1}, None)
