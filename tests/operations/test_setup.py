"""Setting up an empty installation, once and again, and sweeping."""

import re
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

import config
from crm import drafts, once
from crm.access import Role
from crm.accounts import queries
from crm.accounts import services as accounts
from crm.accounts.models import SignInAttempt, User
from crm.db import db, now
from crm.funding.models import RuleSet
from crm.operations import setting_up
from crm.organisations.models import Organisation
from crm.task_fields.models import TaskField
from tests import factories
from tests.crowds import at_once
from tests.operations.conftest import run
from tests.pages import CarefulClient


def test_setup_makes_everything_once(empty_app):
    first = run(empty_app, "setup")
    assert first.exit_code == 0, first.output
    password = re.search(r"Einmalpasswort: (\S+)", first.output)[1]
    with empty_app.app_context():
        counts = [
            db.session.scalar(select(func.count(model.id)))
            for model in (Organisation, TaskField, RuleSet, User)
        ]
        user = queries.by_email("admin@kikz.local")
        assert user.roles == {Role.ADMINISTRATOR, Role.MANAGER}
        assert user.must_change_password
    again = run(empty_app, "setup")
    assert again.exit_code == 0
    assert "asswort" not in again.output
    with empty_app.app_context():
        assert counts == [
            db.session.scalar(select(func.count(model.id)))
            for model in (Organisation, TaskField, RuleSet, User)
        ]
    assert CarefulClient(empty_app).sign_in("admin@kikz.local", password).status == 303


def test_the_first_address_can_be_chosen_and_the_account_left_out(empty_app, monkeypatch):
    monkeypatch.setenv("KIKZ_ADMIN", "Leitung@KIKZ.example")
    assert "Konto" not in run(empty_app, "setup", "--no-account").output
    assert "leitung@kikz.example" in run(empty_app, "setup").output


def two_first_accounts(app, monkeypatch):
    """Two set up an empty program; both look for users before either writes, where nothing hinders."""
    barrier, create = threading.Barrier(2), accounts.create_user

    def create_late(*arguments):
        with suppress(threading.BrokenBarrierError):
            barrier.wait(0.5)
        return create(*arguments)

    monkeypatch.setattr(accounts, "create_user", create_late)
    said = at_once(app, setting_up.first_administrator, setting_up.first_administrator)
    return ["account" if isinstance(one, tuple) else one for one in said]


def test_of_two_first_accounts_at_once_one_is_made(empty_app, monkeypatch):
    assert run(empty_app, "setup", "--no-account").exit_code == 0
    assert sorted(two_first_accounts(empty_app, monkeypatch), key=str) == [None, "account"]


@pytest.mark.control
def test_without_its_turn_the_second_set_up_fails(empty_app, engine_name, monkeypatch):
    """It must go wrong on PostgreSQL; SQLite has one writer at a time."""
    if engine_name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    assert run(empty_app, "setup", "--no-account").exit_code == 0
    monkeypatch.setattr(setting_up, "take_turn", lambda turn: None)
    assert sorted(two_first_accounts(empty_app, monkeypatch), key=str) == [IntegrityError, "account"]


def test_the_key_is_written_once_and_for_its_owner_only(tmp_path):
    environ = {"KIKZ_INSTANCE": str(tmp_path / "new")}
    assert config.ensure_secret_key(environ)
    key = tmp_path / "new" / "secret-key"
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    first = config.secret_key(environ)
    assert len(first) == 64
    assert not config.ensure_secret_key(environ)
    assert config.secret_key(environ) == first
    assert [path.name for path in key.parent.iterdir()] == ["secret-key"]


def test_no_key_is_written_when_the_environment_has_one(tmp_path):
    environ = {"KIKZ_INSTANCE": str(tmp_path / "new"), "SECRET_KEY": "y" * 40}
    assert not config.ensure_secret_key(environ)
    assert not list((tmp_path / "new").iterdir())


@pytest.mark.parametrize(("days", "left"), [(89, 1), (91, 0)])
def test_sweep_deletes_what_has_served_its_time(app, days, left):
    then = now() - timedelta(days=days)
    with app.test_request_context():
        anna = factories.member("anna").id
        db.session.add(SignInAttempt(account="x" * 64, source="127.0.0.1", at=then))
        db.session.add(drafts.Draft(user_id=anna, path="/beratungen/neu", fields=[], saved_at=then))
        db.session.add(once.Submission(key="x" * 43, user_id=anna, content="", target="/", at=then))
        db.session.commit()
        db.session.remove()
    assert run(app, "retention", "run").exit_code == 0
    with app.test_request_context():
        kept = [db.session.scalar(select(func.count()).select_from(one)) for one in (SignInAttempt,)]
        gone = [
            db.session.scalar(select(func.count()).select_from(one))
            for one in (drafts.Draft, once.Submission)
        ]
        assert (kept, gone) == ([left], [0, 0])
