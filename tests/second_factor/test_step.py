"""The second step at the door: no session before it, a code opens once, guesses wait."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from crm.accounts.models import User, UserSession
from crm.audit import AuditEvent, history_of
from crm.db import db, now
from crm.mail.models import OutgoingMail
from crm.second_factor import services
from crm.second_factor.models import PendingSignIn, RecoveryCode, SecondFactor
from crm.tokens import hash_of
from tests import factories
from tests.accounts.unsaved import LONG, NEW, idle, typed
from tests.crowds import all_at_once
from tests.doors import browser_with, cookie_of, copied, is_inside, one_time
from tests.pages import CarefulClient
from tests.second_factor.apps import STEP, at_the_step, enter, phone_of
from tests.second_factor.conftest import MOMENT


def sessions_of(app):
    """How many living sessions there are."""
    with app.app_context():
        return db.session.scalar(select(func.count(UserSession.id)).where(UserSession.ended_at.is_(None)))


def test_both_steps_open_the_page_asked_for(app, standing):
    phone, client = phone_of(app), at_the_step(app, next="/kommunen?q=Wetter")
    assert not is_inside(client)
    assert sessions_of(app) == 0, "there is no session before the code"
    page = client.get(STEP)
    field = page.soup.select_one("input[name=code]")
    assert (field["autocomplete"], field["inputmode"]) == ("one-time-code", "numeric")
    assert client.post(STEP, code=phone.code()).location == "/kommunen?q=Wetter"
    assert is_inside(client)
    assert sessions_of(app) == 1


@pytest.mark.parametrize("written", ["{0}{1}", " {0} {1} ", "{0}\u00a0{1}", "{0}-{1}"])
def test_a_pasted_code_may_have_blanks(app, standing, written):
    code = phone_of(app).code()
    client, page = enter(app, written.format(code[:3], code[3:]))
    assert page.status == 303
    assert is_inside(client)


@pytest.mark.parametrize(("steps", "inside"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_window_is_one_half_minute_each_way(app, standing, steps, inside):
    client, _page = enter(app, phone_of(app).code(steps))
    assert is_inside(client) is inside


def replays(app, phone, times=100):
    """Come in with one code, then try the same again in other browsers; give how many of those came in."""
    code, inside = phone.code(), 0
    enter(app, code)
    for _ in range(times):
        client, _page = enter(app, code)
        inside += is_inside(client)
    return inside


@contextmanager
def as_if_never_used():
    """Switch the memory of the last half minute off."""

    def takes(user_id, secret, digits):
        return services.codes.step_of(secret, digits) is not None

    kept, services._takes = services._takes, takes
    try:
        yield
    finally:
        services._takes = kept


@pytest.fixture
def patient(app):
    """A door that lets one guess as often as one likes, so that only the code itself can refuse."""
    kept, app.config["SIGN_IN_FREE_FAILURES"] = app.config["SIGN_IN_FREE_FAILURES"], 10_000
    yield
    app.config["SIGN_IN_FREE_FAILURES"] = kept


def test_a_used_code_never_opens_again(app, standing, patient):
    assert replays(app, phone_of(app)) == 0


def test_control_without_the_memory_of_the_last_half_minute_replays_come_in(app, standing, patient):
    phone = phone_of(app)
    with as_if_never_used():
        assert replays(app, phone, 10) == 10


def test_an_older_code_is_worth_nothing_after_a_newer_one(app, standing):
    phone = phone_of(app)
    enter(app, phone.code())
    client, page = enter(app, phone.code(-1))
    assert page.status == 422
    assert "schon benutzt" in page.main
    assert not is_inside(client)


def race(app, code):
    """Eight browsers that send one code at once; give how many came in."""
    crowd = [at_the_step(app) for _ in range(8)]
    tokens = [client.token() for client in crowd]
    all_at_once(
        *(
            lambda client=client, token=token: client.browser.post(
                STEP, data={"code": code, "csrf_token": token}
            )
            for client, token in zip(crowd, tokens, strict=True)
        )
    )
    return sum(is_inside(client) for client in crowd)


def test_of_eight_browsers_with_one_code_one_comes_in(app, standing, patient):
    assert race(app, phone_of(app).code()) == 1


def test_of_eight_browsers_with_one_recovery_code_one_comes_in(app, standing, patient):
    assert race(app, phone_of(app).recovery[0]) == 1


def test_control_without_compare_and_set_several_come_in(app, standing, patient):
    phone = phone_of(app)
    with as_if_never_used():
        assert race(app, phone.code()) > 1


def test_a_recovery_code_opens_once_and_is_told_by_mail(app):
    phone = phone_of(app)
    client, page = enter(app, phone.recovery[0])
    assert page.status == 303
    assert is_inside(client)
    again, page = enter(app, phone.recovery[0])
    assert page.status == 422
    assert "schon benutzt" in page.main
    assert not is_inside(again)
    with app.app_context():
        assert history_of(factories.member("anna"))[0].name == "user.recovery-code-used"
        assert "Übrige Codes: 1" in db.session.scalars(select(OutgoingMail.body)).one()


def test_five_wrong_codes_make_one_wait_and_another_browser_too(app):
    with time_machine.travel(MOMENT, tick=False) as clock:
        phone, client = phone_of(app), at_the_step(app)
        assert [client.post(STEP, code=phone.wrong()).status for _ in range(5)] == [422] * 5
        page = client.post(STEP, code=phone.code())
        assert page.status == 429
        assert 29 <= int(page.headers["Retry-After"]) <= 31
        assert "Sekunden" in page.main
        # The right password wipes none of the wrong codes out.
        assert enter(app, phone.code())[1].status == 429
        clock.shift(32)
        assert client.post(STEP, code=phone.code()).status == 303
        assert at_the_step(app).post(STEP, code=phone.code(1)).status == 303


@pytest.mark.parametrize(
    "code", ["", " ", "12345", "1234567", "abcdef", "１２３４５６", "1" * 500, "0x1234", "\u0663" * 6]
)
def test_what_is_no_code_is_refused_in_german(app, code):
    phone_of(app)
    client, page = enter(app, code)
    assert page.status == 422
    assert page.errors()
    assert not is_inside(client)


def test_every_step_has_another_token_and_the_old_ones_open_nothing(app, standing):
    phone, client = phone_of(app), CarefulClient(app)
    client.get("/anmelden")
    seen = [cookie_of(client)]
    client.post("/anmelden", email="anna@kikz.test", password=factories.PASSWORD)
    seen.append(cookie_of(client))
    client.post(STEP, code=phone.code())
    seen.append(cookie_of(client))
    assert len(set(seen)) == 3
    assert [is_inside(browser_with(app, cookie)) for cookie in seen] == [False, False, True]


def test_the_step_belongs_to_its_browser_and_is_used_up(app, standing):
    phone, client = phone_of(app), at_the_step(app)
    other = CarefulClient(app)
    assert "Melden Sie sich zuerst" in other.post(STEP, code=phone.code()).main
    thief = copied(client)
    assert client.post(STEP, code=phone.code()).status == 303
    standing.shift(30)
    assert "Melden Sie sich zuerst" in thief.post(STEP, code=phone.code()).main
    assert not is_inside(thief)
    with app.app_context():
        assert db.session.scalar(select(func.count(PendingSignIn.id))) == 0


@pytest.mark.parametrize(("minutes", "inside"), [(9, True), (11, False)])
def test_the_step_waits_ten_minutes(app, minutes, inside):
    phone = phone_of(app)
    with time_machine.travel(MOMENT, tick=False) as clock:
        client = at_the_step(app)
        clock.shift(minutes * 60)
        page = client.post(STEP, code=phone.code())
        assert is_inside(client) is inside
        assert inside or "zu lange gedauert" in page.main


def locked(app):
    factories.member("anna").locked_at = now()


def new_password(app):
    services.passwords.check_strength("Quitten im Kessel 7")
    factories.member("anna").password_hash = services.passwords.hashed("Quitten im Kessel 7")


def switched_off(app):
    services._forget(factories.member("anna"))


@pytest.mark.parametrize("change", [locked, new_password, switched_off])
def test_the_step_dies_with_the_password_the_account_and_the_factor(app, standing, change):
    phone, client = phone_of(app), at_the_step(app)
    with app.app_context():
        change(app)
        db.session.commit()
    client.post(STEP, code=phone.code())
    assert not is_inside(client)


def test_an_interrupted_form_comes_through_both_steps_even_late(app, standing):
    phone = phone_of(app)
    anna, _page = enter(app, phone.code())
    form = anna.get(NEW).fields() | typed(app)
    idle(anna)
    door = anna.post(NEW, form)
    secret = {"email": "anna@kikz.test", "password": factories.PASSWORD}
    assert anna.post("/anmelden", door.fields() | secret).location == STEP
    standing.shift(11 * 60)
    late = anna.post(STEP, code=phone.code())
    assert anna.post("/anmelden", late.fields() | secret).location == STEP
    back = anna.post(STEP, code=phone.code())
    assert anna.get(back.location).fields()["note"] == [LONG]


def test_a_one_time_password_asks_for_the_code_and_then_for_a_new_password(app, standing):
    phone, password, client = phone_of(app), one_time(app), CarefulClient(app)
    assert client.post("/anmelden", email="anna@kikz.test", password=password).location == STEP
    assert client.post(STEP, code=phone.code()).status == 303
    assert client.get("/beratungen").location == "/konto/passwort"


def test_a_new_password_by_a_link_does_not_pass_the_code_by(app, standing):
    phone, client, new = phone_of(app), CarefulClient(app), "Quitten im Kessel 7"
    client.post("/passwort-vergessen", email="anna@kikz.test")
    with app.app_context():
        path = db.session.scalars(select(OutgoingMail.body)).one().split("127.0.0.1:5000")[1].split()[0]
    assert client.submit(path, new_password=new, password_again=new).status == 303
    assert client.post("/anmelden", email="anna@kikz.test", password=new).location == STEP
    assert not is_inside(client)
    assert client.post(STEP, code=phone.code()).status == 303


def test_a_secret_that_cannot_be_opened_leaves_the_recovery_codes(app, standing):
    phone = phone_of(app)
    with app.app_context():
        db.session.execute(update(SecondFactor).values(sealed_secret="gAAAAA"))
        db.session.commit()
    assert enter(app, phone.code())[1].status == 422
    assert is_inside(enter(app, phone.recovery[0])[0])


def test_nothing_of_a_code_or_a_secret_is_stored_in_the_open(app, standing):
    phone = phone_of(app)
    enter(app, phone.code())
    with app.app_context():
        stored = repr(
            [
                tuple(row)
                for table in (SecondFactor, RecoveryCode, PendingSignIn, User, AuditEvent)
                for row in db.session.execute(select(table.__table__))
            ]
        )
    for secret in (phone.secret, phone.recovery[0], phone.recovery[0].replace("-", "")[4:], phone.code()):
        assert secret not in stored


def test_a_session_of_the_first_step_is_none(app, standing):
    phone_of(app)
    client = at_the_step(app)
    with app.app_context():
        waiting = db.session.scalars(select(PendingSignIn)).one()
        assert (
            db.session.scalar(select(UserSession).where(UserSession.token_hash == waiting.token_hash)) is None
        )
        assert waiting.token_hash != hash_of(cookie_of(client))


def test_steps_nobody_took_are_swept(app):
    phone_of(app)
    at_the_step(app)
    with time_machine.travel(now() + timedelta(days=2)), app.app_context():
        assert services.sweep() == 1
        db.session.commit()
