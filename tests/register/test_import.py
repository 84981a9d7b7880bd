"""Official files taken over: what they change, and that nothing later is set back."""

import json
from datetime import date
from itertools import permutations

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.db import db
from crm.importing import Refused
from crm.organisations import queries
from crm.organisations.finding import search
from crm.organisations.models import Level, Organisation, PopulationFigure
from crm.register import services
from crm.register.models import Edition
from tests import factories
from tests.everything import changed, stored
from tests.register.editions import LATER, edition, line, municipality, official

HISTORY = (
    "organisations",
    "designations",
    "organisation_keys",
    "memberships",
    "population_figures",
    "successions",
)
COLBE, LAHNTAL, WETTER = "06534006", "06534012", "06534021"


def take(content, **options):
    """Take a file over; give its counts."""
    plan = services.locked_plan_of(content, **options)
    services.take_over(plan, "datei.txt", None)
    db.session.commit()
    return plan.summary


def state(app):
    """All dated facts, without numbers of rows and moments."""
    kept = {}
    with app.app_context():
        for name in HISTORY:
            table = db.metadata.tables[name]
            columns = [c for c in table.c if c.name not in ("id", "version", "created_at", "updated_at")]
            if name == "organisations":
                columns = [c for c in table.c if c.name not in ("version", "created_at", "updated_at")]
            kept[name] = sorted(repr(tuple(row)) for row in db.session.execute(select(*columns)))
    return kept


def end_state(app):
    """The dated facts; then the database may be replaced."""
    found = state(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return found


def differences(one, other):
    """What stands in one end state and not in the other."""
    return [(name, *sorted(set(one[name]) ^ set(other[name]))) for name in one if one[name] != other[name]]


def test_the_built_in_register_equals_its_own_edition(context):
    counts = take(edition(date(2025, 11, 30)))
    assert counts.as_json() | {"rows": 0} == {
        "rows": 0, "new": 0, "changed": 0, "unchanged": 421, "closed": 0, "doubtful": 0, "errors": 0,
    }  # fmt: skip


def test_the_same_file_again_changes_nothing(app):
    content = edition(LATER, {COLBE: "Cölbe, Radfahrerstadt"})
    with app.app_context():
        assert take(content).changed == 421
    before = stored(app)
    with app.app_context():
        again = take(content)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 421)
    assert changed(before, stored(app)) == []


def test_a_new_name_holds_from_the_day_of_the_file(context):
    take(edition(LATER, {COLBE: "Radfahrstadt"}))
    place = factories.place("Radfahrstadt")
    assert queries.name_on(place, date(2027, 1, 30)) == "Cölbe"
    assert queries.name_on(place, LATER) == "Radfahrstadt"
    assert search("Cölbe")[0].organisation.id == place.id
    noted = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "organisation.register")).all()
    assert [(one.record_id, one.changes["Name"][1]) for one in noted] == [
        (place.id, "Radfahrstadt (Gemeinde)")
    ]


def test_a_town_stays_a_town_of_special_status(context):
    take(edition(LATER))
    marburg = factories.place("Marburg")
    assert [one.kind.value for one in marburg.designations] == ["special-status"]


def test_figures_of_a_file_stand_beside_the_older_ones(context):
    counts = take(edition(LATER), population_on=date(2026, 12, 31))
    place = factories.place("Lahntal")
    days = [one.counted_on for one in place.figures]
    assert days == [date(2026, 12, 31), date(2024, 12, 31)]
    assert counts.changed == 421
    county = factories.place("Landkreis Marburg-Biedenkopf")
    assert county.figures[0].population == county.figures[1].population


@pytest.mark.parametrize(
    ("day", "counted"),
    [
        (date(2025, 11, 30), "2024-12-31"),
        (date(2022, 12, 31), "2022-12-31"),
        (date(2027, 1, 1), "2026-12-31"),
    ],
)
def test_people_are_counted_on_the_last_new_years_eve(context, day, counted):
    assert str(services.plan_of(edition(day)).file.population_on) == counted


def test_a_missing_municipality_stays_open_until_its_successor_is_named(context):
    day = edition(LATER, without=[WETTER])
    counts = take(day)
    assert (counts.closed, counts.doubtful) == (0, 1)
    wetter = factories.place("Wetter (Hessen)")
    assert wetter.valid_to is None
    assert queries.count_existing(LATER) == 442
    counts = take(day, successors={WETTER: COLBE})
    assert (counts.closed, counts.doubtful, counts.changed) == (1, 0, 0)
    assert wetter.valid_to == date(2027, 1, 30)
    assert queries.count_existing(date(2027, 1, 30)) == 442
    assert queries.count_existing(LATER) == 441
    assert queries.successors(wetter)[0].successor.name == "Cölbe"
    assert [hit.organisation.name for hit in search("Wetter Hessen", on=LATER)][:1] == ["Cölbe"]


