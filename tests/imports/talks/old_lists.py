"""Old lists of talks made for tests, and the sample of one if it is here."""

from pathlib import Path

import pytest

from crm.imports import answers, services
from crm.imports.kinds import TALKS
from tests.imports.lists import written

SAMPLE = Path(__file__).resolve().parents[4] / "shared" / "data" / "old_list_sample.csv"
HEAD = ("Datum", "Art", "Kommunen", "Teilnehmer", "Thema", "Dauer", "Ergebnis", "WV", "Bearb.")
PLAIN = {"Datum": "8.3.2012", "Art": "Tel.", "Kommunen": "Cölbe"}
CALL = ("8.3.2012", "Tel.", "Cölbe, Lahntal", "2 Bgm.", "Archiv", "30 min", "Protokoll folgt", "erl.", "")


def sample():
    """The bytes of the sample, or skip."""
    if not SAMPLE.is_file():
        pytest.skip("the sample of an old list is not beside the project")
    return SAMPLE.read_bytes()


def old_list(*rows, head=HEAD, **options):
    """A list with the columns of the office; a row is a tuple in their order."""
    return written(*rows, head=head, **options)


def one(**cells):
    """A list of one row with headings and cells by name; what is not named is plain."""
    cells = PLAIN | {name.replace("_", "."): value for name, value in cells.items()}
    return written(tuple(cells.values()), head=tuple(cells))


def plan(content, choices=None, wishes=None, name="alt.csv"):
    """Compare a list with what is stored."""
    table = services.table_of(content, name)
    columns, problems = services.mapping_of(table, wishes, TALKS)
    assert not problems, problems
    return services.plan_of(table, columns, choices, TALKS)


def take(content, choices=None, by=None, **options):
    """Take a list over; give the plan and the run."""
    found = plan(content, choices, **options)
    return found, services.take_over(found, "alt.csv", by, TALKS)


def decide(found, about, answer):
    """Answer all open questions about something in the same way, and keep the answers."""
    marks = {one.mark for line in found.lines for one in line.questions if one.about is about}
    answers.keep("talks", dict.fromkeys(marks, answer), None)
    return marks


def counts(found):
    """The counts that are not zero, without the rows."""
    return {key: value for key, value in found.summary.as_json().items() if value and key != "rows"}
