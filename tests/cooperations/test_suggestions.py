"""Scoring of partner suggestions over plain values: who, in which order, and why."""

from datetime import date

import pytest

from crm.cooperations.kinds import Step
from crm.cooperations.suggestions import Gone, Known, Place, suggest

HERE = (8.7, 50.8)
HOME = Place(1, "Mitte", HERE, 8000)


def east(km):
    """A point so many kilometres to the east."""
    return HERE[0] + km / 70.3, HERE[1]


def place(number, km=5.0, people=8000, **over):
    return Place(number, f"Ort {number}", east(km) if km is not None else None, people, **over)


def names(found):
    return [one.place.name for one in found]


def asked(*candidates, known=None, borders=None, partners=(HOME,), **over):
    return suggest(partners, candidates, known or {}, borders or {}, **over)


@pytest.fixture(autouse=True)
def german(context):
    """Reasons are German sentences."""


def test_near_ones_come_first_and_then_the_shorter_way():
    found = asked(place(2, 14), place(3, 3), place(4, 9))
    assert names(found) == ["Ort 3", "Ort 4", "Ort 2"]
    assert found[0].reasons[0] == "nah: 3,0 km bis Mitte"
    assert round(found[0].km, 1) == 3.0


def test_a_far_one_is_suggested_only_for_a_reason_of_the_field():
    known = {3: Known(talked_on=date(2026, 5, 2), talked_about="Bauhof")}
    found = asked(place(2, 40), place(3, 40), place(4, 14), known=known)
    assert names(found) == ["Ort 4", "Ort 3"]
    assert found[1].reasons[0] == "Gespräch über Bauhof am 02.05.2026"
    assert found[1].against == ["40,0 km bis Mitte"]
    assert found[0].against == []


def test_more_reasons_outweigh_the_shorter_way_among_near_ones():
    known = {2: Known(plans=("Bauhof Nord",)), 3: Known(talked_on=date(2026, 5, 2), talked_about="Bauhof")}
    known[4] = Known(plans=("A", "B", "C"), talked_on=date(2026, 5, 2), talked_about="Bauhof")
    found = asked(place(1, 1), place(2, 12), place(3, 11), place(4, 13), known=known)
    assert names(found) == ["Ort 4", "Ort 3", "Ort 2", "Ort 1"]
    assert "plant das Gleiche: Bauhof Nord" in found[2].reasons
    assert "plant das Gleiche: A, B und 1 weitere" in found[0].reasons


def test_a_true_border_counts_more_than_the_way_and_says_its_length():
    found = asked(place(2, 4), place(3, 12), borders={3: (5200, "Mitte")})
    assert names(found) == ["Ort 3", "Ort 2"]
    assert found[0].reasons[0] == "grenzt an Mitte (gemeinsame Grenze 5,2 km)"
    assert found[0].metres == 5200


@pytest.mark.parametrize(
    ("people", "similar"), [(3999, False), (4000, True), (16000, True), (16001, False), (None, False)]
)
def test_similar_is_half_to_double(people, similar):
    (found,) = asked(place(2, people=people))
    assert ("ähnlich groß" in found.reasons) is similar


def test_the_size_is_compared_with_the_middle_of_the_partners():
    partners = [
        HOME,
        place(8, people=1000),
        place(9, people=200_000),
        place(10, people=9_000_000, is_county=True),
    ]
    (found,) = asked(place(2, people=15_000), partners=partners)
    assert "ähnlich groß" in found.reasons
    (found,) = asked(place(2, people=60_000), partners=partners)
    assert "ähnlich groß" not in found.reasons


def test_who_runs_it_already_is_said_and_stands_behind():
    known = {2: Known(runs=("Bauhof Süd",))}
    found = asked(place(2, 1), place(3, 14), known=known)
    assert names(found) == ["Ort 3", "Ort 2"]
    assert found[1].against == ["kooperiert im Feld schon: Bauhof Süd"]
    assert "noch keine laufende Kooperation im Feld" in found[0].reasons
    assert "noch keine laufende Kooperation im Feld" not in found[1].reasons


def test_without_a_field_nothing_is_said_about_it():
    (found,) = asked(place(2), asks_field=False)
    assert found.reasons == ["nah: 5,0 km bis Mitte", "ähnlich groß"]


def test_whoever_went_stands_last_with_the_day_however_near():
    gone = {
        2: Known(gone=Gone(Step.DECLINED, date(2026, 5, 2), 70)),
        3: Known(gone=Gone(Step.LEFT, None, 71, "Bauhof Nord")),
    }
    found = asked(place(2, 1), place(3, 2), place(4, 14), known=gone)
    assert names(found) == ["Ort 4", "Ort 2", "Ort 3"]
    assert found[1].against == ["abgesagt am 02.05.2026"]
    assert found[2].against == ["ausgeschieden, Tag nicht bekannt (Bauhof Nord)"]


def test_at_most_twelve_and_room_for_those_that_went():
    known = {100: Known(gone=Gone(Step.LEFT, None, 1))}
    found = asked(*[place(number, number / 3) for number in range(2, 30)], place(100), known=known)
    assert len(found) == 12
    assert found[-1].place.id == 100


def test_some_room_is_kept_for_far_ones_with_the_same_in_mind():
    known = {number: Known(plans=("Bauhof",)) for number in range(100, 106)}
    near = [place(number, number / 3) for number in range(2, 30)]
    found = asked(*near, *(place(number, number) for number in known), known=known)
    assert names(found)[9:] == ["Ort 100", "Ort 101", "Ort 102"]
    assert len(found) == 12


def test_counties_are_near_to_counties_and_belong_to_what_lies_in_them():
    county = Place(50, "Landkreis Mitte", east(2), 200_000, is_county=True)
    other = Place(51, "Landkreis Ost", east(40), 200_000, is_county=True)
    inside = place(2, 30, county_id=50, county="Landkreis Mitte")
    found = asked(other, inside, place(3, 1), partners=[county])
    assert {one.place.name: one.reasons[0] for one in found} == {
        "Landkreis Ost": "nah: 38,0 km bis Landkreis Mitte",
        "Ort 2": "liegt in: Landkreis Mitte",
    }
    home = Place(1, "Mitte", HERE, 8000, county_id=50)
    (found,) = asked(county, partners=[home])
    assert found.reasons[0] == "Landkreis von 1 Partner"


def test_nobody_knows_where_a_partner_lies():
    assert asked(place(2), partners=[Place(1, "Irgendwo")]) == []
    assert asked(place(2, km=None)) == []
    assert asked(place(2), partners=[]) == []
