"""The real list of events, where it lies beside the project: every row comes in, none silently wrong."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from crm.db import db
from crm.events.models import Event, EventKind, EventState, Precision
from crm.imports import services
from crm.imports.kinds import EVENTS
from tests import factories

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "events_he.csv"


def taken(content):
    """Take the list over; give the plan."""
    table = services.table_of(content, REAL.name)
    columns, problems = services.mapping_of(table, None, EVENTS)
    assert not problems
    assert not columns.left_out
    found = services.plan_of(table, columns, kind=EVENTS)
    services.take_over(found, REAL.name, factories.member("mara"), EVENTS)
    return found


@pytest.fixture
def content():
    """The bytes of the list, or skip."""
    if not REAL.is_file():
        pytest.skip("the real list of events is not beside the project")
    return REAL.read_bytes()


def test_all_rows_come_in_and_a_second_time_change_nothing(context, content):
    first = taken(content).summary
    assert (first.rows, first.new, first.errors, first.doubtful) == (21, 21, 0, 0)
    db.session.expire_all()
    second = taken(content).summary
    assert (second.unchanged, second.new, second.changed, second.doubtful) == (21, 0, 0, 0)


def test_every_row_says_what_the_list_says(context, content):
    taken(content)
    events = {one.title: one for one in db.session.scalars(select(Event))}
    assert Counter(one.precision for one in events.values()) == {
        Precision.DAY: 13, Precision.MONTH: 3, Precision.YEAR: 3, Precision.UNKNOWN: 2,
    }  # fmt: skip
    assert Counter(one.kind for one in events.values())[EventKind.HANDOVER] == 11
    assert {one.state for one in events.values()} == {EventState.HELD}
    handed = events["Bescheidübergabe: Gemeindeverwaltungsverband Allendorf (Eder) und Bromskirchen"]
    assert (handed.place.name, handed.precision) == ("Bromskirchen", Precision.MONTH)
    finances = events["Fachtagung Interkommunale Zusammenarbeit im Finanzwesen"]
    assert "mehr als 150" in finances.note
    assert finances.capacity is None
    merger = events[next(title for title in events if "Engere Formen" in title)]
    assert len(merger.hosts) == 2
    water = events["Kongress Demografischer Wandel: Wasser und Abwasser"]
    assert (water.hosts, {one.name for one in water.task_fields}) == ([], {"Wasser", "Abwasser"})


def test_the_list_of_events_shows_them_all(app, mara, content):
    with app.test_request_context():
        taken(content)
        db.session.commit()
    page = mara.get("/veranstaltungen?zeit=vergangen")
    for text in ("1–21 von 21", "Dezember 2014", "ohne Datum", "Do, 19.04.2007"):
        assert text in page.main
