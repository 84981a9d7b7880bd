"""People and their functions on screen."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.contacts.models import Function, FunctionRole, Person
from crm.db import db, today
from tests import factories


@pytest.fixture
def lahntal(app):
    """Number of a place."""
    with app.app_context():
        return factories.place("Lahntal").id


@pytest.fixture
def petra(app):
    """Number of a person in office in Lahntal."""
    with app.app_context():
        number = factories.person(title="Büroleitung").id
        db.session.commit()
    return number


def function_of(app, person):
    """Number of the person's function."""
    with app.app_context():
        return db.session.scalars(select(Function.id).where(Function.person_id == person)).one()


def noted(app, name):
    """Count events of a name."""
    with app.app_context():
        return db.session.scalar(select(func.count()).where(AuditEvent.name == name))


def count(app):
    """Count people."""
    with app.app_context():
        return db.session.scalar(select(func.count(Person.id)))


def test_the_list_shows_people_with_function_and_place(rita, petra):
    page = rita.get("/kontakte")
    assert "Henkel, Petra" in page.main
    assert "Büroleitung" in page.main
    assert "Lahntal" in page.main
    assert "Henkel" in rita.get("/kontakte?q=henk+lahntal").main
    assert "Henkel" not in rita.get("/kontakte?q=nirgends").main


@pytest.mark.parametrize(
    "query", ["seite=0", "seite=-1", "seite=abc", "seite=" + "9" * 30, "q=%00", "q=%FF", "kommune=x"]
)
def test_odd_addresses_show_a_list(rita, petra, query):
    assert rita.get(f"/kontakte?{query}").status in (200, 422)


def test_an_adviser_adds_somebody_with_a_function(app, anna, lahntal):
    fields = {"first_name": "Ilse", "last_name": "Rupp", "role": "head", "title": "Bürgermeisterin"}
    page = anna.submit(f"/kontakte/neu?kommune={lahntal}", **fields, follow=True)
    assert "Ilse Rupp" in page.main
    assert "Bürgermeisterin" in page.main
    assert (noted(app, "person.created"), noted(app, "function.created")) == (1, 1)


def test_a_place_may_be_typed_without_a_script(app, anna):
    page = anna.submit("/kontakte/neu", last_name="Rupp", organisation__text="lahntal")
    assert page.status == 303
    wrong = anna.submit("/kontakte/neu", last_name="Rapp", organisation__text="Atlantis")
    assert wrong.status == 422
    assert wrong.fields()["organisation-text"] == ["Atlantis"]


@pytest.mark.parametrize("who", ["rita", "ada"])
def test_readers_and_administrators_write_nobody(app, request, who, petra):
    client, function = request.getfixturevalue(who), function_of(app, petra)
    for path in (
        "neu", f"{petra}/bearbeiten", f"{petra}/entfernen", f"{petra}/funktionen/neu",
        f"{petra}/funktionen/{function}", f"{petra}/funktionen/{function}/beenden",
    ):  # fmt: skip
        assert client.get(f"/kontakte/{path}").status == 403
        assert client.post(f"/kontakte/{path}", last_name="X").status == 403
    assert count(app) == 1


def test_an_event_coordinator_writes_people(emil, lahntal):
    assert emil.submit(f"/kontakte/neu?kommune={lahntal}", last_name="Rupp").status == 303


