"""The sample of an old list, row by row as a colleague reads it; twice nothing new."""

import csv
import io
from pathlib import Path

import pytest

from crm.imports import bodies, services
from crm.imports.questions import About
from crm.imports.talks.naming import Names
from tests.imports.lists import real
from tests.imports.talks.old_lists import counts, decide, plan, sample, take

pytestmark = pytest.mark.usefixtures("context")
AS_READ = Path(__file__).with_name("sample_as_read.txt")
LETTERS = {About.DAY: "D", About.KIND: "K", About.PLACE: "P", About.MINUTES: "M"}


def rows_as_read():
    """The rows of the hand-written reading by line."""
    rows = [row.split("|") for row in AS_READ.read_text("utf-8").splitlines() if not row.startswith("#")]
    assert len(rows) == 150
    return {int(row[0]): row[1:] for row in rows}


def said(line):
    """What the program makes of a row, written as the reading."""
    entry, state = line.entry, line.state
    day = entry.day.day.isoformat() if entry.day.day else ""
    kind = f"{state['kind']} {state['channel']}" if line.action.value == "new" else ""
    names = [_name(one, state) for one in line.parties.named if one.text not in ("?", "dto.")]
    asked = sorted({LETTERS[one.about] for one in line.questions if one.about in LETTERS}, key="DKPM".index)
    minutes = "" if line.action.value == "skipped" else str(entry.minutes.minutes or "")
    return [
        line.action.value, day, kind, minutes,
        ", ".join(names), "".join(asked),
    ]  # fmt: skip


def _name(one, state):
    if one.place is None:
        return f"?{one.text}"
    return dict(state["parties"]).get(one.place.id, one.place.name) if state else one.place.name


def test_every_row_becomes_what_a_colleague_reads():
    found, expected = plan(sample()), rows_as_read()
    mine = {line.entry.line: said(line) for line in found.lines}
    assert {line: row for line, row in mine.items() if row != expected[line]} == {}
    assert counts(found) == {"new": 72, "skipped": 15, "doubtful": 63}


def test_all_topics_but_three_have_a_task_field():
    found = plan(sample())
    left = {one.value for one in found.doubts if one.column == "Thema"}
    assert left == {"Effizienzgewinn 15 %", "Förderung allg."}


def test_twice_changes_nothing_and_taken_back_it_is_new_again():
    _found, run = take(sample())
    again, second = take(sample())
    assert (counts(again), second) == ({"unchanged": 72, "skipped": 15, "doubtful": 63}, None)
    done = services.undo(run, None)
    assert (len(done.removed), done.left) == (72, [])
    assert counts(plan(sample())) == {"new": 72, "skipped": 15, "doubtful": 63}


def test_a_handful_of_decisions_lets_nearly_everything_in():
    """Kinds by word, names by spelling, signs by sign; days stay with those who know them."""
    decide(plan(sample()), About.KIND, "group")
    decide(plan(sample()), About.PLACE, "-")
    signs = decide(plan(sample()), About.STAFF, "-")
    assert len(signs) == 4
    found, _run = take(sample())
    asked = {one.about for line in found.lines for one in line.questions if one.blocks}
    assert asked <= {About.DAY, About.DOUBLE}
    assert counts(found)["new"] > 100


def test_the_names_of_the_list_of_cooperations_are_all_right():
    """Whole cells as sources write them, taken apart: what is attached stands in the key column."""
    rows = list(csv.DictReader(io.StringIO(real().decode())))
    names = Names(bodies.load([]))
    right = wrong = missing = 0
    for row in rows:
        texts = row["partners_as_in_source"] or row["partners"]
        keys = {key.strip() for key in f"{row['partner_ags']};{row['lead_partner_ags']}".split(";")} - {""}
        found = [names.read(text.strip()) for text in texts.split(";") if text.strip()]
        for reading in found:
            attached = reading.clear is not None and names.register.keys_of(reading.clear) & keys
            right, wrong = right + bool(attached), wrong + (reading.clear is not None and not attached)
            missing += reading.clear is None
    assert wrong == 0
    assert right / (right + missing) >= 0.98
