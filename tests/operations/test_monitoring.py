"""Health, readiness and figures: what they say, to whom, and how soon when the database is gone."""

import json
import shutil
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event, func, select, text, update
from sqlalchemy.exc import OperationalError

from config import ROOT, ConfigError, Production, engine_options
from crm import jobs
from crm.accounts.models import SignInAttempt, User
from crm.db import db, now
from crm.jobs import JobRun
from crm.mail.models import MailServer
from crm.operations import asking, counting, figures, readiness
from tests.mail.outbox import settings, write
from tests.operations.conftest import run

PATIENCE = asking.PATIENCE


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Half of the disk is free, however slow this machine is; and every question is asked anew."""
    monkeypatch.setattr(readiness, "space_left", lambda _app: 0.5)
    monkeypatch.setattr(asking, "KEPT", 0)
    monkeypatch.setattr(asking, "PATIENCE", 60)


def told(client):
    """What readiness says: (status, {name: ok})."""
    page = client.get("/readyz")
    return page.status, {name: one["ok"] for name, one in json.loads(page.data)["checks"].items()}


def change(app, statement):
    """Change something behind the program's back."""
    with app.app_context():
        db.session.execute(statement)
        db.session.commit()


def test_all_is_well_in_a_new_installation(app, stranger):
    status, found = told(stranger)
    assert status == 200
    assert found == dict.fromkeys(("space", "database", "schema", "mail", "backup", "clock"), True)


def old_mail(app):
    write(app, due_at=now() - timedelta(minutes=31))


def dead_server(app):
    with app.app_context():
        db.session.add(MailServer(id=1, down_since=now() - timedelta(minutes=31)))
        db.session.commit()


def old_backup(app):
    with app.app_context():
        db.session.add(JobRun(name=readiness.BACKUP, done_at=now() - timedelta(hours=27)))
        db.session.commit()


def no_backup(app):
    change(app, update(User).values(created_at=now() - timedelta(hours=27)))


def other_schema(app):
    change(app, text("UPDATE alembic_version SET version_num = '0001_x'"))


def clock_set_back(app):
    with app.app_context():
        db.session.add(JobRun(name="mail", done_at=now() + timedelta(hours=1)))
        db.session.commit()


