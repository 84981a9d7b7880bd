"""Reports from the command line: the same numbers as on screen, for night jobs and for checking."""

import json
import sys
from pathlib import Path
from shutil import copyfileobj

import click
from flask import Blueprint
from flask_babel import force_locale

from crm import export
from crm.access import Permission, Role
from crm.accounts import queries as accounts
from crm.accounts.models import User
from crm.consultations.models import ConsultationKind
from crm.cooperations import queries as cooperations
from crm.db import db, today
from crm.folding import fold
from crm.organisations import queries as organisations
from crm.organisations.models import Level
from crm.organisations.sizes import SizeClass
from crm.reading import Misread, read_day
from crm.reports import REPORTS, paper, sheet
from crm.reports import scope as scopes
from crm.reports.as_json import as_json
from crm.reports.period import Period, problem_of
from crm.reports.scope import Scope
from crm.task_fields import queries as task_fields

reports = Blueprint("reports_cli", __name__, cli_group="reports")
LANGUAGE = "de"
FORMATS = ("json", "csv", "xlsx", "pdf")
MANY = 12


class Wrong(click.ClickException):
    """What was asked for cannot be done; one German sentence and exit code 2."""

    exit_code = 2

    def show(self, file=None):
        """Say it."""
        click.echo(self.message, err=True)


@reports.cli.command("list")
def show_all():
    """Zeigt alle Berichte: Name, Titel, womit sie sich einschränken lassen."""
    with force_locale(LANGUAGE):
        for report in REPORTS.values():
            options = " ".join(sorted(f"--{OPTIONS[name]}" for name in report.filters))
            click.echo(f"{report.slug}\t{report.title}\t{options}")


OPTIONS = {
    scopes.COUNTY: "county", scopes.REGION: "region", scopes.SIZE: "size", scopes.FIELD: "field",
    scopes.KIND: "kind", scopes.COOPERATION: "cooperation", scopes.STAFF: "staff",
    scopes.ROLLED_UP: "rolled-up",
}  # fmt: skip


@reports.cli.command("run")
@click.argument("name", metavar="NAME")
@click.option("--from", "first", metavar="TAG", help="erster Tag, 01.01.2026 oder 2026-01-01")
@click.option("--to", "last", metavar="TAG", help="letzter Tag, ebenso")
@click.option("--county", "county_id", metavar="KREIS", help="Name oder Nummer eines Landkreises")
@click.option("--region", "region_id", metavar="BEZIRK", help="Name oder Nummer eines Regierungsbezirks")
@click.option("--size", metavar="KLASSE", help=f"Größe: {', '.join(one.value for one in SizeClass)}")
@click.option("--field", "field_id", metavar="FELD", help="Name oder Nummer eines Aufgabenfelds")
@click.option("--kind", metavar="ART", help=f"Art: {', '.join(one.value for one in ConsultationKind)}")
@click.option("--cooperation", "cooperation_id", metavar="GRUPPE", help="Titel oder Nummer einer Kooperation")
@click.option("--staff", "staff_id", metavar="PERSON", help="Adresse oder Name; nur mit Rechten der Leitung")
@click.option("--rolled-up", is_flag=True, help="frühere Kommunen als das zählen, was sie am Stichtag sind")
@click.option("--format", "form", default="json", metavar="FORMAT", help="json (Vorgabe), csv, xlsx oder pdf")
@click.option("--output", type=click.Path(path_type=Path), metavar="DATEI", help="sonst Standardausgabe")
@click.option("--as", "who", metavar="ADRESSE", help="Rechte dieses Kontos; sonst wer nur liest")
def run(name, first, last, form, output, who, **filters):
    """Rechnet einen Bericht und gibt ihn aus.

    Ohne --as gilt, was ein Konto nur zum Lesen sieht: vertrauliche Beratungen zählen nicht mit.

    JSON: version, report, title, period (from, to, cutoff), filters, definition (term, text),
    figures (label, value, unit, note, change), charts (title, text, table), tables (id, title,
    columns (name, unit), rows, total, notes). Einheiten: number, eur, days, hours, percent;
    Texte und Tage: null.
    """
    with force_locale(LANGUAGE):
        if form not in FORMATS:
            raise Wrong(f"Das Format „{form}“ gibt es nicht. Möglich sind {', '.join(FORMATS)}.")
        report, user = _report(name), _user(who)
        scope = _scope(report, user, _period(first, last), filters)
        made = report.read(user, scope).sheet
        file = _written(form, report, scope, made)
    db.session.rollback()
    with file:
        _give(file, output)


def _report(name):
    if name not in REPORTS:
        raise Wrong(f"Den Bericht „{name}“ gibt es nicht. Es gibt: {', '.join(REPORTS)}.")
    return REPORTS[name]