def test_talks_with_a_dissolved_municipality_stay(app, anna):
    with app.app_context():
        number = factories.talk("Wetter (Hessen)").id
        db.session.commit()
        take(edition(LATER, without=[WETTER]), successors={WETTER: COLBE})
    assert "Wetter (Hessen)" in anna.get(f"/beratungen/{number}").main


def test_three_towns_become_a_new_one(context):
    new = municipality(LATER, "06534099", "Burgwald-Lahn", "63")
    content = edition(LATER, without=[COLBE, LAHNTAL, WETTER], k06534099=new)
    assert (take(content).new, services.plan_of(content).summary.doubtful) == (1, 3)
    counts = take(content, successors=dict.fromkeys((COLBE, LAHNTAL, WETTER), "06534099"))
    assert (counts.closed, counts.doubtful) == (3, 0)
    town = factories.place("Burgwald-Lahn")
    assert (town.valid_from, town.level) == (LATER, Level.MUNICIPALITY)
    assert [one.predecessor.name for one in queries.predecessors(town)] == [
        "Cölbe",
        "Lahntal",
        "Wetter (Hessen)",
    ]
    assert queries.count_existing(LATER) == 440
    assert queries.county_on(town, LATER).name == "Landkreis Marburg-Biedenkopf"


def test_more_than_three_missing_is_an_incomplete_file(app):
    gone = ["06534001", "06534002", "06534003", COLBE]
    before = stored(app)
    with app.app_context(), pytest.raises(Refused) as told:
        take(edition(LATER, without=gone))
    assert "4 Gemeinden fehlen" in told.value.findings[0].text
    assert {one.value for one in told.value.findings[1:]} == {
        "Amöneburg",
        "Angelburg",
        "Bad Endbach",
        "Cölbe",
    }
    assert changed(before, stored(app)) == []


def test_a_town_that_leaves_its_county_keeps_its_number(context):
    county_record = line(40, LATER, "06536", "Marburg, Universitätsstadt", "41")
    town = municipality(LATER, "06516000", "Marburg, Universitätsstadt", "61")
    content = edition(
        LATER,
        without=["06534014"],
        k06516000=town,
        k06516=county_record[:10] + "06516   " + county_record[18:],
    )
    marburg = factories.place("Marburg")
    counts = take(content)
    assert (counts.new, counts.doubtful) == (0, 0)
    db.session.refresh(marburg)
    assert [(one.key, one.valid_to) for one in marburg.keys] == [
        ("06534014", date(2027, 1, 30)),
        ("06516000", None),
    ]
    assert queries.parent_on(marburg, LATER).name == "Regierungsbezirk Gießen"
    assert queries.designation_on(marburg, LATER).kind.value == "county-free"


def test_what_was_dissolved_is_never_opened_again(context):
    again = municipality(LATER, "06635005", "Bromskirchen")
    counts = take(edition(LATER, k06635005=again))
    assert (counts.new, counts.doubtful) == (0, 1)
    assert factories.place("Bromskirchen").valid_to == date(2022, 12, 31)


def test_an_older_file_completes_history_and_nothing_later(context):
    content = edition(date(2019, 12, 31), {COLBE: "Cölbe, Dorf"})
    plan = services.plan_of(content)
    assert plan.older_than == date(2026, 6, 30)
    take(content)
    place = factories.place("Cölbe")
    assert [(one.official_name, one.valid_to) for one in place.designations] == [
        ("Cölbe, Dorf", date(2021, 12, 30)), ("Cölbe", None),
    ]  # fmt: skip
    assert factories.place("Oberzent").valid_from == date(2018, 1, 1)
    assert queries.count_existing(date(2016, 12, 31)) == 447


def test_the_order_of_three_files_makes_no_difference(app, stage):
    files = [
        edition(date(2020, 12, 31), {COLBE: "Cölbe A", LAHNTAL: "Lahntal A"}),
        edition(date(2024, 12, 31), {COLBE: "Cölbe B"}),
        edition(LATER, {COLBE: "Cölbe B", LAHNTAL: "Lahntal C"}),
    ]
    ends = []
    for order in list(permutations(files))[:4]:
        stage.reset()
        with app.app_context():
            for content in order:
                take(content)
        ends.append(end_state(app))
    for end in ends[1:]:
        assert differences(ends[0], end) == []


