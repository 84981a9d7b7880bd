"""Lists of materials from the command line."""

from pathlib import Path

import click
from flask import Blueprint

from crm.db import db
from crm.errors import RuleBroken
from crm.importing import Refused, give_up
from crm.materials import importing

commands = Blueprint("materials_cli", __name__, cli_group="materials")


@commands.cli.command("import", help="Übernimmt eine Liste von Materialien (CSV).")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Nur prüfen und zeigen, nichts schreiben")
def import_list(path: Path, dry_run: bool) -> None:
    """Take a list of materials over; the same list once more changes nothing."""
    with path.open("rb") as file:
        content = file.read(importing.LARGEST_FILE + 1)
    try:
        done = importing.take(importing.read(content), None)
    except Refused as refused:
        db.session.rollback()
        give_up(refused)
    except RuleBroken as broken:
        db.session.rollback()
        raise click.ClickException(str(broken.message)) from None
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(
        f"{'Prüfung' if dry_run else 'Import'}: {done.rows} Zeilen, {len(done.new)} neu, "
        f"{len(done.changed)} geändert, {done.unchanged} unverändert"
    )
