"""What held on a day: who existed, in which county, who became whom."""

from datetime import date

import pytest

from crm.chips import Unknown
from crm.organisations import finding, queries
from crm.organisations.finding import Reading
from crm.organisations.models import Kind
from tests import factories

LAST_YEAR, THIS_YEAR = date(2025, 12, 31), date(2026, 1, 1)
pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize(
    ("day", "number"),
    [("2016-12-31", 447), ("2018-12-31", 444), ("2021-12-31", 443), ("2022-12-31", 443), ("2026-06-30", 442)],
)
def test_existing_kommunen_are_counted_as_at_a_day(day, number):
    assert queries.count_existing(date.fromisoformat(day)) == number


def test_hanau_is_what_it_was_on_each_day():
    hanau = queries.one(factories.place("Hanau").id)
    assert queries.county_on(hanau, LAST_YEAR).name == "Main-Kinzig-Kreis"
    assert queries.county_on(hanau, THIS_YEAR) is None
    assert {queries.region_on(hanau, day).name for day in (LAST_YEAR, THIS_YEAR)} == {
        "Regierungsbezirk Darmstadt"
    }
    assert [queries.key_on(hanau, day).key for day in (LAST_YEAR, THIS_YEAR)] == ["06435014", "06415000"]
    assert queries.designation_on(hanau, LAST_YEAR).kind is Kind.SPECIAL_STATUS
    assert queries.designation_on(hanau, THIS_YEAR).kind is Kind.COUNTY_FREE


def test_members_of_a_county_are_those_of_the_day():
    county = factories.place("Main-Kinzig-Kreis")
    assert [len(queries.members(county, day)) for day in (LAST_YEAR, THIS_YEAR)] == [29, 28]


def test_successions_lead_both_ways():
    oberzent = factories.place("Oberzent")
    before = [one.predecessor.name for one in queries.predecessors(oberzent)]
    assert before == ["Beerfelden", "Hesseneck", "Rothenberg", "Sensbachtal"]
    assert [one.successor.name for one in queries.successors(factories.place("Hesseneck"))] == ["Oberzent"]


def test_a_name_of_a_day_without_any_is_the_newest():
    assert queries.name_on(factories.place("Beerfelden"), date(2026, 1, 1)) == "Beerfelden"


def test_counties_and_regions_come_by_name():
    assert len(queries.counties()) == 21
    assert [one.name for one in queries.regions()] == [
        "Regierungsbezirk Darmstadt", "Regierungsbezirk Gießen", "Regierungsbezirk Kassel",
    ]  # fmt: skip


def test_search_puts_living_heirs_before_the_dissolved():
    assert [(hit.organisation.name, hit.former) for hit in finding.search("Wahlsburg")] == [
        ("Wesertal", "Wahlsburg"),
        ("Wahlsburg", ""),
    ]


def test_search_keeps_to_the_limit_and_to_kommunen():
    assert len(finding.search("a")) == 8
    assert all(
        hit.organisation.name != "Regierungsbezirk Kassel" for hit in finding.search("Kassel", limit=None)
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Gießen", "Gießen"), ("LK Gießen", "Landkreis Gießen"), ("Kreis Offenbach", "Landkreis Offenbach"),
        ("Offenbach", "Offenbach am Main"), ("MKK", "Main-Kinzig-Kreis"), ("Wetter", "Wetter (Hessen)"),
        ("Stadt Allendorf", "Stadtallendorf"), ("Mörfelden-W.", "Mörfelden-Walldorf"),
        ("Karlshafen", "Bad Karlshafen"), ("06534012", "Lahntal"), ("Beerfelden", "Beerfelden"),
    ],
)  # fmt: skip
def test_typed_names_are_read(typed, meant):
    resolution = finding.resolve(typed)
    assert resolution.reading is Reading.EXACT
    assert [one.name for one in resolution.organisations] == [meant]


def test_a_typed_former_name_means_the_heir_on_a_later_day():
    (meant,) = finding.resolve("Beerfelden", on=date(2020, 1, 1)).organisations
    assert meant.name == "Oberzent"


def test_a_whole_county_can_be_typed():
    resolution = finding.resolve("alle Kommunen im Landkreis Gießen")
    assert (resolution.reading, len(resolution.organisations)) == (Reading.EXACT, 18)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Homberg", ["Homberg (Efze)", "Homberg (Ohm)"]),
        ("Bad Soden", ["Bad Soden am Taunus", "Bad Soden-Salmünster"]),
        ("Lautertal", ["Lautertal (Odenwald)", "Lautertal (Vogelsberg)"]),
    ],
)
def test_ambiguous_names_are_not_guessed(typed, offered):
    resolution = finding.resolve(typed)
    assert (resolution.reading, resolution.suggestions) == (Reading.AMBIGUOUS, offered)


def test_chips_are_read_from_text_or_say_what_would_be_right():
    source = queries.chip_source()
    (chip,) = source.read("coelbe")
    assert (chip.text, chip.note) == ("Cölbe", "LK Marburg-Biedenkopf · 06534006")
    for typed, words in (("Weter", "Wetter (Hessen)"), ("Homberg", "Homberg (Ohm)"), ("Xyzzy", "Xyzzy")):
        problem = source.read(typed)
        assert isinstance(problem, Unknown)
        assert words in problem.message


def test_chips_keep_the_order_of_their_numbers():
    ids = [factories.place(name).id for name in ("Wetzlar", "Cölbe", "Aßlar")]
    assert [chip.text for chip in queries.chip_source().chips([*ids, 999_999])] == [
        "Wetzlar",
        "Cölbe",
        "Aßlar",
    ]
    region = factories.place("Regierungsbezirk Kassel").id
    assert queries.chip_source().chips([region]) == queries.chip_source().chips([]) == []
