"""Setting a second factor up on one's own page, doing without it again, and help for who lost it."""

import re

import pytest
from sqlalchemy import select, update

from config import ConfigError, Production
from crm import audit
from crm.access import Role
from crm.accounts import sessions
from crm.accounts.models import UserSession
from crm.db import db, now
from crm.mail.models import OutgoingMail
from crm.second_factor import queries, services
from tests import factories
from tests.doors import SECRET, copied, is_inside, program, sign_in
from tests.everything import addresses, fill
from tests.second_factor.apps import Phone, at_the_step, enter, phone_of

PAGE, SET_UP, CODES = (
    "/konto/zweiter-faktor",
    "/konto/zweiter-faktor/einrichten",
    "/konto/zweiter-faktor/codes",
)


def scanned(client):
    """Begin, and take the key off the page."""
    assert client.post(f"{PAGE}/beginnen").location == SET_UP
    page = client.get(SET_UP)
    picture = page.soup.select_one("svg.qr")
    assert picture["aria-label"]
    assert not picture.has_attr("style")
    return Phone(page.soup.select_one(".secret").get_text().replace(" ", ""), [])


def set_up(client):
    """Set a second factor up on screen; give the phone with its recovery codes."""
    phone = scanned(client)
    page = client.post(SET_UP, code=phone.code())
    assert page.location == CODES, page.main
    phone.recovery = [one.get_text() for one in client.get(CODES).soup.select(".codes li")]
    return phone


def events(app, name="anna"):
    """What the trail says of somebody, newest first."""
    with app.app_context():
        return [event.name for event in audit.history_of(factories.member(name))]


def mails(app):
    """Recipient, subject and body of all mails."""
    with app.app_context():
        return [(one.recipient, one.subject, one.body) for one in db.session.scalars(select(OutgoingMail))]


def test_three_steps_make_a_second_factor(app, standing, anna):
    other = sign_in(app)
    assert "gestohlenes Passwort" in anna.get(PAGE).main
    phone = set_up(anna)
    assert len(set(phone.recovery)) == 10
    assert is_inside(anna)
    assert not is_inside(other), "other sign-ins have ended"
    assert anna.post(CODES).location == PAGE
    assert anna.get(CODES).location == PAGE, "the codes are shown once"
    assert "eingeschaltet" in anna.get(PAGE).main
    assert events(app) == ["user.second-factor-set"]
    assert [subject for _to, subject, _body in mails(app)] == ["Zweiter Faktor für IKZ-Beratung eingerichtet"]
    standing.shift(30)
    assert is_inside(enter(app, phone.code())[0])
    assert is_inside(enter(app, phone.recovery[3])[0])


def test_nothing_is_in_force_before_the_first_right_code(app, standing, anna):
    phone = scanned(anna)
    page = anna.post(SET_UP, code=phone.wrong())
    assert page.status == 422
    assert page.soup.select_one(".secret").get_text().replace(" ", "") == phone.secret, "the key stays"
    sign_in(app)
    assert events(app) == []


def test_a_second_click_and_a_reload_change_neither_key_nor_codes(app, standing, anna):
    first, second = scanned(anna), scanned(anna)
    assert first.secret == second.secret
    phone = set_up(anna)
    again = anna.post(SET_UP, code=phone.code())
    assert again.location == CODES
    assert [one.get_text() for one in anna.get(CODES).soup.select(".codes li")] == phone.recovery
    assert anna.post(f"{PAGE}/beginnen").status == 422


def test_a_key_that_was_shown_long_ago_is_made_anew(app, standing, anna):
    phone = scanned(anna)
    standing.shift(61 * 60)
    anna = sign_in(app)
    page = anna.post(SET_UP, code=phone.code())
    assert "Beginnen Sie noch einmal" in page.main
    assert scanned(anna).secret != phone.secret


def test_the_codes_come_as_a_text_file_too(app, standing, anna):
    phone = set_up(anna)
    page = anna.post(CODES, datei="1")
    assert page.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert page.headers["Content-Disposition"] == 'attachment; filename="Ersatzcodes.txt"'
    assert re.findall(r"(?:\d{4}-){3}\d{4}", page.data.decode()) == phone.recovery
    standing.shift(61 * 60)
    with app.app_context():
        services.sweep()
        db.session.commit()
        assert queries.new_codes(factories.member("anna")) == []


WEAKER = {"neue-codes": "user.recovery-codes-renewed", "ausschalten": "user.second-factor-off"}


@pytest.mark.parametrize("page", WEAKER)
def test_what_weakens_the_door_wants_password_and_code(app, standing, page):
    phone = phone_of(app)
    anna, _answer = enter(app, phone.code())
    thief, url = copied(anna), f"{PAGE}/{page}"
    standing.shift(60)
    for password, code, words in (
        ("falsch", phone.code(), "nicht Ihr Passwort"),
        (factories.PASSWORD, phone.wrong(), "Code stimmt nicht"),
        ("", phone.code(), "Passwort ein"),
        (factories.PASSWORD, "", "Code ein"),
    ):
        answer = anna.post(url, password=password, code=code)
        assert answer.status == 422
        assert words in " ".join(answer.errors()), answer.errors()
    assert events(app) == []
    assert anna.post(url, password=factories.PASSWORD, code=phone.code()).status == 303
    assert events(app)[0] == WEAKER[page]
    assert not is_inside(thief)
    assert is_inside(anna)
    assert len(mails(app)) == 1


