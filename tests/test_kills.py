"""A program killed at any moment leaves the old state or the new one, never something between."""

import os
import random
import signal
import time
import traceback
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text

from crm.consultations.models import ConsultationKind
from crm.db import db
from crm.imports import services as lists
from crm.imports.kinds import TALKS
from crm.register import services, writing
from tests import factories
from tests.doors import sign_in
from tests.imports.talks.old_lists import old_list
from tests.register.editions import LATER, edition

BLOCK = 20
PASSING = ("audit_events", "user_sessions", "submissions", "sign_in_attempts")
# Marks made by chance, and the moments a merge keeps in its memory.
UNREPEATABLE = ("form_key", "removal", "secret", "witness", "before", "message_id")
SIX = ("Cölbe", "Lahntal", "Wetter (Hessen)", "Kirchhain", "Gladenbach", "Biedenkopf")
RENAMED = {f"065340{number:02d}": f"Neuname {number}" for number in range(1, 20)}


def import_file(app):
    """Take an official file over: twenty names, all figures, one merger."""
    with app.app_context():
        _import_file()


def _import_file():
    changes = {key: name for key, name in RENAMED.items() if key != "06534021"}
    plan = services.locked_plan_of(
        edition(LATER, changes, without=["06534021"]), successors={"06534021": "06534006"}
    )
    services.take_over(plan, "gv.txt", None)
    db.session.commit()


def save_talk(app):
    """Save a talk of six through its form, with follow-up and note."""
    with app.app_context():
        numbers = [str(factories.place(name).id) for name in SIX]
    client = sign_in(app)
    page = client.submit(
        "/beratungen/neu", organisations=numbers, held_on="20.11.2026", kind=ConsultationKind.GROUP.value,
        channel="phone", note="Sechs zugleich", follow_up_text="Anrufen", follow_up_on="1.12.2026",
    )  # fmt: skip
    assert page.status == 303, page.errors()


def take_talks_over(app):
    """Take an old list over: two hundred talks of three, some with a follow-up."""
    rows = []
    for number in range(200):
        day = f"{date(2014, 1, 1) + timedelta(days=number):%d.%m.%Y}"
        ahead = "1.12.2099" if number % 4 == 0 else "erl."
        rows.append((day, "Tel.", "Cölbe, Lahntal, Lich", "", "Archiv", "30 min", "gut", ahead))
    with app.app_context():
        name = factories.member("anna").name
        content = old_list(*((*row, name) for row in rows))
        table = lists.table_of(content, "alt.csv")
        columns, _problems = lists.mapping_of(table, None, TALKS)
        lists.take_over(lists.locked_plan_of(table, columns, kind=TALKS), "alt.csv", None, TALKS)
        db.session.commit()


def merge_people(app):
    """Make one of two people who were at the same talk and are both invited."""
    with app.app_context():
        people = [factories.person(), factories.person("Hinkel")]
        event, place = factories.event(), factories.place("Lahntal").id
        for one in people:
            factories.invitation(event, one)
            factories.follow_up(person_id=one.id)
        factories.talk(parties=[factories.Party(place, people=[one.id for one in people])])
        factories.merge(*people)
        db.session.commit()


WORK = {"import": import_file, "save": save_talk, "talks": take_talks_over, "merge": merge_people}


def snapshot(app):
    """What the database holds: every row without its moments, passing ones by their number."""
    found = {}
    with app.app_context():
        for table in db.metadata.sorted_tables:
            moments = [c for c in table.c if "DATETIME" in str(c.type).upper() or c.name in UNREPEATABLE]
            columns = [c for c in table.c if c not in moments and c.name != "id"]
            if table.name in PASSING:
                found[table.name] = db.session.scalar(select(func.count()).select_from(table))
            else:
                found[table.name] = sorted(repr(tuple(row)) for row in db.session.execute(select(*columns)))
        db.session.remove()
        db.engine.dispose()
    return found


