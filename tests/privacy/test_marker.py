"""Erasure leaves no trace, and keeps the rest: a marked person is put everywhere and then erased."""

import csv
import dataclasses
import io
import logging
from pathlib import Path

from sqlalchemy import func, make_url, select, text

from crm.consultations.models import Naming, ParticipationPerson
from crm.contacts.models import Function
from crm.db import db
from crm.invitations.models import Invitation
from crm.privacy import compacting, queries, registry
from crm.privacy.models import CaseState
from crm.registrations.models import Registration
from crm.reports import REPORTS
from tests.privacy import cases, marking
from tests.privacy.marking import MARKER


def numbers(person_id):
    """Count what must stay: rows about the person, by table."""
    models = (ParticipationPerson, Naming, Function, Registration, Invitation)
    queries_of = {
        one.__tablename__: select(func.count(one.id)).where(one.person_id == person_id) for one in models
    }
    return {
        name: db.session.scalar(query.execution_options(include_removed=True))
        for name, query in queries_of.items()
    }


def erase_by_page(app, mara, person_id):
    """Go the whole way as a manager does."""
    mara.submit(f"/personendaten/personen/{person_id}/einschraenken", because=f"Antrag von {MARKER}")
    with app.app_context():
        case = queries.case_of(person_id).id
    mara.submit("/personendaten/anbieten")
    mara.submit(f"/personendaten/faelle/{case}/entscheidung", decision=f"{MARKER} ist nicht archivwürdig")
    said = {"because": f"{MARKER} hat es verlangt", "sure": "1", "last_name_too": "1"}
    page = mara.submit(f"/personendaten/faelle/{case}/loeschen", **said)
    assert page.status == 303, page.text
    return case


def figures(client):
    """Every report as a file: how many lines it has, and every number in them."""
    found = {}
    for slug in REPORTS:
        text_of = client.get(f"/berichte/{slug}.csv").response.data.decode("utf-8-sig")
        rows = csv.reader(io.StringIO(text_of), delimiter=";")
        lines = [row for row in rows if not (row and row[0].startswith("Stand der Daten"))]
        cells = [cell for line in lines for cell in line]
        found[slug] = (
            len(lines),
            sorted(one for one in cells if one.replace(",", "").replace(".", "").isdigit()),
        )
    return found


def test_a_marked_person_leaves_no_trace(app, mara, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    person_id = marking.mark_everything(app)
    with app.app_context():
        before, filled = numbers(person_id), marking.marked_columns()
    expected = {f"{one.table}.{one.name}" for one in registry.columns(*marking.FILLED)}
    assert sorted(expected - filled ^ UNFILLED) == []
    assert len(filled & expected) > 150
    answers = figures(mara)
    case = erase_by_page(app, mara, person_id)
    with app.app_context():
        assert marking.traces() == []
        compacting.compact_erased()
        assert numbers(person_id) == before
        assert before["participation_people"] == before["namings"] == marking.TALKS
        assert before["functions"] == marking.FUNCTIONS
        assert before["registrations"] == before["invitations"] == marking.EVENTS
        done = queries.one(case)
        assert done.state is CaseState.ERASED
        assert done.counts["registrations"] >= marking.EVENTS
        assert done.counts["consultations"] >= marking.TALKS
        assert foreign_keys_broken() == []
    places = [Path(app.config["MAIL_FOLDER"]), Path(app.config["ERASURE_JOURNAL"])]
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        file = Path(make_url(app.config["SQLALCHEMY_DATABASE_URI"]).database)
        places += list(file.parent.glob(f"{file.name}*"))
    assert marking.in_files(*places) == []
    assert MARKER not in caplog.text
    assert figures(mara) == answers
    assert sum(len(one) for _lines, one in answers.values()) > 100
    assert "gelöschte Person" in mara.get("/beratungen").html


def foreign_keys_broken():
    if db.engine.dialect.name != "sqlite":
        return []
    return list(db.session.execute(text("PRAGMA foreign_key_check")))


# Not to be filled here: empty while another column is, of the person itself, or of a table without rows.
UNFILLED = {
    "barrier_reports.answer", "boundaries.attribution", "cooperations.halt_reason", "editions.file_name",
    "editions.states", "funding_applications.refusal_reason", "funding_plans.amount_reason",
    "funding_plans.few_partners_reason", "funding_plans.substantial_note", "mail_server.last_error",
    "people.academic_title", "people.first_name", "people.phone",
    "retention_settings.reason",
}  # fmt: skip
OFF = {
    "consultations": {"mention": "agreements"}, "drafts": {"mention": ""}, "audit_events": {"emptied": ""},
    "registrations": {"blank": "email address_key", "name": ""},
}  # fmt: skip


def test_with_rules_switched_off_the_scan_finds_the_marker(app, monkeypatch):
    """Control of the test above."""
    person_id = marking.mark_everything(app)
    for table, without in OFF.items():
        monkeypatch.setitem(registry.ENTRIES, table, dataclasses.replace(registry.ENTRIES[table], **without))
    with app.app_context():
        cases.erased(queries.person(person_id))
        db.session.commit()
        found = {where.partition(".")[0] for where in marking.traces()}
        assert found >= set(OFF)
        # The index is made of the talks.
        assert found - set(OFF) <= {"search_entries", "search_texts", "search_fts"}
