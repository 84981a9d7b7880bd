"""Who supervises, as one table of cases over plain values, and the same over the register on a day."""

from datetime import date

import pytest

from crm.bodies import queries
from crm.bodies.supervision import FRANKFURT, WIESBADEN, Member, Office, supervision
from crm.organisations.models import Kind, PopulationFigure
from tests import factories
from tests.statements import asked

DARMSTADT, GIESSEN, KASSEL = (f"Regierungsbezirk {name}" for name in ("Darmstadt", "Gießen", "Kassel"))
LANDRAT, REGION, MINISTRY = Office.LANDRAT, Office.REGION, Office.MINISTRY


def town(
    name="Cölbe", county="LK Marburg-Biedenkopf", region=GIESSEN, population=6_000, kind=Kind.GEMEINDE, **kw
):
    """A municipality in a county."""
    return Member(name, kind, county, region, population, **kw)


def city(name="Kassel", region=KASSEL, population=200_000, **kw):
    """A city without county."""
    return Member(name, Kind.COUNTY_FREE, "", region, population, **kw)


def county(name="LK Marburg-Biedenkopf", region=GIESSEN):
    """A Landkreis."""
    return Member(name, Kind.COUNTY, "", region, 250_000)


def body(kind=Kind.OTHER, name="ekom21"):
    """A body that is no Kommune."""
    return Member(name, kind)


NEIGHBOUR = town("Lahntal")
CASES = {
    "one municipality": ([town()], LANDRAT),
    "municipalities of one county": ([town(), NEIGHBOUR], LANDRAT),
    "municipalities of two counties": ([town(), town("Lich", "LK Gießen")], REGION),
    "a county with its municipality": ([county(), town()], REGION),
    "a county alone": ([county()], REGION),
    "50,000 inhabitants": ([town(population=50_000), NEIGHBOUR], LANDRAT),
    "50,001 inhabitants": ([town(population=50_001), NEIGHBOUR], REGION),
    "a special-status town": ([town("Marburg", population=76_000, kind=Kind.SPECIAL_STATUS)], REGION),
    "a special-status town shrunk to 45,000": (
        [town("Marburg", population=45_000, kind=Kind.SPECIAL_STATUS)],
        REGION,
    ),
    "a special-status town shrunk further": (
        [town("Marburg", population=44_999, kind=Kind.SPECIAL_STATUS)],
        LANDRAT,
    ),
    "inhabitants not known": ([town(population=None), NEIGHBOUR], LANDRAT),
    "a city without county": ([city(), town("Vellmar", "LK Kassel", KASSEL)], REGION),
    "Hanau until 2025": (
        [
            town("Hanau", "Main-Kinzig-Kreis", DARMSTADT, 100_000, Kind.SPECIAL_STATUS),
            town("Bruchköbel", "Main-Kinzig-Kreis", DARMSTADT),
        ],
        REGION,
    ),
    "Hanau since 2026": (
        [city("Hanau", DARMSTADT, 100_000), town("Bruchköbel", "Main-Kinzig-Kreis", DARMSTADT)],
        REGION,
    ),
    "two regions": ([town(), town("Borken", "Schwalm-Eder-Kreis", KASSEL)], MINISTRY),
    "counties of two regions": ([county(), county("LK Fulda", KASSEL)], MINISTRY),
    "Frankfurt": ([city("Frankfurt am Main", DARMSTADT, 756_000, key=FRANKFURT)], MINISTRY),
    "Wiesbaden with a neighbour": (
        [
            city("Wiesbaden", DARMSTADT, 280_000, key=WIESBADEN),
            town("Taunusstein", "Rheingau-Taunus-Kreis", DARMSTADT),
        ],
        MINISTRY,
    ),
    "the Land": ([town(), body(Kind.AUTHORITY, "Hessen Mobil")], MINISTRY),
    "outside Hessen": ([town(), town("Bodenfelde", "", "", in_hessen=False)], MINISTRY),
    "a county outside Hessen": ([town(), Member("Göttingen", Kind.COUNTY, in_hessen=False)], MINISTRY),
    "a body beside municipalities": ([town(), NEIGHBOUR, body(Kind.ZWECKVERBAND)], LANDRAT),
    "only a body": ([body()], None),
    "nobody": ([], None),
}
AUTHORITIES = {
    LANDRAT: (
        "Landrat als Behörde der Landesverwaltung (LK Marburg-Biedenkopf)",
        "Regierungspräsidium Gießen",
    ),
    MINISTRY: ("Ministerium des Innern", "Ministerium des Innern"),
    None: ("", ""),
}

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize("name", CASES)
def test_the_members_decide_who_supervises(name):
    members, office = CASES[name]
    found = supervision(members)
    assert found.office is office
    assert found.reasons
    assert all(text.endswith(".") for text in (*found.reasons, *found.remarks))
    if office is REGION:
        assert (found.authority, found.upper) == (
            found.region.replace("Regierungsbezirk", "Regierungspräsidium"),
            "Ministerium des Innern",
        )
        assert found.region == next(one.region for one in members if one.region)
    else:
        assert (found.authority, found.upper) == AUTHORITIES[office]
    assert found.rule == ("" if office is None else f"§ 35 Abs. 2 Nr. {list(Office).index(office) + 1} KGG")


