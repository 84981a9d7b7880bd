"""The administration of accounts on screen."""

import re

import pytest
from sqlalchemy import func, select

from crm.access import Role
from crm.accounts import queries
from crm.accounts.models import User
from crm.accounts.services import ONE_TIME_FOR
from crm.audit import history_of
from crm.db import db, now, today
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp
from tests import factories
from tests.doors import is_inside, one_time, sign_in

NEW = {"name": "Nora Neu", "email": "nora@kikz.test", "roles": ["adviser"]}


# On the page of somebody else the button for a one-time password is the first form.
ACCOUNT = 1


def number_of(app, name):
    """Number of a member of the cast."""
    with app.app_context():
        return factories.member(name).id


def see(app, email):
    """An account as it stands: name, roles, open or not, events."""
    with app.app_context():
        user = queries.by_email(email)
        return user.name, user.roles, user.is_active, [event.name for event in history_of(user)]


def users(app):
    """How many accounts there are."""
    with app.app_context():
        return db.session.scalar(select(func.count(User.id)))


def shown_password(page):
    """The one-time password on the screen."""
    return re.search(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", page.main)[0]


def busy(app, name="anna", **over):
    """Give somebody an open follow-up."""
    with app.app_context():
        factories.follow_up(by=name, **over)
        db.session.commit()


def open_of(app, name):
    """How many open follow-ups somebody has."""
    with app.app_context():
        return follow_ups.count_open_of(factories.member(name).id)


def test_the_list_names_everybody(ada):
    main = ada.get("/konten").main
    assert all(name in main for name, _roles in factories.CAST.values())


def test_an_account_is_made_and_its_password_shown_once(app, ada):
    page = ada.submit("/konten/neu", **NEW)
    assert page.status == 200
    password = shown_password(page)
    assert see(app, "nora@kikz.test") == ("Nora Neu", {Role.ADVISER}, True, ["user.created"])
    nora = sign_in(app, "nora", password)
    assert nora.get("/beratungen").location == "/konto/passwort"
    assert password not in ada.get("/konten").html


WRONG = {
    "no name": ({"name": " "}, "Namen"),
    "no address": ({"email": ""}, "Adresse"),
    "no real address": ({"email": "nora@"}, "name@example.de"),
    "two addresses": ({"email": "a@kommune.de, b@kommune.de"}, "name@example.de"),
    "a long address": ({"email": "a" * 60 + "@" + "b" * 60 + ".de" * 70}, "höchstens 254 Zeichen"),
    "a long name": ({"name": "x" * 201}, "höchstens 200 Zeichen"),
    "no role": ({"roles": []}, "Rolle"),
    "an unknown role": ({"roles": ["koenig"]}, "Auswahl"),
    "a known address": ({"email": "anna@kikz.test"}, "schon ein Konto"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_account_is_refused_and_kept_on_screen(app, ada, case):
    before, (fields, words) = users(app), WRONG[case]
    page = ada.submit("/konten/neu", **NEW | fields)
    assert page.status == 422
    assert words in " ".join(page.errors()), page.errors()
    assert page.fields()["name"] == [(NEW | fields)["name"]]
    assert users(app) == before


def test_name_and_roles_are_changed_and_end_sessions(app, ada, anna):
    url = f"/konten/{number_of(app, 'anna')}"
    page = ada.submit(url, ACCOUNT, name="Anna Ander", roles=["manager", "reader"])
    assert page.status == 303, page.errors()
    name, roles, _active, events = see(app, "anna@kikz.test")
    assert (name, roles) == ("Anna Ander", {Role.MANAGER, Role.READER})
    assert events[0] == "user.changed"
    assert not is_inside(anna)
    assert "Anna Ander" in ada.get(url).main


def test_a_changed_name_ends_nothing(app, ada, anna):
    page = ada.submit(f"/konten/{number_of(app, 'anna')}", ACCOUNT, name="Anna Ander")
    assert page.status == 303
    assert is_inside(anna)


def test_the_first_account_of_an_installation_can_be_edited(app, ada):
    with app.app_context():
        number = factories.user("admin@kikz.local", "Erstes Konto", {Role.ADMINISTRATOR}).id
        db.session.commit()
    assert ada.submit(f"/konten/{number}", ACCOUNT, name="Ute Umsicht").status == 303
    assert see(app, "admin@kikz.local")[0] == "Ute Umsicht"


def test_two_administrators_do_not_overwrite_each_other(app, ada):
    url = f"/konten/{number_of(app, 'anna')}"
    form = ada.get(url).fields(ACCOUNT)
    assert ada.post(url, form | {"name": ["Erste"]}).status == 303
    page = ada.post(url, form | {"name": ["Zweite"]})
    assert page.status == 409
    assert "Erste" in page.main
    assert see(app, "anna@kikz.test")[0] == "Erste"


def test_locking_hands_open_follow_ups_over(app, ada, anna):
    busy(app)
    url = f"/konten/{number_of(app, 'anna')}/sperren"
    missing = ada.submit(url)
    assert missing.status == 422
    assert "übernimmt" in " ".join(missing.errors())
    assert is_inside(anna)
    assert ada.submit(url, successor_id=str(number_of(app, "bert"))).status == 303
    assert (open_of(app, "anna"), open_of(app, "bert")) == (0, 1)
    assert not is_inside(anna)
    assert see(app, "anna@kikz.test")[2:] == (False, ["user.locked"])


def test_follow_ups_in_the_trash_and_confidential_ones_go_along(app, ada):
    busy(app, confidential=True)
    busy(app, removed_at=now())
    ada.submit(f"/konten/{number_of(app, 'anna')}/sperren", successor_id=str(number_of(app, "mara")))
    with app.app_context():
        owners = db.session.scalars(select(FollowUp.owner_id).execution_options(include_removed=True)).all()
        assert owners == [factories.member("mara").id] * 2


def test_nobody_without_work_in_hand_is_asked_for_a_successor(app, ada):
    page = ada.submit(f"/konten/{number_of(app, 'rita')}/sperren")
    assert page.status == 303
    assert not see(app, "rita@kikz.test")[2]


@pytest.mark.parametrize("heir", ["anna", "rita", "999999", "x"])
def test_only_offered_colleagues_take_over(app, ada, heir):
    busy(app)
    chosen = heir if heir in ("999999", "x") else str(number_of(app, heir))
    page = ada.submit(f"/konten/{number_of(app, 'anna')}/sperren", successor_id=chosen)
    assert page.status == 422
    assert "Auswahl" in " ".join(page.errors())
    assert open_of(app, "anna") == 1


def test_nobody_locks_oneself(app, ada):
    page = ada.submit(f"/konten/{number_of(app, 'ada')}/sperren")
    assert page.status == 422
    assert "Das eigene Konto" in page.main
    assert is_inside(ada)


def test_the_last_administrator_stays(app, ada):
    page = ada.submit(f"/konten/{number_of(app, 'ada')}", roles=["reader"])
    assert page.status == 422
    assert "Jemand muss" in " ".join(page.errors())
    assert is_inside(ada)


def test_one_of_two_administrators_may_go(app, ada):
    with app.app_context():
        factories.user("zwei@kikz.test", "Zoe Zwei", {Role.ADMINISTRATOR})
        db.session.commit()
    assert ada.submit(f"/konten/{number_of(app, 'zwei')}/sperren").status == 303
    assert ada.submit(f"/konten/{number_of(app, 'ada')}", roles=["reader"]).status == 422


def test_a_locked_account_is_opened_again(app, ada, stranger):
    number = number_of(app, "rita")
    ada.submit(f"/konten/{number}/sperren")
    assert stranger.post("/anmelden", email="rita@kikz.test", password=factories.PASSWORD).status == 422
    ada.post(f"/konten/{number}/entsperren")
    stranger.sign_in("rita@kikz.test")
    assert see(app, "rita@kikz.test")[3] == ["user.unlocked", "user.locked"]


def test_a_one_time_password_replaces_a_forgotten_one(app, ada, anna):
    page = ada.post(f"/konten/{number_of(app, 'anna')}/einmalpasswort")
    assert f"Es gilt bis {today() + ONE_TIME_FOR:%d.%m.%Y}" in page.main
    assert page.status == 200
    assert not is_inside(anna)
    assert sign_in(app, "anna", shown_password(page)).get("/").location == "/konto/passwort"
    assert see(app, "anna@kikz.test")[3] == ["user.password-reset"]


def test_an_older_one_time_password_is_worth_nothing(app, stranger):
    old = one_time(app)
    one_time(app)
    assert stranger.post("/anmelden", password=old).status == 422


def test_nobody_resets_the_own_password_without_knowing_it(app, ada):
    assert ada.post(f"/konten/{number_of(app, 'ada')}/einmalpasswort").status == 422
    assert is_inside(ada)


@pytest.mark.parametrize("number", ["0", "999999", "-1", "abc"])
def test_a_missing_account_is_not_found(ada, number):
    assert ada.get(f"/konten/{number}").status == 404
    assert ada.get(f"/konten/{number}/sperren").status == 404
    assert ada.post(f"/konten/{number}/einmalpasswort").status == 404


def test_no_address_deletes_accounts(one_app):
    for rule in one_app.url_map.iter_rules():
        assert "DELETE" not in rule.methods
        if rule.endpoint.startswith("accounts.") and "user_id" in rule.arguments:
            assert not re.search("loesch|entfern|delete|remove", rule.rule + rule.endpoint)


def test_the_deputy_has_the_absent_on_the_desk(app, anna, bert):
    busy(app, text="Haushalt nachfragen")
    assert "Haushalt nachfragen" not in bert.get("/wiedervorlagen?stand=meine").main
    away = {
        "absent_from": f"{today():%d.%m.%Y}",
        "absent_until": "",
        "deputy_id": str(number_of(app, "bert")),
    }
    assert anna.submit("/konto", **away).status == 303
    assert "Haushalt nachfragen" in bert.get("/wiedervorlagen?stand=meine").main
    assert "Haushalt nachfragen" in bert.get("/").main
    assert anna.submit("/konto", absent_from="", absent_until="", deputy_id="").status == 303
    assert "Haushalt nachfragen" not in bert.get("/wiedervorlagen?stand=meine").main


def test_a_deputy_without_the_right_sees_no_confidential_word(app, anna, emil):
    busy(app, text="ZX-VERTRAULICH-7741", confidential=True)
    with app.app_context():
        factories.member("anna").absent_from = today()
        factories.member("anna").deputy_id = factories.member("emil").id
        db.session.commit()
    assert "ZX-VERTRAULICH-7741" not in emil.get("/wiedervorlagen?stand=meine").html + emil.get("/").html


AWAY = {
    "no deputy": ({"absent_from": "1.8.2027", "deputy_id": ""}, "vertritt"),
    "the end before the start": ({"absent_from": "9.8.2027", "absent_until": "1.8.2027"}, "letzte Tag"),
    "no day": ({"absent_from": "31.6.2027"}, "Dieses Datum gibt es nicht"),
}


@pytest.mark.parametrize("case", AWAY)
def test_an_impossible_absence_is_refused(app, anna, case):
    fields, words = AWAY[case]
    page = anna.submit("/konto", **{"deputy_id": str(number_of(app, "bert"))} | fields)
    assert page.status == 422
    assert words in " ".join(page.errors()), page.errors()
