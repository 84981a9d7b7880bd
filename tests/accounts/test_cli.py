"""Accounts from the command line."""

import pytest

from crm.access import Role
from crm.accounts import queries
from crm.audit import history_of
from crm.db import db
from crm.follow_ups import queries as follow_ups
from tests import factories
from tests.doors import is_inside, sign_in


@pytest.fixture
def users(app):
    """Run `flask users …`; gives what it said, and asserts how it ended."""

    def run(*words, code=0):
        result = app.test_cli_runner().invoke(args=["users", *words])
        assert result.exit_code == code, result.output
        return result.output

    return run


def password_in(output):
    """The one-time password of the last line."""
    return output.strip().splitlines()[-1].removeprefix("Einmalpasswort: ")


def see(app, name):
    """An account as it stands: open or not, roles, events."""
    with app.app_context():
        user = queries.by_email(f"{name}@kikz.test")
        return user.is_active, user.roles, [event.name for event in history_of(user)]


def open_of(app, name):
    """How many open follow-ups somebody has."""
    with app.app_context():
        return follow_ups.count_open_of(factories.member(name).id)


def give_follow_up(app, **over):
    """Give Anna something to do."""
    with app.app_context():
        factories.follow_up(**over)
        db.session.commit()


def test_an_account_is_made_with_a_one_time_password(app, users):
    said = users("create", "Nora@kikz.test", "--name", "Nora Neu", "--role", "adviser", "--role", "manager")
    assert "nora@kikz.test" in said
    active, roles, events = see(app, "nora")
    assert (active, roles) == (True, {Role.ADVISER, Role.MANAGER})
    assert events == ["user.created"]
    nora = sign_in(app, "nora", password_in(said))
    assert nora.get("/beratungen").location == "/konto/passwort"


def test_an_address_is_used_once(users):
    users("create", "nora@kikz.test", "--name", "Nora Neu", "--role", "reader")
    said = users("create", "NORA@kikz.test", "--name", "Nora Zwei", "--role", "reader", code=1)
    assert "schon ein Konto" in said


def test_an_unknown_role_is_refused(users):
    assert "adviser" in users("create", "x@kikz.test", "--name", "X", "--role", "koenig", code=2)


@pytest.mark.parametrize("email", ["kein", "a@b", "x y@kikz.test", "", "x@kikz.test\n"])
def test_a_wrong_address_is_refused(app, users, email):
    said = users("create", email, "--name", "X", "--role", "reader", code=1)
    assert "name@example.de" in said


@pytest.mark.parametrize("name", ["", " ", "\u200b", "A\nB", "x" * 201])
def test_a_name_is_one_readable_line(users, name):
    assert "Error: " in users("create", "x@kikz.test", "--name", name, "--role", "reader", code=1)


def test_the_list_shows_everybody(users):
    lines = users("list").splitlines()
    assert "anna@kikz.test\tAnna Adler\tadviser\taktiv" in lines
    assert len(lines) == len(factories.CAST)


def test_a_forgotten_password_is_replaced(app, users, anna):
    password = password_in(users("password", "anna@kikz.test"))
    assert not is_inside(anna)
    assert sign_in(app, "anna", password).get("/").location == "/konto/passwort"


def test_new_roles_end_sessions(app, users, anna):
    users("roles", "anna@kikz.test", "reader", "event-coordinator")
    assert not is_inside(anna)
    assert see(app, "anna")[1] == {Role.READER, Role.COORDINATOR}


def test_the_last_administrator_keeps_the_role(users):
    assert "Jemand muss" in users("roles", "ada@kikz.test", "reader", code=1)
    assert "Jemand muss" in users("lock", "ada@kikz.test", code=1)


def test_an_account_is_locked_and_opened_again(app, users, anna):
    assert "gesperrt" in users("lock", "anna@kikz.test")
    assert not is_inside(anna)
    assert "gesperrt" in users("list")
    assert "offen" in users("unlock", "anna@kikz.test")
    assert see(app, "anna")[2][:2] == ["user.unlocked", "user.locked"]


def test_open_follow_ups_need_a_successor(app, users):
    give_follow_up(app)
    said = users("lock", "anna@kikz.test", code=1)
    assert "--successor" in said
    assert see(app, "anna")[0]
    users("lock", "anna@kikz.test", "--successor", "bert@kikz.test")
    assert (open_of(app, "anna"), open_of(app, "bert")) == (0, 1)
    assert not see(app, "anna")[0]


@pytest.mark.parametrize("successor", ["anna@kikz.test", "rita@kikz.test", "weg@kikz.test"])
def test_only_an_open_account_that_does_follow_ups_takes_over(app, users, successor):
    give_follow_up(app)
    users("lock", "anna@kikz.test", "--successor", successor, code=1)
    assert see(app, "anna")[0]
    assert open_of(app, "anna") == 1


@pytest.mark.parametrize("command", ["password", "lock", "unlock"])
def test_an_unknown_address_is_named(users, command):
    assert "weg@kikz.test" in users(command, "weg@kikz.test", code=1)


def test_no_command_deletes(app):
    commands = app.cli.commands["users"].commands
    assert set(commands) == {"create", "list", "password", "roles", "lock", "unlock", "reset-second-factor"}
