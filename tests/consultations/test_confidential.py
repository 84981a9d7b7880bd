"""A confidential talk exists only for advisers and managers; a private note only at its organisation."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.consultations.services import Party
from crm.cooperations.kinds import Step
from crm.cooperations.models import Cooperation, PartnerStep
from crm.db import db, today
from tests import factories
from tests.factories import place

MARK = "ZX-VERTRAULICH-7741"


@pytest.fixture
def secret(app):
    """A confidential talk with a follow-up, and an open one with a private note about Lahntal."""
    with app.app_context():
        hidden = factories.talk("Cölbe", note=MARK, confidential=True, follow_up_on=factories.today(),
                                follow_up_text=MARK)  # fmt: skip
        parties = [Party(place("Lahntal").id, private_note=MARK), Party(place("Wetter (Hessen)").id)]
        opened = factories.talk(parties=parties, kind=factories.ConsultationKind.GROUP)
        numbers = {"hidden": hidden.id, "open": opened.id, "Lahntal": place("Lahntal").id,
                   "Wetter": place("Wetter (Hessen)").id, "Cölbe": place("Cölbe").id}  # fmt: skip
        db.session.commit()
    return numbers


def without_token(page):
    """The bytes of a page without the token of its forms, which holds the second it was made in."""
    return re.sub(rb'(name="csrf_token" value=")[^"]+', rb"\1", page.data)


def addresses(app):
    """Every address that is opened by GET and needs no number."""
    skipped = {"assets.file", "accounts.sign_in"}
    return sorted(
        str(rule)
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments and rule.endpoint not in skipped
    )


def test_nobody_outside_the_circle_reads_a_confidential_word(app, secret, rita, emil, ada):
    numbered = [f"/kommunen/{secret[name]}" for name in ("Lahntal", "Wetter", "Cölbe")]
    numbered += [f"/beratungen/{secret['open']}", f"/beratungen/{secret['hidden']}", "/beratungen/liste.csv"]
    for client in (rita, emil, ada):
        for url in [*addresses(app), *numbered]:
            assert MARK.encode() not in client.get(url).data, url


def test_the_circle_reads_it(app, secret, anna, mara):
    for client in (anna, mara):
        assert MARK in client.get(f"/beratungen/{secret['hidden']}").main
        assert MARK in client.get(f"/kommunen/{secret['Lahntal']}").main


def test_a_hidden_talk_answers_like_a_missing_one(secret, rita):
    hidden, missing = rita.get(f"/beratungen/{secret['hidden']}"), rita.get("/beratungen/999999")
    assert (hidden.status, missing.status) == (404, 404)
    assert without_token(hidden) == without_token(missing)


def test_a_private_note_stays_off_the_neighbours_page(secret, anna):
    assert MARK not in anna.get(f"/kommunen/{secret['Wetter']}").html
    assert MARK in anna.get(f"/kommunen/{secret['Lahntal']}").html


def test_private_notes_are_in_no_file(secret, anna):
    assert MARK.encode() not in anna.get("/beratungen/liste.csv").data
    assert anna.get("/beratungen/liste.csv").data.count(b"\r\n") == 3


def test_the_same_talk_counts_for_its_circle_only(secret, anna, rita):
    assert anna.get("/beratungen").soup.select_one("h1 .count").get_text() == "2"
    assert rita.get("/beratungen").soup.select_one("h1 .count").get_text() == "1"


def test_a_note_must_be_emptied_before_its_organisation_is_removed(secret, anna):
    url = f"/beratungen/{secret['open']}/bearbeiten"
    page = anna.submit(url, organisations=[str(secret["Wetter"])], kind="single")
    assert page.status == 422
    assert "Lahntal" in " ".join(page.errors())


def test_an_open_talk_does_not_betray_the_confidential_one_it_follows(app, secret, rita, anna):
    anna.submit(f"/beratungen/{secret['open']}/bearbeiten", follows_id=str(secret["hidden"]))
    assert f"/beratungen/{secret['hidden']}" in anna.get(f"/beratungen/{secret['open']}").html
    page = rita.get(f"/beratungen/{secret['open']}")
    assert f"/beratungen/{secret['hidden']}" not in page.html
    assert "Schließt an" not in page.main


def test_what_follows_a_confidential_talk_is_confidential_until_said_otherwise(secret, anna):
    for name in ("folgt", "wie"):
        fields = anna.get(f"/beratungen/neu?{name}={secret['hidden']}").fields()
        assert fields.get("confidential") == ["y"]


def test_other_talks_do_not_move_a_talk_into_a_county(app, rita):
    with app.app_context():
        numbers = place("Main-Kinzig-Kreis").id, place("Hanau").id
        factories.talk("Hanau", held_on=date(2026, 1, 2))
        factories.talk("Cölbe", held_on=date(2025, 6, 1), confidential=True)
        db.session.commit()
    assert rita.get(f"/beratungen?county={numbers[0]}").soup.select_one("h1 .count").get_text() == "0"
    assert rita.get(f"/beratungen?county={numbers[1]}").soup.select_one("h1 .count").get_text() in "01"
    with app.app_context():
        factories.talk("Hanau", held_on=date(2025, 12, 31))
        db.session.commit()
    assert rita.get(f"/beratungen?county={numbers[0]}").soup.select_one("h1 .count").get_text() == "1"


def test_figures_per_person_are_for_managers(app, rita, anna, mara):
    with app.app_context():
        factories.talk("Cölbe", by="bert")
        factories.talk("Cölbe", by="anna")
        numbers = {name: factories.member(name).id for name in ("anna", "bert")}
        db.session.commit()

    def count(client, name):
        return client.get(f"/beratungen?staff={numbers[name]}").soup.select_one("h1 .count").get_text()

    assert count(mara, "bert") == "1"
    assert (count(anna, "anna"), count(anna, "bert")) == ("1", "2")
    assert count(rita, "bert") == "2"


@pytest.fixture
def group(app):
    """A group with a confidential talk of a day of its own, and one that told a step before it was hidden."""
    with app.app_context():
        made = factories.cooperation("Cölbe", "Lahntal")
        parties = [Party(place("Cölbe").id, step=Step.INTERESTED)]
        told = factories.talk(parties=parties, days_ago=20, cooperation_id=made.id, note=MARK)
        hidden = factories.talk("Lahntal", days_ago=200, cooperation_id=made.id, note=MARK, confidential=True,
                                follow_up_on=today(), follow_up_text=MARK)  # fmt: skip
        numbers = {"group": made.id, "told": told.id, "hidden": hidden.id}
        db.session.commit()
    return numbers


def pages_of(app, number):
    """Every page that belongs to a group, every list of groups, and the talks of the group."""
    adapter = app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods]
    own = [adapter.build(one.endpoint, {"cooperation_id": number}) for one in rules
           if one.arguments == {"cooperation_id"}]  # fmt: skip
    return [*own, *addresses(app), f"/beratungen?kooperation={number}",
            f"/beratungen/liste.csv?kooperation={number}"]  # fmt: skip


def test_no_page_of_a_group_shows_anything_of_a_confidential_talk(app, group, anna, rita):
    anna.submit(f"/beratungen/{group['told']}/bearbeiten", confidential="y")
    day = f"{today() - timedelta(days=200):%d.%m.%Y}"
    page = anna.get(f"/kooperationen/{group['group']}").html
    assert all(word in page for word in (MARK, day, f"/beratungen/{group['told']}")), "the control"
    words = [MARK, day, f"/beratungen/{group['told']}", f"/beratungen/{group['hidden']}"]
    for url in pages_of(app, group["group"]):
        html = rita.get(url).html
        assert not [word for word in words if word in html], url


def test_a_confidential_talk_leaves_the_stage_alone_and_a_told_step_stays(app, group, anna):
    with app.app_context():
        assert db.session.get(Cooperation, group["group"]).talked_on == today() - timedelta(days=20)
    anna.submit(f"/beratungen/{group['told']}/bearbeiten", confidential="y")
    with app.app_context():
        assert db.session.get(Cooperation, group["group"]).talked_on is None
        step = db.session.scalars(select(PartnerStep).where(PartnerStep.step == Step.INTERESTED)).one()
        assert step.reached_on == today() - timedelta(days=20), "what a partner said stays a fact"


def test_a_removed_talk_is_the_source_of_a_step_without_a_way_there(app, group, anna):
    url = f"/beratungen/{group['told']}"
    anna.post(f"{url}/entfernen", follow=True)
    page = anna.get(f"/kooperationen/{group['group']}")
    assert url not in [link["href"] for link in page.soup.select("main a[href]")]
    assert "interessiert" in page.main
