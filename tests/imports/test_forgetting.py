"""Texts about people do not live on in the journal of imports: marks, and old texts for a time only."""

import json
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.db import db, now
from crm.imports import forgetting, services
from crm.imports.models import ImportedRecord
from tests import factories
from tests.imports.people import test_people as of_people
from tests.imports.talks.old_lists import CALL, counts, old_list, one, plan, take
from tests.imports.test_screen import PAGE
from tests.retention.running import forget

NEWER = (*CALL[:5], "1 h", "Interesse vorhanden", "", "")


def journal():
    """Everything that runs keep of records, as text."""
    found = db.session.scalars(select(ImportedRecord).order_by(ImportedRecord.id))
    return json.dumps([[line.before, line.after] for line in found], ensure_ascii=False)


def talk():
    """The talk there is."""
    return db.session.scalars(select(Consultation)).one()


def changed_person():
    """Let a newer list change somebody; give the run."""
    of_people.take(of_people.RUPP)
    newer = (*of_people.RUPP[:6], "0170 999999", *of_people.RUPP[7:])
    found, run = of_people.take(newer)
    assert counts(found) == {"changed": 1}
    return run


def phone():
    """The number of the person there is."""
    return db.session.scalars(select(Person)).one().phone


def days_later(days):
    """Travel to some days after now."""
    return time_machine.travel(now() + timedelta(days=days))


def test_the_text_of_a_follow_up_stands_in_the_run_as_a_mark_only(context):
    name = factories.member("anna").name
    take(old_list((*CALL[:6], "Frau Marker will es prüfen", "1.12.2099", name)))
    assert "Marker" not in journal()
    assert "2099-12-01" in journal()


def test_what_is_doubtful_is_kept_without_the_words_of_the_row(context):
    cells = {
        "Dauer": "ca. ne Stunde mit Frau Marker-Petersen", "Teilnehmer": "BM Marker",
        "WV": "nach Anruf Marker", "Kooperation": "Streit um Marker-Sache", "Thema": "Marker-Thema",
        "Bearb_": "Marker-Kürzel",
    }  # fmt: skip
    found, _run = take(one(**cells))
    kept = db.session.scalars(select(ImportedRecord)).one()
    assert len(kept.after["_doubts"]) == len(found.doubts) >= 4
    assert "Zeile 2, Spalte „Thema“: ist kein Aufgabenfeld" in str(kept.after["_doubts"])
    assert "Marker" not in journal()
    assert any("Marker" in doubt.text for doubt in found.doubts)


def test_old_texts_are_kept_to_be_set_back_and_then_go(context):
    take(old_list(CALL))
    _found, run = take(old_list(NEWER))
    assert "Protokoll folgt" in journal()
    services.undo(run, None)
    assert talk().agreements == "Protokoll folgt"
    assert "Protokoll" not in journal()
    assert "Bgm." not in journal()


@pytest.mark.parametrize(("days", "gone"), [(89, False), (91, True)])
def test_old_texts_go_after_ninety_days(context, days, gone):
    take(old_list(CALL))
    _found, run = take(old_list(NEWER))
    db.session.commit()
    assert forgetting.is_forgotten(run) is False
    with days_later(days):
        assert forget("imports") == gone
        assert forget("imports") == 0
        assert ("Protokoll folgt" in journal()) is not gone
        assert forgetting.is_forgotten(run) is gone
        assert counts(plan(old_list(NEWER))) == {"unchanged": 1}
        done = services.undo(run, None)
    assert (len(done.reset), len(done.left)) == ((0, 1) if gone else (1, 0))
    assert talk().agreements == ("Interesse vorhanden" if gone else "Protokoll folgt")
    assert talk().duration_minutes == (60 if gone else 30)


def test_what_a_run_changed_without_texts_can_be_taken_back_for_ever(context):
    take(one(Aktenzeichen="A 1"))
    _found, run = take(one(Aktenzeichen="A 2"))
    db.session.commit()
    with days_later(400):
        assert forget("imports") == 0
        assert len(services.undo(run, None).reset) == 1
    assert talk().file_reference == "A 1"


@pytest.mark.parametrize(("days", "gone"), [(89, False), (91, True)])
def test_of_people_too(context, days, gone):
    run = changed_person()
    assert "0170 123456" in journal()
    db.session.commit()
    with days_later(days):
        assert forget("imports") == gone
        assert ("0170 123456" in journal()) is not gone
        services.undo(run, None)
    assert phone() == ("0170 999999" if gone else "0170 123456")
    assert "0170" not in journal()


def test_whoever_takes_back_is_told_what_stays(app, mara):
    with app.app_context():
        changed_person()
        db.session.commit()
    said = "Die alten Texte dessen, was er geändert hat, wurden nach 90 Tagen gelöscht."
    assert said not in mara.get(f"{PAGE}/2/zuruecknehmen").main
    with app.app_context(), days_later(91):
        assert forget("imports") == 1
        db.session.commit()
    # Her session is long over by then.
    mara.sign_in("mara@kikz.test")
    page = mara.get(f"{PAGE}/2/zuruecknehmen")
    assert said in page.main
    done = mara.post(f"{PAGE}/2/zuruecknehmen", page.fields(), follow=True)
    assert "0 zurückgesetzt, 1 stehen gelassen" in done.main
