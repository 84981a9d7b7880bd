"""Mails into the inbox from the command line, for whoever saves them by a program of their own."""

from pathlib import Path

import click
from flask import Blueprint

from crm.db import db
from crm.errors import RuleBroken
from crm.inbox import services
from crm.inbox.reading import MOST_BYTES

inbox = Blueprint("inbox_files", __name__, cli_group="inbox")


@inbox.cli.command("add")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def add(files):
    """Legt Mails (.eml) in den Posteingang; was keine Mail ist, wird genannt und ausgelassen."""
    refused = 0
    for path in files:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        try:
            item, is_new = services.take_in(content, None)
        except RuleBroken as broken:
            refused += 1
            click.echo(f"{path.name}: {broken.message}", err=True)
        else:
            number = item.id
            db.session.commit()
            click.echo(f"{path.name}: " + (f"Mail {number}" if is_new else f"lag schon da als Mail {number}"))
    if refused:
        raise SystemExit(1)
