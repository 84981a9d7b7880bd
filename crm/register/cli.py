"""The official register from the command line."""

import json
from pathlib import Path

import click

from crm.db import db
from crm.importing import Refused, give_up, shown
from crm.organisations.cli import DAY, register
from crm.register import services
from crm.register.checking import left_out_text
from crm.register.plan import Plan
from crm.register.reading import LARGEST_FILE


@register.cli.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Nur prüfen und zeigen, nichts schreiben")
@click.option("--json", "as_json", is_flag=True, help="Zählung als JSON")
@click.option("--all-states", is_flag=True, help="Auch Gemeinden anderer Länder übernehmen")
@click.option("--population-date", type=DAY, metavar="TAG", help="Stichtag der Einwohnerzahlen")
@click.option("--successor", multiple=True, metavar="ALT=NEU", help="Nachfolgerin einer fehlenden Gemeinde")
def import_file(path, dry_run, as_json, all_states, population_date, successor):
    """Übernimmt das amtliche Gemeindeverzeichnis (GV100AD) aus einer Datei."""
    options = {
        "all_states": all_states,
        "population_on": population_date.date() if population_date else None,
        "successors": _pairs(successor),
    }
    try:
        content = _content(path)
        if dry_run:
            plan = services.plan_of(content, **options)
        else:
            plan = services.locked_plan_of(content, **options)
            services.take_over(plan, path.name, None)
            db.session.commit()
    except Refused as refused:
        db.session.rollback()
        give_up(refused, as_json)
    _tell(plan, dry_run, as_json)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_FILE + 1)


def _pairs(successor):
    pairs = dict(one.partition("=")[::2] for one in successor)
    if wrong := [old for old, new in pairs.items() if not (old.isdigit() and new.isdigit())]:
        raise click.BadParameter(f"{wrong[0]}: Schreiben Sie ALT=NEU, zum Beispiel 06635005=06635001.")
    return pairs


def _tell(plan: Plan, dry_run: bool, as_json: bool) -> None:
    if plan.older_than:
        click.echo(
            f"Warnung: Die Datei zeigt den {plan.day:%d.%m.%Y}, das Verzeichnis ist bis zum "
            f"{plan.older_than:%d.%m.%Y} bekannt. Sie ergänzt nur die Geschichte.",
            err=True,
        )
    for line in shown([*plan.file.warnings, *plan.doubts]):
        click.echo(line, err=True)
    if as_json:
        click.echo(json.dumps(plan.summary.as_json()))
        return
    click.echo(_counts(plan, dry_run))
    if said := left_out_text(plan.file.left_out):
        click.echo(said)


def _counts(plan: Plan, dry_run: bool) -> str:
    counts = plan.summary
    head = "Prüfung" if dry_run else "Verzeichnis"
    return (
        f"{head} vom {plan.day:%d.%m.%Y}: {counts.new} neu, {counts.changed} geändert, "
        f"{counts.unchanged} unverändert, {counts.closed} geschlossen, {counts.doubtful} zweifelhaft"
    )
