"""What a record of the file says about a body: name and kind, figures, sums over a county."""

from collections import defaultdict
from datetime import date

from crm.organisations.describing import Called
from crm.organisations.models import Kind, Level
from crm.register.checking import HESSEN
from crm.register.layout import COUNTY, REGION, Row
from crm.register.places import Figure, Place
from crm.register.plan import Plan
from crm.register.timeline import Stretch

KINDS = {
    "60": Kind.GEMEINDE, "61": Kind.COUNTY_FREE, "62": Kind.COUNTY_FREE, "63": Kind.TOWN,
    "64": Kind.GEMEINDE, "65": Kind.AREA, "66": Kind.AREA, "67": Kind.TOWN,
}  # fmt: skip
# The file has no mark for a Sonderstatusstadt: it is printed as a town.
_LIKE = {Kind.SPECIAL_STATUS: Kind.TOWN}


def short(row: Row) -> str:
    """Give the name as people use it, without official additions."""
    if row.kind == REGION:
        return row.name.replace("Reg.-Bez.", "Regierungsbezirk")
    if row.kind != COUNTY:
        return row.name.split(",")[0]
    word = {"44": "Landkreis ", "43": "Kreis "}.get(row.mark, "")
    return row.name if "kreis" in row.name.casefold() else word + row.name


def called(row: Row, now: Called | None = None) -> Called:
    """Give name and kind as the file has them; what it cannot tell is taken from what is known."""
    kind = {REGION: Kind.REGION, COUNTY: Kind.COUNTY}.get(row.kind) or KINDS[row.mark]
    if now and _LIKE.get(now.kind) is kind:
        kind = now.kind
    return Called(short(row), row.name, kind)


def new_place(row: Row, begin: date | None, end: date | None) -> Place:
    """Make a body of a record."""
    place = Place(None, _level(row), begin, end, row.postcode or None)
    place.names = [Stretch(begin, end, called(row))]
    place.keys = [Stretch(begin, end, row.key)]
    place.touched = {"new", "names", "keys", "parents"}
    return place


def _level(row: Row) -> Level:
    if row.uninhabited:
        return Level.AREA
    if row.state != HESSEN:
        return Level.ELSEWHERE
    return {REGION: Level.REGION, COUNTY: Level.COUNTY}.get(row.kind, Level.MUNICIPALITY)


def take_figures(plan: Plan, row: Row, place: Place) -> None:
    """Note inhabitants, area and postcode; what a later file said is not replaced by an older one."""
    if row.kind in (REGION, COUNTY):
        return
    _set_figure(plan, place, (None if row.uninhabited else row.population, row.hectares / 100))
    newer = plan.day >= plan.looks.newest_with_figures(row.state) or place.postcode is None
    if row.postcode and newer and place.postcode != row.postcode:
        place.postcode = row.postcode
        place.touched.add("postcode")


def _set_figure(plan: Plan, place: Place, figure: Figure) -> None:
    day = plan.file.population_on
    later = plan.looks.figures_from(place.state, day) > plan.day
    if place.figures.get(day) == figure or (day in place.figures and later):
        return
    place.figures[day] = figure
    place.touched.add("figures")


def add_sums(plan: Plan, matched: dict[str, Place]) -> None:
    """Add up inhabitants and area of counties and regions; areas count with the uninhabited ones."""
    people: dict[str, int] = defaultdict(int)
    hectares: dict[str, int] = defaultdict(int)
    for row in plan.file.municipalities.values():
        for key in {row.key[:3], plan.file.parent_of(row)}:
            people[key] += row.population
            hectares[key] += row.hectares
    for key in (*plan.file.regions, *plan.file.counties):
        if key in matched and key in people:
            _set_figure(plan, matched[key], (people[key], hectares[key] / 100))
