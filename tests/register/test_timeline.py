"""What single days show becomes a history, in whatever order the days become known."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from crm.register.timeline import Stretch, closed, on, seen

FIRST = date(2020, 1, 1)
KNOWN = [Stretch(None, date(2025, 12, 31), "Main-Kinzig-Kreis"), Stretch(date(2026, 1, 1), None, "Darmstadt")]


def day(number):
    return FIRST + timedelta(days=number)


def history(looks, start=()):
    """The stretches after looks {day: value} became known in this order."""
    stretches, looked = list(start), []
    for when, value in looks:
        stretches = seen(stretches, when, value, looked)
        looked.append(when)
    return stretches


def test_a_change_begins_with_the_file_that_first_shows_it():
    found = history([(day(100), "neu"), (day(10), "alt")])
    assert found == [Stretch(None, day(99), "alt"), Stretch(day(100), None, "neu")]


def test_a_file_in_between_moves_the_change():
    found = history([(day(100), "neu"), (day(10), "alt"), (day(50), "neu")])
    assert found == [Stretch(None, day(49), "alt"), Stretch(day(50), None, "neu")]


def test_a_known_day_of_change_stays():
    assert seen(KNOWN, date(2025, 11, 30), "Main-Kinzig-Kreis", []) == KNOWN
    assert seen(KNOWN, date(2026, 6, 30), "Darmstadt", []) == KNOWN
    found = seen(KNOWN, date(2022, 12, 31), "Hanau-Kreis", [date(2025, 11, 30)])
    assert [one.value for one in found] == ["Hanau-Kreis", "Main-Kinzig-Kreis", "Darmstadt"]
    assert found[1].valid_from == date(2025, 11, 30)


def test_what_ended_stays_ended():
    ended = closed(KNOWN, date(2026, 3, 31))
    assert ended[-1].valid_to == date(2026, 3, 31)
    assert seen(ended, date(2026, 2, 1), "X", [])[-1].valid_to == date(2026, 3, 31)


LOOKS = st.dictionaries(st.integers(0, 40).map(day), st.sampled_from("abc"), min_size=1, max_size=8)


@given(LOOKS, st.randoms())
def test_the_order_in_which_files_come_makes_no_difference(looks, dice):
    other = list(looks.items())
    dice.shuffle(other)
    expected = history(sorted(looks.items()))
    assert history(other) == expected
    for when, value in looks.items():
        assert on(expected, when).value == value


LIVES = st.tuples(st.none() | st.integers(-5, 10).map(day), st.none() | st.integers(30, 45).map(day))


@given(LIVES, LOOKS, st.randoms())
def test_nothing_is_said_about_days_before_birth_and_after_the_end(life, looks, dice):
    born, ended = life
    inside = {when: value for when, value in looks.items() if Stretch(born, ended, "").holds_on(when)}
    other = list(inside.items())
    dice.shuffle(other)
    start = [Stretch(born, ended, "a")]
    expected = history(sorted(inside.items()), start)
    assert history(other, start) == expected
    assert (expected[0].valid_from, expected[-1].valid_to) == (born, ended)


@given(LOOKS)
def test_every_day_has_just_one_value(looks):
    stretches = history(looks.items())
    assert stretches[0].valid_from is None
    assert stretches[-1].valid_to is None
    for left, right in zip(stretches, stretches[1:], strict=False):
        assert left.valid_to + timedelta(days=1) == right.valid_from
        assert left.value != right.value
