"""Retention from the command line: see what is due, or do it now."""

import click
from flask import Blueprint

from crm.attendance import forgetting
from crm.db import db

retention = Blueprint("retention", __name__, cli_group=None)


@retention.cli.command("retention")
@click.option("--dry-run", is_flag=True, help="Nur zeigen, nichts löschen")
def run(dry_run):
    """Löscht personenbezogene Daten von Teilnehmenden, deren Frist abgelaufen ist."""
    if dry_run:
        _tell(forgetting.due(), "Fällig")
        db.session.rollback()
    elif not forgetting.is_on():
        click.echo("Das Löschen ist abgeschaltet (RETENTION=off). Es wurde nichts gelöscht.")
    else:
        _tell(forgetting.sweep(), "Gelöscht")


def _tell(found, word):
    for one in found:
        rule, numbers = one.rule, ", ".join(str(number) for number in one.numbers)
        where = f"Veranstaltung {one.event_id} „{one.title}“"
        click.echo(f"{word}: {rule.title}, {where}: {rule.record} {numbers}")
    click.echo(f"{word}: {sum(len(one.numbers) for one in found)} Einträge in {len(found)} Schritten.")
