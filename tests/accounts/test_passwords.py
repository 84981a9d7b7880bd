"""Passwords: stored as Argon2id, refused when easy, made at random for the first sign-in."""

import time

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from config import Production
from crm.accounts import passwords
from crm.db import db
from crm.errors import RuleBroken
from tests import factories
from tests.doors import NEW_PASSWORD, SECRET, change_password, cookie_of, is_inside, sign_in

COMMON = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= passwords.SHORTEST][:3000]
EASY = [
    "passwort", "Passwort1", "PASSWORT!", "kikz2026", "Hessen123", "wiesbaden1", "willkommen", "Beratung1!",
    "12345678", "qwertzuiop", "Adler-2026", "anna1234", "Kompetenzzentrum",
]  # fmt: skip
GOOD = [
    NEW_PASSWORD, "x7!kQ2#p", "Über Stock und Stein", "пароль-корова-лес", "🙂🙃🙂🙃🙂🙃🙂🙃",
    "a" + "b c" * 66, "ein'; DROP TABLE users; --", "\\\\\"{{7*7}}%s", "vier kleine Wörter hier",
]  # fmt: skip


def refused(password):
    """Tell whether a password is refused for Anna."""
    try:
        passwords.check_strength(password, "Anna Adler", "anna@kikz.test")
    except RuleBroken:
        return True
    return False


def test_three_thousand_common_passwords_are_refused(context):
    assert len(COMMON) == 3000
    assert [word for word in COMMON if not refused(word)] == []


@pytest.mark.parametrize("password", EASY)
def test_words_of_the_centre_and_of_the_user_are_refused(context, password):
    assert refused(password)


@pytest.mark.parametrize("password", GOOD)
def test_any_characters_make_a_good_password(app, anna, password):
    change_password(anna, new=password)
    assert is_inside(sign_in(app, "anna", password))


def test_letters_sent_in_two_parts_are_the_same_password(app, anna):
    change_password(anna, new="Müller isst Äpfel")
    assert is_inside(sign_in(app, "anna", "Mu\u0308ller isst A\u0308pfel"))


def test_spaces_and_case_count(app, anna):
    change_password(anna, new=" Quitten im Kessel ")
    for wrong in ("Quitten im Kessel", " quitten im kessel "):
        assert anna.post("/anmelden", email="anna@kikz.test", password=wrong).status == 422


@pytest.mark.parametrize("short", ["", "kurz", "1234567"])
def test_a_short_password_is_refused_with_the_number(anna, short):
    page = anna.submit(
        "/konto/passwort", old_password=factories.PASSWORD, new_password=short, password_again=short
    )
    assert page.status == 422
    assert ("8 Zeichen" if short else "neue Passwort") in " ".join(page.errors())


@pytest.mark.parametrize("length", [1001, 100_000])
def test_a_huge_password_is_refused_at_once(anna, length):
    huge = "Ab1 " * (length // 4) + "x"
    begin = time.process_time()
    page = anna.submit(
        "/konto/passwort", old_password=factories.PASSWORD, new_password=huge, password_again=huge
    )
    assert page.status == 422
    assert "1000 Zeichen" in " ".join(page.errors())
    assert anna.post("/anmelden", email="anna@kikz.test", password=huge).status == 422
    assert time.process_time() - begin < 1


def test_the_present_password_is_asked_for(app, anna):
    page = anna.submit(
        "/konto/passwort", old_password="falsch", new_password=NEW_PASSWORD, password_again=NEW_PASSWORD
    )
    assert page.status == 422
    assert "nicht Ihr Passwort" in " ".join(page.errors())
    assert is_inside(sign_in(app))


def test_both_new_ones_must_be_equal(anna):
    page = anna.submit(
        "/konto/passwort", old_password=factories.PASSWORD, new_password=NEW_PASSWORD, password_again="anders"
    )
    assert page.status == 422
    assert NEW_PASSWORD not in page.html


def test_a_change_tells_and_brings_a_new_cookie(anna):
    before = cookie_of(anna)
    page = change_password(anna)
    assert "neue Passwort gilt" in anna.get(page.location).main
    assert cookie_of(anna) != before


def test_production_hashes_with_argon2id_and_64_megabytes():
    cost = Production({"SECRET_KEY": SECRET}).PASSWORD_COST
    found = extract_parameters(PasswordHasher(**cost | {"memory_cost": 1024}).hash("x"))
    assert found.type is Type.ID
    assert (cost["time_cost"], cost["memory_cost"], cost["parallelism"]) == (3, 65_536, 4)


def test_production_takes_a_while_to_check_but_not_long():
    hasher = PasswordHasher(**Production({"SECRET_KEY": SECRET}).PASSWORD_COST)
    stored = hasher.hash("Sieben Zwerge")
    begin = time.perf_counter()
    assert hasher.verify(stored, "Sieben Zwerge")
    assert 0.02 < time.perf_counter() - begin < 2


def test_no_password_stands_in_the_database(app, anna):
    change_password(anna)
    with app.app_context():
        stored = factories.member("anna").password_hash
        assert stored.startswith("$argon2id$")
        assert NEW_PASSWORD not in stored
        assert passwords.matches(stored, NEW_PASSWORD)
        db.session.rollback()


def test_the_hash_of_nothing_costs_as_much_and_matches_nothing(app):
    with app.app_context():
        nothing, real = passwords.hash_of_nothing(), passwords.hashed("x")
        assert extract_parameters(nothing) == extract_parameters(real)
        assert nothing != passwords.hash_of_nothing()
        assert not passwords.matches(nothing, "")


def test_a_broken_hash_matches_nothing(app):
    with app.app_context():
        assert not any(passwords.matches(broken, "x") for broken in ("", "x", "$argon2id$", "\x00"))


def test_one_time_passwords_are_long_random_and_easy_to_read_out():
    made = {passwords.one_time() for _ in range(200)}
    assert len(made) == 200
    for one in made:
        assert [len(part) for part in one.split("-")] == [4, 4, 4, 4]
        assert not set(one) & set("il1o0")
