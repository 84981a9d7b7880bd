"""Rows of a table take turns: none is left out, none is forgotten."""

from types import SimpleNamespace

import pytest

from tests.turns import TABLE, take_turns

ENGINES = ("sqlite", "postgresql")


class Item:
    """One test as the suite sees it while it collects."""

    def __init__(self, name, engine=None, *marks):
        self.nodeid, self.marks = f"tests/test_x.py::{name}", list(marks)
        if engine:
            self.callspec = SimpleNamespace(params={"engine_name": engine})

    def get_closest_marker(self, name):
        """Tell whether it is marked."""
        return name in self.marks

    def add_marker(self, name):
        """Mark it."""
        self.marks.append(name)

    @property
    def runs(self):
        """Tell whether `make test` runs it."""
        return "stress" not in self.marks


def table(rows, name="test_a"):
    """A table of so many rows on both databases."""
    return {
        (engine, row): Item(f"{name}[{engine}-{row}]", engine) for engine in ENGINES for row in range(rows)
    }


@pytest.mark.parametrize("rows", [TABLE, 5, 6, 11])
def test_each_row_runs_on_a_database_and_the_first_and_the_last_on_both(rows):
    items = table(rows)
    take_turns(list(items.values()))
    ran = [sum(items[engine, row].runs for engine in ENGINES) for row in range(rows)]
    assert ran == [2, *[1] * (rows - 2), 2]
    assert {engine for (engine, row), one in items.items() if one.runs and 0 < row < rows - 1} == set(ENGINES)


@pytest.mark.parametrize("rows", [1, 2, TABLE - 1])
def test_a_short_table_runs_as_a_whole(rows):
    items = table(rows)
    take_turns(list(items.values()))
    assert all(one.runs for one in items.values())


def test_what_asks_no_database_or_is_slow_anyway_is_left_alone():
    plain = [Item(f"test_b[{row}]") for row in range(9)]
    slow = [Item(f"test_c[{engine}-{row}]", engine, "stress") for engine in ENGINES for row in range(9)]
    take_turns([*plain, *slow])
    assert all(one.runs for one in plain)
    assert all(one.marks == ["stress"] for one in slow)


def test_two_tables_do_not_share_their_turns():
    one, other = table(TABLE, "test_a"), table(TABLE, "test_ab")
    take_turns([*one.values(), *other.values()])
    assert [item.runs for item in one.values()] == [item.runs for item in other.values()]