def _user(email):
    """The account whose rights hold; without one somebody who only reads, and is nobody."""
    if email is None:
        return User(name="", email="", roles=frozenset({Role.READER}))
    user = accounts.by_email(email)
    if user is None:
        raise Wrong(f"Es gibt kein Konto mit der Adresse {email}.")
    if not user.is_active:
        raise Wrong(f"Das Konto {email} ist gesperrt.")
    if not user.may(Permission.READ_CONTENT):
        raise Wrong(f"Das Konto {email} darf keine Berichte sehen.")
    return user


def _period(first, last):
    if first is None or last is None:
        raise Wrong("Nennen Sie den ersten und den letzten Tag: --from 01.01.2026 --to 31.12.2026.")
    days = []
    for option, text in (("--from", first), ("--to", last)):
        try:
            days.append(read_day(text, today()))
        except Misread as problem:
            raise Wrong(f"{option} „{text}“: {problem}") from None
    period = Period(*days)
    if said := problem_of(period):
        raise Wrong(str(said))
    return period


def _scope(report, user, period, filters):
    given = {name: text for name, text in filters.items() if text}
    for name in given:
        if name not in report.filters:
            raise Wrong(f"Der Bericht „{report.slug}“ lässt sich mit --{OPTIONS[name]} nicht einschränken.")
    if scopes.STAFF in given and not user.may(Permission.READ_STAFF_FIGURES):
        raise Wrong("Zahlen einzelner Personen sieht nur die Leitung: --as mit einem ihrer Konten.")
    return Scope(period, **{name: _READERS[name](text) for name, text in given.items()})


def _by_name(what, pairs, text):
    """Find a record by its number or its name, however that is written; doubt is refused."""
    if text.isascii() and text.isdigit():
        found = [number for number, _name in pairs if number == int(text)]
    else:
        named = [(number, fold(name)) for number, name in pairs]
        found = [number for number, name in named if name == fold(text)]
        found = found or [number for number, name in named if fold(text) in name.split()]
        found = found or [number for number, name in named if fold(text) in name]
    if len(found) == 1:
        return found[0]
    known = dict(pairs)
    offered = ", ".join([known[number] for number in found or known][:MANY])
    if not found:
        example = f" Es gibt zum Beispiel: {offered}." if offered else ""
        raise Wrong(f"{what} „{text}“ gibt es nicht.{example}")
    raise Wrong(f"{what} „{text}“ ist nicht eindeutig: {offered}.")


def _areas(level):
    return [(one.id, one.name) for one in organisations.areas() if one.level is level]


def _of_enum(what, kind, text):
    for one in kind:
        if text == one.value or fold(str(one.label)) == fold(text):
            return one
    raise Wrong(f"{what} „{text}“ gibt es nicht. Möglich sind: {', '.join(one.value for one in kind)}.")


def _cooperation(text):
    numeric = text.isascii() and text.isdigit()
    known = cooperations.chips([int(text)]) if numeric and len(text) < 10 else cooperations.suggestions(text)
    return _by_name("Die Kooperation", [(int(one.value), one.text) for one in known], text)


def _staff(text):
    found = accounts.by_email(text)
    return found.id if found else _by_name("Die Person", [one[:2] for one in accounts.staff_ever()], text)


_READERS = {
    scopes.COUNTY: lambda text: _by_name("Den Landkreis", _areas(Level.COUNTY), text),
    scopes.REGION: lambda text: _by_name("Den Regierungsbezirk", _areas(Level.REGION), text),
    scopes.SIZE: lambda text: _of_enum("Die Größe", SizeClass, text),
    scopes.FIELD: lambda text: _by_name(
        "Das Aufgabenfeld", [(one.id, one.name) for one in task_fields.names()], text
    ),
    scopes.KIND: lambda text: _of_enum("Die Art", ConsultationKind, text),
    scopes.COOPERATION: _cooperation,
    scopes.STAFF: _staff,
    scopes.ROLLED_UP: bool,
}


def _written(form, report, scope, made):
    title = str(report.title)
    if form == "csv":
        return sheet.csv_of(title, made)
    if form == "xlsx":
        return export.workbook_file(sheet.as_leaves(title, made))
    file = export.new_file()
    if form == "pdf":
        words = paper.words_of(title, made)
        db.session.rollback()
        file.write(paper.to_pdf(words))
    else:
        for piece in json.JSONEncoder(ensure_ascii=False, indent=1).iterencode(
            as_json(report.slug, title, scope, made)
        ):
            file.write(piece.encode())
        file.write(b"\n")
    file.seek(0)
    return file


def _give(file, output):
    if output is None:
        copyfileobj(file, sys.stdout.buffer)
        return
    try:
        with output.open("wb") as target:
            copyfileobj(file, target)
    except OSError as error:
        raise Wrong(f"{output} lässt sich nicht schreiben: {error.strerror}.") from None
