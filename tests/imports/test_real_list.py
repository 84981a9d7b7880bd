"""The real list of cooperations: all of it in, nobody silently wrong, and pages a colleague can take over."""

import csv
import io
from datetime import date

import pytest
from sqlalchemy import select

from crm.cooperations.kinds import LegalForm, PartnerRole, Stage, Step, StepSource
from crm.cooperations.models import Cooperation
from crm.db import db
from crm.funding.models import Application
from crm.imports import services
from crm.proceedings.models import Study, StudyState
from tests.imports.lists import counts, plan, real, take

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def taken():
    """The real list taken over: the plan and the rows by their mark."""
    found, _run = take(real(), "cooperations_he.csv")
    rows = {row["coop_id"]: row for row in csv.DictReader(io.StringIO(real().decode()))}
    return found, rows


def group(taken, mark):
    """The group of a row."""
    found, _rows = taken
    line = next(line for line in found.lines if line.entry.source_id == mark)
    return db.session.get_one(Cooperation, line.record_id)


def test_all_rows_are_in(taken):
    found, rows = taken
    assert len(rows) == 77
    assert counts(found) == {"new": 77, "doubtful": 9}
    assert len(db.session.scalars(select(Cooperation)).all()) == 77


def test_no_partner_is_silently_wrong(taken):
    """Every attached key stands in the key column, and every key of it is attached or its name doubtful."""
    found, rows = taken
    attached = missing = 0
    for line in found.lines:
        row = rows[line.entry.source_id]
        keys = {
            key.strip() for cell in ("partner_ags", "lead_partner_ags") for key in row[cell].split(";")
        } - {""}
        mine = [one.ags for one in line.found.named if one.place is not None]
        assert set(mine) <= keys, line.entry.source_id
        attached += len(set(mine))
        lost = keys - set(mine)
        assert len(lost) == len(line.open), (line.entry.source_id, lost)
        missing += len(lost)
        stored = {one.organisation_id for one in group(taken, line.entry.source_id).partners}
        assert stored == {place.id for place in line.found.places}
    assert (attached, missing) == (285, 2)


def test_without_the_key_columns_the_same_is_matched(taken):
    found, _rows = taken
    wishes = {place: None for place, one in found.mapping.meanings.items() if one.value.endswith("-keys")}
    blind = plan(real(), wishes=wishes)
    for line, other in zip(found.lines, blind.lines, strict=True):
        assert [one.place for one in line.found.named] == [one.place for one in other.found.named]


def test_the_two_misspelt_names_are_doubtful_and_the_namesake_is_decided_by_its_neighbours(taken):
    found, _rows = taken
    opened = [(one.text, one.suggestions[0].name) for line in found.lines for one in line.open]
    assert opened == [("Ober Mörlen", "Ober-Mörlen"), ("Krichheim", "Kirchheim")]
    names = [one.organisation_name for one in group(taken, "IKZ-057").partners]
    assert "Reichelsheim (Wetterau)" in names
    assert names[0] == "Wetteraukreis"


def test_every_task_field_found_its_place(taken):
    found, rows = taken
    without = [line for line in found.lines if not line.state["task_fields"]]
    assert {rows[line.entry.source_id]["task_field"] for line in without} == {"Machbarkeitsstudie"}
    assert not [one for one in found.doubts if one.column == "task_field"]


def test_twice_changes_nothing_and_undone_it_is_new_again(taken):
    again, run = take(real())
    assert (counts(again), run) == ({"unchanged": 77, "doubtful": 9}, None)
    first = db.session.scalars(select(services.ImportRun)).one()
    done = services.undo(first, None)
    assert (len(done.removed), done.left) == (77, [])
    assert db.session.scalars(select(Cooperation)).all() == []
    assert counts(plan(real())) == {"new": 77, "doubtful": 9}


