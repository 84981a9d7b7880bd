"""What the administrator runs for data protection."""

import click
from flask import Blueprint

from crm import jobs
from crm.db import db
from crm.privacy import compacting, replaying

privacy_cli = Blueprint("privacy_cli", __name__, cli_group="privacy")


@privacy_cli.cli.command("replay")
def replay():
    """Löscht noch einmal, wer seit einer wiederhergestellten Sicherung gelöscht wurde."""
    done = replaying.replay()
    db.session.commit()
    # Should it fail, the worker tries again.
    jobs.attempt(compacting.DUTY)
    click.echo(said(done))


def said(done):
    """Say what a replay did, in one line; of documents to look at, the numbers."""
    files = ", ".join(str(one) for one in sorted(done.documents))
    return (
        f"Löschungen nachgeholt: {done.erased}, schon gelöscht: {done.known}, "
        f"hier nicht bekannt: {done.missing}."
        + (f" Dokumente, die Gelöschte noch nennen, bitte ansehen und entfernen: {files}." if files else "")
    )
