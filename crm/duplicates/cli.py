"""Doubles from the command line: numbers of records only, no names, so that the answer may be kept."""

import json
from collections import Counter

import click
from flask import Blueprint

from crm.duplicates import queries
from crm.duplicates.scoring import Level, in_words

commands = Blueprint("duplicates_cli", __name__, cli_group="duplicates")


@commands.cli.command("scan")
@click.option("--json", "as_json", is_flag=True, help="Paare als JSON")
def scan(as_json):
    """Sucht Personen, die doppelt eingetragen sein können; ändert nichts."""
    found = queries.pairs()
    if as_json:
        rows = [
            {"people": [one.low, one.high], "level": one.verdict.level.value, "reasons": one.verdict.reasons}
            for one in found
        ]
        click.echo(json.dumps({"pairs": rows}, ensure_ascii=False))
        return
    counts = Counter(one.verdict.level for one in found)
    for level in Level:
        click.echo(f"{level.label}: {counts[level]}")
    for one in found:
        if one.verdict.level is not Level.POSSIBLE:
            click.echo(f"{one.low} {one.high} {', '.join(in_words(one.verdict))}")
