"""A long text is never lost: neither with the session nor with the browser."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select, update

from crm import drafts
from crm.access import Role
from crm.accounts import sealing, services
from crm.accounts.models import UserSession
from crm.consultations.models import Consultation
from crm.db import db, now, today
from crm.drafts import Draft
from tests import factories
from tests.doors import NEW_PASSWORD, browser_with, change_password, cookie_of, program, sign_in
from tests.everything import addresses, fill

MARK = "ZX-ENTWURF-4711"
LONG = (f"{MARK} Ä ö ü ß € „Bauhof“ <b>&amp;</b> {{{{7*7}}}} %s '; -- \\ 🙂\n" * 400)[:20_000].rstrip()
NEW = "/beratungen/neu"


def typed(app, **over):
    """What stands in a form that is nearly done."""
    with app.app_context():
        place = str(factories.place("Lahntal").id)
    found = {"organisations": [place], "held_on": f"{today():%d.%m.%Y}", "kind": "single", "channel": "phone"}
    return found | {"note": LONG} | over


def idle(client):
    """Half an hour has passed since the last request."""
    with client.app.app_context():
        db.session.execute(update(UserSession).values(last_used_at=now() - timedelta(minutes=31)))
        db.session.commit()


def new_password(client):
    """The password changes in another browser."""
    change_password(sign_in(client.app))


def new_role(client):
    """The administration makes Anna a manager."""
    with client.app.app_context():
        anna = factories.member("anna")
        services.change_user(anna, {"name": anna.name, "email": anna.email}, {Role.MANAGER}, factories.member("ada"))
        db.session.commit()


def lock(client):
    """The administration locks the account for a moment."""
    with client.app.app_context():
        services.lock_user(factories.member("anna"), factories.member("ada"))
        services.unlock_user(factories.member("anna"), factories.member("ada"))
        db.session.commit()


LOSSES = {"silence": idle, "a new password": new_password, "a new role": new_role, "a lock": lock}


def talks(app):
    """How many talks are saved."""
    with app.app_context():
        return db.session.scalar(select(func.count(Consultation.id)))


def kept(app):
    """Paths of all drafts."""
    with app.app_context():
        return sorted(db.session.scalars(select(Draft.path)))


def interrupted(app, client, loss=idle, url=NEW, **over):
    """Lose the session while typing; give the page that answers."""
    form = client.get(url).fields() | typed(app, **over)
    loss(client)
    return client.post(url, form)


def sign_in_again(client, page, name="anna", password=factories.PASSWORD):
    """Fill in the door as it stands."""
    fields = page.fields() | {"email": f"{name}@kikz.test", "password": password}
    return client.post("/anmelden", fields)


@pytest.mark.parametrize("loss", LOSSES)
def test_twenty_thousand_characters_survive(app, anna, loss):
    page = interrupted(app, anna, LOSSES[loss])
    assert page.status == 401
    assert talks(app) == 0
    password = NEW_PASSWORD if loss == "a new password" else factories.PASSWORD
    back = sign_in_again(anna, page, password=password)
    assert back.status == 303
    form = anna.get(back.location)
    assert form.fields()["note"] == [LONG]
    assert form.fields()["kind"] == ["single"]
    assert form.fields()["organisations"] == typed(app)["organisations"]
    assert talks(app) == 0, "the form is filled, and nothing is saved unasked"
    assert anna.post(NEW, form.fields()).status == 303
    assert (talks(app), kept(app)) == (1, [])


def test_a_restart_with_the_same_key_loses_nothing(stage, app, anna):
    form = anna.get(NEW).fields() | typed(app)
    with program(stage) as restarted:
        assert browser_with(restarted, cookie_of(anna)).post(NEW, form).status == 303
    assert talks(app) == 1


def test_a_restart_while_the_door_is_open_loses_nothing(stage, app, anna):
    page = interrupted(app, anna)
    with program(stage) as restarted:
        client = browser_with(restarted, cookie_of(anna))
        back = sign_in_again(client, page)
        assert client.get(back.location).fields()["note"] == [LONG]


def test_another_user_gets_an_empty_form(app, anna):
    page = interrupted(app, anna)
    back = sign_in_again(anna, page, "bert")
    assert back.location == NEW
    assert anna.get(back.location).fields()["note"] == [""]
    assert kept(app) == []


def test_the_door_carries_the_text_but_shows_none_of_it(app, anna):
    page = interrupted(app, anna)
    assert "gefüllt" in page.main
    sealed = page.fields()["sealed"][0]
    assert len(sealed) > 20_000
    for trace in (MARK, MARK.encode().hex(), "Bauhof", "WlgtRU5UV1VSRi00Nz"):
        assert trace not in page.html


def test_a_wrong_password_and_a_delay_keep_the_sealed_text(app, anna):
    page = interrupted(app, anna)
    wrong = sign_in_again(anna, page, password="falsch")
    assert wrong.fields()["sealed"] == page.fields()["sealed"]
    for _ in range(4):
        sign_in_again(anna, page, password="falsch")
    waiting = sign_in_again(anna, page)
    assert waiting.status == 429
    assert waiting.fields()["sealed"] == page.fields()["sealed"]


def test_a_door_that_stood_open_too_long_keeps_the_sealed_text(app, anna):
    forms = [anna.get(NEW).fields() | typed(app, note=text) for text in ("Erster Text", "Zweiter Text")]
    idle(anna)
    first, second = (anna.post(NEW, form) for form in forms)
    assert sign_in_again(anna, first).status == 303
    renewed = sign_in_again(anna, second)
    assert renewed.status == 400
    assert "erneuert" in renewed.main
    assert renewed.fields()["sealed"] == second.fields()["sealed"]
    back = sign_in_again(anna, renewed)
    assert anna.get(back.location).fields()["note"] == ["Zweiter Text"]


def test_strangers_get_no_promise(stranger, app):
    page = stranger.post(NEW, typed(app))
    assert page.status == 401
    assert page.fields()["sealed"] == [""]
    assert "Melden Sie sich noch einmal an" in page.main


@pytest.mark.parametrize("broken", ["", "x", "gAAAAA", "\u00e4\u0663", "a" * 100_000])
def test_a_broken_seal_is_no_reason_to_stay_outside(app, anna, broken):
    page = interrupted(app, anna)
    fields = page.fields() | {"sealed": broken, "email": "anna@kikz.test", "password": factories.PASSWORD}
    assert anna.post("/anmelden", fields).location == NEW


def test_a_seal_holds_for_a_day(app, anna):
    page = interrupted(app, anna)
    with time_machine.travel(now() + timedelta(hours=25)):
        assert sign_in_again(anna, page).location == NEW


def test_a_seal_of_another_key_is_not_opened(app):
    with app.app_context():
        sealed = sealing.seal(1, NEW, [["note", MARK]])
        assert sealing.opened(sealed, 1) == (NEW, [["note", MARK]])
        assert sealing.opened(sealed, 2) is None
        app.config["SECRET_KEY"], old = "z" * 40, app.config["SECRET_KEY"]
        try:
            assert sealing.opened(sealed, 1) is None
        finally:
            app.config["SECRET_KEY"] = old


def test_passwords_are_never_kept(app, anna):
    secret = {"old_password": "Geheim-Eins", "new_password": "Geheim-Zwei", "password_again": "Geheim-Zwei"}
    form = anna.get("/konto/passwort").fields() | secret
    idle(anna)
    page = anna.post("/konto/passwort", form)
    with app.app_context():
        path, fields = sealing.opened(page.fields()["sealed"][0], factories.member("anna").id)
    assert path == "/konto/passwort"
    assert fields == []


def keep(client, path=NEW, **fields):
    """Send what the script sends every twenty seconds."""
    return client.post(f"/entwurf?path={path}", **fields)


def test_what_the_script_keeps_is_offered_and_taken(app, anna):
    assert keep(anna, note=LONG, kind="group", password="Geheim").status == 200
    fresh = anna.get(NEW)
    assert fresh.soup.select_one(f'a[href="{NEW}?entwurf=1"]')
    assert fresh.fields(-1)["note"] == [""]
    taken = anna.get(f"{NEW}?entwurf=1")
    assert (taken.fields()["note"], taken.fields()["kind"]) == ([LONG], ["group"])
    assert taken.status == 200
    assert "Geheim" not in taken.html
    assert talks(app) == 0


def test_a_draft_is_replaced_not_doubled(app, anna):
    for text in ("Eins", "Zwei", "Drei"):
        keep(anna, note=text)
    assert kept(app) == [NEW]
    assert anna.get(f"{NEW}?entwurf=1").fields()["note"] == ["Drei"]


def test_a_draft_can_be_thrown_away(app, anna):
    keep(anna, note="Eins")
    assert anna.post(f"/entwurf/verwerfen?path={NEW}").location == NEW
    assert kept(app) == []
    assert not anna.get(NEW).soup.select(f'a[href="{NEW}?entwurf=1"]')


def test_saving_ends_the_draft_and_a_mistake_does_not(app, anna):
    keep(anna, note="Eins")
    assert anna.submit(NEW, form=-1, **typed(app, held_on="31.4.2026")).status == 422
    assert kept(app) == [NEW]
    assert anna.submit(NEW, form=-1, **typed(app)).status == 303
    assert kept(app) == []


def test_drafts_of_two_records_do_not_mix(app, anna):
    with app.app_context():
        first, second = factories.talk("Lahntal", note="A").id, factories.talk("Cölbe", note="B").id
        db.session.commit()
    urls = [f"/beratungen/{number}/bearbeiten" for number in (first, second)]
    keep(anna, urls[0], note="Entwurf A")
    assert anna.get(f"{urls[0]}?entwurf=1").fields()["note"] == ["Entwurf A"]
    assert anna.get(f"{urls[1]}?entwurf=1").fields()["note"] == ["B"]


def test_nobody_else_reads_a_draft(app, anna, bert, mara, ada):
    numbers = fill(app)
    keep(anna, note=LONG)
    for other in (bert, mara, ada):
        for one in addresses(app, numbers, safe=True):
            assert MARK not in other.get(one.url).html, one
        assert MARK not in other.get(f"{NEW}?entwurf=1").html


def test_nobody_else_takes_or_drops_a_draft(app, anna, bert):
    keep(anna, note="Eins")
    bert.post(f"/entwurf/verwerfen?path={NEW}")
    keep(bert, note="Zwei")
    assert anna.get(f"{NEW}?entwurf=1").fields()["note"] == ["Eins"]


def test_a_draft_lives_for_fourteen_days(app, anna):
    keep(anna, note="Eins")
    with time_machine.travel(now() + timedelta(days=13, hours=23)), app.app_context():
        assert drafts.sweep() == 0
    with time_machine.travel(now() + timedelta(days=14, hours=1)):
        assert sign_in(app).get(f"{NEW}?entwurf=1").fields()["note"] == [""]
        with app.app_context():
            assert drafts.sweep() == 1
            db.session.commit()
    assert kept(app) == []


@pytest.mark.parametrize("path", ["//kikz.test", "/\\kikz.test", "https://kikz.test", "javascript:1", "", "/%00", "/x%0d%0ay"])
def test_a_draft_belongs_to_an_address_of_this_site(app, anna, path):
    assert keep(anna, path, note="Eins").status == 200
    assert kept(app) == ["/"]
    assert anna.post(f"/entwurf/verwerfen?path={path}").location == "/"


def test_nothing_is_stored_in_the_browser():
    for path in (Path(__file__).parents[2] / "crm/static/src").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        for store in ("localStorage", "sessionStorage", "indexedDB", "document.cookie", "caches."):
            assert store not in text, path
