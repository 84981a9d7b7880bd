"""What was removed waits in one list, for whoever may take it back."""

from datetime import timedelta

import pytest

from crm.consultations import services as talks
from crm.contacts import services as contacts
from crm.contacts.models import FunctionRole
from crm.db import db, now
from crm.follow_ups import services as follow_ups
from crm.home import trash
from tests import factories

RESTORE = "tbody a"


@pytest.fixture
def gone(app):
    """Addresses that take back one of everything that can be removed."""
    with app.app_context():
        anna = factories.member("anna")
        person, held = factories.person("Fort", "Frieda"), factories.person("Amt", "Anton", title="Kasse")
        beside = {
            "organisation_id": factories.place("Cölbe").id,
            "role": FunctionRole.OTHER,
            "title": "Beirat",
        }
        function = contacts.add_function(held, beside, anna)
        talk = factories.talk("Lahntal", days_ago=5, follow_up_on=now().date(), follow_up_text="Hängt daran")
        secret = factories.talk("Marburg", days_ago=6, confidential=True)
        follow_up = factories.follow_up("Doppelt vermerkt")
        contacts.remove_person(person, anna)
        contacts.remove_function(function, anna)
        for one in (talk, secret):
            talks.remove(one, anna)
        follow_ups.remove(follow_up, factories.member("mara"))
        db.session.commit()
        return {
            "person": f"/kontakte/{person.id}/wiederherstellen",
            "function": f"/kontakte/{held.id}/funktionen/{function.id}/wiederherstellen",
            "talk": f"/beratungen/{talk.id}/wiederherstellen",
            "secret": f"/beratungen/{secret.id}/wiederherstellen",
            "follow_up": f"/wiedervorlagen/{follow_up.id}/wiederherstellen",
        }


def links(page):
    """Where the rows of the list lead."""
    return [tag["href"] for tag in page.soup.select(RESTORE)]


def test_the_list_names_everything_with_day_and_author_newest_first(anna, gone):
    page = anna.get("/entfernt")
    assert set(links(page)) == set(gone.values())
    assert links(page)[0] == gone["follow_up"]
    rows = page.soup.select("tbody tr")
    assert "Doppelt vermerkt" in rows[0].get_text()
    assert "Mara Marx" in rows[0].get_text()
    assert "Anna Adler" in rows[1].get_text()
    assert all(text in page.main for text in ("Frieda Fort", "Anton Amt: Beirat, Cölbe", "Lahntal"))
    assert "Hängt daran" not in page.main, "what went with a talk comes back with it"
    assert len(page.statements) <= 14


@pytest.mark.parametrize("name", ["person", "function", "talk", "secret", "follow_up"])
def test_every_record_is_asked_about_taken_back_and_gone_from_the_list(anna, gone, name):
    asked = anna.get(gone[name])
    assert asked.status == 200
    assert "Anna Adler" in asked.main or "Mara Marx" in asked.main, "the page tells who removed it"
    assert anna.post(gone[name]).status == 303
    assert gone[name] not in links(anna.get("/entfernt"))
    assert anna.get(gone[name]).status == 404
    assert anna.get(gone[name].removesuffix("/wiederherstellen")).status == 200


def test_a_coordinator_sees_people_only(emil, gone):
    assert set(links(emil.get("/entfernt"))) == {gone["person"], gone["function"]}


def test_readers_and_administrators_see_no_list(rita, ada, gone):
    for client in (rita, ada):
        assert client.get("/entfernt").status == 403
        for url in gone.values():
            assert client.get(url).status == 403


def test_a_confidential_talk_is_listed_for_its_circle_only(app, gone, monkeypatch):
    with app.app_context():
        adviser = factories.member("anna")
        assert any("Marburg" in one.text for one in trash.removed(adviser))
        may = adviser.may
        monkeypatch.setattr(
            type(adviser), "may", lambda _self, one: one.value != "read-confidential" and may(one)
        )
        assert not any("Marburg" in one.text for one in trash.removed(adviser))


def test_what_went_long_ago_is_not_listed(app, anna, gone):
    with app.app_context():
        for one in db.session.scalars(
            factories.select(factories.Person).execution_options(include_removed=True)
        ):
            one.removed_at = one.removed_at and now() - timedelta(days=400)
        db.session.commit()
    assert gone["person"] not in links(anna.get("/entfernt"))


def test_a_function_goes_and_comes_with_its_person(app, anna, gone):
    person = gone["function"].split("/")[2]
    anna.post(f"/kontakte/{person}/entfernen")
    assert gone["function"] not in links(anna.get("/entfernt"))
    assert anna.get(gone["function"]).status == 404
    anna.post(f"/kontakte/{person}/wiederherstellen")
    assert gone["function"] in links(anna.get("/entfernt")), "what was removed before stays removed"


def test_a_function_entered_by_mistake_goes_after_a_question(app, anna):
    with app.app_context():
        person = factories.person(title="Kasse")
        url = f"/kontakte/{person.id}/funktionen/{person.functions[0].id}/entfernen"
        db.session.commit()
    assert "letzten Tag" in anna.get(url).main
    assert anna.post(url).status == 303
    assert anna.get(url).status == 404
    assert "Kasse" not in anna.get("/kontakte").main
    history = anna.get(f"/kontakte/{person_of(url)}").soup.select_one(".history").get_text()
    assert "Funktion entfernt" in history
    assert "Kasse, Lahntal" in history


def person_of(url):
    """The number of the person in an address."""
    return url.split("/")[2]


def test_a_follow_up_goes_after_a_question_and_comes_back(app, anna):
    with app.app_context():
        number = factories.follow_up("Kostentabelle anfragen").id
        db.session.commit()
    url = f"/wiedervorlagen/{number}"
    assert anna.get(f"{url}/entfernen").status == 200
    page = anna.post(f"{url}/entfernen", follow=True)
    assert "Wiedervorlage entfernt" in page.main
    assert anna.get(url).status == 404
    assert "Kostentabelle" not in anna.get("/wiedervorlagen").main
    assert anna.post(f"{url}/wiederherstellen").location == url
    history = anna.get(url).soup.select_one(".history").get_text(" ")
    assert "Wiedervorlage entfernt" in history
    assert "Wiedervorlage wiederhergestellt" in history


def test_a_follow_up_removed_with_its_talk_leads_to_the_talk(app, anna, gone):
    with app.app_context():
        query = factories.select(factories.FollowUp).where(factories.FollowUp.text == "Hängt daran")
        number = db.session.scalars(query.execution_options(include_removed=True)).one().id
    url = f"/wiedervorlagen/{number}/wiederherstellen"
    assert anna.get(url).soup.select_one(f"main a[href='{gone['talk']}']")
    assert anna.post(url).location == gone["talk"]
    assert anna.get(f"/wiedervorlagen/{number}").status == 404
    anna.post(gone["talk"])
    assert anna.get(f"/wiedervorlagen/{number}").status == 200
