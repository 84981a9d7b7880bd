"""One head at a time, the handover after an election, and what old talks keep for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.bodies.services import create_body
from crm.consultations.models import ParticipationPerson
from crm.contacts import services
from crm.contacts.models import Function, FunctionRole, Person
from crm.db import db, today
from crm.errors import RuleBroken
from crm.organisations.models import Kind
from tests import factories
from tests.consultations.test_log import fields as talk_fields

SINCE = today() - timedelta(days=400)
FIRST = today() + timedelta(days=20)
WRITTEN = f"{FIRST:%d.%m.%Y}"
BEFORE = FIRST - timedelta(days=1)
PARALLEL = 8


@pytest.fixture
def head(app):
    """Person and function that lead Lahntal for some time."""
    with app.app_context():
        person = factories.person(
            "Rupp", "Ilse", role=FunctionRole.HEAD, is_head=True, title="Bürgermeisterin", valid_from=SINCE
        )
        db.session.commit()
        return person.id, person.functions[0].id


def lahntal(app):
    """Address of the form for somebody new in Lahntal."""
    with app.app_context():
        return f"/kontakte/neu?kommune={factories.place('Lahntal').id}"


def function(app, number):
    """A function as it is stored."""
    with app.app_context():
        return db.session.get(Function, number)


def heads(app):
    """Who is marked as head of Lahntal now or later."""
    with app.app_context():
        query = select(Function).where(Function.is_head, Function.valid_to.is_(None))
        place = factories.place("Lahntal").id
        return [one.person.last_name for one in db.session.scalars(query) if one.organisation_id == place]


def noted(app, name):
    """Count events of a name."""
    with app.app_context():
        return db.session.scalar(select(func.count()).where(AuditEvent.name == name))


def test_a_second_head_is_refused_with_the_name_of_the_present_one(app, anna, head):
    page = anna.submit(lahntal(app), last_name="Neu", is_head="y", valid_from=WRITTEN)
    assert page.status == 422
    assert f"Ilse Rupp leitet dort seit {SINCE:%d.%m.%Y}" in " ".join(page.errors())
    tick = page.soup.select_one("input[name=hand_over]")
    assert tick["value"] == str(head[1])
    assert page.soup.select_one(f"label[for={tick['id']}]").get_text() == (
        "Die Amtszeit von Ilse Rupp endet am Vortag"
    )
    assert heads(app) == ["Rupp"]


def test_one_tick_ends_the_term_of_the_predecessor_the_day_before(app, anna, head):
    page = anna.submit(lahntal(app), last_name="Neu", is_head="y", valid_from=WRITTEN)
    assert anna.post(lahntal(app), page.fields() | {"hand_over": str(head[1])}).status == 303
    assert function(app, head[1]).valid_to == BEFORE
    assert heads(app) == ["Neu"]
    assert noted(app, "function.handed-over") == 1


def test_without_a_first_day_there_is_no_day_before(app, anna, head):
    page = anna.submit(lahntal(app), last_name="Neu", is_head="y", hand_over=str(head[1]))
    assert page.status == 422
    assert "Am Vortag endet die Amtszeit von Ilse Rupp" in page.soup.select_one("#valid_from-error").text
    assert page.soup.select_one("input[name=hand_over]")
    assert function(app, head[1]).valid_to is None


@pytest.mark.parametrize("days", [0, -1])
def test_a_term_does_not_end_before_it_began(app, anna, head, days):
    day = SINCE + timedelta(days=days)
    sent = {"last_name": "Neu", "is_head": "y", "valid_from": f"{day:%d.%m.%Y}", "hand_over": str(head[1])}
    page = anna.submit(lahntal(app), **sent)
    assert page.status == 422
    assert "kann nicht vorher enden" in page.soup.select_one("#valid_from-error").text
    assert heads(app) == ["Rupp"]


def test_a_tick_for_somebody_else_ends_nobody(app, anna, head):
    with app.app_context():
        other = factories.person("Anders", at="Cölbe", is_head=True).functions[0].id
        db.session.commit()
    for wrong in (str(other), "9" * 20, "x"):
        page = anna.submit(lahntal(app), last_name="Neu", is_head="y", valid_from=WRITTEN, hand_over=wrong)
        assert page.status == 422
    assert function(app, other).valid_to is None
    assert heads(app) == ["Rupp"]


def test_an_edited_function_hands_over_too(app, anna, head):
    with app.app_context():
        deputy = factories.person("Zwei", role=FunctionRole.DEPUTY)
        url = f"/kontakte/{deputy.id}/funktionen/{deputy.functions[0].id}"
        db.session.commit()
    sent = {"is_head": "y", "valid_from": WRITTEN}
    assert anna.submit(url, **sent).status == 422
    assert anna.submit(url, **sent, hand_over=str(head[1])).status == 303
    assert function(app, head[1]).valid_to == BEFORE


def test_two_savings_at_once_make_one_head(app, anna):
    url = lahntal(app)
    sent = [anna.get(url).fields() | {"last_name": f"Neu{n}", "is_head": "y"} for n in range(PARALLEL)]
    cookie = anna.browser.get_cookie("kikz").value

    def send(form):
        browser = app.test_client()
        browser.set_cookie("kikz", cookie)
        return browser.post(url, data=form).status_code

    with ThreadPoolExecutor(PARALLEL) as pool:
        codes = sorted(pool.map(send, sent))
    assert codes == [303] + [422] * (PARALLEL - 1)
    assert len(heads(app)) == 1


def test_without_the_check_there_would_be_two(app, anna, monkeypatch):
    monkeypatch.setattr(services, "_check_head", lambda *_args: [])
    for name in ("Eins", "Zwei"):
        anna.submit(lahntal(app), last_name=name, is_head="y")
    assert len(heads(app)) == 2


@pytest.mark.usefixtures("context")
def test_other_bodies_may_have_several_heads():
    made = create_body({"name": "Rechenzentrum", "kind": Kind.IT_PROVIDER}, factories.member("anna"))
    for name in ("Eins", "Zwei"):
        values = {"organisation_id": made.id, "role": FunctionRole.HEAD}
        person = {"first_name": None, "last_name": name, "academic_title": None, "note": None}
        services.create_person(person, values, factories.member("anna"))


@pytest.mark.usefixtures("context")
def test_a_later_end_does_not_run_into_the_next_term():
    anna = factories.member("anna")
    old = factories.person("Alt", is_head=True, valid_to=today()).functions[0]
    factories.person("Neu", is_head=True, valid_from=today() + timedelta(days=1))
    with pytest.raises(RuleBroken):
        services.end_function(old, today() + timedelta(days=5), anna)
    services.end_function(old, today() - timedelta(days=5), anna)


@pytest.mark.usefixtures("context")
def test_a_removed_head_does_not_come_back_beside_the_next_one():
    anna = factories.member("anna")
    person = factories.person("Alt", is_head=True)
    services.remove_person(person, anna)
    factories.person("Neu", is_head=True)
    with pytest.raises(RuleBroken):
        services.restore_person(person, anna)


def succession(head):
    """Address of the handover page."""
    return f"/kontakte/{head[0]}/funktionen/{head[1]}/nachfolge"


def test_a_new_name_follows_in_one_step(app, anna, head):
    name = "Dr. Jonas Eberhardt, Bürgermeister"
    page = anna.submit(succession(head), successor__text=name, valid_from=WRITTEN, title="", follow=True)
    assert "Dr. Jonas Eberhardt" in page.soup.h1.text
    assert function(app, head[1]).valid_to == BEFORE
    with app.app_context():
        held = db.session.scalars(select(Function).where(Function.valid_from == FIRST)).one()
        assert (held.called, held.is_head, held.role) == ("Bürgermeister", True, FunctionRole.HEAD)
        assert held.valid_to is None


def test_somebody_known_follows_in_one_step(app, anna, head):
    with app.app_context():
        number = factories.person("Eberhardt", "Jonas", "Cölbe").id
        db.session.commit()
    sent = {"successor": str(number), "valid_from": WRITTEN, "official_phone": "06420 1"}
    assert anna.submit(succession(head), **sent).location == f"/kontakte/{number}"
    shown = anna.get(f"/kontakte/{number}").main
    assert "06420 1" in shown
    assert "Bürgermeisterin" in shown, "the title is preset"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_from": ""}, "valid_from"), ({"valid_from": f"{SINCE:%d.%m.%Y}"}, "valid_from"),
        ({"valid_from": "31.02.2026"}, "valid_from"), ({"successor-text": ""}, "successor"),
        ({"official_email": "kein at"}, "official_email"),
    ],
)  # fmt: skip
def test_a_wrong_handover_changes_nothing_and_keeps_what_was_typed(app, anna, head, change, field):
    sent = {"successor-text": "Jonas Eberhardt", "valid_from": WRITTEN, "official_phone": "06420 1"} | change
    page = anna.submit(succession(head), **sent)
    assert page.status == 422
    assert page.soup.select_one(f"#{field}-error")
    assert page.fields()["official_phone"] == ["06420 1"]
    assert heads(app) == ["Rupp"]


def test_nobody_follows_on_oneself_and_no_removed_person_follows(app, anna, head):
    with app.app_context():
        gone = factories.person("Fort")
        services.remove_person(gone, factories.member("anna"))
        number = gone.id
        db.session.commit()
    for successor in (head[0], number, 999_999):
        assert anna.submit(succession(head), successor=str(successor), valid_from=WRITTEN).status == 422
    assert function(app, head[1]).valid_to is None


def test_a_namesake_of_the_successor_is_asked_about(app, anna, head):
    with app.app_context():
        known = factories.person("Eberhardt", "Jonas", "Cölbe").id
        db.session.commit()
    page = anna.submit(succession(head), successor__text="Jonas Eberhardt", valid_from=WRITTEN)
    assert page.status == 422
    (key,) = {tag["name"] for tag in page.soup.select("input[type=radio]")}
    assert anna.post(succession(head), page.fields() | {key: str(known)}).location == f"/kontakte/{known}"


def test_a_handover_sent_twice_is_one(app, anna, head):
    form = anna.get(succession(head)).fields() | {"successor-text": "Jo Neu", "valid_from": WRITTEN}
    first, second = anna.post(succession(head), form), anna.post(succession(head), form)
    assert first.location == second.location
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 2


def test_readers_hand_nothing_over(app, rita, head):
    assert rita.get(succession(head)).status == 403
    assert rita.post(succession(head), {"successor-text": "X", "valid_from": WRITTEN}).status == 403
    assert heads(app) == ["Rupp"]


def test_terms_that_end_are_found_and_shown(app, anna, head):
    with app.app_context():
        factories.person("Später", valid_to=today() + timedelta(days=90))
        factories.person("Bald", valid_to=today() + timedelta(days=9))
        factories.person("Vorbei", valid_to=today() - timedelta(days=9))
        place = factories.place("Lahntal").id
        db.session.commit()
    page = anna.get(f"/kontakte?endet={today() + timedelta(days=100):%d.%m.%Y}")
    assert [tag.get_text(strip=True) for tag in page.soup.select("tbody th a")] == [
        "Bald, Petra",
        "Später, Petra",
    ]
    ends = f"endet am {today() + timedelta(days=9):%d.%m.%Y}"
    assert ends in page.main
    assert ends in anna.get(f"/kommunen/{place}").main
    wrong = anna.get("/kontakte?endet=31.2.2027")
    assert wrong.status == 200
    assert "Vorbei" in wrong.main


CITIES = ["Marburg", "Kassel", "Hanau"]


@pytest.mark.parametrize("city", CITIES)
def test_a_mayor_beside_a_lord_mayor_is_asked_about_and_not_forbidden(app, anna, city):
    with app.app_context():
        url = f"/kontakte/neu?kommune={factories.place(city).id}"
    assert "ist dort die Stellvertretung" in anna.get(url).main
    sent = {"last_name": "Neu", "title": "Bürgermeisterin", "is_head": "y"}
    page = anna.submit(url, **sent)
    assert page.status == 200
    assert page.soup.select_one(".notice-wait")
    assert anna.post(url, page.fields()).status == 303


@pytest.mark.parametrize(
    ("city", "sent"),
    [
        ("Marburg", {"title": "Oberbürgermeister", "is_head": "y"}),
        ("Marburg", {"title": "Bürgermeister", "role": "deputy"}),
        ("Lahntal", {"title": "Bürgermeister", "role": "head"}),
    ],
)
def test_other_titles_are_not_asked_about(app, anna, city, sent):
    with app.app_context():
        url = f"/kontakte/neu?kommune={factories.place(city).id}"
    assert anna.submit(url, last_name="Neu", **sent).status == 303


def test_a_changed_function_asks_about_the_mayor_too(app, anna):
    with app.app_context():
        person = factories.person("Neu", at="Marburg", title="Bürgermeister")
        url = f"/kontakte/{person.id}/funktionen/{person.functions[0].id}"
        db.session.commit()
    page = anna.submit(url, is_head="y")
    assert page.status == 200
    assert anna.post(url, page.fields()).status == 303


def called(app, talk):
    """What the people of a talk are called there."""
    with app.app_context():
        return list(db.session.scalars(select(ParticipationPerson.function_called)))


def test_an_old_talk_keeps_the_function_of_its_day_for_ever(app, anna, head):
    with app.app_context():
        row = factories.Party(factories.place("Lahntal").id, people=[head[0]])
        talk = factories.talk(parties=[row], days_ago=30).id
        db.session.commit()
    url = f"/kontakte/{head[0]}/funktionen/{head[1]}"
    anna.submit(url, title="Altbürgermeisterin")
    anna.submit(succession(head), successor__text="Jonas Eberhardt", valid_from=WRITTEN)
    anna.submit(f"{url}/beenden", valid_to=f"{SINCE + timedelta(days=9):%d.%m.%Y}")
    anna.post(f"{url}/entfernen")
    anna.submit(f"/beratungen/{talk}/bearbeiten", note="Später ergänzt.")
    assert called(app, talk) == ["Bürgermeisterin"]
    anna.submit(f"/kontakte/{head[0]}/bearbeiten", last_name="Ruppert")
    assert "Ilse Ruppert (Bürgermeisterin)" in anna.get(f"/beratungen/{talk}").main


def test_a_corrected_day_shows_the_function_of_that_day(app, anna, head):
    with app.app_context():
        services.add_function(
            db.session.get(Person, head[0]),
            {"organisation_id": factories.place("Lahntal").id, "role": FunctionRole.STAFF,
             "title": "Amtsleitung", "valid_to": SINCE - timedelta(days=1)}, None,
        )  # fmt: skip
        row = factories.Party(factories.place("Lahntal").id, people=[head[0]])
        talk = factories.talk(parties=[row]).id
        db.session.commit()
    assert called(app, talk) == ["Bürgermeisterin"]
    anna.submit(f"/beratungen/{talk}/bearbeiten", held_on=f"{SINCE - timedelta(days=5):%d.%m.%Y}")
    assert called(app, talk) == ["Amtsleitung"]


def test_a_planned_talk_takes_the_function_of_the_day_it_is_held(app, anna, head):
    with app.app_context():
        row = factories.Party(factories.place("Lahntal").id, people=[head[0]])
        talk = factories.talk(parties=[row], held_on=today() + timedelta(days=1))
        number = talk.id
        services.change_function(
            db.session.get(Function, head[1]),
            {"organisation_id": factories.place("Lahntal").id, "role": FunctionRole.STAFF, "title": "a. D."},
            None,
        )
        talk.held_on = today()
        db.session.commit()
    anna.post(f"/beratungen/{number}/stattgefunden")
    assert called(app, number) == ["a. D."]


def test_a_talk_of_long_ago_finds_who_was_in_office_then(app, anna, head):
    with app.app_context():
        number = factories.person("Alt", title="Landrätin", valid_to=date(2020, 1, 1)).id
        db.session.commit()
    row = {"parties-0-people": str(number), "held_on": "1.6.2019"}
    sent = talk_fields(app, "Lahntal", **row)
    sent |= {"parties-0-organisation": sent["organisations"]}
    assert anna.submit("/beratungen/neu", **sent).status == 303
    assert called(app, None) == ["Landrätin"]