def test_a_running_agreement_reads_like_a_file(taken):
    """Landkreis Gießen and the others: who leads, what was granted, what is only roughly known."""
    made = group(taken, "IKZ-003")
    assert (made.stage, made.term_until, made.effective_on) == (Stage.CONTRACT, date(2027, 7, 31), None)
    assert (made.lead.organisation_name, len(made.partners)) == ("Landkreis Gießen", 19)
    steps = [step for one in made.partners for step in one.steps]
    assert {(one.step, one.reached_on, one.source) for one in steps} == {
        (Step.SIGNED, None, StepSource.IMPORT)
    }
    application = db.session.scalars(select(Application).where(Application.cooperation_id == made.id)).one()
    assert (application.granted, application.granted_on) == (150_000, None)
    assert application.note.startswith("Aus der Liste: Rahmenvereinbarung IKZ")
    assert made.source_url.startswith("https://innen.hessen.de/")
    assert made.note.endswith(
        "Aus der übernommenen Liste:\n"
        "- Stand laut Quelle: bewilligt\n"
        "- Jahr laut Quelle: 2023, erschlossen\n"
        "- Beginn laut Quelle: August 2022\n"
        "- Art der Quelle: Pressemitteilung des Ministeriums\n"
        "- Kennung in der Liste: IKZ-003"
    )


def test_an_ended_cooperation_says_when_and_why(taken):
    made = group(taken, "IKZ-082")
    assert (made.stage, made.halted_on, made.effective_on) == (
        Stage.ENDED,
        date(2023, 12, 31),
        date(2012, 1, 1),
    )
    assert made.halt_reason.startswith("Beendet laut Liste: Kündigung durch Kronberg")
    assert (made.legal_form, made.term_until) == (LegalForm.AGREEMENT, date(2023, 12, 31))
    assert {one.step for one in made.partners} == {Step.ACTIVE}


def test_a_study_is_a_study_with_its_grant(taken):
    made = group(taken, "IKZ-030")
    study = db.session.scalars(select(Study).where(Study.cooperation_id == made.id)).one()
    assert (study.grant, study.state, study.contractor) == (50_000, StudyState.PLANNED, None)
    assert [(one.role, one.step) for one in made.partners] == [
        (PartnerRole.LEAD, Step.INTERESTED), (PartnerRole.MEMBER, Step.INTERESTED),
    ]  # fmt: skip
    assert made.stage is Stage.SEARCH
    assert "- Förderung: 50.000\u00a0€, Rahmenvereinbarung IKZ" in made.note
    assert db.session.scalars(select(Application).where(Application.cooperation_id == made.id)).all() == []


def test_former_municipalities_stay_what_they_were(taken):
    made = group(taken, "IKZ-119")
    assert [one.organisation_name for one in made.partners] == [
        "Beerfelden", "Hesseneck", "Rothenberg", "Sensbachtal",
    ]  # fmt: skip
    assert (made.effective_on, made.legal_form) == (date(2018, 1, 1), LegalForm.MERGER)
    assert [one.organisation_name for one in group(taken, "IKZ-097").partners] == [
        "Allendorf (Eder)",
        "Bromskirchen",
    ]


def test_what_is_expected_is_not_granted_and_an_idea_stays_one(taken):
    made = group(taken, "IKZ-044")
    application = db.session.scalars(select(Application).where(Application.cooperation_id == made.id)).one()
    assert (application.requested, application.granted, application.submitted_on) == (25_000, None, None)
    assert made.stage is Stage.SEARCH
    idea = group(taken, "IKZ-124")
    assert (idea.stage, {one.step for one in idea.partners}) == (Stage.IDEA, {Step.CANDIDATE})


def test_legal_forms_are_read_or_kept_in_words(taken):
    found, rows = taken
    forms = {
        rows[line.entry.source_id]["legal_form"]: (line.state["legal_form"], line.state["legal_form_note"])
        for line in found.lines
    }
    assert {text: form for text, (form, note) in forms.items() if note} == {
        "Anstalt öffentlichen Rechts": "joint-institution", "GmbH": "private-law",
        "Marketinggesellschaft": None, "Vereinbarung": None,
    }  # fmt: skip
    assert forms["öffentlich-rechtliche Vereinbarung (Mandatierung)"] == ("mandate", None)
    assert forms["Zusammenlegung innerhalb einer Kommune"] == ("fire-brigades", None)
