"""Taking boundaries over: what is read, matched, compared, and what is refused."""

import json

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.db import db
from crm.geography import services
from crm.geography.models import Border, Boundary
from crm.importing import Refused
from tests import factories
from tests.geography.bad_files import BAD, LAHNTAL
from tests.geography.grid import KEYS, NINE, SOURCE, collection, feature, features, square


def counts(plan):
    """(new, changed, unchanged, doubtful)."""
    one = plan.summary
    return one.new, one.changed, one.unchanged, one.doubtful


def take(content=None, attribution=""):
    """Take a file over and commit."""
    plan = services.take_over(collection() if content is None else content, attribution, None)
    db.session.commit()
    return plan


def touching(name):
    """Names of the neighbours of a place by border, in alphabetical order."""
    number = factories.place(name).id
    found = db.session.execute(select(Border.organisation_id, Border.neighbour_id)).all()
    ids = {one for pair in found if number in pair for one in pair} - {number}
    return sorted(one for one in NINE if factories.place(one).id in ids)


def shape_of(name):
    """The stored shape of a place."""
    return db.session.get(Boundary, factories.place(name).id).shape


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_none_gets_its_sentence(context, name):
    content, words = BAD[name]
    with pytest.raises(Refused) as refused:
        services.check(content)
    assert words in " ".join(finding.text for finding in refused.value.findings)


def test_all_that_is_wrong_is_told_at_once_and_names_the_area(context):
    wrong = [feature(KEYS[name], [square(0, 0)[:3]], name=name) for name in NINE[:4]]
    with pytest.raises(Refused) as refused:
        services.check(collection([*wrong, *features()[4:]]))
    said = [finding.text for finding in refused.value.findings]
    assert len(said) == 4
    assert said[0].startswith(f"„{LAHNTAL} Lahntal“ hat einen Ring mit nur 3 von")


def test_too_much_is_refused(context, monkeypatch):
    monkeypatch.setattr(services, "BOUNDARIES_POINTS", 44)
    with pytest.raises(Refused, match="mehr als 44 Punkte"):
        services.check(collection())
    with pytest.raises(Refused, match="mehr als 44 Punkte"):
        services.check(b'{"a":[' + b"[]," * 100 + b"[]]}")
    monkeypatch.setattr(services, "BOUNDARIES_BYTES", 1000)
    with pytest.raises(Refused, match="größer als 0.001 MB"):
        services.check(collection())


def test_nine_squares_touch_along_sides_and_not_at_corners(context):
    plan = take()
    assert counts(plan) == (9, 0, 0, 0)
    assert len(plan.borders) == 12
    assert touching("Amöneburg") == ["Cölbe", "Ebsdorfergrund", "Marburg", "Stadtallendorf"]
    assert touching("Lahntal") == ["Cölbe", "Marburg"]
    lengths = sorted(db.session.scalars(select(Border.metres)))
    # A tenth of a degree is 11.1 km from south to north and 7.1 km from west to east.
    assert (lengths[0], lengths[-1]) == (7058, 11120)


def test_the_same_file_again_changes_nothing(context):
    take()
    before = db.session.scalars(select(AuditEvent.id)).all()
    assert counts(take()) == (0, 0, 9, 0)
    assert db.session.scalars(select(AuditEvent.id)).all() == before


def test_a_second_file_replaces_shapes_and_borders(context):
    take()
    away = [feature(LAHNTAL, [square(20, 0)]), *features()[1:]]
    assert counts(take(collection(away))) == (0, 1, 8, 0)
    assert touching("Lahntal") == []
    assert touching("Cölbe") == ["Amöneburg", "Kirchhain"]


def test_a_file_of_a_part_keeps_the_rest_and_finds_borders_with_it(context):
    take(collection(features()[1:]))
    assert touching("Cölbe") == ["Amöneburg", "Kirchhain"]
    assert counts(take(collection(features()[:1]))) == (1, 0, 0, 0)
    assert touching("Cölbe") == ["Amöneburg", "Kirchhain", "Lahntal"]


def test_another_source_is_a_change(context):
    take()
    assert counts(take(attribution="© Anderswo")) == (0, 9, 0, 0)
    assert {one.attribution for one in db.session.scalars(select(Boundary))} == {"© Anderswo"}


def test_the_source_comes_from_the_file_else_it_is_said_to_be_missing(context):
    assert take().attribution == SOURCE
    for value in (None, 7, "", "böse\x00Zeichen", ["x"]):
        assert services.check(collection(attribution=value)).attribution == "Quelle nicht angegeben"
    assert len(services.check(collection(attribution="x" * 999)).attribution) == 300


def test_checking_writes_nothing(context):
    services.check(collection())
    assert not db.session.new
    assert not db.session.dirty
    assert db.session.scalars(select(Boundary)).all() == []


