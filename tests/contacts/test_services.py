"""Rules about people and their functions."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.contacts import queries, services
from crm.contacts.models import Function, FunctionRole, Person
from crm.db import db, today
from crm.errors import RuleBroken
from tests import factories

pytestmark = pytest.mark.usefixtures("context")


def values(last_name="Rupp", first_name="Ilse", **over):
    """A person as the form hands it over."""
    return {"academic_title": None, "first_name": first_name, "last_name": last_name, "note": None} | over


def office(at="Lahntal", role=FunctionRole.OTHER, **over):
    """A function as the form hands it over."""
    found = {"organisation_id": factories.place(at).id, "role": role, "title": None, "is_head": False}
    return found | {"email": None, "phone": None, "valid_from": None, "valid_to": None} | over


def anna():
    """An adviser."""
    return factories.member("anna")


def test_somebody_new_holds_a_function_and_both_are_noted():
    person = services.create_person(values(), office(title="Bürgermeisterin"), anna())
    assert [one.called for one in person.functions] == ["Bürgermeisterin"]
    names = [event.name for event in queries.history(person)]
    assert names == ["function.created", "person.created"]


def test_the_audit_stores_no_personal_value():
    services.create_person(values(note="Ruft nie zurück"), office(title="Geheimrat", phone="06421 1"), anna())
    stored = " ".join(str(changes) for changes in db.session.scalars(select(AuditEvent.changes)))
    assert not any(word in stored for word in ("Rupp", "Ilse", "Geheimrat", "06421", "zurück"))


def test_an_organisation_has_one_head_at_a_time():
    services.create_person(values(), office(is_head=True, role=FunctionRole.HEAD), anna())
    with pytest.raises(RuleBroken) as broken:
        services.create_person(values("Neu"), office(is_head=True), anna())
    assert broken.value.field == "is_head"
    assert db.session.scalar(select(func.count(Person.id))) == 1, "nothing is half written"
    services.create_person(values("Neu"), office("Cölbe", is_head=True), anna())


def test_a_head_follows_on_a_head():
    day = today() + timedelta(days=30)
    first = services.create_person(values(), office(is_head=True), anna())
    services.end_function(first.functions[0], day, anna())
    follows = office(is_head=True, valid_from=day + timedelta(days=1))
    services.create_person(values("Neu"), follows, anna())
    with pytest.raises(RuleBroken):
        services.change_function(first.functions[0], office(is_head=True), anna())


def test_a_former_head_may_be_noted_beside_the_present_one():
    services.create_person(values(), office(is_head=True), anna())
    former = office(is_head=True, valid_to=today() - timedelta(days=1))
    services.create_person(values("Alt"), former, anna())


def test_a_title_never_decides_who_leads():
    titled = services.create_person(values(), office(title="Bürgermeister"), anna())
    assert not titled.functions[0].is_head
    headed = services.create_person(values("Neu"), office(role=FunctionRole.HEAD), anna())
    assert headed.functions[0].is_head, "the role of the head always leads"


def test_days_keep_their_order():
    wrong = office(valid_from=date(2026, 2, 1), valid_to=date(2026, 1, 1))
    with pytest.raises(RuleBroken) as broken:
        services.create_person(values(), wrong, anna())
    assert broken.value.field == "valid_to"


def test_the_function_of_a_day_is_found():
    person = services.create_person(
        values(), office(title="Amtsleitung", valid_to=date(2024, 12, 31)), anna()
    )
    services.add_function(person, office(title="Bürgermeisterin", valid_from=date(2025, 1, 1)), anna())
    place = factories.place("Lahntal").id
    assert queries.function_on(person.id, place, date(2024, 6, 1)).called == "Amtsleitung"
    assert queries.function_on(person.id, place, date(2025, 6, 1)).called == "Bürgermeisterin"
    assert queries.function_on(person.id, factories.place("Cölbe").id, today()) is None
    assert [one.called for one in queries.current_functions(place)] == ["Bürgermeisterin"]


def test_the_head_stands_first_among_the_people_in_office():
    services.create_person(values("Amt"), office(role=FunctionRole.STAFF), anna())
    services.create_person(values("Zeh"), office(is_head=True, role=FunctionRole.DEPUTY), anna())
    services.create_person(values("Bau"), office(role=FunctionRole.FINANCE), anna())
    found = queries.current_functions(factories.place("Lahntal").id)
    assert [one.person.last_name for one in found] == ["Zeh", "Bau", "Amt"]


def test_a_typed_name_becomes_a_person_in_office():
    place = factories.place("Lahntal").id
    made = services.person_from_text("Frau Dr. Petra Henkel, Büroleitung", place, today(), anna())
    assert (made.name, made.functions[0].called) == ("Dr. Petra Henkel", "Büroleitung")
    assert made.functions[0].role is FunctionRole.OTHER
    again = services.person_from_text("Petra Henkel", place, today(), anna())
    assert again.id == made.id, "nobody is made twice at one place"
    elsewhere = services.person_from_text("Petra Henkel", factories.place("Cölbe").id, today(), anna())
    assert elsewhere.id != made.id


def test_removing_takes_the_functions_along():
    person = services.create_person(values(), office(), anna())
    services.remove_person(person, anna())
    db.session.flush()
    assert queries.one(person.id) is None
    assert db.session.scalars(select(Function)).all() == []
    assert [chip.text for chip in queries.chips([person.id])] != ["Ilse Rupp"]


def test_a_changed_name_is_found_and_the_old_one_is_not():
    person = services.create_person(values("Öztürk"), office(title="Kämmerin"), anna())
    services.change_person(person, values("Straßburger") | {"email": None, "phone": None}, anna())
    assert names("strassburger") == ["Ilse Straßburger"]
    assert names("kaemmerin") == ["Ilse Straßburger"]
    assert names("Öztürk") == []


def names(text):
    """Whom the list finds."""
    return [person.name for person in db.session.scalars(queries.listing(text))]


@pytest.mark.parametrize("text", ["Ilse Rupp", "rupp", "RUPP ilse", "ru", "Lahntal", "bürgermeister", "Rúpp"])
def test_people_are_found_by_name_title_and_place(text):
    services.create_person(values(), office(title="Bürgermeisterin"), anna())
    services.create_person(values("Anders", "Anton"), office("Cölbe"), anna())
    assert names(text) == ["Ilse Rupp"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "*", "x" * 10_000, "Rupp Cölbe"])
def test_signs_are_no_wildcards(text):
    services.create_person(values(), office(), anna())
    assert names(text) == []


def test_suggestions_begin_with_the_people_of_the_place():
    services.create_person(values("Müller", "Petra"), office("Cölbe", title="Kasse"), anna())
    services.create_person(values("Müller", "Peter"), office("Lahntal", title="Bauamt"), anna())
    services.create_person(values("Bauer", "Max"), office("Lahntal", title="Müllerei"), anna())
    place = factories.place("Lahntal").id
    assert [(one.text, one.note) for one in queries.suggestions("mueller", place)] == [
        ("Peter Müller", "Bauamt")
    ]
    found = [(one.text, one.note) for one in queries.suggestions("Pet Mü", place)]
    assert found == [("Peter Müller", "Bauamt"), ("Petra Müller", "Kasse · Cölbe")]
    assert len(queries.suggestions("", place)) == 2
    assert queries.suggestions("", None) == []


def test_a_typed_name_is_read_at_its_place_only():
    person = services.create_person(values(), office(), anna())
    services.create_person(values("Zwilling", "Anna"), office(), anna())
    services.create_person(values("Zwilling", "Berta"), office(), anna())
    source = queries.people_source(factories.place("Lahntal").id)
    assert [chip.value for chip in source.read("Frau Rupp")] == [str(person.id)]
    assert [chip.value for chip in source.read("ilse rupp")] == [str(person.id)]
    assert not source.read("Zwilling").may_be_new, "nobody is made of a name that several bear"
    assert source.read("Otto Unbekannt").may_be_new
    assert queries.people_source(factories.place("Cölbe").id).read("Rupp").may_be_new
