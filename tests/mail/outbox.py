"""Mails for tests: written, sent to the made-up server, looked at."""

from contextlib import contextmanager

from sqlalchemy import select

from crm import jobs
from crm.db import db
from crm.mail.models import MailKind, MailServer, MailState, OutgoingMail
from crm.mail.services import post
from tests.mail.postoffice import PostOffice

SENDER = "ikz@example.test"


def write(app, to="petra@kommune.test", subject="Einladung", body="Guten Tag,\n\nkommen Sie?", **more):
    """Write a mail into the outbox; give its number."""
    with app.app_context():
        made = post(more.pop("kind", MailKind.INVITATION), to, subject, body, **more)
        db.session.commit()
        return made.id


def write_many(app, number, **more):
    """Write mails to as many people."""
    with app.app_context():
        for one in range(number):
            post(MailKind.INVITATION, f"gast{one}@kommune.test", "Einladung", "Guten Tag", **more)
        db.session.commit()


def send(app):
    """Do what the worker does."""
    with app.app_context():
        jobs.run("mail")


def stored(app, mail_id):
    """The row of a mail."""
    with app.app_context():
        found = db.session.get(OutgoingMail, mail_id)
        db.session.expunge_all()
        return found


def states(app):
    """The states of all mails, by their number."""
    with app.app_context():
        rows = db.session.execute(select(OutgoingMail.id, OutgoingMail.state).order_by(OutgoingMail.id))
        return {number: state for number, state in rows}  # noqa: C416


def change(app, mail_id, **columns):
    """Change a row behind the program's back."""
    with app.app_context():
        found = db.session.get(OutgoingMail, mail_id)
        for name, value in columns.items():
            setattr(found, name, value)
        db.session.commit()


def server_row(app):
    """What is noted about the server."""
    with app.app_context():
        found = db.session.get(MailServer, 1)
        db.session.expunge_all()
        return found


@contextmanager
def settings(app, **values):
    """Other settings for a while."""
    kept = {name: app.config[name] for name in values}
    app.config.update(values)
    try:
        yield
    finally:
        app.config.update(kept)


@contextmanager
def mailed_by(app, port, **more):
    """Send over a port of this machine."""
    values = {
        "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": port, "MAIL_SECURITY": "none", "MAIL_FROM": SENDER,
        "MAIL_TIMEOUT": 5,
    }  # fmt: skip
    with settings(app, **(values | more)):
        yield


@contextmanager
def office_for(app, **rules):
    """A server with its rules, and the program set to send over it."""
    with PostOffice(**rules) as office, mailed_by(app, office.port):
        yield office


__all__ = ["MailState"]
