"""Backup and restore, on both databases, with the machine going wrong in between."""

import json
import random
import shutil
import sqlite3
import tarfile
import threading
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, func, insert, select, text

from crm.accounts.models import UserSession
from crm.consultations.models import (
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationState,
    Participation,
    Presence,
)
from crm.db import Base, db
from crm.documents.models import Document
from crm.operations import backup, migrating, postgresql_dump
from crm.operations.migrating import upgrade
from tests import factories
from tests.operations.conftest import run
from tests.pages import CarefulClient

OLD = "0002_organisations"
BYTES = b"%PDF-1.7\n" + bytes(range(256)) * 1000 + b"%%EOF\n"


@pytest.fixture
def saved(app, tmp_path):
    """A backup of a database with three talks and a group with an attached file."""
    with app.test_request_context():
        group = factories.cooperation("Cölbe", "Lahntal")
        factories.study(group, grant=Decimal("1234.56"))
        factories.approval(group)
        factories.document(group, BYTES, resolution_id=factories.resolution(group, "Cölbe").id)
        for days in range(3):
            factories.talk("Cölbe", "Lahntal", days_ago=days, note=f"Umlaute: äöüß „{days}“ €")
        db.session.commit()
        db.session.remove()
    path = tmp_path / "saved.kikz"
    done = run(app, "backup", "create", str(path))
    assert done.exit_code == 0, done.output
    return path


def contents(app):
    """Every row of every table, as text."""
    with app.app_context():
        return {
            name: sorted(map(repr, db.session.execute(select(table)).all()))
            for name, table in Base.metadata.tables.items()
            # When the last backup was written is noted after it.
            if name != "job_runs"
        }


def test_restore_gives_back_every_row(app, empty_app, saved):
    done = run(empty_app, "backup", "restore", str(saved))
    assert done.exit_code == 0, done.output
    before, after = contents(app), contents(empty_app)
    assert before == after
    assert len(after["participations"]) == 6
    assert "Umlaute: äöüß „2“ €" in str(after["consultations"])
    assert all(len(after[name]) == 1 for name in ("studies", "approvals", "documents"))
    with empty_app.app_context():
        assert db.session.scalars(select(Document)).one().content == BYTES


def test_a_restored_database_goes_on_working(empty_app, saved):
    run(empty_app, "backup", "restore", str(saved))
    anna = CarefulClient(empty_app)
    anna.sign_in("anna@kikz.test")
    with empty_app.test_request_context():
        factories.talk("Hünfeld")
        db.session.commit()
        db.session.remove()
    assert anna.get("/berichte/taetigkeit").status == 200


def test_a_backup_is_for_its_owner_only_and_leaves_nothing_beside_it(saved):
    assert saved.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in saved.parent.iterdir() if path.name.startswith(".kikz-")] == []


def test_without_a_path_backups_go_to_the_instance_folder(app, instance):
    assert run(app, "backup", "create").exit_code == 0
    (made,) = (instance / "backups").iterdir()
    assert made.suffix == ".kikz"
    assert made.parent.stat().st_mode & 0o777 == 0o700


def test_the_manifest_says_what_is_in_it(app, saved):
    with tarfile.open(saved) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))
    assert manifest["rows"]["consultations"] == 3
    assert manifest["schema"].startswith("00")
    assert manifest["database"] == app.config["SQLALCHEMY_DATABASE_URI"].split(":")[0].split("+")[0]


def test_present_data_are_replaced_only_when_asked_and_kept_beside(app, saved, instance):
    with app.test_request_context():
        factories.talk("Hünfeld")
        db.session.commit()
        db.session.remove()
    before = contents(app)
    refused = run(app, "backup", "restore", str(saved))
    assert refused.exit_code == 1
    assert "--yes" in refused.output
    assert contents(app) == before
    done = run(app, "backup", "restore", str(saved), "--yes")
    assert done.exit_code == 0, done.output
    assert len(contents(app)["consultations"]) == 3
    (kept,) = (instance / "backups").glob("before-restore-*.kikz")
    assert run(app, "backup", "restore", str(kept), "--yes").exit_code == 0
    assert len(contents(app)["consultations"]) == 4