def test_new_recovery_codes_take_the_place_of_the_old(app, standing):
    phone = phone_of(app)
    anna, _answer = enter(app, phone.code())
    answer = anna.post(f"{PAGE}/neue-codes", password=factories.PASSWORD, code=phone.recovery[0])
    fresh = [one.get_text() for one in anna.get(answer.location).soup.select(".codes li")]
    assert len(fresh) == 10
    assert not is_inside(enter(app, phone.recovery[1])[0])
    assert is_inside(enter(app, fresh[0])[0])


def test_passwords_are_not_guessed_from_inside(app, standing):
    phone = phone_of(app)
    anna, _answer = enter(app, phone.code())
    statuses = [anna.post(f"{PAGE}/ausschalten", password="falsch", code="123456").status for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def number(app, name):
    """The number of somebody of the cast."""
    with app.app_context():
        return factories.member(name).id


def test_the_administration_resets_it_and_the_person_is_told(app, standing, ada):
    phone, url = phone_of(app), f"/konten/{number(app, 'anna')}"
    anna, _answer = enter(app, phone.code())
    waiting = at_the_step(app)
    assert ada.get(url).soup.select_one(f"a[href='{url}/zweiter-faktor']")
    assert ada.submit(f"{url}/zweiter-faktor").location == url
    assert events(app) == ["user.second-factor-reset"]
    assert not is_inside(anna)
    waiting.post("/anmelden/code", code=phone.code(1))
    assert not is_inside(waiting)
    assert is_inside(sign_in(app))
    assert [(to, "Verwaltung hat" in body) for to, _subject, body in mails(app)] == [("anna@kikz.test", True)]
    again = ada.submit(f"{url}/zweiter-faktor")
    assert again.status == 422
    assert "keinen zweiten Faktor" in again.main


def test_nobody_resets_the_own_one(app, standing):
    phone = phone_of(app, "ada")
    ada, _answer = enter(app, phone.code(), "ada")
    page = ada.submit(f"/konten/{number(app, 'ada')}/zweiter-faktor")
    assert page.status == 422
    assert "auf der Seite Ihres Kontos" in page.main


def test_the_command_for_the_emergency(app, standing):
    phone_of(app)
    runner = app.test_cli_runner()
    done = runner.invoke(args=["users", "reset-second-factor", "anna@kikz.test"])
    assert "nur mit dem Passwort" in done.output
    assert is_inside(sign_in(app))
    assert events(app) == ["user.second-factor-reset"]
    assert len(mails(app)) == 1
    assert runner.invoke(args=["users", "reset-second-factor", "anna@kikz.test"]).exit_code == 1


OPEN = {
    "accounts.change_password", "accounts.prove", "accounts.sign_out", "second_factor.begin",
    "second_factor.codes_made", "second_factor.set_up", "second_factor.show",
}  # fmt: skip


def test_who_must_have_one_does_nothing_else_before(stage, app, standing):
    numbers = fill(app)
    with program(stage, REQUIRE_SECOND_FACTOR="managers") as strict:
        mara = sign_in(strict, "mara")
        for one in addresses(strict, numbers, safe=True):
            if one.endpoint not in OPEN and strict.view_functions[one.endpoint].permission is not None:
                assert mara.get(one.url).location == PAGE, one
        before = events(strict, "mara")
        for one in addresses(strict, numbers, safe=False):
            if one.endpoint not in OPEN and strict.view_functions[one.endpoint].permission is not None:
                assert mara.post(one.url).location == PAGE, one
        assert events(strict, "mara") == before
        assert "braucht einen zweiten Faktor" in mara.get(PAGE).main
        set_up(mara)
        assert mara.get("/beratungen").status == 200


def test_control_without_the_setting_nobody_is_led_anywhere(app, mara):
    assert mara.get("/beratungen").status == 200


@pytest.mark.parametrize(
    ("required", "roles", "asked"),
    [
        ("off", {Role.ADMINISTRATOR}, False),
        ("managers", {Role.MANAGER}, True),
        ("managers", {Role.ADVISER, Role.ADMINISTRATOR}, True),
        ("managers", {Role.ADVISER, Role.COORDINATOR, Role.READER}, False),
        ("all", {Role.READER}, True),
    ],
)
def test_whom_the_setting_means(context, required, roles, asked):
    user = factories.user(roles=roles)
    assert queries.is_demanded(user, required) is asked
    user.second_factor_at = now()
    assert not queries.is_demanded(user, required)


def test_who_comes_from_another_server_is_not_asked(stage, app):
    with program(stage, REQUIRE_SECOND_FACTOR="all") as strict:
        anna = sign_in(strict)
        assert anna.get("/beratungen").location == PAGE
        with strict.test_request_context("/"):
            row = sessions.begin(factories.member("anna"), elsewhere=True)
            db.session.execute(
                update(UserSession).where(UserSession.id != row.id).values(elsewhere=row.elsewhere)
            )
            db.session.commit()
        assert anna.get("/beratungen").status == 200


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"REQUIRE_SECOND_FACTOR": "ja"}, "managers"),
        ({"REQUIRE_SECOND_FACTOR": ""}, "managers"),
        ({"PROOF_MINUTES": "0"}, "1 bis 600"),
        ({"PROOF_MINUTES": "601"}, "1 bis 600"),
        ({"PROOF_MINUTES": "zehn"}, "ganze Zahl"),
    ],
)
def test_a_wrong_setting_stops_the_start(environ, words):
    with pytest.raises(ConfigError, match=words):
        Production({"SECRET_KEY": SECRET} | environ)
