"""A backup from before an erasure brings nobody back."""

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text

from crm import jobs
from crm.contacts.models import Person
from crm.db import db
from crm.operations import backup
from crm.privacy import compacting, journal, queries, replaying, services
from crm.privacy.cli import said
from crm.privacy.models import CaseState
from crm.search.models import DocumentText
from tests import factories
from tests.privacy import cases

NAMES = ("Amsel", "Bussard", "Dohle", "Elster", "Falke")


@pytest.fixture
def lain(app, monkeypatch, tmp_path):
    """An instance of its own, with a backup of five people who are erased afterwards."""
    monkeypatch.setenv("KIKZ_INSTANCE", str(tmp_path))
    monkeypatch.setitem(app.config, "ERASURE_JOURNAL", tmp_path / "privacy" / "erasures.jsonl")
    with app.app_context():
        ids = [_one(name) for name in NAMES]
        db.session.commit()
        path, _manifest = backup.create(tmp_path / "vorher.kikz")
        for number in ids:
            cases.erased(queries.person(number))
        db.session.commit()
        journal.write_missing()
    return path


def _one(name):
    person = factories.person(name, "Vera")
    person.email = f"{name.lower()}@kommune.test"
    db.session.flush()
    return person.id


def findable():
    """Which of the five are there by name."""
    found = db.session.scalars(select(Person.last_name).execution_options(include_removed=True))
    return sorted(set(found) & set(NAMES))


def test_a_restore_erases_again_who_was_erased_since(app, lain):
    told = app.test_cli_runner().invoke(args=["backup", "restore", str(lain), "--yes"])
    assert told.exit_code == 0, told.output
    assert "Löschungen nachgeholt: 5" in told.output
    with app.app_context():
        assert findable() == []
        again = app.test_cli_runner().invoke(args=["privacy", "replay"])
    assert "nachgeholt: 0, schon gelöscht: 5" in again.output


def test_what_was_erased_again_leaves_the_file(app, lain):
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    if not uri.startswith("sqlite"):
        pytest.skip("PostgreSQL overwrites what is deleted by itself, in time")
    told = app.test_cli_runner().invoke(args=["backup", "restore", str(lain), "--yes"])
    assert told.exit_code == 0, told.output
    file = Path(make_url(uri).database)
    stored = b"".join(one.read_bytes() for one in (file, file.with_name(f"{file.name}-wal")) if one.is_file())
    assert [name for name in NAMES if f"{name.lower()}@kommune.test".encode() in stored] == []


def test_compacting_that_failed_is_done_by_the_worker_and_then_never_again(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "ERASURE_JOURNAL", tmp_path / "erasures.jsonl")
    done = []

    def compact():
        done.append("tried")
        if len(done) == 1:
            raise sqlite3.OperationalError("database is locked")

    monkeypatch.setattr(compacting, "compact", compact)
    with app.app_context():
        cases.erased(queries.person(_one("Amsel")))
        db.session.commit()
        journal.write_missing()
        assert done == [], "no request writes the file anew"
        assert [jobs.attempt(compacting.DUTY) for _number in range(3)] == [False, True, True]
        assert len(done) == 2


def test_every_connection_to_sqlite_overwrites_what_it_deletes(context):
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(text("PRAGMA secure_delete")) == 1


def test_without_the_replay_they_are_back(app, lain, monkeypatch):
    """Control of the test above."""
    monkeypatch.setattr(replaying, "replay", replaying.Replayed)
    told = app.test_cli_runner().invoke(args=["backup", "restore", str(lain), "--yes"])
    assert told.exit_code == 0, told.output
    with app.app_context():
        assert findable() == sorted(NAMES)


def test_the_journal_has_numbers_and_fingerprints_and_no_name(app, lain):
    whole = (lain.parent / "privacy" / "erasures.jsonl").read_text()
    lines = [json.loads(one) for one in whole.splitlines() if one]
    assert len(lines) == 5
    assert not any(name.lower() in whole.lower() for name in (*NAMES, "Vera"))
    assert len({one["salt"] for one in lines}) == 5
    assert (lain.parent / "privacy" / "erasures.jsonl").stat().st_mode & 0o077 == 0


def test_another_person_with_that_number_is_left_alone(app, lain):
    with app.app_context():
        db.session.remove()
        line = next(journal.lines())
        journal.path().write_text("")
        stranger = factories.person("Sperling", "Sven")
        journal._append(line | {"person_id": stranger.id})
        db.session.commit()
        done = replaying.replay()
        assert (done.erased, done.missing) == (0, 1)
        assert db.session.get(Person, stranger.id).last_name == "Sperling"


def test_a_cut_line_is_left_out_and_the_next_one_is_whole(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "ERASURE_JOURNAL", tmp_path / "erasures.jsonl")
    with app.app_context():
        journal.path().write_text('{"person_id": 7, "sal')
        case = cases.erased(queries.person(_one("Amsel")))
        db.session.commit()
        journal.write_missing()
        assert [one["person_id"] for one in journal.lines()] == [case.person_id]


def test_a_line_that_could_not_be_written_is_written_by_the_worker(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "ERASURE_JOURNAL", tmp_path / "no" / "erasures.jsonl")
    with app.app_context():
        cases.erased(queries.person(_one("Amsel")))
        db.session.commit()
        (tmp_path / "no").write_text("in the way")
        with pytest.raises(OSError, match="no"):
            journal.write_missing()
        db.session.rollback()
        (tmp_path / "no").unlink()
        journal.write_missing()
        assert len(list(journal.lines())) == 1
        assert queries.unjournaled() == []


def test_somebody_restricted_in_the_backup_is_erased_too(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "ERASURE_JOURNAL", tmp_path / "erasures.jsonl")
    with app.app_context():
        case = cases.restricted(queries.person(_one("Amsel")))
        journal._append({"person_id": case.person_id, "last_name_too": True, **journal.hashes_of(case)})
        assert replaying.replay().erased == 1
        assert (case.state, case.rule) == (CaseState.ERASED, services.REPLAYED)


def test_a_file_that_came_back_and_names_somebody_is_said_and_still_found(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "ERASURE_JOURNAL", tmp_path / "erasures.jsonl")
    with app.app_context():
        case = cases.restricted(queries.person(_one("Amsel")))
        group = factories.cooperation()
        for text in ("Es sprach Vera\nAmsel.", "Die Amsel singt."):
            paper = factories.document(group, resolution_id=factories.resolution(group, "Cölbe").id)
            db.session.add(DocumentText(document_id=paper.id, plain=text))
        journal._append({"person_id": case.person_id, "last_name_too": False, **journal.hashes_of(case)})
        done = replaying.replay()
        assert done.documents == {paper.id - 1}
        assert f"bitte ansehen und entfernen: {paper.id - 1}." in said(done)
        # Its words stay as long as the file does: whoever looks for it must find it.
        texts = set(db.session.scalars(select(DocumentText.plain)))
        assert "Es sprach Vera\nAmsel." in texts
