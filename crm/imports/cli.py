"""Lists of cooperations and events from the command line: taken over and taken back."""

import json
from contextlib import nullcontext
from pathlib import Path

import click
from flask import Blueprint

from crm.closing.guard import ReasonNeeded, correcting
from crm.db import db
from crm.errors import RuleBroken
from crm.importing import Refused, give_up, shown
from crm.imports import services
from crm.imports.kinds import COOPERATIONS, EVENTS, PEOPLE, TALKS
from crm.imports.models import ImportRun
from crm.imports.plan import Plan
from crm.imports.rows import LARGEST_FILE
from crm.imports.runs import WorkedOn

cooperations = Blueprint("cooperations_cli", __name__, cli_group="cooperations")
events = Blueprint("events_cli", __name__, cli_group="events")
contacts = Blueprint("contacts_cli", __name__, cli_group="contacts")
consultations = Blueprint("consultations_cli", __name__, cli_group="consultations")


_reason = click.option(
    "--reason",
    default="",
    metavar="GRUND",
    help="Grund der Berichtigung, falls ein abgeschlossenes Quartal dabei ist",
)


def _takes_a_list(command):
    """Give a command the file and the options all lists have."""
    for add in (
        click.option(
            "--errors", type=click.Path(dir_okay=False, path_type=Path), help="Fehlerzeilen in diese Datei"
        ),
        click.option(
            "--sheet", default="", metavar="NAME", help="Blatt einer Arbeitsmappe; sonst das erste sichtbare"
        ),
        click.option(
            "--column", multiple=True, metavar="ÜBERSCHRIFT=BEDEUTUNG", help="Bedeutung einer Spalte"
        ),
        click.option("--json", "as_json", is_flag=True, help="Zählung und Zeilen als JSON"),
        click.option("--dry-run", is_flag=True, help="Nur prüfen und zeigen, nichts schreiben"),
        click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    ):
        command = add(command)
    return command


def _offer(group, kind, called, list_called):
    """Give a group of commands those that take a list of its kind over and back."""

    @group.cli.command("import", help=f"Übernimmt eine {list_called} (CSV oder XLSX).")
    @_takes_a_list
    def import_list(path, dry_run, as_json, column, sheet, errors):
        _import(kind, path, dry_run, as_json, column, sheet, errors)

    @group.cli.command("undo", help="Nimmt einen Import zurück.")
    @click.argument("run_id", type=int, metavar="NUMMER")
    @click.option("--leave", is_flag=True, help=f"Bearbeitete {called} stehen lassen")
    @_reason
    def undo(run_id, leave, reason):
        _undo(run_id, leave, reason, f"An diesen {called} wurde seither gearbeitet")


_offer(cooperations, COOPERATIONS, "Kooperationen", "Liste von Kooperationen")
_offer(events, EVENTS, "Veranstaltungen", "Liste von Veranstaltungen")
_offer(consultations, TALKS, "Beratungen", "alte Liste von Beratungen")
_offer(contacts, PEOPLE, "Personen", "Liste von Personen")


def _import(kind, path, dry_run, as_json, column, sheet, errors):
    try:
        plan, run = _done(kind, path, dry_run, column, sheet)
    except Refused as refused:
        db.session.rollback()
        give_up(refused, as_json, details=[])
    if errors and plan.left_out:
        errors.write_bytes(services.repair_file(plan))
    _tell(plan, run, dry_run, as_json)


def _done(kind, path, dry_run, column, sheet):
    """Compare the list with what is stored; write it in one go unless only asked."""
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    table = services.table_of(content, path.name, sheet)
    mapping, problems = services.mapping_of(table, _wishes(kind, table, column), kind)
    if problems:
        raise services.refused_mapping(problems)
    if dry_run:
        return services.plan_of(table, mapping, kind=kind), None
    plan = services.locked_plan_of(table, mapping, kind=kind)
    if column:
        services.remember(mapping, None, kind)
    run = services.take_over(plan, path.name, None, kind)
    db.session.commit()
    return plan, run


def _wishes(kind, table, pairs):
    known, wishes = {one.value: one for one in kind.fields}, {}
    for pair in pairs:
        name, _equals, meaning = pair.rpartition("=")
        if name not in table.header:
            raise click.BadParameter(
                f"„{name}“ ist keine Überschrift. Die Liste hat: {', '.join(table.header)}."
            )
        if meaning not in (*known, "-"):
            raise click.BadParameter(f"„{meaning}“ ist keine Bedeutung. Bekannt sind: {', '.join(known)}, -.")
        wishes[table.header.index(name)] = known.get(meaning)
    return wishes


def _tell(plan: Plan, run: ImportRun | None, dry_run: bool, as_json: bool) -> None:
    for line in shown([*plan.errors, *plan.doubts]):
        click.echo(line, err=True)
    for notice in plan.table.notices:
        click.echo(notice, err=True)
    if as_json:
        details = [line.as_json() for line in plan.lines]
        click.echo(json.dumps({**plan.summary.as_json(), "details": details}, ensure_ascii=False))
    counts = plan.summary
    head = "Prüfung" if dry_run else f"Import {run.id}" if run else "Nichts zu ändern"
    skipped = getattr(counts, "skipped", None)
    ended = f"{counts.closed} beendet" if skipped is None else f"{skipped} übersprungen"
    click.echo(
        f"{head}: {counts.rows} Zeilen, {counts.new} neu, {counts.changed} geändert, "
        f"{counts.unchanged} unverändert, {ended}, {counts.doubtful} zweifelhaft, {counts.errors} fehlerhaft",
        err=as_json,
    )


def _undo(run_id, leave, reason, worked_on_said):
    run = db.session.get(ImportRun, run_id)
    if run is None:
        raise click.ClickException(f"Einen Import {run_id} gibt es nicht.")
    try:
        with correcting(reason, None) if reason else nullcontext():
            done = services.undo(run, None, leave_worked_on=leave)
    except WorkedOn as worked_on:
        db.session.rollback()
        names = "\n".join(f"- {name}" for name in worked_on.names)
        raise click.ClickException(
            f"{worked_on_said}:\n{names}\nEs wurde nichts zurückgenommen. Mit --leave bleiben sie stehen."
        ) from None
    except (RuleBroken, ReasonNeeded) as broken:
        db.session.rollback()
        more = " (--reason)" if isinstance(broken, ReasonNeeded) else ""
        raise click.ClickException(f"{broken.message}{more}") from None
    db.session.commit()
    click.echo(
        f"Import {run_id} zurückgenommen: {len(done.removed)} entfernt, "
        f"{len(done.reset)} zurückgesetzt, {len(done.left)} stehen gelassen."
    )
