"""The load program counts rightly: all work is done and found again, and a program that lies is caught."""

from collections import Counter

import pytest

from benchmarks.load import books, machine
from benchmarks.load.browsing import Diary
from benchmarks.load.daily import YARDSTICK
from benchmarks.load.driving import drive, filled, running
from benchmarks.load.figures import Use, below, lines
from benchmarks.load.soak import Look, judge
from benchmarks.stress import Size
from crm.db import db

SMALL = Size(talks=60, people=600, events=600, groups=100, happenings=10, documents=100)
SAVINGS = {"talk", "quick line", "follow-up", "follow-up done", "registration", "confirmation",
           "mail to confirm", "mail confirmed"}  # fmt: skip


@pytest.fixture(scope="module")
def small(engine_name):
    """A small database as the load program fills it."""
    with filled(engine_name, SMALL) as made:
        yield made


def test_a_tiny_run_does_all_kinds_of_work_and_finds_it_again(small):
    app, url = small
    with running(app, url, processes=1) as run:
        seen, use = drive(run, "daily", 2, 0, everything=True)
        with app.app_context():
            event = books.open_event(books.ENOUGH, already=3)
            db.session.remove()
            db.engine.dispose()
        came, _use = drive(run, "rush", 1, 0, everything=True, known=event)
        accounts = run.accounts()
    assert run.seen.said == []
    assert dict(run.seen.faults) == {}
    assert {one.kind for one in accounts} == SAVINGS
    assert [str(one) for one in accounts if not one.is_right or one.saved != 2] == []
    assert use.requests == sum(len(one) for one in seen.seconds.values())
    assert use.web > 0
    assert {"talk, save", "report, a year", "search, whole word"} < set(seen.seconds)
    assert {"register", "confirm"} < set(came.seconds)


@pytest.mark.control
def test_a_program_that_loses_doubles_or_answers_wrongly_is_found(small, engine_name):
    """The control: the same run over a program that lies."""
    if engine_name != "sqlite":
        pytest.skip("what the clients see does not depend on the database")
    app, url = small
    with running(app, url, processes=1, module="tests.lossy") as run:
        # Other choices than in the run before, over the same database.
        run.crowds = 5
        drive(run, "daily", 2, 0, everything=True)
        accounts = {one.kind: one for one in run.accounts()}
    assert len(accounts["talk"].lost) == 2
    assert len(accounts["follow-up"].double) == 2
    assert accounts["quick line"].is_right
    wrong = {"talk, just saved": 2, "typing a Kommune": 2, "report, a year": 2}
    assert dict(run.seen.faults) == wrong


def test_what_had_no_answer_may_be_stored_or_not_and_nothing_else_may():
    diary = Diary()
    diary.saved["talk"] += ["a", "b", "c"]
    diary.unsure["talk"] += ["d", "e"]
    (account,) = books.balance(diary, {"talk": Counter({"a": 1, "b": 2, "d": 1, "f": 1})})
    assert (account.saved, account.lost, account.double, account.strange) == (3, ["c"], ["b"], ["f"])
    assert not account.is_right
    (account,) = books.balance(diary, {"talk": Counter("abce")})
    assert account.is_right


def test_figures_are_what_they_are_called():
    diary = Diary()
    diary.seconds["list"] += [number / 1000 for number in range(1, 101)]
    diary.seconds[YARDSTICK] += [0.005, 0.005]
    first, second = lines(diary, diary.seconds[YARDSTICK])
    assert (first.name, first.ratio) == (YARDSTICK, 1.0)
    assert (second.requests, round(second.middle), round(second.late), round(second.latest)) == (
        100,
        50,
        95,
        99,
    )
    assert round(second.ratio, 1) == 10.1
    assert below([0.2], 95) == 200
    assert Use(requests=300, clock=10, web=6, worker=1, database=None).per_core == 50


def _looks(**growing):
    usual = {"program": 400_000_000, "worker": 150_000_000, "files": 80, "connections": 6, "log": 8_000_000,
             "waiting": 0}  # fmt: skip
    return [
        Look(minute, **{name: value + growing.get(name, 0) * minute for name, value in usual.items()})
        for minute in range(30)
    ]


def test_a_soak_notices_what_grows():
    assert [one for one in judge(_looks()) if not one.startswith("ok")] == []
    for name, step, words in (
        ("program", 5_000_000, "memory of the program"), ("worker", 2_000_000, "memory of the worker"),
        ("files", 1, "files"), ("connections", 1, "connections"), ("log", 3_000_000, "log"),
        ("waiting", 3, "mails"),
    ):  # fmt: skip
        missed = [one for one in judge(_looks(**{name: step})) if not one.startswith("ok")]
        assert len(missed) == 1, name
        assert missed[0].startswith(f"MISSED: {words}")
    assert judge(_looks()[:3])[0].startswith("MISSED: 3 looks")


def test_processes_are_measured(tmp_path):
    me = machine.os.getpid()
    assert machine.memory(me) > 1_000_000
    assert me in machine.group(machine.os.getpgrp())
    before, file = machine.open_files([me]), tmp_path / "open"
    with file.open("w"):
        assert machine.open_files([me]) > before
        assert machine.uses_of(file, [me]) == 1
    assert machine.seconds([me]) > 0
