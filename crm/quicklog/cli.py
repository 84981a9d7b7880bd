"""How a line is read, from the command line."""

import json
from datetime import date

import click
from flask import Blueprint, current_app

from crm.accounts import queries as accounts
from crm.quicklog import reading, wording
from crm.quicklog.known import Known
from crm.quicklog.parts import State

quicklog_cli = Blueprint("quicklog_cli", __name__, cli_group=None)


@quicklog_cli.cli.command("quicklog")
@click.argument("line", metavar="ZEILE")
@click.option("--json", "as_json", is_flag=True, help="Teile und Rückfragen als JSON")
@click.option("--by", default="", metavar="E-MAIL", help="Wer die Zeile tippt; sonst niemand")
@click.option("--on", "day", default=None, metavar="JJJJ-MM-TT", help="Als wäre heute dieser Tag")
def quicklog(line, as_json, by, day):
    """Zeigt, wie eine Kurzzeile gelesen wird. Es wird nichts geschrieben."""
    try:
        on = date.fromisoformat(day) if day else None
    except ValueError:
        raise click.BadParameter(f"„{day}“ ist kein Tag. Schreiben Sie ihn so: 2026-11-23.") from None
    user = accounts.by_email(by) if by else None
    if by and user is None:
        raise click.BadParameter(f"Ein Konto „{by}“ gibt es nicht.")
    # A command has no language of its own.
    with current_app.test_request_context():
        found = reading.read(line, Known(user, on))
        said = json.dumps(wording.as_json(found), ensure_ascii=False) if as_json else "\n".join(_lines(found))
    click.echo(said)


def _lines(line):
    for one in line.parts:
        added = " (angenommen)" if one.state is State.ASSUMED else ""
        if not one.is_open:
            yield f"{one.kind.label}: {one.said}{added}"
    for one in line.open:
        choices = " | ".join(choice.shown for choice in one.offered)
        yield f"? „{one.text}“: {one.question}" + (f" {choices}" if choices else "")
