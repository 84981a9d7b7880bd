"""The list of what is due and the run are one; the protocol has counts and no names."""

import dataclasses
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.accounts.models import SignInAttempt
from crm.db import db, now, today
from crm.events.models import EventState
from crm.registrations.models import Registration
from crm.retention import doing, queries
from crm.retention.models import RetentionRun, RetentionSetting
from tests import factories

MARK = "Marker-Petersen-58213"


def old_things():
    """A guest of long ago with a remark beside it, and attempts to sign in."""
    begin = now() - timedelta(days=200)
    event = factories.event(starts_at=begin, ends_at=begin + timedelta(hours=1), state=EventState.HELD)
    factories.registration(event, MARK, needs="vegan")
    factories.invitation(event, factories.person("Roth"), remark=f"{MARK} kommt")
    for _number in range(3):
        db.session.add(SignInAttempt(account="x" * 64, source="127.0.0.1", at=begin))
    db.session.commit()


def test_the_run_does_what_the_list_says_and_keeps_counts(context):
    old_things()
    listed = doing.due()
    assert [one.rule.key for one in listed] == ["needs", "guests", "answers", "attempts"]
    assert doing.run() == listed
    assert doing.due() == doing.run() == []
    (run,) = queries.runs()
    assert (run.records, run.day, run.by_id) == (6, today(), None)
    assert run.counts == {"needs": 1, "guests": 1, "answers": 1, "attempts": 3}
    rows = db.session.execute(select(RetentionRun.__table__)).all()
    assert MARK not in repr(rows)
    assert len(rows) == 2, "of runs in which nothing went only the last stays"


def test_the_command_lists_first_and_then_does_the_same(app):
    with app.app_context():
        old_things()
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["retention", "run", "--dry-run"]).output
    assert "Namen und Adressen von Teilnehmenden, Veranstaltung 1 „Fachtagung Bauhof“: 1" in listed
    assert "Fällig: 6 Einträge in 4 Schritten." in listed
    assert MARK not in listed
    plan = json.loads(runner.invoke(args=["retention", "run", "--dry-run", "--json"]).output)
    assert plan["dry_run"] is True
    assert {"rule": "guests", "event": 1, "records": [1]} in plan["steps"]
    done = runner.invoke(args=["retention", "run"]).output
    assert done == listed.replace("Fällig", "Gelöscht")
    assert runner.invoke(args=["retention", "run"]).output == "Gelöscht: 0 Einträge in 0 Schritten.\n"


def test_the_operator_stops_everything(app, monkeypatch):
    monkeypatch.setitem(app.config, "RETENTION", False)
    with app.app_context():
        old_things()
        assert doing.due() == doing.run() == []
        assert queries.last_run() is None
    for more in ([], ["--dry-run"]):
        answer = app.test_cli_runner().invoke(args=["retention", "run", *more])
        assert answer.exit_code == 1
        assert "RETENTION=off" in answer.output
    with app.app_context():
        assert db.session.get(Registration, 1).last_name == MARK


def test_a_rule_that_is_stopped_leaves_the_others_running(context):
    old_things()
    db.session.add(RetentionSetting(key="guests", stopped_at=now(), reason="Prüfung"))
    db.session.commit()
    assert [one.rule.key for one in doing.run()] == ["needs", "answers", "attempts"]
    assert db.session.get(Registration, 1).last_name == MARK


def test_many_rows_go_in_pieces_and_two_at_once_count_once(context, monkeypatch):
    monkeypatch.setattr(doing, "CHUNK", 2)
    old_things()
    listed = doing.due(keys={"attempts"})
    assert [len(one.numbers) for one in listed] == [2, 1]
    assert [doing.DOINGS["attempts"].forget(one) for one in [*listed, *listed]] == [2, 1, 0, 0]
    db.session.commit()
    assert db.session.scalar(select(func.count(SignInAttempt.id))) == 0


def test_what_was_used_since_the_list_was_made_stays(context):
    old_things()
    (listed,) = doing.due(keys={"attempts"})
    db.session.execute(SignInAttempt.__table__.update().values(at=now()))
    assert doing.DOINGS["attempts"].forget(listed) == 0


def broken(monkeypatch, key, error):
    """Let one rule fail after it has changed something."""

    def forget(due):
        doing_of[key].forget(due)
        raise error

    doing_of = dict(doing.DOINGS)
    monkeypatch.setitem(doing.DOINGS, key, dataclasses.replace(doing_of[key], forget=forget))


def test_a_rule_that_fails_stops_no_later_one_and_leaves_nothing_half(context, monkeypatch, caplog):
    old_things()
    broken(monkeypatch, "guests", ValueError("one bad row"))
    assert [one.rule.key for one in doing.run()] == ["needs", "answers", "attempts"]
    assert "one bad row" in caplog.text
    assert db.session.get(Registration, 1).last_name == MARK
    assert queries.last_run().counts == {"needs": 1, "answers": 1, "attempts": 3}
    monkeypatch.undo()
    assert [one.rule.key for one in doing.run()] == ["guests"]


def test_what_went_before_the_end_of_the_process_is_in_the_protocol(context, monkeypatch):
    old_things()
    broken(monkeypatch, "answers", KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        doing.run()
    db.session.rollback()
    (run,) = queries.runs()
    assert (run.counts, run.records) == ({"needs": 1, "guests": 1}, 2)