def in_child(app, work):
    """Start the work in a process of its own; give its number."""
    child = os.fork()
    if child:
        return child
    try:
        with app.app_context():
            db.engine.dispose(close=False)
        work(app)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def finished(app, work):
    """Let the work come to its end; give the seconds it took."""
    begin = time.perf_counter()
    _pid, status = os.waitpid(in_child(app, work), 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return time.perf_counter() - begin


def sound(app):
    """Ask the database itself whether it is whole."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
        db.session.remove()
        db.engine.dispose()


def without_sessions(found):
    """Signing in before the saving is no part of it."""
    return {name: rows for name, rows in found.items() if name not in PASSING}


def spread(times, measure, kill):
    """Kill at moments over the whole length of some work; give how often it was old and new.

    How long it takes is measured anew for every twenty kills. While the machine is slower than just measured,
    so that no kill of twenty comes after the end, the next ones reach further; and the other way round.
    """
    dice, seen, reach = random.Random(4711), {"old": 0, "new": 0}, 1.1
    for begin in range(0, times, BLOCK):
        number, length = min(BLOCK, times - begin), measure() * reach
        found = [kill(length * (place + dice.random()) / number) for place in range(number)]
        for state in found:
            seen[state] += 1
        if len(set(found)) == 1:
            reach *= 1.5 if found[0] == "old" else 1 / 1.5
    return seen


def kill_at_random(app, stage, work, times):
    """Kill the work at moments spread over its whole length; give how often it was old and new."""
    stage.reset()
    old = without_sessions(snapshot(app))
    finished(app, work)
    new = without_sessions(snapshot(app))
    assert new != old

    def measure():
        stage.reset()
        return finished(app, work)

    def kill(seconds):
        stage.reset()
        child = in_child(app, work)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = without_sessions(snapshot(app))
        assert found in (old, new), [name for name in old if found[name] not in (old[name], new[name])]
        sound(app)
        return "new" if found == new else "old"

    return spread(times, measure, kill)


@pytest.mark.parametrize("length", [0.1, 0.5, 1, 2, 5])
def test_the_kills_follow_a_machine_that_is_slower_or_faster_than_measured(length):
    seen = spread(200, lambda: 1.0, lambda after: "new" if after > length else "old")
    assert sum(seen.values()) == 200
    assert min(seen.values()) > 0, seen


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_a_few_kills_leave_old_or_new(app, stage, work):
    assert sum(kill_at_random(app, stage, work, 5).values()) == 5


NAMES = {
    "import": "Amtliche Liste", "save": "Beratung speichern", "talks": "Alte Liste übernehmen",
    "merge": "Kontakte zusammenführen",
}  # fmt: skip
CONTROL = "tests/test_kills.py::test_a_commit_in_between_would_be_seen"


@pytest.mark.stress
@pytest.mark.parametrize("work", WORK)
def test_two_hundred_kills_leave_old_or_new(app, stage, work, promise):
    seen = kill_at_random(app, stage, WORK[work], 200)
    figure = f"200 Abbrüche: {seen['old']} alt, {seen['new']} neu, 0 dazwischen"
    promise(f"Abbruch lässt alt oder neu: {NAMES[work]}", figure, CONTROL)
    assert min(seen.values()) > 0, seen


@pytest.mark.control
def test_a_commit_in_between_would_be_seen(app, stage, monkeypatch):
    old = without_sessions(snapshot(app))
    finished(app, import_file)
    new = without_sessions(snapshot(app))
    stage.reset()
    describe = writing._describe

    def commit_first(places):
        db.session.commit()
        os._exit(0)
        describe(places)

    monkeypatch.setattr(writing, "_describe", commit_first)
    finished(app, import_file)
    assert without_sessions(snapshot(app)) not in (old, new)


def test_after_a_kill_the_same_import_comes_to_the_same_end(app, stage):
    finished(app, import_file)
    new = without_sessions(snapshot(app))
    stage.reset()
    child = in_child(app, import_file)
    time.sleep(0.15)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    finished(app, import_file)
    assert without_sessions(snapshot(app)) == new
    with app.app_context():
        assert factories.place("Neuname 1").holds_on(date(2027, 1, 31))
