"""What `make stress` says at its end: each promise, the figure measured, and the control that breaks it.

A test says what it has shown by the fixture `promise`; a control is a run without the protection,
in which the same assertion fails. Controls bear the mark `control` and run in `make stress`, too.
"""

import ast
import os
from collections import defaultdict
from pathlib import Path

import pytest

from tests import proofs

ROOT = Path(__file__).parent.parent
KEY, SEPARATOR = "promise", " :: "
HEAD = ("Zusage", "Datenbank", "Gemessen", "Prüfung", "Gegenprobe", "Ergebnis der Gegenprobe")
FAILS, SURVIVES, ABSENT = "scheitert ohne Schutz", "SCHEITERT NICHT", "nicht gelaufen"


def defined(control):
    """Tell whether a control is a test that exists and is marked as one: tests/area/test_x.py::test_name."""
    path, _colons, name = control.partition("::")
    if not (ROOT / path).is_file():
        return False
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return any("mark.control" in ast.unparse(mark) for mark in node.decorator_list)
    return False


@pytest.fixture
def promise(request):
    """Note what a test has shown: promise(German name, figure, control)."""

    def note(name, figure, control):
        assert defined(control), f"{control} is no control"
        call = getattr(request.node, "callspec", None)
        engine = call.params.get("engine_name", "–") if call else "–"
        request.node.user_properties.append((KEY, SEPARATOR.join((name, engine, str(figure), control))))

    return note


class Collected:
    """The notes of all tests and the outcomes of all controls, whichever process they ran in."""

    def __init__(self):
        self.notes, self.outcomes = [], defaultdict(set)

    def pytest_runtest_logreport(self, report):
        """Take what a test brought along."""
        if report.when == "call":
            place = report.nodeid.partition("[")[0]
            self.outcomes[place].add(report.outcome)
            for name, text in report.user_properties:
                if name == KEY:
                    self.notes.append((place, report.outcome, *text.split(SEPARATOR)))

    def rows(self):
        """Give the table, a row per promise and database."""
        for place, outcome, name, engine, figure, control in sorted(self.notes, key=lambda note: note[2:4]):
            figure = figure if outcome == "passed" else f"NICHT GEHALTEN: {figure}"
            yield name, engine, figure, place, control, self.verdict(control)

    def verdict(self, control):
        """Say whether a control has failed as it must: then its test has passed."""
        seen = self.outcomes[control] - {"skipped"}
        return ABSENT if not seen else FAILS if seen == {"passed"} else SURVIVES


def as_table(rows):
    """Write rows the way Markdown does."""
    lines = [HEAD, ["---"] * len(HEAD), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def documented():
    """Give every promise of docs/nachweise with the controls its line names."""
    for path in proofs.DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        found = proofs.controls(text)
        for one in proofs.promises(text):
            yield path.name, one, found.get(one.control, [])


def mark_controls(items):
    """Mark as a control what a line of docs/nachweise calls one, so that `make stress` runs it."""
    called = {control for _document, _promise, controls in documented() for control in controls}
    for item in items:
        if item.nodeid.partition("[")[0] in called:
            item.add_marker("control")


def pytest_configure(config):
    """Begin to collect."""
    config.pluginmanager.register(Collected(), "promises")


def tell_documented(terminalreporter, seen):
    """Print every promise of docs/nachweise with its figure and what its controls have shown."""
    terminalreporter.section("Zusagen in docs/nachweise, Messwerte, Gegenproben")
    for document, one, controls in documented():
        terminalreporter.write_line(f"{document}: {one.name}: {one.figure}")
        for control in controls:
            terminalreporter.write_line(f"    Gegenprobe {control}: {seen.verdict(control)}")
        if not controls:
            terminalreporter.write_line(f"    Gegenprobe: {one.control}")


def pytest_terminal_summary(terminalreporter, config):
    """Print the table, and write it where STRESS_REPORT says."""
    seen = config.pluginmanager.get_plugin("promises")
    rows = list(seen.rows())
    if "control" in (config.option.markexpr or ""):
        tell_documented(terminalreporter, seen)
    if not rows:
        return
    terminalreporter.section("Zusagen, Messwerte, Gegenproben")
    for name, engine, figure, _place, control, verdict in rows:
        terminalreporter.write_line(f"{name} ({engine}): {figure}\n    Gegenprobe {control}: {verdict}")
    if target := os.environ.get("STRESS_REPORT"):
        Path(target).write_text(as_table(rows), encoding="utf-8")
