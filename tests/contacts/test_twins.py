"""Who is likely to be known is shown before a second one is made; namesakes are made all the same."""

import pytest
from sqlalchemy import func, select

from crm.addresses import spellings
from crm.consultations.models import Consultation, Participation
from crm.contacts import queries, services
from crm.contacts.models import Function, Person
from crm.db import db
from tests import factories
from tests.consultations.test_log import fields as talk_fields

NEW = "Nein, trotzdem neu anlegen"


@pytest.fixture
def petra(app):
    """Number of Petra Henkel, who works in Cölbe."""
    with app.app_context():
        number = factories.person(at="Cölbe", title="Büroleitung", email="P.Henkel@xn--klbe-5qa.de").id
        db.session.commit()
    return number


def lahntal(app):
    """Address of the form for somebody new in Lahntal."""
    with app.app_context():
        return f"/kontakte/neu?kommune={factories.place('Lahntal').id}"


def count(app):
    """Count people."""
    with app.app_context():
        return db.session.scalar(select(func.count(Person.id)))


def test_one_address_has_many_spellings():
    assert "info@kölbe.de" in spellings(" Info@KÖLBE.de")
    assert spellings("info@kölbe.de") & spellings("INFO@xn--klbe-5qa.de") == {
        "info@kölbe.de", "info@xn--klbe-5qa.de",
    }  # fmt: skip
    assert spellings("info@-x-.de") == {"info@-x-.de"}


@pytest.mark.parametrize(
    "name", ["Petra Henkel", "petra HENKEL", "Henkel Petra", "Pétra Henkel", "Petra-Henkel"]
)
@pytest.mark.usefixtures("context")
def test_the_same_name_is_known_however_it_is_written(name):
    known = factories.person(at="Cölbe")
    factories.person("Henkels", "Petra")
    factories.person("Henkel", "Peter")
    assert [one.id for one in queries.twins(name)] == [known.id]


@pytest.mark.parametrize("mail", ["p.henkel@kölbe.de", "P.HENKEL@XN--KLBE-5QA.DE"])
@pytest.mark.usefixtures("context")
def test_the_same_address_is_known_however_it_is_written(mail):
    known = factories.person(at="Cölbe", email="P.Henkel@xn--klbe-5qa.de")
    direct = factories.person("Anders", email=None)
    direct.email = "p.henkel@Kölbe.de"
    db.session.flush()
    assert {one.id for one in queries.twins("Ganz Neu", [mail])} == {known.id, direct.id}
    assert queries.twins("Ganz Neu", [None, "andere@kölbe.de"]) == []


@pytest.mark.usefixtures("context")
def test_removed_people_and_functions_are_no_twins():
    gone, held = factories.person(), factories.person("Anders", email="amt@x.de")
    services.remove_person(gone, factories.member("anna"))
    services.remove_function(held.functions[0], factories.member("anna"))
    db.session.flush()
    assert queries.twins("Petra Henkel", ["amt@x.de"]) == []
    assert queries.twins("", []) == queries.twins("%", ["%"]) == []


@pytest.mark.parametrize(
    "sent",
    [
        {"first_name": "Petra", "last_name": "HENKEL"},
        {"last_name": "Anders", "official_email": "p.henkel@kölbe.de"},
    ],
)
def test_the_own_form_shows_who_is_known_at_another_place(app, anna, petra, sent):
    page = anna.submit(lahntal(app), **sent, note="Bleibt stehen")
    assert page.status == 200
    notice = page.soup.select_one(".notice-wait")
    assert notice.select_one(f"a[href='/kontakte/{petra}']")
    assert "Büroleitung, Cölbe" in notice.get_text()
    assert notice.select_one(f"a[href^='/kontakte/{petra}/funktionen/neu?kommune=']")
    assert page.fields()["note"] == ["Bleibt stehen"]
    assert count(app) == 1
    assert anna.post(lahntal(app), page.fields()).status == 303
    assert count(app) == 2


def test_another_twin_than_the_one_shown_is_asked_about_again(app, anna, petra):
    with app.app_context():
        factories.person("Anders", "Anton")
        db.session.commit()
    page = anna.submit(lahntal(app), first_name="Petra", last_name="Henkel")
    again = anna.post(lahntal(app), page.fields() | {"first_name": "Anton", "last_name": "Anders"})
    assert again.status == 200
    assert count(app) == 2
    assert anna.post(lahntal(app), again.fields()).status == 303


def test_the_link_of_the_notice_opens_the_form_for_that_place(app, anna, petra):
    page = anna.submit(lahntal(app), first_name="Petra", last_name="Henkel")
    link = page.soup.select_one("a[href*='/funktionen/neu']")["href"]
    assert anna.submit(link, title="Hauptamt").status == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(Function.id)).where(Function.person_id == petra)) == 2


def row(app, **people):
    """A talk with Lahntal and people typed into its row."""
    sent = talk_fields(app, "Lahntal", note="Langer Vermerk", place="Rathaus")
    return sent | {"parties-0-organisation": sent["organisations"]} | people


def test_suggestions_mark_who_is_elsewhere(app, rita, petra):
    with app.app_context():
        place = factories.place("Lahntal").id
    found = rita.get(f"/kontakte/suche?q=Petra+Henkel&organisation={place}").response.get_json()
    assert found == [
        {"value": str(petra), "text": "Petra Henkel", "note": "Büroleitung · Cölbe", "elsewhere": True}
    ]


