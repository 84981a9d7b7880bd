"""The index from the command line: made anew, and compared with the records."""

import sys

import click
from flask import Blueprint

from crm.db import db
from crm.search import queries, services

search_index = Blueprint("search_cli", __name__, cli_group="search")


@search_index.cli.command("rebuild")
def rebuild():
    """Baut den Suchindex neu auf."""
    for _kind in services.rebuild():
        db.session.commit()
    click.echo(", ".join(f"{number} {kind.label}" for kind, number in queries.sizes().items()))


@search_index.cli.command("check")
def check():
    """Vergleicht den Suchindex mit den Daten; Rückgabewert 1, wenn etwas nicht stimmt."""
    wrong = services.out_of_step()
    for kind, numbers in wrong.items():
        click.echo(f"{kind.label}: {len(numbers)} Einträge weichen ab, z. B. Nr. {numbers[0]}.")
    click.echo("Beheben mit: flask search rebuild" if wrong else "Der Suchindex stimmt.")
    sys.exit(1 if wrong else 0)
