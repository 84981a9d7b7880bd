"""The real boundaries of Hessen (generalised to 200 m), where they lie beside the project."""

import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm.db import db, today
from crm.geography import queries, services
from crm.geography.models import Border
from crm.organisations import queries as organisations
from tests import factories

FILE = Path(__file__).resolve().parents[3] / "shared" / "data" / "geo" / "municipalities_he.geojson"
MOST_SECONDS = 10
# As published descriptions of them name the neighbours; none of it is concluded from this file.
TRUE = {
    "Lahntal": {"Cölbe", "Dautphetal", "Marburg", "Wetter (Hessen)"},
    "Eschborn": {"Frankfurt am Main", "Kronberg im Taunus", "Schwalbach am Taunus", "Steinbach (Taunus)"},
    "Bischoffen": {
        "Bad Endbach", "Biebertal", "Gladenbach", "Hohenahr", "Lohra", "Mittenaar", "Siegbach",
    },
}  # fmt: skip
# As this file draws them; here no line of the two is the very same, or only a part of it.
DRAWN = {
    "Cölbe": {"Kirchhain", "Lahntal", "Marburg", "Rauschenberg", "Wetter (Hessen)"},
    "Niederdorfelden": {"Bad Vilbel", "Frankfurt am Main", "Karben", "Maintal", "Schöneck"},
}


@pytest.fixture
def loaded(context):
    """The plan of the real file, taken over."""
    if not FILE.is_file():
        pytest.skip("the real boundaries are not beside the project")
    begin = time.perf_counter()
    plan = services.take_over(FILE.read_bytes(), "", None)
    db.session.commit()
    assert time.perf_counter() - begin < MOST_SECONDS
    return plan


def around(name):
    """What lies around a place today."""
    return queries.around(organisations.one(factories.place(name).id), today())


def test_every_municipality_of_today_gets_its_shape(loaded):
    assert loaded.summary.rows == 425
    assert loaded.summary.new + loaded.summary.doubtful == 425
    assert loaded.summary.doubtful in (0, 4)
    assert loaded.without == []
    assert loaded.attribution.startswith("© GeoBasis-DE / BKG 2019, dl-de/by-2-0")
    again = services.check(FILE.read_bytes())
    assert (again.summary.new, again.summary.changed) == (0, 0)


def test_borders_are_the_true_ones(loaded):
    for name, true in (TRUE | DRAWN).items():
        assert {one.name for one in around(name).neighbours} == true, name
    assert 1100 <= db.session.scalar(select(func.count()).select_from(Border)) <= 1160


def test_who_lies_behind_an_uninhabited_forest_has_no_neighbour_and_says_so(loaded):
    found = around("Wesertal")
    assert (found.by_border, found.bounded) == (False, True)
    assert found.neighbours[0].metres is None


def test_every_map_fits_its_size_and_shows_the_place(loaded):
    for name in (
        *TRUE,
        *DRAWN,
        "Frankfurt am Main",
        "Wiesbaden",
        "Kassel",
        "Schlitz",
        "Wesertal",
        "Neckarsteinach",
    ):
        drawn = around(name).map
        size = sum(len(path) + 30 for _kind, path in drawn.areas) + len(drawn.inset.dots)
        assert size <= 14_000, name
        assert [kind for kind, _path in drawn.areas].count("self") == 1
        assert drawn.labels[0].kind == "self"