def test_an_administrator_reads_nobody(ada, petra):
    assert ada.get("/kontakte").status == 403
    assert ada.get(f"/kontakte/{petra}").status == 403
    assert ada.get("/kontakte/suche?q=henkel").status == 403


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("last_name", " \u00a0"), ("last_name", "x" * 201), ("last_name", "a\x00b"), ("role", "king"),
        ("official_email", "kein at"), ("valid_from", "29.02.2027"), ("organisation", "999999"),
        ("organisation", "x"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_kept(app, anna, lahntal, field, wrong):
    page = anna.submit(
        f"/kontakte/neu?kommune={lahntal}", **({"last_name": "Rupp", "title": "Amt"} | {field: wrong})
    )
    assert page.status == 422
    assert page.errors()
    assert page.fields()["title"] == ["Amt"]
    assert count(app) == 0


def test_names_of_all_kinds_are_stored_and_shown_as_typed(anna, lahntal):
    for name in ("O'Brien", "X", "von der Höhe-Graf zu", "<b>Fett</b>", "{{ 7*7 }}", "%s", "Đặng", "Müller3"):
        page = anna.submit(f"/kontakte/neu?kommune={lahntal}", last_name=name, follow=True)
        assert page.soup.h1.get_text(strip=True) == name


def test_a_namesake_at_the_same_place_is_shown_before_saving(app, anna, lahntal, petra):
    fields = {"first_name": "PETRA", "last_name": "Henkel"}
    page = anna.submit(f"/kontakte/neu?kommune={lahntal}", **fields)
    assert page.status == 200
    assert page.soup.select_one(f".notice a[href='/kontakte/{petra}']")
    assert count(app) == 1
    assert anna.post("/kontakte/neu", page.fields()).status == 303
    assert count(app) == 2


def test_a_form_sent_twice_makes_one_person(app, anna, lahntal):
    form = anna.get(f"/kontakte/neu?kommune={lahntal}").fields() | {"last_name": ["Rupp"]}
    answers = [anna.post("/kontakte/neu", form) for _ in range(2)]
    assert [one.status for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert count(app) == 1


def test_a_second_head_is_refused_at_the_field(app, anna, lahntal, petra):
    anna.submit(f"/kontakte/neu?kommune={lahntal}", last_name="Rupp", is_head="y")
    page = anna.submit(f"/kontakte/{petra}/funktionen/{function_of(app, petra)}", is_head="y")
    assert page.status == 422
    assert page.soup.select_one("#is_head-error")


def test_a_change_is_saved_and_noted(app, anna, petra):
    page = anna.submit(f"/kontakte/{petra}/bearbeiten", last_name="Henkel-Roth", phone="0170 1", follow=True)
    assert "Petra Henkel-Roth" in page.main
    assert "0170 1" in page.main
    assert noted(app, "person.changed") == 1


def test_edit_refuses_a_lost_update(app, anna, bert, petra):
    url = f"/kontakte/{petra}/bearbeiten"
    form = anna.get(url).fields()
    bert.submit(url, last_name="Berts Fassung")
    page = anna.post(url, form | {"last_name": ["Annas Fassung"]})
    assert page.status == 409
    assert "Berts Fassung" in page.main
    assert "Bert Braun" in page.main
    assert page.fields()["last_name"] == ["Annas Fassung"]
    with app.app_context():
        assert db.session.get(Person, petra).last_name == "Berts Fassung"


def test_a_function_is_added_changed_and_ended(app, anna, petra, lahntal):
    anna.submit(f"/kontakte/{petra}/funktionen/neu", organisation__text="Cölbe", title="Beirat", role="other")
    first = function_of_place(app, petra, lahntal)
    page = anna.submit(
        f"/kontakte/{petra}/funktionen/{first}", title="Hauptamt", official_phone="06420 5", follow=True
    )
    assert "Hauptamt" in page.main
    assert "06420 5" in page.main
    ending = f"/kontakte/{petra}/funktionen/{first}/beenden"
    coming = today() + timedelta(days=20)
    page = anna.submit(ending, valid_to=f"{coming:%d.%m.%Y}", follow=True)
    assert f"Die Funktion endet am {coming:%d.%m.%Y}." in page.main
    assert "Die Funktion ist beendet." in anna.submit(ending, valid_to="gestern", follow=True).main
    with app.app_context():
        assert db.session.get(Function, first).valid_to == today() - timedelta(days=1)
    assert (noted(app, "function.created"), noted(app, "function.changed")) == (1, 3)


def function_of_place(app, person, place):
    """Number of the person's function at a place."""
    with app.app_context():
        query = select(Function.id).where(Function.person_id == person, Function.organisation_id == place)
        return db.session.scalars(query).one()


def test_a_changed_function_refuses_a_lost_update(app, anna, bert, petra):
    url = f"/kontakte/{petra}/funktionen/{function_of(app, petra)}"
    form = anna.get(url).fields()
    bert.submit(url, title="Berts Fassung")
    page = anna.post(url, form | {"title": ["Annas Fassung"]})
    assert page.status == 409
    assert "Berts Fassung" in page.main
    ending = f"{url}/beenden"
    form = anna.get(ending).fields()
    bert.submit(ending, valid_to="heute")
    assert anna.post(ending, form | {"valid_to": ["gestern"]}).status == 409


def test_a_function_is_found_under_its_own_person_only(app, anna, petra):
    with app.app_context():
        other = factories.person("Anders", "Anton").id
        db.session.commit()
    assert anna.get(f"/kontakte/{other}/funktionen/{function_of(app, petra)}").status == 404


def test_removing_asks_first_and_hides_the_person_everywhere(app, anna, petra):
    assert anna.get(f"/kontakte/{petra}/entfernen").status == 200
    page = anna.post(f"/kontakte/{petra}/entfernen", follow=True)
    assert "Henkel" not in page.main
    assert anna.get(f"/kontakte/{petra}").status == 404
    assert anna.get("/kontakte/suche?q=henkel").response.get_json() == []
    assert noted(app, "person.removed") == 1


def test_the_page_shows_the_talks_the_reader_may_see(app, anna, rita, petra, lahntal):
    with app.app_context():
        for days, secret in ((1, False), (2, True)):
            rows = [factories.Party(lahntal, people=[petra])]
            factories.talk(parties=rows, days_ago=days, confidential=secret)
        db.session.commit()
    talks = "section[aria-labelledby=talks] li"
    assert len(anna.get(f"/kontakte/{petra}").soup.select(talks)) == 2
    assert len(rita.get(f"/kontakte/{petra}").soup.select(talks)) == 1


def test_suggestions_name_the_function_at_the_place(rita, petra, lahntal):
    found = rita.get(f"/kontakte/suche?q=Petra&organisation={lahntal}").response.get_json()
    assert found == [{"value": str(petra), "text": "Petra Henkel", "note": "Büroleitung"}]
    assert rita.get("/kontakte/suche?q=henkel&organisation=x").response.get_json()


def test_a_function_finds_who_holds_it_but_is_never_taken_for_a_name(app, rita, petra, lahntal):
    with app.app_context():
        factories.person("Ziegler", "Anke", title="Leiterin des Bauamts")
        factories.person("Alt", "Adam", title="Leiter des Bauamts", valid_to=today() - timedelta(days=9))
        factories.person("Fern", "Fritz", at="Cölbe", title="Leiter des Bauamts")
        db.session.commit()
    found = rita.get(f"/kontakte/suche?q=bauamt&organisation={lahntal}").response.get_json()
    assert [(one["text"], one["note"], one["guess"]) for one in found] == [
        ("Anke Ziegler", "Leiterin des Bauamts", True)
    ]
    assert rita.get("/kontakte/suche?q=bauamt").response.get_json() == []


def test_many_functions_cost_no_more_statements(app, rita):
    with app.app_context():
        for number in range(60):
            factories.person(f"Person{number:02}", role=FunctionRole.STAFF)
        db.session.commit()
    page = rita.get("/kontakte?seite=2")
    assert len(page.soup.select("tbody tr")) == 10
    assert len(page.statements) < 10


def test_talks_and_follow_ups_outlive_a_removed_person(app, anna, petra, lahntal):
    with app.app_context():
        talk = factories.talk(parties=[factories.Party(lahntal, people=[petra])]).id
        follow_up = factories.follow_up(person_id=petra).id
        db.session.commit()
    anna.post(f"/kontakte/{petra}/entfernen")
    for url in (f"/beratungen/{talk}", f"/wiedervorlagen/{follow_up}", "/wiedervorlagen", "/"):
        page = anna.get(url)
        assert page.status == 200
        assert "Henkel" not in page.html
    assert anna.submit(f"/beratungen/{talk}/bearbeiten", note="Weiter geht es.").status == 303


def test_a_removed_person_comes_back_with_functions_and_name(app, anna):
    with app.app_context():
        person = factories.person("Eberhardt", "Jonas", title="Bürgermeister")
        row = factories.Party(factories.place("Lahntal").id, people=[person.id])
        number, person_id = factories.talk(parties=[row]).id, person.id
        db.session.commit()
    anna.post(f"/kontakte/{person_id}/entfernen")
    assert anna.get(f"/kontakte/{person_id}").status == 404
    assert anna.post(f"/kontakte/{person_id}/wiederherstellen").status == 303
    assert "Bürgermeister" in anna.get(f"/kontakte/{person_id}").main
    assert "Jonas Eberhardt" in anna.get(f"/beratungen/{number}").main
    assert anna.post(f"/kontakte/{person_id}/wiederherstellen").status == 404


def test_all_of_one_last_name_stand_before_the_first_double_name(app, rita):
    with app.app_context():
        for last, first in (("Damm-Bechtel", "Anna"), ("Damm", "Frank"), ("Dammer", "Ida"), ("Damm", "Anna")):
            factories.person(last, first)
        db.session.commit()
    page = rita.get("/kontakte?q=damm")
    names = [one.text for one in page.soup.select("main tbody th a")]
    assert names == ["Damm, Anna", "Damm, Frank", "Damm-Bechtel, Anna", "Dammer, Ida"]