def test_a_restore_ends_all_sessions(app, saved):
    anna = CarefulClient(app)
    anna.sign_in("anna@kikz.test")
    path = saved.with_name("later.kikz")
    run(app, "backup", "create", str(path))
    assert run(app, "backup", "restore", str(path), "--yes").exit_code == 0
    with app.app_context():
        assert (
            db.session.scalar(select(func.count(UserSession.id)).where(UserSession.ended_at.is_(None))) == 0
        )
    assert anna.get("/berichte").status == 302


def test_a_running_program_sees_the_restored_data_at_once(app, saved):
    other = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    number = select(func.count()).select_from(Consultation.__table__)
    with app.test_request_context():
        factories.talk("Hünfeld")
        db.session.commit()
        db.session.remove()
    with other.connect() as connection:
        assert connection.scalar(number) == 4
    assert run(app, "backup", "restore", str(saved), "--yes").exit_code == 0
    with other.connect() as connection:
        assert connection.scalar(number) == 3
    other.dispose()


def test_a_backup_of_an_older_version_is_brought_up_to_date(app, empty_app, tmp_path):
    path = tmp_path / "old.kikz"
    with empty_app.app_context():
        upgrade(revision=OLD)
    assert run(empty_app, "backup", "create", str(path)).exit_code == 0
    done = run(app, "backup", "restore", str(path), "--yes")
    assert done.exit_code == 0, done.output
    with app.app_context():
        newest = migrating.known()[0]
        assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == newest
    assert all(not rows for rows in contents(app).values())


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_byte_is_refused_and_nothing_changes(app, saved, seed):
    before = contents(app)
    bad = bytearray(saved.read_bytes())
    with tarfile.open(saved) as archive:
        member = archive.getmembers()[min(seed, 2)]
    place = member.offset_data + random.Random(seed).randrange(member.size)
    bad[place] ^= 0b100
    saved.write_bytes(bad)
    done = run(app, "backup", "restore", str(saved), "--yes")
    assert done.exit_code == 1
    assert "beschädigt" in done.output
    assert run(app, "backup", "verify", str(saved)).exit_code == 1
    assert contents(app) == before