@pytest.mark.parametrize(
    "properties",
    [
        {"AGS": "06534012"}, {"ARS": "065340012012"}, {"RS": 65340012012}, {"ags": 6534012},
        {"AGS_0": "06534012", "GEN": "Lahntal"}, {"de:amtlicher_gemeindeschluessel": "06 5 34 012"},
        {"ags": "", "ARS": "065340012012"}, {"ags": None, "regionalschluessel": "065340012012"},
        {"ags": True, "RS": "065340012012"},
    ],
)  # fmt: skip
def test_the_key_may_stand_under_any_usual_name(context, properties):
    one = feature(None, [square(0, 0)])
    one["properties"] = properties
    assert counts(services.check(collection([one]))) == (1, 0, 0, 0)


def test_a_key_of_former_times_finds_its_body(context):
    old = [feature("06435014", [square(0, 0)], name="Hanau"), feature("06437002", [square(1, 0)])]
    take(collection(old))
    assert shape_of("Hanau")
    assert shape_of("Beerfelden")


def test_bodies_that_never_existed_together_have_no_border(context):
    # Beerfelden went up into Oberzent, which begins where Beerfelden ends.
    pair = [feature("06437002", [square(0, 0)]), feature("06437016", [square(0, 0)])]
    assert services.check(collection(pair)).borders == {}


def test_what_the_register_does_not_know_is_left_out_and_named(context):
    strange = [
        feature("09999999", [square(4, 4)], name="Anderswo"),
        feature("06534", [square(5, 5)]),
        {
            "type": "Feature",
            "properties": None,
            "geometry": {"type": "Polygon", "coordinates": [square(6, 6)]},
        },
    ]
    plan = take(collection([*features(), *strange]))
    assert counts(plan) == (9, 0, 0, 3)
    assert plan.summary.rows == 12
    said = [finding.text for finding in plan.doubtful]
    assert said[0] == "„09999999 Anderswo“ ist keine Gemeinde des Verzeichnisses."
    assert "8 Stellen" in said[1]
    assert said[2].startswith("„Fläche 12“")


def test_uninhabited_areas_get_a_shape_but_no_borders(context):
    plan = take(collection([*features(), feature("06633200", [square(3, 0)])]))
    assert counts(plan) == (10, 0, 0, 0)
    assert len(plan.borders) == 12


def test_holes_parts_heights_and_a_byte_order_mark_are_read(context):
    ring = [[*point, 211.5] for point in square(0, 0)]
    hole = [[8.73, 50.73], [8.73, 50.77], [8.77, 50.77], [8.77, 50.73], [8.73, 50.73]]
    parts = [[ring, hole], [square(2, 2)]]
    take(b"\xef\xbb\xbf" + collection([feature(LAHNTAL, parts, "MultiPolygon")]))
    stored = shape_of("Lahntal")
    assert [len(polygon) for polygon in stored] == [2, 1]
    assert [len(ring) for polygon in stored for ring in polygon] == [10, 10, 10]
    assert {type(number) for polygon in stored for ring in polygon for number in ring} == {int}


def test_a_ring_that_touches_itself_in_a_point_is_taken(context):
    eight = [[8.7, 50.7], [8.75, 50.75], [8.7, 50.8], [8.8, 50.8], [8.75, 50.75], [8.8, 50.7], [8.7, 50.7]]
    assert counts(services.check(collection([feature(LAHNTAL, [eight])]))) == (1, 0, 0, 0)


def test_gaps_and_overlaps_of_generalised_data_are_borders_all_the_same(context):
    # Each square is drawn a little too small or too large, as if it had been generalised by itself.
    sloppy = [
        feature(KEYS[name], [_moved(number % 3, number // 3, 0.0003 * (-1) ** number)], name=name)
        for number, name in enumerate(NINE)
    ]
    plan = take(collection(sloppy))
    assert len(plan.borders) == 12
    assert touching("Amöneburg") == ["Cölbe", "Ebsdorfergrund", "Marburg", "Stadtallendorf"]
    assert all(6900 <= metres <= 11500 for metres in plan.borders.values())


def _moved(x, y, by):
    ring = square(x, y)
    west, south = ring[0]
    middle = (west + 0.05, south + 0.05)
    return [
        [east + (by if east > middle[0] else -by), north + (by if north > middle[1] else -by)]
        for east, north in ring
    ]


def test_every_body_that_got_a_shape_has_its_event(context):
    take()
    take(collection([feature(LAHNTAL, [square(20, 0)])]))
    number = factories.place("Lahntal").id
    events = db.session.scalars(
        select(AuditEvent.name).where(
            AuditEvent.record_type == "organisations", AuditEvent.record_id == number
        )
    ).all()
    assert events == ["boundary.loaded", "boundary.replaced"]


def test_a_name_in_the_file_is_cleaned_and_cut(context):
    one = feature("09999999", [square(0, 0)], name="<b>" + "x" * 500)
    (said,) = services.check(collection([*features(), one])).doubtful
    assert len(said.text) < 100
    assert json.dumps(said.text)
