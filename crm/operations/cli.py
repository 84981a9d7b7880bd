"""What the administrator runs: setting up, backup and restore, demo data."""

from datetime import datetime
from pathlib import Path

import click
from flask import Blueprint, current_app
from sqlalchemy.exc import DBAPIError

from config import ConfigError
from crm import bell, jobs, security_log
from crm.db import db
from crm.definitions import services as definitions
from crm.i18n import moment
from crm.mail import services as mails
from crm.operations import backup as backups
from crm.operations import demo as demo_data
from crm.operations import migrating, readiness, setting_up, standing, sweeping
from crm.operations import upkeep as _upkeep  # noqa: F401 the worker calls it
from crm.privacy import cli as privacy
from crm.privacy import compacting, replaying
from crm.search import duties as search

operations = Blueprint("operations", __name__, cli_group=None)


@operations.cli.command("setup")
@click.option("--no-account", is_flag=True, help="legt kein erstes Konto an")
@click.option("--no-backup", is_flag=True, help="sichert vor einer Aktualisierung nicht")
def setup(no_account, no_backup):
    """Bringt die Datenbank auf den neuesten Stand und lädt Register, Aufgabenfelder und Förderregeln."""
    with _plain_words():
        kept = setting_up.update(keep=not no_backup)
    if kept:
        _remember_backup()
        click.echo(f"Vor der Aktualisierung gesichert: {kept}")
    for sentence in standing.advice():
        click.echo(f"Hinweis: {sentence}", err=True)
    setting_up.load()
    db.session.commit()
    search.catch_up()
    first = None if no_account else setting_up.first_administrator()
    db.session.commit()
    if first:
        user, password = first
        click.echo(f"Erstes Konto: {user.email}\nEinmalpasswort: {password}")
        click.echo("Das Passwort wird nur jetzt gezeigt. Beim ersten Anmelden wählen Sie ein eigenes.")


@operations.cli.command("check")
def check():
    """Sagt, ob Einstellungen, Datenbank, Python und Uhr in Ordnung sind; Rückgabewert 1, wenn etwas fehlt."""
    with _plain_words():
        standing.refuse_newer()
        standing.refuse_older()
    for sentence in (found := standing.advice()):
        click.echo(sentence)
    if found:
        raise click.exceptions.Exit(1)
    click.echo("In Ordnung.")


@operations.cli.command("worker")
def worker():
    """Verschickt Mails und erledigt, was fällig ist, bis Strg+C oder SIGTERM; läuft neben dem Programm."""
    with _plain_words():
        standing.check(current_app._get_current_object())
    bell.work(current_app._get_current_object())


@operations.cli.group("backup")
def backup():
    """Sichert die Datenbank und stellt sie wieder her."""


@backup.command("create")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--verify", "checked", is_flag=True, help="liest sie danach Byte für Byte")
def create(path, checked):
    """Schreibt eine Sicherung; ohne Angabe in den Ordner backups der Instanz."""
    with _plain_words():
        target, manifest = backups.create(path)
        if checked:
            backups.verify(target)
    security_log.note("backup-created", rows=sum(manifest["rows"].values()))
    _remember_backup()
    click.echo(f"Sicherung: {target}\nStand {manifest['schema']}, {sum(manifest['rows'].values())} Zeilen.")


def _remember_backup():
    """Note the moment for those who watch; a backup is one without it, too."""
    try:
        jobs.note(readiness.BACKUP, done=True)
        db.session.commit()
    except DBAPIError:
        # Before an update the database may lack the table, or have no space left.
        db.session.rollback()
        click.echo("Der Zeitpunkt ließ sich nicht vermerken.", err=True)


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
    security_log.note("backup-restored", rows=sum(manifest["rows"].values()))
    migrating.upgrade()
    search.catch_up()
    sweeping.end_sessions()
    held, skipped = mails.hold_open(), definitions.skip_missed()
    erased = replaying.replay()
    db.session.commit()
    jobs.attempt(compacting.DUTY)
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
        if isinstance(error, backups.BackupError | ConfigError):
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
