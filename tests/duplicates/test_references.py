"""A merge knows everything that hangs on a person or a body, and what may be there once only."""

import pytest
from sqlalchemy import UniqueConstraint

from crm.db import db
from crm.duplicates.references import OF_BODIES, OF_PEOPLE, Rule, columns_to, moving
from crm.duplicates.wording import row_in_words
from tests.duplicates.conftest import hanging_on


def uniques_with(table, column):
    """What a column makes unique together with others: the others, sorted."""
    found = [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    found += [index.columns for index in table.indexes if index.unique]
    sets = [{one.name for one in columns} for columns in found]
    return {tuple(sorted(names - {column})) for names in sets if column in names}


@pytest.mark.parametrize(("references", "target"), [(OF_PEOPLE, "people"), (OF_BODIES, "organisations")])
def test_every_foreign_key_is_known_and_no_other(references, target):
    known = [(one.table, one.column) for one in references]
    assert set(known) == columns_to(target)
    assert len(known) == len(set(known))


@pytest.mark.parametrize("references", [OF_PEOPLE, OF_BODIES])
def test_what_is_unique_has_a_rule_and_what_has_none_is_not(references):
    for one in moving(references):
        unique = uniques_with(db.metadata.tables[one.table], one.column)
        if one.rule is Rule.MOVES:
            assert unique == set(), one
        else:
            assert unique == {one.per}, one


def test_a_new_foreign_key_would_be_noticed():
    known = {(one.table, one.column) for one in OF_PEOPLE if one.table != "follow_ups"}
    assert columns_to("people") - known == {("follow_ups", "person_id")}


@pytest.mark.usefixtures("context")
def test_the_factory_makes_one_of_everything(pair):
    expected = {(one.table, one.column) for one in moving(OF_PEOPLE)}
    for person in pair:
        assert set(hanging_on(person.id)) == expected


def test_all_that_moves_has_its_words(german):
    for one in (*moving(OF_PEOPLE), *moving(OF_BODIES)):
        assert row_in_words(one.table, 2).startswith("2 "), one.table
