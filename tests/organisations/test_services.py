"""Facts are loaded into the tables, again and again, and what is known better stays."""

from datetime import date

import pytest

from crm.db import db
from crm.organisations import facts
from crm.organisations.models import Designation, Kind, Organisation, PopulationFigure
from crm.organisations.services import Loaded, load_register
from tests import factories

pytestmark = pytest.mark.usefixtures("context")
BODIES = 456


def test_loading_again_changes_nothing():
    before = {place.id: place.version for place in db.session.scalars(db.select(Organisation))}
    assert load_register() == Loaded(new=0, changed=0, unchanged=BODIES)
    db.session.commit()
    assert {place.id: place.version for place in db.session.scalars(db.select(Organisation))} == before


def test_everything_of_the_facts_is_in_the_tables():
    found = {key.key: place for place in db.session.scalars(db.select(Organisation)) for key in place.keys}
    for body in facts.facts().bodies:
        place = found[body.code]
        assert place.name == body.name
        assert [(one.official_name, one.valid_from, one.valid_to) for one in place.designations] == [
            (one.official_name, one.valid_from, one.valid_to) for one in body.designations
        ]
        assert {key.key for key in place.keys} == {key.key for key in body.keys}
        assert {figure.population for figure in place.figures} == {one.population for one in body.populations}


def test_a_missing_fact_is_completed():
    lahntal = factories.place("Lahntal")
    lahntal.website, lahntal.figures[:] = None, []
    db.session.flush()
    assert load_register() == Loaded(new=0, changed=1, unchanged=BODIES - 1)
    assert lahntal.website == "https://www.lahntal.de"
    assert [figure.population for figure in lahntal.figures] == [6953]


def test_what_is_known_better_stays():
    nidda = factories.place("Nidda")
    newest = next(one for one in nidda.designations if one.valid_to is None)
    newest.valid_to = date(2027, 5, 31)
    named = {"official_name": "Nidda, Kurstadt", "kind": Kind.TOWN, "valid_from": date(2027, 6, 1)}
    nidda.designations.append(Designation(name="Nidda", **named))
    nidda.figures.append(PopulationFigure(counted_on=date(2026, 12, 31), population=17000))
    nidda.website = "https://nidda.example"
    db.session.flush()
    load_register()
    db.session.flush()
    assert [one.valid_to for one in nidda.designations] == [date(2026, 6, 29), date(2027, 5, 31), None]
    assert nidda.website == "https://nidda.example"
    assert len(nidda.figures) == 2
    assert load_register().changed == 0


def test_a_changed_name_renews_what_is_searched():
    place = factories.place("Lahntal")
    place.designations[0].name = "Lahntal-Süd"
    load_register()
    assert (place.name, place.sort_key) == ("Lahntal-Süd", "lahntal sud")
    assert "lahntalsud" in place.search_text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["count", "--on", "2016-12-31"], "447\n"),
        (["count", "--on", "2021-12-31"], "443\n"),
        (["count", "--on", "30.06.2026"], "442\n"),
        (["load"], "Register: 0 neu, 0 geändert, 456 unverändert\n"),
    ],
)
def test_commands_say_it_in_one_line(app, args, said):
    result = app.test_cli_runner().invoke(args=["register", *args])
    assert (result.exit_code, result.output) == (0, said)


def test_count_refuses_what_is_no_day(app):
    result = app.test_cli_runner().invoke(args=["register", "count", "--on", "31.02.2026"])
    assert result.exit_code == 2
    assert "31.02.2026" in result.output
