"""What the official register says, as facts of the product: counts by day, counties, names, keys."""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crm.organisations.facts import COUNTY, REGION, SOURCE_LINE, TOWN_TYPES, facts

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
BODIES = {body.code: body for body in facts().bodies}
DAY = date(2026, 6, 30)


def table(name):
    """Read one of the shared tables, or skip."""
    if not (DATA / name).is_file():
        pytest.skip(f"comparison data {name} are not beside the project")
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def at(items, day):
    """Give the one entry that holds on the day."""
    found = [item for item in items if item.holds_on(day)]
    assert len(found) == 1
    return found[0]


def with_key(key, day):
    """Give the body that bears the key on the day."""
    return next(body for body in BODIES.values() if any(k.key == key and k.holds_on(day) for k in body.keys))


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("2016-12-31", 447), ("2017-12-31", 447), ("2018-01-01", 444), ("2018-12-31", 444),
        ("2019-12-31", 444), ("2020-01-01", 443), ("2021-12-31", 443), ("2022-12-31", 443),
        ("2023-01-01", 442), ("2026-06-30", 442),
    ],
)  # fmt: skip
def test_kommunen_are_counted_as_at_a_day(day, number):
    assert len(facts().existing_on(date.fromisoformat(day))) == number


def test_kinds_of_today_and_of_before_hanau_left_its_county():
    def kinds(day):
        return Counter(at(body.designations, day).type for body in facts().existing_on(day))

    before = {"Gemeinde": 230, "Stadt": 179, "Sonderstatusstadt": 7, "kreisfreie Stadt": 5, "Landkreis": 21}
    assert kinds(date(2025, 12, 31)) == before
    assert kinds(DAY) == before | {"Sonderstatusstadt": 6, "kreisfreie Stadt": 6}
    assert sum(body.type == REGION for body in BODIES.values()) == 3


def test_everybody_belongs_somewhere_and_the_keys_say_the_same():
    for body in BODIES.values():
        for membership in body.memberships:
            parent = BODIES[membership.parent]
            day = membership.valid_to or DAY
            kind = at(body.designations, day).type
            assert parent.type == (REGION if kind in (COUNTY, "kreisfreie Stadt") else COUNTY)
            assert at(body.keys, day).key.startswith(membership.parent)
        assert len(body.memberships) >= (body.type != REGION)


def test_dated_facts_leave_no_gap_and_never_overlap():
    for body in BODIES.values():
        for items in (body.designations, body.keys, body.memberships):
            if items:
                assert (items[0].valid_from, items[-1].valid_to) == (body.valid_from, body.valid_to)
            for one, following in zip(items, items[1:], strict=False):
                assert (following.valid_from - one.valid_to).days == 1


def test_keys_are_never_given_twice():
    keys = [key.key for body in BODIES.values() for key in body.keys]
    assert len(keys) == len(set(keys)) == 457
    assert {len(key) for key in keys} == {3, 5, 8}
    assert all(key.isdigit() and key.startswith("06") for key in keys)


def test_hanau_changes_key_county_and_kind_at_the_turn_of_the_year():
    hanau = BODIES["06415000"]
    for day, key, parent, kind in [
        (date(2025, 12, 31), "06435014", "06435", "Sonderstatusstadt"),
        (date(2026, 1, 1), "06415000", "064", "kreisfreie Stadt"),
    ]:
        assert at(hanau.keys, day).key == key
        assert at(hanau.memberships, day).parent == parent
        assert at(hanau.designations, day).type == kind
        assert hanau.holds_on(day)


def test_mergers_link_predecessors_with_successors():
    found = {
        (BODIES[s.predecessor].name, BODIES[s.successor].name, s.effective_on.isoformat())
        for s in facts().successions
    }
    assert found == {
        *(
            (name, "Oberzent", "2018-01-01")
            for name in ("Beerfelden", "Hesseneck", "Rothenberg", "Sensbachtal")
        ),
        *((name, "Wesertal", "2020-01-01") for name in ("Oberweser", "Wahlsburg")),
        ("Bromskirchen", "Allendorf (Eder)", "2023-01-01"),
    }
    for succession in facts().successions:
        predecessor, successor = BODIES[succession.predecessor], BODIES[succession.successor]
        assert (succession.effective_on - predecessor.valid_to).days == 1
        assert successor.valid_from in (None, succession.effective_on)


def test_allendorf_keeps_its_key_and_bromskirchen_its_last_figure():
    assert [key.key for key in BODIES["06635001"].keys] == ["06635001"]
    (figure,) = BODIES["06635005"].populations
    assert (figure.population, figure.counted_on) == (1931, date(2022, 12, 31))


def test_a_new_addition_counts_from_the_first_day_it_is_documented():
    nidda = BODIES["06440016"]
    assert at(nidda.designations, date(2026, 6, 29)).official_name == "Nidda, Stadt"
    assert at(nidda.designations, DAY).official_name == "Nidda, Johannes-Pistorius-Stadt"
    assert {d.name for d in nidda.designations} == {"Nidda"}