def test_the_order_of_the_members_does_not_matter():
    for members, office in CASES.values():
        assert supervision(members[::-1]).office is office


def test_every_reason_is_named():
    members = [
        town(),
        city("Frankfurt am Main", DARMSTADT, key=FRANKFURT),
        town("Bodenfelde", in_hessen=False),
    ]
    found = supervision([*members, body(name="Uni Kassel")])
    for words in (
        "mehreren Regierungsbezirken",
        "Frankfurt am Main ist Mitglied",
        "Bodenfelde liegt außerhalb",
    ):
        assert any(words in text for text in found.reasons), words
    assert any("§ 36 KGG" in text for text in found.remarks)
    assert any("Uni Kassel" in text for text in found.remarks)


def on(day, *names):
    """The authority of places of the register on a day, and why."""
    found = supervision(queries.to_judge([factories.place(name).id for name in names], day))
    return found.authority, " ".join(found.reasons)


@pytest.mark.parametrize(
    ("names", "authority"),
    [
        (("Bad Karlshafen", "Trendelburg"), "Landrat als Behörde der Landesverwaltung (Landkreis Kassel)"),
        (("Cölbe", "Lahntal"), "Landrat als Behörde der Landesverwaltung (Landkreis Marburg-Biedenkopf)"),
        (("Cölbe", "Marburg"), "Regierungspräsidium Gießen"),
        (("Landkreis Gießen", "Lich"), "Regierungspräsidium Gießen"),
        (("Battenberg (Eder)", "Cölbe"), "Ministerium des Innern"),
        (("Offenbach am Main", "Mühlheim am Main"), "Regierungspräsidium Darmstadt"),
        (("Frankfurt am Main", "Offenbach am Main"), "Ministerium des Innern"),
        (("Wiesbaden",), "Ministerium des Innern"),
    ],
)
def test_the_register_answers(names, authority):
    assert on(date(2026, 6, 1), *names)[0] == authority


@pytest.mark.parametrize(
    ("day", "why", "not_why"),
    [
        (date(2025, 12, 31), "50.000 Einwohner", "gehört keinem Landkreis"),
        (date(2026, 1, 1), "50.000 Einwohner", "mehreren Landkreisen"),
    ],
)
def test_hanau_is_judged_as_on_the_day(day, why, not_why):
    authority, reasons = on(day, "Hanau", "Bruchköbel")
    assert authority == "Regierungspräsidium Darmstadt"
    assert why in reasons
    assert not_why not in reasons


@pytest.mark.parametrize(
    ("day", "county"), [(date(2025, 12, 31), "Main-Kinzig-Kreis"), (date(2026, 1, 1), "")]
)
def test_hanau_changes_kind_and_county(day, county):
    (hanau,) = queries.to_judge([factories.place("Hanau").id], day)
    assert (hanau.county, hanau.region) == (county, "Regierungsbezirk Darmstadt")
    assert hanau.kind is (Kind.SPECIAL_STATUS if county else Kind.COUNTY_FREE)


def test_the_population_is_that_of_the_day():
    place = factories.place("Lahntal")
    place.figures.append(PopulationFigure(counted_on=date(2022, 12, 31), population=50_001))
    factories.db.session.flush()
    for day, population in (
        (date(2020, 1, 1), 50_001),
        (date(2023, 1, 1), 50_001),
        (date(2025, 1, 1), 6_953),
    ):
        (one,) = queries.to_judge([place.id], day)
        assert one.population == population
    assert on(date(2023, 1, 1), "Lahntal")[0] == "Regierungspräsidium Gießen"


def test_however_many_members_are_judged_by_one_statement():
    ids = [factories.place(name).id for name in ("Cölbe", "Hanau", "Kassel", "Landkreis Gießen", "Lich")]
    factories.db.session.expunge_all()
    with asked() as seen:
        names = [one.name for one in queries.to_judge(ids, date(2026, 6, 1))]
    assert names == ["Cölbe", "Hanau", "Kassel", "Landkreis Gießen", "Lich"]
    assert len(seen) == 1
