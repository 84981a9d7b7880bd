"""Rules of the catalogue."""

from datetime import date

import pytest
from sqlalchemy import select

from crm.chips import Unknown
from crm.db import db
from crm.errors import RuleBroken
from crm.task_fields import queries, services
from crm.task_fields.models import TaskField
from crm.task_fields.standard import STANDARD
from tests import factories

pytestmark = pytest.mark.usefixtures("context")


def field_named(name):
    """Find a task field."""
    return db.session.scalars(select(TaskField).where(TaskField.name == name)).one()


def values(name="Gebühren", group="Finanzen", first=None, last=None):
    """What the form hands over."""
    parent = field_named(group).id if group else None
    return {"name": name, "parent_id": parent, "valid_from": first, "valid_to": last}


def test_the_standard_catalogue_has_two_levels_and_is_loaded_once():
    assert services.load_standard() == 0
    groups = {group.name: {field.name for field in fields} for group, fields in queries.tree()}
    assert groups == {name: set(fields) for name, fields in STANDARD.items()}


def test_the_registry_office_is_fundable_until_2010_and_nothing_else_has_an_end():
    ends = {field.name: field.fundable_until for field in queries.everything() if field.fundable_until}
    assert ends == {"Standesamt": date(2010, 12, 31)}


def test_days_of_the_programme_stand_in_order():
    days = {"fundable_from": date(2011, 1, 1), "fundable_until": date(2010, 12, 31)}
    with pytest.raises(RuleBroken) as broken:
        services.create(values() | days, factories.member("mara"))
    assert broken.value.field == "fundable_until"


def test_a_used_catalogue_stays_as_it_is():
    mara = factories.member("mara")
    services.change(field_named("Kasse"), values("Gemeinsame Kasse"), mara)
    assert services.load_standard() == 0
    assert "Kasse" not in [field.name for field in queries.current()]


def test_the_same_name_may_return_after_its_end():
    mara = factories.member("mara")
    services.close(field_named("Kasse"), date(2025, 12, 31), mara)
    services.create(values("Kasse", first=date(2026, 1, 1)), mara)
    with pytest.raises(RuleBroken) as broken:
        services.create(values("KASSE", first=date(2026, 6, 1)), mara)
    assert broken.value.field == "name"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 31)}, "valid_to"),
        ({"parent_id": 999_999}, "parent_id"),
        ({"parent_id": "Kasse"}, "parent_id"),
    ],
)
def test_a_field_needs_a_true_group_and_days_in_order(change, field):
    found = {name: field_named(value).id if value == "Kasse" else value for name, value in change.items()}
    with pytest.raises(RuleBroken) as broken:
        services.create(values() | found, factories.member("mara"))
    assert broken.value.field == field


def test_there_are_two_levels_and_no_more():
    mara = factories.member("mara")
    with pytest.raises(RuleBroken):
        services.change(field_named("Finanzen"), values("Finanzen", group="Bürgerdienste"), mara)
    with pytest.raises(RuleBroken):
        services.change(field_named("Kasse"), values("Kasse") | {"parent_id": field_named("Kasse").id}, mara)


def test_a_group_takes_its_fields_along():
    mara, day = factories.member("mara"), date(2026, 3, 31)
    services.close(field_named("Finanzen"), day, mara)
    assert {field.valid_to for field in queries.members(field_named("Finanzen"))} == {day}
    assert "Kasse" in [field.name for field in queries.current(day)]
    assert "Kasse" not in [field.name for field in queries.current(date(2026, 4, 1))]
    with pytest.raises(RuleBroken):
        services.create(values(), mara)


@pytest.mark.parametrize(
    ("text", "name"),
    [("Kasse", "Kasse"), ("kasse", "Kasse"), ("Buergerbuero", "Bürgerbüro"), ("standesa", "Standesamt")],
)
def test_a_typed_name_is_read(text, name):
    assert [chip.text for chip in queries.read(text)] == [name]


@pytest.mark.parametrize("text", ["Weltraum", "Ordnungs", "xyzxyz", "%"])
def test_what_is_no_field_or_several_is_asked_back(text):
    assert isinstance(queries.read(text), Unknown)


def test_chips_keep_their_order_and_ended_fields():
    kasse, archiv = field_named("Kasse"), field_named("Archiv")
    services.close(kasse, date(2020, 1, 1), factories.member("mara"))
    chips = queries.chips([archiv.id, kasse.id, 999_999])
    assert [(chip.text, chip.note) for chip in chips] == [
        ("Archiv", "Innere Verwaltung"),
        ("Kasse", "Finanzen"),
    ]
