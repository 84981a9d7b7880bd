"""Places in short say the same as the register."""

from datetime import date

import pytest

from crm.organisations import queries
from crm.organisations.short import places
from tests import factories
from tests.statements import asked

DAYS = (date(2016, 6, 30), date(2025, 12, 31), date(2026, 1, 1))
pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize("day", DAYS)
def test_what_was_on_a_day_is_the_same_as_of_the_whole_place(day):
    names = ("Wetter (Hessen)", "Hanau", "Cölbe", "Beerfelden", "Main-Kinzig-Kreis", "Frankfurt am Main")
    ids = [factories.place(name).id for name in names]
    with asked() as seen:
        found = places(ids, day)
    assert len(seen) == 1
    assert [one.sort_key for one in found.values()] == sorted(one.sort_key for one in found.values())
    for number in ids:
        whole, short = queries.one(number), found[number]
        named, known = queries.designation_on(whole, day), queries.designation_on(short, day)
        assert (known.name, known.kind) == (named.name, named.kind)
        assert queries.key_on(short, day).key == queries.key_on(whole, day).key
        for above in (queries.county_on, queries.region_on):
            assert getattr(above(short, day), "name", "") == getattr(above(whole, day), "name", "")
        first = [one.population for one in whole.figures if one.population is not None][-1:]
        counted = [one.population for one in whole.figures if one.population and one.counted_on <= day]
        assert short.population == (counted or first or [None])[0]


def test_no_places_need_no_statement():
    with asked() as seen:
        assert places([], DAYS[0]) == {}
    assert seen == []
