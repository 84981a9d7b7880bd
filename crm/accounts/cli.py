"""Accounts from the command line."""

import click
from flask import Blueprint

from crm import jobs
from crm.access import Role
from crm.accounts import queries, services
from crm.addresses import is_mail_address
from crm.db import db
from crm.errors import RuleBroken
from crm.follow_ups import queries as follow_ups
from crm.follow_ups import services as follow_up_services
from crm.mail import notices
from crm.mail import passwords as letters
from crm.mail.services import DUTY
from crm.second_factor import services as second_factor
from crm.text import Unreadable, clean_line

users = Blueprint("users_cli", __name__, cli_group="users")


def _user(email):
    user = queries.by_email(email)
    if user is None:
        raise click.ClickException(f"Es gibt kein Konto mit der Adresse {email}.")
    return user


def _saved(action, *args):
    try:
        result = action(*args)
    except RuleBroken as broken:
        raise click.ClickException(str(broken.message)) from None
    db.session.commit()
    return result


def _name(text):
    try:
        name = clean_line(text)
    except Unreadable as problem:
        raise click.ClickException(str(problem)) from None
    if not name or len(name) > 200:
        raise click.ClickException("Der Name braucht 1 bis 200 Zeichen.")
    return name


ROLES = click.Choice([role.value for role in Role])


@users.cli.command("create")
@click.argument("email")
@click.option("--name", required=True, help="Vor- und Nachname")
@click.option("--role", "roles", type=ROLES, multiple=True, required=True, help="mehrfach möglich")
def create(email, name, roles):
    """Legt ein Konto an und nennt das Einmalpasswort."""
    if not is_mail_address(email):
        raise click.ClickException("Schreiben Sie die Adresse so: name@example.de.")
    values = {"email": email, "name": _name(name)}
    user, password = _saved(services.create_user, values, {Role(role) for role in roles}, None)
    click.echo(f"Konto: {user.email}\nEinmalpasswort: {password}")


@users.cli.command("list")
def show_all():
    """Zeigt alle Konten mit Rollen."""
    for user in queries.everybody():
        roles = ", ".join(sorted(role.value for role in user.roles))
        click.echo(f"{user.email}\t{user.name}\t{roles}\t{'gesperrt' if user.locked_at else 'aktiv'}")


@users.cli.command("password")
@click.argument("email")
def password(email):
    """Gibt ein neues Einmalpasswort aus."""
    click.echo(f"Einmalpasswort: {_saved(_replace_password, _user(email))}")
    jobs.ring(DUTY)


def _replace_password(user):
    made = services.issue_one_time_password(user, None)
    letters.tell_changed(user)
    return made


@users.cli.command("roles")
@click.argument("email")
@click.argument("roles", type=ROLES, nargs=-1, required=True)
def roles(email, roles):
    """Setzt die Rollen eines Kontos neu."""
    user = _user(email)
    values = {"name": user.name, "email": user.email}
    _saved(_change_roles, user, values, {Role(role) for role in roles})
    jobs.ring(DUTY)
    click.echo(f"{user.email}: {', '.join(roles)}")


def _change_roles(user, values, roles):
    old_email, old_roles = user.email, user.roles
    services.change_user(user, values, roles, None)
    notices.tell_account_changed(user, old_email, old_roles)


@users.cli.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email):
    """Nimmt einem Konto den zweiten Faktor, wenn Gerät und Ersatzcodes verloren sind."""
    _saved(_reset, _user(email))
    jobs.ring(DUTY)
    click.echo(f"{email} meldet sich nur mit dem Passwort an, bis ein neuer zweiter Faktor eingerichtet ist.")


def _reset(user):
    second_factor.reset(user, None)
    notices.tell_second_factor_gone(user)


@users.cli.command("lock")
@click.argument("email")
@click.option("--successor", help="Adresse der Person, die offene Wiedervorlagen übernimmt")
def lock(email, successor):
    """Sperrt ein Konto und beendet seine Anmeldungen."""
    user = _user(email)
    number = follow_ups.count_open_of(user.id)
    if number and not successor:
        raise click.ClickException(
            f"Offene Wiedervorlagen: {number}. Nennen Sie mit --successor, wer sie übernimmt."
        )
    _saved(_lock, user, _user(successor) if number else None)
    click.echo(f"{user.email} ist gesperrt. Übergebene Wiedervorlagen: {number}.")


def _lock(user, successor):
    if successor is not None:
        if successor not in queries.staff():
            raise RuleBroken("Wiedervorlagen übernehmen nur offene Konten der Beratung oder Leitung.")
        follow_up_services.hand_over_all(user, successor, None)
    services.lock_user(user, None)


@users.cli.command("unlock")
@click.argument("email")
def unlock(email):
    """Öffnet ein gesperrtes Konto wieder."""
    _saved(services.unlock_user, _user(email), None)
    click.echo(f"{email} ist wieder offen.")