@pytest.mark.parametrize("size", [0, 100, 3000, -1])
def test_a_cut_off_file_is_refused(app, saved, size):
    saved.write_bytes(
        saved.read_bytes()[:size] if size >= 0 else saved.read_bytes()[: saved.stat().st_size // 2]
    )
    assert run(app, "backup", "restore", str(saved), "--yes").exit_code == 1
    assert contents(app)["consultations"]


def test_a_sound_backup_is_verified(app, saved):
    done = run(app, "backup", "verify", str(saved))
    assert done.exit_code == 0, done.output


def repacked(saved, tmp_path, **over):
    """Write the backup again with another manifest, checksums right."""
    with tarfile.open(saved) as archive:
        manifest = json.load(archive.extractfile("manifest.json")) | over
        (tmp_path / "dump").write_bytes(archive.extractfile("dump").read())
    backup._pack(tmp_path / "other.kikz", tmp_path / "dump", manifest)
    return tmp_path / "other.kikz"


@pytest.mark.parametrize(
    ("over", "words"),
    [({"schema": "9999_future"}, "neuer"), ({"format": 2}, "neuer"), ({"database": "oracle"}, "oracle")],
)
def test_a_backup_of_another_world_is_refused(app, saved, tmp_path, over, words):
    done = run(app, "backup", "restore", str(repacked(saved, tmp_path, **over)), "--yes")
    assert done.exit_code == 1
    assert words in done.output


def test_a_backup_with_other_rows_than_it_says_changes_nothing(app, saved, tmp_path):
    before = contents(app)
    with tarfile.open(saved) as archive:
        rows = json.load(archive.extractfile("manifest.json"))["rows"]
    wrong = repacked(saved, tmp_path, rows=rows | {"consultations": 4})
    done = run(app, "backup", "restore", str(wrong), "--yes")
    assert done.exit_code == 1
    assert "consultations" in done.output
    assert contents(app) == before


def test_a_backup_never_overwrites_another(app, saved):
    before = saved.read_bytes()
    assert "gibt es schon" in run(app, "backup", "create", str(saved)).output
    assert saved.read_bytes() == before


def test_a_missing_folder_is_named(app, tmp_path):
    done = run(app, "backup", "create", str(tmp_path / "nirgends" / "x.kikz"))
    assert (done.exit_code, "nirgends" in done.output) == (1, True)


def test_a_failed_backup_leaves_no_file(app, tmp_path, monkeypatch):
    module = backup.KINDS[app.config["SQLALCHEMY_DATABASE_URI"].split(":")[0].split("+")[0]]

    def full(_dump):
        raise OSError(28, "No space left on device", "dump")

    monkeypatch.setattr(module, "write", full)
    done = run(app, "backup", "create", str(tmp_path / "x.kikz"))
    assert done.exit_code == 1
    assert "No space left" in done.output
    assert [path for path in tmp_path.iterdir() if "kikz" in path.name] == []


def test_missing_programs_are_named_with_the_command_that_installs_them(
    app, engine_name, tmp_path, monkeypatch
):
    if engine_name == "sqlite":
        pytest.skip("SQLite needs no program")
    monkeypatch.setattr(postgresql_dump.shutil, "which", lambda _name: None)
    done = run(app, "backup", "create", str(tmp_path / "x.kikz"))
    assert "apt install postgresql-client" in done.output
    assert done.exit_code == 1


class Writer(threading.Thread):
    """Somebody who logs talks with two Kommunen each, as fast as possible."""

    def __init__(self, url):
        super().__init__()
        self.engine, self.stop, self.talks = create_engine(url), threading.Event(), 0

    def run(self):
        """Write talk after talk, each in one transaction."""
        while not self.stop.is_set():
            with self.engine.begin() as connection:
                talk = connection.execute(insert(Consultation.__table__).values(**TALK)).inserted_primary_key[
                    0
                ]
                for place in (1, 2):
                    own = {"consultation_id": talk, "organisation_id": place, "presence": Presence.PRESENT}
                    connection.execute(
                        insert(Participation.__table__).values(organisation_name="x", version=1, **own)
                    )
            self.talks += 1
        self.engine.dispose()


TALK = {
    "held_on": date(2026, 5, 2), "kind": ConsultationKind.GROUP, "channel": Channel.VIDEO,
    "state": ConsultationState.HELD, "version": 1,
}  # fmt: skip


def hot(app, empty_app, tmp_path, writers, times):
    """Back up while others write, restore each; give how many restored ones were whole."""
    crowd = [Writer(app.config["SQLALCHEMY_DATABASE_URI"]) for _turn in range(writers)]
    for one in crowd:
        one.start()
    paths = [tmp_path / f"hot-{turn}.kikz" for turn in range(times)]
    try:
        done = [run(app, "backup", "create", str(path)) for path in paths]
    finally:
        for one in crowd:
            one.stop.set()
        for one in crowd:
            one.join()
    assert [one.exit_code for one in done] == [0] * times, done[0].output
    assert sum(one.talks for one in crowd) > 10
    whole = 0
    for path in paths:
        assert run(empty_app, "backup", "restore", str(path), "--yes").exit_code == 0
        found = contents(empty_app)
        whole += len(found["participations"]) == 2 * len(found["consultations"]) >= 6
    return whole


def test_a_backup_taken_while_others_write_is_whole(app, empty_app, saved, tmp_path):
    assert hot(app, empty_app, tmp_path, 1, 3) == 3


@pytest.mark.stress
def test_thirty_backups_taken_while_ten_write_are_whole(app, empty_app, saved, tmp_path, promise):
    whole = hot(app, empty_app, tmp_path, 10, 30)
    promise("Sicherung im laufenden Betrieb ist brauchbar", f"{whole} von 30 wiederhergestellt", COPY)
    assert whole == 30


COPY = "tests/operations/test_backup.py::test_a_plain_copy_of_the_file_would_miss_what_was_just_written"


@pytest.mark.control
def test_a_plain_copy_of_the_file_would_miss_what_was_just_written(app, engine_name, tmp_path):
    if engine_name != "sqlite":
        pytest.skip("PostgreSQL is no file")
    with app.test_request_context():
        factories.talk("Cölbe")
        db.session.commit()
        shutil.copy(db.engine.url.database, tmp_path / "copy.sqlite3")
        db.session.remove()
    with sqlite3.connect(tmp_path / "copy.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM consultations").fetchone() == (0,)
    connection.close()
