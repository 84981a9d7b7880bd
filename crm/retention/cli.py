"""Retention from the command line: see what is due, or do it now."""

import json

import click
from flask import Blueprint

from crm.db import db
from crm.retention import doing, queries

commands = Blueprint("retention_commands", __name__, cli_group=None)


@commands.cli.group("retention")
def retention():
    """Löscht, dessen Frist abgelaufen ist."""


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="nur zeigen, nichts löschen")
@click.option("--json", "as_json", is_flag=True, help="als JSON, für Programme")
def run(dry_run, as_json):
    """Löscht, was fällig ist; mit --dry-run zeigt der Befehl es nur."""
    if not queries.is_switched_on():
        raise click.ClickException("Das Löschen ist abgeschaltet (RETENTION=off). Es wurde nichts gelöscht.")
    found = doing.due() if dry_run else doing.run()
    if dry_run:
        db.session.rollback()
    (_tell_as_json if as_json else _tell)(found, dry_run)


def _tell(found, dry_run):
    word = "Fällig" if dry_run else "Gelöscht"
    for one in found:
        where = f", Veranstaltung {one.place[0]} „{one.place[1]}“" if one.place else ""
        numbers = ", ".join(str(number) for number in one.numbers)
        click.echo(f"{word}: {one.rule.title}{where}: {numbers}")
    click.echo(f"{word}: {sum(len(one.numbers) for one in found)} Einträge in {len(found)} Schritten.")


def _tell_as_json(found, dry_run):
    steps = [
        {"rule": one.rule.key, "event": one.place[0] if one.place else None, "records": list(one.numbers)}
        for one in found
    ]
    click.echo(json.dumps({"dry_run": dry_run, "steps": steps}))
