"""Check a list, show what it would do, take it over, take it back; the kind of list says how."""

from collections.abc import Mapping as Map
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from crm.export import to_csv
from crm.importing import Finding, Refused
from crm.imports import mapping, remembered, runs, tables, undoing
from crm.imports.kinds import COOPERATIONS, ListKind
from crm.imports.mapping import Mapping
from crm.imports.models import ImportRun
from crm.imports.plan import Plan
from crm.imports.tables import Table
from crm.labels import Labelled
from crm.register import services as waiting

Wishes = Map[int, Labelled | None]


def table_of(content: bytes, file_name: str = "", sheet: str = "") -> Table:
    """Read the file of a list; raises Refused."""
    return tables.read(content, file_name, sheet)


def mapping_of(
    table: Table, wishes: Wishes | None = None, kind: ListKind = COOPERATIONS
) -> tuple[Mapping[Any], list[str]]:
    """Say what the columns mean, chosen now or for such a list before, and what keeps it from being read."""
    kept = remembered.wishes(kind.sort.value, table.header, kind.fields)
    found = replace(
        mapping.mapped(table.header, kind.meanings, {**kept, **(wishes or {})}), remembered=bool(kept)
    )
    return found, mapping.problems(found, kind.needed)


def remember(columns: Mapping[Any], by: Any, kind: ListKind) -> None:
    """Keep what the columns mean for the next list with these headings. The caller commits."""
    remembered.keep(kind.sort.value, columns, by)


def plan_of(
    table: Table,
    columns: Mapping[Any],
    choices: Map[str, Any] | None = None,
    kind: ListKind = COOPERATIONS,
) -> Plan:
    """Compare a list with what is stored."""
    return kind.plan(table, columns, choices)


def locked_plan_of(
    table: Table,
    columns: Mapping[Any],
    choices: Map[str, Any] | None = None,
    kind: ListKind = COOPERATIONS,
) -> Plan:
    """The same, and no other import may begin before this transaction ends."""
    runs.lock()
    return kind.plan(table, columns, choices)


def refused_mapping(found: list[str]) -> Refused:
    """Refuse a list whose columns are not understood."""
    return Refused([Finding(None, "", "", one) for one in found])


def take_over(plan: Plan, file_name: str, by: Any, kind: ListKind = COOPERATIONS) -> ImportRun | None:
    """Write what a plan says; without anything to write there is no run. The caller commits."""
    if plan.changes_nothing:
        return None
    run = kind.apply(plan, file_name, by)
    if by is not None and plan.left_out:
        waiting.keep_waiting(repair_file(plan), file_name, errors_of(run), by)
    return run


def errors_of(run: ImportRun) -> str:
    """Under which purpose the rows wait that a run left out."""
    return f"import-errors-{run.id}"


def repair_file(plan: Plan) -> bytes:
    """Give the rows that are left out with line and errors, to be corrected and taken over by themselves."""
    mark = _mark_column(plan)
    rows = [
        [
            *line.entry.row.cells,
            line.entry.line,
            " ".join(line.reasons),
            *([line.entry.identity] if mark else []),
        ]
        for line in plan.left_out
    ]
    return to_csv([*plan.table.header, _("Line"), _("Error"), *mark], rows)


def _mark_column(plan: Plan) -> list[str]:
    """Rows that are known by what stands in them keep a mark, so that a corrected one stays the same."""
    meaning = type(plan).marked_by
    return [] if meaning is None or plan.mapping.place(meaning) is not None else [str(meaning.label)]


def undo(run: ImportRun, by: Any, leave_worked_on: bool = False) -> runs.Undone:
    """Take a run back; raises WorkedOn or RuleBroken. The caller commits."""
    return runs.undo(run, undoing.KINDS[run.kind], by, leave_worked_on)


def worked_on(run: ImportRun) -> list[str]:
    """Names of the records of a run that somebody has worked on since."""
    return sorted(runs.worked_on(run, undoing.KINDS[run.kind]).values())