def test_the_official_files_come_to_the_same_end_in_either_order(app, stage):
    files = [official("30112025"), official("31122022")]
    ends, counts = [], []
    for order in (files, files[::-1]):
        stage.reset()
        with app.app_context():
            counts.append([take(content).as_json() for content in order])
            days = (date(2016, 12, 31), date(2021, 12, 31), date(2026, 6, 30))
            assert [queries.count_existing(day) for day in days] == [447, 443, 442]
        ends.append(end_state(app))
    assert differences(*ends) == []
    assert [one["new"] + one["closed"] + one["doubtful"] for pair in counts for one in pair] == [0] * 4
    assert counts[0][0] | {"rows": 0} == counts[1][1] | {"rows": 0}
    with app.app_context():
        friedrichsdorf = factories.place("Friedrichsdorf")
        assert [str(one.valid_to) for one in friedrichsdorf.designations] == ["2025-11-29", "None"]
        figures = select(PopulationFigure.counted_on).where(
            PopulationFigure.organisation_id == friedrichsdorf.id
        )
        assert sorted(map(str, db.session.scalars(figures))) == ["2022-12-31", "2024-12-31"]


def foreign(day=LATER):
    """Records of a small Land."""
    return {
        "k10": line(10, day, "10", "Saarland"),
        "k10041": line(40, day, "10041", "Regionalverband Saarbrücken", "45"),
        "k10041100": municipality(day, "10041100", "Saarbrücken, Landeshauptstadt", "63"),
        "k10041511": municipality(day, "10041511", "Friedrichsthal, Stadt", "63"),
    }


def test_other_states_are_counted_or_taken_over_on_request(context):
    content = edition(LATER, **foreign())
    plan = services.plan_of(content)
    assert (plan.file.left_out["10"], plan.summary.new) == (2, 0)
    counts = take(content, all_states=True)
    assert counts.new == 3
    place = db.session.scalars(select(Organisation).where(Organisation.name == "Friedrichsthal")).one()
    assert (place.level, place.note) == (Level.ELSEWHERE, "Regionalverband Saarbrücken · Saarland · 10041511")
    assert place.valid_from is None
    assert queries.count_existing(LATER) == 442
    assert (take(content, all_states=True).new, take(content).doubtful) == (0, 0)


def test_the_edition_is_remembered(context):
    take(edition(LATER))
    one = db.session.scalars(select(Edition)).one()
    assert (one.territory_on, one.population_on, one.unchanged, one.changed) == (
        LATER,
        date(2026, 12, 31),
        0,
        421,
    )


def run(app, *args):
    """Run the command; give its code, output and complaints."""
    result = app.test_cli_runner().invoke(args=["register", "import", *map(str, args)])
    return result.exit_code, result.stdout, result.stderr


def test_the_command_counts_in_json_and_a_dry_run_writes_nothing(app, tmp_path):
    path = tmp_path / "gv.txt"
    path.write_bytes(edition(LATER, {COLBE: "Neu"}))
    before = stored(app)
    code, out, _err = run(app, path, "--dry-run", "--json")
    assert (code, json.loads(out)["changed"]) == (0, 421)
    assert changed(before, stored(app)) == []
    code, out, _err = run(app, path)
    assert (code, out.split(":")[0]) == (0, "Verzeichnis vom 31.01.2027")
    assert json.loads(run(app, path, "--json")[1])["changed"] == 0


def test_the_command_warns_of_an_older_file_and_takes_it(app, tmp_path):
    path = tmp_path / "gv.txt"
    path.write_bytes(edition(date(2020, 12, 31), {COLBE: "Früher"}))
    code, _out, err = run(app, path)
    assert (code, "bis zum 30.06.2026 bekannt" in err) == (0, True)


def test_the_command_refuses_with_all_reasons(app, tmp_path):
    path = tmp_path / "gv.txt"
    path.write_bytes(edition(LATER)[:60_000])
    code, out, err = run(app, path, "--json")
    assert (code, json.loads(out)["errors"]) == (1, 1)
    assert "Es wurde nichts übernommen." in err


def test_the_command_takes_successors_and_the_day_of_the_figures(app, tmp_path):
    path = tmp_path / "gv.txt"
    path.write_bytes(edition(LATER, without=[WETTER]))
    code, out, _err = run(
        app, path, "--json", "--successor", f"{WETTER}={COLBE}", "--population-date", "2026-06-30"
    )
    assert (code, json.loads(out)["closed"]) == (0, 1)
    with app.app_context():
        assert db.session.scalars(select(Edition.population_on)).one() == date(2026, 6, 30)
    assert run(app, path, "--successor", "Wetter=Cölbe")[0] == 2
    code, _out, err = run(app, path, "--successor", f"{COLBE}={LAHNTAL}")
    assert (code, "fehlt in dieser Datei nicht" in err) == (1, True)
