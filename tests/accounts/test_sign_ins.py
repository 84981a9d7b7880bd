"""Where one is signed in: seen, ended one by one or all at once, and ended by the administration."""

from datetime import timedelta

import time_machine

from crm.accounts.models import UserSession
from crm.audit import history_of
from crm.db import db, now
from tests import factories
from tests.doors import is_inside, sign_in

PAGE = "/konto/anmeldungen"


def events(app):
    """What the trail says of Anna, newest first."""
    with app.app_context():
        return [event.name for event in history_of(factories.member("anna"))]


def test_every_browser_is_listed_and_another_one_is_ended(app, anna, bert):
    second, third = sign_in(app), sign_in(app)
    page = anna.get(PAGE)
    assert page.main.count("dieser Browser") == 1
    buttons = [form.get("sign_in") for form in (page.fields(n) for n in range(3))]
    assert buttons[0] == ["others"]
    assert anna.post(PAGE, sign_in=buttons[1][0]).location == PAGE
    assert sorted((is_inside(second), is_inside(third))) == [False, True]
    assert anna.post(PAGE, sign_in="others", follow=True).status == 200
    assert not is_inside(second)
    assert not is_inside(third)
    assert is_inside(anna)
    assert is_inside(bert)
    assert events(app) == ["user.sign-ins-ended"] * 2


def test_nobody_ends_the_sign_ins_of_a_colleague(app, anna, bert):
    with app.app_context():
        numbers = [one.id for one in db.session.query(UserSession)]
    for number in [*numbers, "0", "x", ""]:
        assert "schon beendet" in anna.post(PAGE, sign_in=str(number), follow=True).text
    assert is_inside(bert)
    assert is_inside(anna)


def test_the_administration_ends_them_all(app, ada, anna):
    second = sign_in(app)
    with app.app_context():
        number, own = factories.member("anna").id, factories.member("ada").id
    assert ada.post(f"/konten/{number}/abmelden").location == f"/konten/{number}"
    assert not is_inside(anna)
    assert not is_inside(second)
    assert events(app) == ["user.sign-ins-ended"]
    assert ada.post(f"/konten/{own}/abmelden").status == 422
    assert is_inside(ada)


def test_sessions_that_open_nothing_are_deleted_after_a_day(app, anna):
    anna.post("/abmelden")
    for hours, left in ((23, 1), (25, 0)):
        with time_machine.travel(now() + timedelta(hours=hours)):
            assert app.test_cli_runner().invoke(args=["retention", "run"]).exit_code == 0
        with app.app_context():
            assert db.session.query(UserSession).count() == left


def test_messages_go_with_the_session(app, anna):
    anna.submit("/konto")
    with app.app_context():
        assert db.session.query(UserSession).one().messages != []
    anna.post("/abmelden")
    with app.app_context():
        assert db.session.query(UserSession).one().messages == []
