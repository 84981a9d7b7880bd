"""The register from the command line."""

import click
from flask import Blueprint

from crm.bodies.standard import load_bodies
from crm.db import db, today
from crm.organisations import queries, services

register = Blueprint("register_cli", __name__, cli_group="register")
DAY = click.DateTime(["%Y-%m-%d", "%d.%m.%Y"])


@register.cli.command("load")
def load():
    """Bringt das eingebaute Register von Hessen in die Datenbank; wiederholbar."""
    loaded = services.load_register()
    load_bodies()
    db.session.commit()
    click.echo(f"Register: {loaded.new} neu, {loaded.changed} geändert, {loaded.unchanged} unverändert")


@register.cli.command("count")
@click.option("--on", "day", type=DAY, metavar="TAG", help="Stichtag, zum Beispiel 2016-12-31; sonst heute")
def count(day):
    """Zählt die Kommunen (Gemeinden, Städte, Landkreise) an einem Tag."""
    click.echo(queries.count_existing(day.date() if day else today()))
