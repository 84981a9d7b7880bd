"""While one types, the server keeps a draft: for its writer, until it is saved, for two weeks at most."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from crm.db import db, now
from tests import factories
from tests.accounts.unsaved import LONG, MARK, NEW, kept, talks, typed
from tests.doors import sign_in
from tests.everything import addresses, fill
from tests.retention.running import forget


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
    form = anna.get(NEW).fields(-1) | typed(app)
    keep(anna, **form)
    assert anna.post(NEW, form | {"held_on": "31.4.2026"}).status == 422
    assert kept(app) == [NEW]
    assert anna.post(NEW, form).status == 303
    assert kept(app) == []


def test_a_call_logged_in_between_leaves_the_long_text_alone(app, anna):
    half = anna.get(NEW).fields(-1) | {"note": LONG}
    keep(anna, **half)
    call = anna.get(f"{NEW}?weg=anruf").fields(-1) | typed(app, note="Kurz")
    keep(anna, f"{NEW}?weg=anruf", **call)
    assert kept(app) == [NEW, NEW]
    assert anna.post(f"{NEW}?weg=anruf", call).status == 303
    offer = anna.get(NEW).soup.select_one('a[href*="?entwurf="]')
    assert offer["href"] == f"{NEW}?entwurf={half['draft'][0]}"
    assert MARK in anna.get(NEW).main
    assert anna.get(offer["href"]).fields()["note"] == [LONG]


def test_a_draft_taken_up_goes_on_as_the_same_one(app, anna):
    keep(anna, **anna.get(NEW).fields(-1) | {"note": "Eins"})
    address = anna.get(NEW).soup.select_one('a[href*="?entwurf="]')["href"]
    form = anna.get(address).fields() | {"note": "Eins und zwei"}
    keep(anna, address, **form)
    assert kept(app) == [NEW]
    assert anna.get(address).fields()["note"] == ["Eins und zwei"]
    assert anna.post(address, form | typed(app)).status == 303
    assert kept(app) == []


def test_only_the_newest_five_are_offered(app, anna):
    for number in range(7):
        keep(anna, **anna.get(NEW).fields(-1) | {"note": f"Nummer {number}"})
    page = anna.get(NEW)
    assert [f"Nummer {number}" in page.main for number in range(7)] == [False, False, *[True] * 5]


def test_drafts_of_two_records_do_not_mix(app, anna):
    with app.app_context():
        first, second = factories.talk("Lahntal", note="A").id, factories.talk("Cölbe", note="B").id
        db.session.commit()
    urls = [f"/beratungen/{number}/bearbeiten" for number in (first, second)]
    keep(anna, urls[0], note="Entwurf A")
    assert anna.get(f"{urls[0]}?entwurf=1").fields()["note"] == ["Entwurf A"]
    assert anna.get(f"{urls[1]}?entwurf=1").fields()["note"] == ["B"]


def test_nobody_else_reads_a_draft(app, anna, bert, ada):
    numbers = fill(app)
    keep(anna, note=LONG)
    for other in (bert, ada):
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
        assert forget("drafts") == 0
    with time_machine.travel(now() + timedelta(days=14, hours=1)):
        assert sign_in(app).get(f"{NEW}?entwurf=1").fields()["note"] == [""]
        with app.app_context():
            assert forget("drafts") == 1
            db.session.commit()
    assert kept(app) == []


@pytest.mark.parametrize(
    "path", ["//kikz.test", "/\\kikz.test", "https://kikz.test", "javascript:1", "", "/%00", "/x%0d%0ay"]
)
def test_a_draft_belongs_to_an_address_of_this_site(app, anna, path):
    assert keep(anna, path, note="Eins").status == 200
    assert kept(app) == ["/"]
    assert anna.post(f"/entwurf/verwerfen?path={path}").location == "/"


def test_nothing_is_stored_in_the_browser():
    for path in (Path(__file__).parents[2] / "crm/static/src").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        for store in ("localStorage", "sessionStorage", "indexedDB", "document.cookie", "caches."):
            assert store not in text, path
