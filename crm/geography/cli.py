"""Boundaries from the command line."""

import json
from pathlib import Path

import click

from config import BOUNDARIES_BYTES
from crm.db import db
from crm.geography import services
from crm.geography.geojson import LONGEST_SOURCE
from crm.importing import Refused, give_up, shown
from crm.organisations.cli import register


@register.cli.command("boundaries")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Nur prüfen und zeigen, nichts schreiben")
@click.option("--json", "as_json", is_flag=True, help="Zählung als JSON")
@click.option("--attribution", default="", metavar="TEXT", help="Quellenangabe; sonst die der Datei")
def boundaries(path, dry_run, as_json, attribution):
    """Übernimmt Gemeindegrenzen aus einer GeoJSON-Datei (WGS 84, Schlüssel AGS oder ARS)."""
    if len(attribution) > LONGEST_SOURCE:
        raise click.BadParameter(f"Die Quellenangabe fasst höchstens {LONGEST_SOURCE} Zeichen.")
    try:
        with path.open("rb") as file:
            content = file.read(BOUNDARIES_BYTES + 1)
        if dry_run:
            plan = services.check(content, attribution)
        else:
            plan = services.take_over(content, attribution, None)
            db.session.commit()
    except Refused as refused:
        db.session.rollback()
        give_up(refused, as_json)
    _tell(plan, dry_run, as_json)


def _tell(plan, dry_run, as_json):
    for line in shown(plan.doubtful):
        click.echo(line, err=True)
    if as_json:
        click.echo(json.dumps(plan.summary.as_json()))
        return
    counts = plan.summary
    head = "Prüfung" if dry_run else "Grenzen"
    click.echo(
        f"{head}: {counts.rows} Flächen, {counts.new} neu, {counts.changed} geändert, "
        f"{counts.unchanged} unverändert, {counts.doubtful} zweifelhaft"
    )
    if plan.without:
        click.echo(f"Ohne Grenze bleiben {len(plan.without)} Gemeinden: {', '.join(plan.without[:20])}")