def test_somebody_without_a_first_name_is_suggested_from_elsewhere_too(app, rita):
    with app.app_context():
        number = factories.person("Müller", None, "Cölbe").id
        factories.person("Müllers", None, "Cölbe")
        place = factories.place("Lahntal").id
        db.session.commit()
    found = rita.get(f"/kontakte/suche?q=mueller&organisation={place}").response.get_json()
    assert [one["value"] for one in found] == [str(number)]


@pytest.mark.parametrize("field", ["parties-0-people", "parties-0-people-text"])
def test_a_twin_typed_into_a_talk_is_asked_about_and_nothing_is_lost(app, anna, petra, field):
    typed = "petra henkel, Hauptamt"
    page = anna.submit("/beratungen/neu", **row(app, **{field: ("+" if field[-1] == "e" else "") + typed}))
    assert page.status == 422
    assert "Schon bekannt: petra henkel, Hauptamt" in " ".join(page.errors())
    assert NEW in page.main
    assert "Büroleitung · Cölbe" in page.main
    kept = page.fields()
    assert (kept["note"], kept["place"]) == (["Langer Vermerk"], ["Rathaus"])
    assert count(app) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(Consultation.id))) == 0


def answer(page, value):
    """Fields of a page with the one open question answered."""
    (key,) = {tag["name"] for tag in page.soup.select("fieldset.same input[type=radio]")}
    return page.fields() | {key: value}


def present(app):
    """People of the only talk with what they were called."""
    with app.app_context():
        people = db.session.scalars(select(Participation)).one().people
        return [(one.person_id, one.person.name, one.function_called) for one in people]


def test_the_same_person_is_taken_and_holds_the_typed_function_here(app, anna, petra):
    page = anna.submit("/beratungen/neu", **row(app, parties__0__people="+petra henkel, Hauptamt"))
    assert anna.post("/beratungen/neu", answer(page, str(petra))).status == 303
    assert present(app) == [(petra, "Petra Henkel", "Hauptamt")]
    assert count(app) == 1


def test_a_namesake_is_made_all_the_same(app, anna, petra):
    page = anna.submit("/beratungen/neu", **row(app, parties__0__people="+Petra Henkel"))
    assert anna.post("/beratungen/neu", answer(page, "new")).status == 303
    assert count(app) == 2
    assert present(app)[0][0] != petra


@pytest.mark.parametrize("wrong", ["999999", "x", ""])
def test_a_wrong_answer_is_asked_again(app, anna, petra, wrong):
    page = anna.submit("/beratungen/neu", **row(app, parties__0__people="+Petra Henkel"))
    assert anna.post("/beratungen/neu", answer(page, wrong)).status == 422
    assert count(app) == 1


def test_an_answer_stays_while_another_mistake_is_corrected(app, anna, petra):
    page = anna.submit("/beratungen/neu", **row(app, parties__0__people="+Petra Henkel"))
    again = anna.post("/beratungen/neu", answer(page, "new") | {"held_on": "31.2.2026"})
    assert again.status == 422
    assert "Schon bekannt" not in again.main
    right = again.fields() | {"held_on": talk_fields(app, "Lahntal")["held_on"]}
    assert anna.post("/beratungen/neu", right).status == 303
    assert count(app) == 2


def test_the_very_same_name_here_is_taken_without_a_question(app, anna):
    with app.app_context():
        number = factories.person().id
        db.session.commit()
    assert (
        anna.submit("/beratungen/neu", **row(app, **{"parties-0-people-text": "Petra Henkel"})).status == 303
    )
    assert [one[0] for one in present(app)] == [number]
    assert count(app) == 1


def test_a_namesake_at_the_same_place_is_made_on_purpose(app, anna):
    with app.app_context():
        factories.person()
        db.session.commit()
    page = anna.submit("/beratungen/neu", **row(app, parties__0__people="+Petra Henkel"))
    assert anna.post("/beratungen/neu", answer(page, "new")).status == 303
    assert count(app) == 2


def test_of_two_namesakes_here_one_is_chosen(app, anna):
    with app.app_context():
        numbers = [factories.person(title=title).id for title in ("Büroleitung", "Bauamt")]
        db.session.commit()
    page = anna.submit("/beratungen/neu", **row(app, **{"parties-0-people-text": "Petra Henkel"}))
    assert page.status == 422
    assert anna.post("/beratungen/neu", answer(page, str(numbers[1]))).status == 303
    assert [one[0] for one in present(app)] == [numbers[1]]


def test_editing_a_talk_asks_as_well(app, anna, petra):
    with app.app_context():
        number = factories.talk("Lahntal").id
        db.session.commit()
    url = f"/beratungen/{number}/bearbeiten"
    page = anna.submit(url, parties__0__people="+Petra Henkel")
    assert page.status == 422
    assert anna.post(url, answer(page, str(petra))).status == 303
    assert count(app) == 1


def test_a_new_name_is_not_asked_about(app, anna, petra):
    assert anna.submit("/beratungen/neu", **row(app, parties__0__people="+Petra Hinkel")).status == 303
    assert count(app) == 2