WRONG = {
    "mail": old_mail, "mail server": dead_server, "backup": old_backup, "backup never": no_backup,
    "schema": other_schema, "clock": clock_set_back,
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named(app, stranger, name):
    WRONG[name](app)
    status, found = told(stranger)
    assert status == 503
    assert [one for one, ok in found.items() if not ok] == [name.split()[0]]


def test_a_full_disk_is_named(app, stranger, monkeypatch):
    monkeypatch.setattr(readiness, "space_left", lambda _app: 0.05)
    status, found = told(stranger)
    assert (status, found["space"]) == (503, False)


def test_a_backup_makes_it_ready_again(app, stranger, tmp_path):
    old_backup(app)
    assert run(app, "backup", "create", str(tmp_path / "x.kikz")).exit_code == 0
    assert told(stranger)[0] == 200


def test_a_failed_backup_is_not_noted(app, tmp_path):
    (tmp_path / "x.kikz").touch()
    assert run(app, "backup", "create", str(tmp_path / "x.kikz")).exit_code == 1
    with app.app_context():
        assert db.session.get(JobRun, readiness.BACKUP) is None


AWAKE = threading.Event()


def asleep(*_args):
    AWAKE.wait(30)


def all_awake():
    """Wait until nobody asks any more."""
    AWAKE.set()
    together = threading.Barrier(2)
    for one in [asking.POOL.submit(together.wait, 10) for _turn in range(2)]:
        one.result()
    AWAKE.clear()


def refusing(*_args):
    raise OperationalError("SELECT geheim", {}, Exception("connection refused"))


@pytest.mark.parametrize("fault", [asleep, refusing])
def test_without_a_database_it_is_said_soon_and_the_process_is_well(app, stranger, monkeypatch, fault):
    assert PATIENCE < 2
    monkeypatch.setattr(asking, "PATIENCE", 0.3)
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", fault)
    try:
        page = stranger.get("/readyz")
        found = figures_of(stranger)
        assert stranger.get("/healthz").status == 200
    finally:
        event.remove(engine, "before_cursor_execute", fault)
        all_awake()
    assert page.status == 503
    assert json.loads(page.data)["checks"]["database"]["ok"] is False
    assert b"geheim" not in page.data
    assert found["kikz_ready"] == 0
    assert found["kikz_space_free_ratio"] == 0.5
    assert "kikz_mails_waiting" not in found


def test_many_who_ask_a_database_that_hangs_are_one_question(app, monkeypatch):
    asked, waits = [], []

    def hang():
        asked.append(1)
        AWAKE.wait(30)

    monkeypatch.setattr(asking, "PATIENCE", 0.3)
    first = asking._at_hand(app, hang)
    try:
        for _turn in range(20):
            assert asking.in_time(app, hang) is None
            waits.append(asking._at_hand(app, hang))
    finally:
        all_awake()
    assert len(asked) == 1
    assert set(waits) == {first}


def test_an_answer_is_kept_for_a_few_seconds(app, stranger, monkeypatch):
    app.extensions.pop("asked", None)
    monkeypatch.setattr(asking, "KEPT", 1000)
    assert told(stranger)[0] == 200
    other_schema(app)
    assert told(stranger)[0] == 200
    monkeypatch.setattr(asking, "KEPT", 0)
    assert told(stranger)[0] == 503


def test_a_server_that_vanished_is_noticed():
    given = engine_options("postgresql+psycopg://kikz@there/kikz")["connect_args"]
    assert 0 < given["tcp_user_timeout"] <= 30_000
    assert given["keepalives_idle"] + given["keepalives_interval"] * given["keepalives_count"] <= 60


def test_strangers_learn_no_more_than_yes_or_no(app, stranger):
    with settings(app, MONITORING_FROM=[]):
        assert stranger.get("/readyz").data == b"ready\n"
        other_schema(app)
        page = stranger.get("/readyz")
        assert (page.status, page.data) == (503, b"not ready\n")
        assert stranger.get("/metrics").status == 404
    assert stranger.get("/metrics").status == 200


def test_a_wrong_network_stops_the_start():
    base = {"SECRET_KEY": "x" * 40}
    with pytest.raises(ConfigError, match="MONITORING_FROM"):
        Production(base | {"MONITORING_FROM": "überall"})
    found = Production(base | {"MONITORING_FROM": "10.1.2.0/24, ::1"}).MONITORING_FROM
    assert [str(one) for one in found] == ["10.1.2.0/24", "::1/128"]


def figures_of(client):
    """The figures by their names."""
    lines = client.get("/metrics").data.decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_the_figures_count_what_happened(app, stranger, tmp_path):
    before = figures_of(stranger)
    write(app, due_at=now() - timedelta(minutes=5))
    with app.app_context():
        for hours in (0, 0, 2):
            at = now() - timedelta(hours=hours)
            db.session.add(SignInAttempt(account="x", source="y", at=at, ok=False))
        db.session.commit()
    stranger.get("/gibt-es-nicht")
    found = figures_of(stranger)
    assert found["kikz_ready"] == 1
    assert found["kikz_mails_waiting"] == 1
    assert 290 < found["kikz_mail_oldest_seconds"] < 400
    assert (found["kikz_sign_in_failures_last_hour"], found["kikz_backup_age_seconds"]) == (2, -1)
    name = 'kikz_requests_total{status="4xx"}'
    assert found[name] == before[name] + 1


def test_figures_tell_of_nobody(app, stranger, anna):
    write(app)
    for address in ("/metrics", "/readyz"):
        page = stranger.get(address)
        for word in (b"petra", b"kommune.test", b"anna", b"kikz.test", b"Einladung"):
            assert word not in page.data


def test_processes_count_together_and_a_lost_file_begins_anew(tmp_path):
    path = tmp_path / "counts"
    one, other = counting.Counts(path), counting.Counts(path)
    for status in (200, 200, 503, 42):
        one.add(status)
    other.add(200)
    assert one.read() == {"1xx": 0, "2xx": 3, "3xx": 0, "4xx": 0, "5xx": 1}
    path.unlink()
    other.add(302)
    assert one.read()["3xx"] == 1
    counting.Counts(tmp_path / "nirgends" / "x").add(200)


ON_A_FULL_DISK = """
mount -t tmpfs -o size=4k none "$1" || exit 77
head -c 4096 /dev/zero > "$1/full" || exit 77
cd "$2" && exec "$3" -c '
import pathlib, sys
from crm.operations import counting
counts = counting.Counts(pathlib.Path(sys.argv[1], "counts"))
counts.add(200)
print(counts.read()["2xx"])
' "$1"
"""


def test_a_full_disk_keeps_the_count_back_and_ends_no_process(tmp_path):
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", ON_A_FULL_DISK, "sh"]
    if not shutil.which("unshare"):
        pytest.skip("no unshare here")
    command += [tmp_path, ROOT, sys.executable]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode in (1, 77) and "counting" not in told.stderr:
        pytest.skip("no file system may be mounted here")
    assert (told.returncode, told.stdout) == (0, "0\n"), told.stderr


def test_a_round_of_the_worker_notes_what_was_done_and_what_failed(context, monkeypatch):
    done = []
    monkeypatch.setattr(jobs, "DUTIES", {"good": lambda: done.append(1), "bad": lambda: 1 / 0})
    monkeypatch.setattr(figures, "DUTIES", jobs.DUTIES)
    jobs.run_all()
    rows = {one.name: one for one in db.session.scalars(select(JobRun))}
    assert rows["good"].done_at
    assert rows["good"].failed_at is None
    assert rows["bad"].failed_at
    assert rows["bad"].done_at is None
    assert figures.overdue() == ["bad"]
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert figures.overdue() == ["bad", "good"]


def test_a_worker_that_never_ran_is_overdue(app, stranger):
    change(app, update(User).values(created_at=now()))
    assert figures_of(stranger)["kikz_jobs_overdue"] == 0, "somebody installed this a moment ago"
    change(app, update(User).values(created_at=now() - timedelta(minutes=11)))
    assert figures_of(stranger)["kikz_jobs_overdue"] == len(jobs.DUTIES)


def test_each_duty_is_noted_when_it_is_done_and_leaves_nothing_to_the_next(context, monkeypatch):
    seen = []

    def careless():
        db.session.execute(update(User).values(name="vergessen"))

    def look():
        seen.extend(db.session.scalars(select(JobRun.name)))
        seen.append(db.session.scalar(select(func.count()).where(User.name == "vergessen")))

    monkeypatch.setattr(jobs, "DUTIES", {"careless": careless, "look": look})
    jobs.run_all()
    assert seen == ["careless", 0]


def test_what_could_not_be_done_is_noted_as_failed_without_a_fault(context, monkeypatch, caplog):
    def busy():
        raise jobs.NotDone("somebody reads")

    monkeypatch.setattr(jobs, "DUTIES", {"busy": busy})
    jobs.run_all()
    row = db.session.get(JobRun, "busy")
    assert row.failed_at
    assert row.done_at is None
    assert "fault" not in caplog.text
    assert "somebody reads" in caplog.text