def test_what_is_not_known_is_none_and_never_zero():
    beerfelden = BODIES["06437002"]
    assert (beerfelden.populations, beerfelden.area_km2, beerfelden.latitude) == ((), None, None)
    for body in BODIES.values():
        assert all(figure.population > 0 for figure in body.populations)
        assert body.area_km2 is None or body.area_km2 > 0


def test_figures_add_up_to_hessen():
    alive = [body for body in BODIES.values() if body.valid_to is None]
    for types in (TOWN_TYPES, (REGION,)):
        assert sum(body.populations[0].population for body in alive if body.type in types) == 6_280_793
    regions = sum(body.area_km2 for body in alive if body.type == REGION)
    towns = sum(body.area_km2 for body in alive if body.type in TOWN_TYPES)
    assert (regions, regions - towns) == (Decimal("21115.70"), Decimal("326.99"))


def test_coordinates_lie_in_hessen_and_every_town_of_today_has_all_its_facts():
    for body in facts().existing_on(DAY):
        if body.type != COUNTY:
            assert Decimal("49.39") < body.latitude < Decimal("51.66")
            assert Decimal("7.77") < body.longitude < Decimal("10.24")
            assert len(body.postcode) == 5
            assert body.website.startswith("https://")


def test_the_source_line_names_destatis():
    assert SOURCE_LINE.startswith("© Daten (im Auftrag der Herausgebergemeinschaft")
    assert "(Destatis), 2025." in SOURCE_LINE


def test_municipalities_equal_the_official_table():
    rows = table("municipalities_he.csv")
    assert len(rows) == 421
    november = date(2025, 11, 30)
    for row in rows:
        body = with_key(row["ags"], november)
        called, now = at(body.designations, november), at(body.designations, DAY)
        assert (called.name, called.official_name, called.type) == (
            row["name_short"],
            row["name_official"],
            row["type"],
        )
        assert (at(body.keys, DAY).key, now.official_name) == (
            row["ags_20260630"],
            row["name_official_20260630"],
        )
        figure = body.populations[0]
        assert (str(figure.population), figure.counted_on.isoformat()) == (
            row["population"],
            row["population_date"],
        )
        assert (str(body.area_km2), body.postcode, body.website) == (
            row["area_km2"],
            row["postcode"],
            row["website"],
        )
        assert abs(body.latitude - Decimal(row["latitude"])) < Decimal("0.00001")
        assert abs(body.longitude - Decimal(row["longitude"])) < Decimal("0.00001")
        county = row["government_region_ags"] if row["type"] == "kreisfreie Stadt" else row["district_ags"]
        assert at(body.memberships, november).parent == county


def test_districts_equal_the_official_table():
    rows = [row for row in table("districts_he.csv") if row["kind"] in (COUNTY, REGION)]
    assert len(rows) == 24
    for row in rows:
        body = BODIES[row["ags"]]
        assert (body.designations[0].official_name, body.type, body.seat) == (
            row["name_official"], row["kind"], row["seat"],
        )  # fmt: skip
        assert (str(body.populations[0].population), str(body.area_km2)) == (
            row["population"],
            row["area_km2"],
        )
        assert [m.parent for m in body.memberships] == [row["government_region_ags"]] * (
            row["kind"] == COUNTY
        )


def test_changes_equal_the_official_comparison():
    for row in table("municipality_changes_he.csv"):
        if row["change_kind"] == "rename":
            body = BODIES[row["new_ags"]]
            before, after = date.fromisoformat(row["not_before"]), date.fromisoformat(row["not_after"])
            assert at(body.designations, before).official_name == row["old_name"]
            assert at(body.designations, after).official_name == row["new_name"]
        else:
            day = date.fromisoformat(row["effective_date"])
            assert with_key(row["old_ags"], date(2017, 12, 31)).name == row["old_name"]
            assert with_key(row["new_ags"], day).name == row["new_name"]


@pytest.mark.parametrize(("edition", "day"), [("30112025", "2025-11-30"), ("31122022", "2022-12-31")])
def test_the_register_as_at_an_edition_has_the_edition_s_names_and_keys(edition, day):
    path = DATA / "official" / f"GV100AD_{edition}_hessen.txt"
    if not path.is_file():
        pytest.skip(f"official edition {edition} is not beside the project")
    lines = path.read_text(encoding="utf-8").splitlines()
    official = {
        line[10:18]: line[22:72].strip() for line in lines if line[:2] == "60" and line[122:124] != "66"
    }
    day = date.fromisoformat(day)
    ours = {
        at(body.keys, day).key: at(body.designations, day).official_name
        for body in facts().existing_on(day)
        if body.type != COUNTY
    }
    assert ours == official
