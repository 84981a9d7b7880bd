"""What the administrator runs: setting up, backup and restore, sweeping, demo data."""

from datetime import datetime
from pathlib import Path

import click
import flask_migrate
from flask import Blueprint, current_app

from crm import bell
from crm.db import db
from crm.definitions import services as definitions
from crm.i18n import moment
from crm.mail import services as mails
from crm.operations import backup as backups
from crm.operations import demo as demo_data
from crm.operations import setting_up, sweeping
from crm.privacy import cli as privacy
from crm.privacy import replaying
from crm.search import duties as search

operations = Blueprint("operations", __name__, cli_group=None)


@operations.cli.command("setup")
@click.option("--no-account", is_flag=True, help="legt kein erstes Konto an")
def setup(no_account):
    """Bringt die Datenbank auf den neuesten Stand und lädt Register, Aufgabenfelder und Förderregeln."""
    flask_migrate.upgrade()
    setting_up.load()
    db.session.commit()
    search.catch_up()
    first = None if no_account else setting_up.first_administrator()
    db.session.commit()
    if first:
        user, password = first
        click.echo(f"Erstes Konto: {user.email}\nEinmalpasswort: {password}")
        click.echo("Das Passwort wird nur jetzt gezeigt. Beim ersten Anmelden wählen Sie ein eigenes.")


@operations.cli.command("sweep")
def sweep():
    """Löscht alte Entwürfe, Formularmarken, Sitzungen, Anmeldeversuche und Texte von Mails."""
    counts = sweeping.sweep()
    db.session.commit()
    click.echo("Gelöscht: " + ", ".join(f"{number} {name}" for name, number in counts.items()))


@operations.cli.command("worker")
def worker():
    """Verschickt Mails und erledigt, was fällig ist, bis Strg+C oder SIGTERM; läuft neben dem Programm."""
    bell.work(current_app._get_current_object())


@operations.cli.group("backup")
def backup():
    """Sichert die Datenbank und stellt sie wieder her."""


@backup.command("create")
@click.argument("path", required=False, type=click.Path(path_type=Path))
def create(path):
    """Schreibt eine Sicherung; ohne Angabe in den Ordner backups der Instanz."""
    with _plain_words():
        target, manifest = backups.create(path)
    click.echo(f"Sicherung: {target}\nStand {manifest['schema']}, {sum(manifest['rows'].values())} Zeilen.")


@backup.command("verify")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(path):
    """Prüft eine Sicherung Byte für Byte, ohne etwas zu verändern."""
    with _plain_words():
        manifest = backups.verify(path)
    click.echo(f"In Ordnung: {_said(manifest)}")


@backup.command("restore")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", "replace", is_flag=True, help="ersetzt die vorhandenen Daten")
def restore(path, replace):
    """Stellt eine Sicherung wieder her; vorhandene Daten bleiben daneben erhalten."""
    with _plain_words():
        kept, manifest = backups.restore(path, replace)
    flask_migrate.upgrade()
    search.catch_up()
    sweeping.end_sessions()
    held, skipped = mails.hold_open(), definitions.skip_missed()
    erased = replaying.replay()
    db.session.commit()
    click.echo(f"Wiederhergestellt: Stand {_said(manifest)}")
    click.echo(privacy.said(erased))
    if held:
        click.echo(f"Angehaltene Mails: {held}. Im Postausgang gehen sie nur auf Knopfdruck hinaus.")
    if skipped:
        click.echo(f"Berichte per Mail, die schon fällig waren und nicht noch einmal gehen: {skipped}.")
    if kept:
        click.echo(f"Die bisherigen Daten liegen in {kept}.")


def _said(manifest):
    """Say when the data were saved and how many there are."""
    at = moment(datetime.fromisoformat(manifest["created_at"]))
    return f"{at}, {sum(manifest['rows'].values())} Zeilen."


class _plain_words:  # noqa: N801 used like a function
    """Turn a refusal into one German line and exit code 1."""

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if isinstance(error, backups.BackupError):
            raise click.ClickException(str(error)) from error


@operations.cli.group("demo")
def demo():
    """Erfundene Beratungen zum Ausprobieren."""


@demo.command("fill")
def fill():
    """Füllt eine leere Datenbank mit erfundenen Beratungen, Kooperationen, Personen und Wiedervorlagen."""
    try:
        password, counts = demo_data.fill()
    except demo_data.NotEmpty as refusal:
        raise click.ClickException(str(refusal)) from None
    db.session.commit()
    click.echo(", ".join(f"{number} {name}" for name, number in counts.items()))
    click.echo(f"Passwort aller Konten der Demo: {password}")
    for email, _name, _roles, words in demo_data.ACCOUNTS:
        click.echo(f"  {email}  {words}")
