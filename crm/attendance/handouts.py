"""What is printed for an event: sign-in sheet, participants, name badges, certificates. All in German."""

import re
from typing import Any

from flask import abort
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from crm.access import Permission, requires
from crm.attendance import queries
from crm.attendance.routes import attendance, load, load_guest
from crm.db import BERLIN, db
from crm.events.models import Event, Precision
from crm.events.times import when_in_full
from crm.export import download
from crm.i18n import day
from crm.office.queries import office
from crm.outputs.models import Paper as Output
from crm.outputs.noting import note
from crm.papers import Fact, Paper, Table, to_pdf, typeset
from crm.registrations.models import GONE, GuestKind, Registration, Seat

LANGUAGE = "de"
EMPTY_ROWS, PLAIN_KINDS = 15, (GuestKind.OTHER, GuestKind.CITIZEN)


def _typeset(layout: str, words: dict[str, Any], event: Event, name: str) -> Any:
    """Give a paper as a file. Typesetting takes a moment: no transaction is held meanwhile."""
    file_name = _file_name(event, name)
    db.session.rollback()
    return download(typeset(layout, words | {"language": LANGUAGE}), file_name, "pdf")


def _file_name(event: Event, name: str) -> str:
    title = re.sub(r"\W+", "-", event.title).strip("-")[:60]
    return "-".join(part for part in (name, f"{event.day:%Y-%m-%d}" if event.day else "", title) if part)


def _note(paper: Output, guests: list[Registration]) -> None:
    note(paper, "pdf", [one.person_id for one in guests], len(guests))


def left_out(number: int) -> str:
    """Say that a paper does not hold everybody; empty where it does."""
    if not number:
        return ""
    return ngettext(
        "Incomplete: %(num)s more guest by name did not fit on this paper.",
        "Incomplete: %(num)s more guests by name did not fit on this paper.",
        number,
    )


def backwards(guest: Registration) -> str:
    """Henkel, Petra."""
    return ", ".join(part for part in (guest.last_name, guest.first_name) if part)


@attendance.route("/<id:event_id>/anwesenheitsliste.pdf")
@requires(Permission.READ_CONTENT)
def sign_in_sheet(event_id):
    """Give the sheet to sign on at the door."""
    event = load(event_id)
    guests, more = queries.on_paper(event.id, came=False)
    _note(Output.SIGN_IN, guests)
    with force_locale(LANGUAGE):
        words = sheet_of(event, guests, more)
    return _typeset("sign_in_list.typ", words, event, "Anwesenheitsliste")


def sheet_of(event: Event, guests: list[Registration], more: int) -> dict[str, Any]:
    """Say the sheet: a row for each head, and empty ones for who comes without registration."""
    rows: list[list[str]] = []
    for guest in guests:
        where = guest.from_where
        if guest.seat is Seat.WAITING:
            where = f"{where} ({_('waiting list')})".strip()
        rows.append([str(len(rows) + 1), backwards(guest), where, ""])
        for _number in range(guest.companions):
            rows.append([str(len(rows) + 1), _("with %(name)s", name=guest.name), where, ""])
    return {
        "title": _("Sign-in sheet"), "head": office().letterhead, "pages": _("Page {page} of {pages}"),
        "facts": _facts(event, left_out(more)), "rows": rows + [["", "", "", ""]] * EMPTY_ROWS,
        "columns": [_("No."), _("Name"), _("Organisation"), _("Signature")],
    }  # fmt: skip


def _facts(event: Event, note: str) -> list[str]:
    return [part for part in (event.title, when_in_full(event), event.where, note) if part]


@attendance.route("/<id:event_id>/teilnehmende.pdf")
@requires(Permission.READ_CONTENT)
def participants(event_id):
    """Give the list of who came; before the event, of who is expected."""
    event = load(event_id)
    came, more = queries.on_paper(event.id, came=True)
    _note(Output.PARTICIPANTS, came or queries.on_paper(event.id, came=False)[0])
    with force_locale(LANGUAGE):
        paper = participants_of(event, came, more)
    name = _file_name(event, "Teilnehmende")
    db.session.rollback()
    return download(to_pdf(paper), name, "pdf")


def participants_of(event: Event, came: list[Registration], more: int) -> Paper:
    """Say who came, or as long as nobody did, who is expected; heads without names stand apart."""
    guests, heads = came, queries.tally(event.id).total
    if not came:
        guests, more = queries.on_paper(event.id, came=False)
    rows = [[backwards(one) or _("deleted"), one.from_where or "–", str(one.kind.label)] for one in guests]
    facts = [
        Fact(_("Event"), event.title),
        Fact(_("When"), when_in_full(event)),
        Fact(_("Where"), event.where or "–"),
    ]
    if came:
        facts.append(Fact(_("By name"), str(heads.named)))
    facts += [
        Fact(label, str(number))
        for label, number in ((_("Counted without names"), heads.counted), (_("Estimated"), heads.estimated))
        if number
    ]
    if more:
        facts.append(Fact(_("Please note"), left_out(more)))
    title = _("Participants") if came else _("Registered guests")
    columns = [_("Name"), _("Organisation"), _("Kind of guest")]
    issuer = office()
    return Paper(
        language=LANGUAGE, title=title, reference=event.title, facts=facts, head=issuer.letterhead,
        parts=[Table(title, columns, rows, [4, 5, 4])] if rows else [], pages=_("Page {page} of {pages}"),
    )  # fmt: skip


@attendance.route("/<id:event_id>/namensschilder.pdf")
@requires(Permission.READ_CONTENT)
def badges(event_id):
    """Give the name badges of all who are expected, ten to a page; whoever waits for a seat gets none."""
    event = load(event_id)
    guests, more = queries.on_paper(event.id, came=False, but=(*GONE, Seat.WAITING))
    if not guests:
        abort(404)
    _note(Output.BADGES, guests)
    with force_locale(LANGUAGE):
        words = badges_of(event, guests, more)
    return _typeset("badges.typ", words, event, "Namensschilder")


def badges_of(event: Event, guests: list[Registration], more: int) -> dict[str, Any]:
    """Say the badges."""
    subject = " · ".join(part for part in (event.title, day(event.day)) if part)
    shown = [
        {
            "name": one.name, "organisation": one.from_where,
            "role": "" if one.kind in PLAIN_KINDS else str(one.kind.label),
        }
        for one in guests
    ]  # fmt: skip
    return {"title": _("Name badges"), "event": subject, "badges": shown, "note": left_out(more)}


@attendance.route("/<id:event_id>/anwesenheit/gast/<id:registration_id>/bescheinigung.pdf")
@requires(Permission.READ_CONTENT)
def certificate(event_id, registration_id):
    """Give the certificate of attendance of somebody who came."""
    event, one = load(event_id), load_guest(event_id, registration_id)
    if one.came_at is None or not one.name:
        abort(404)
    with force_locale(LANGUAGE):
        words = certificates_of(event, [one])
    return _typeset("certificate.typ", words, event, "Teilnahmebescheinigung")


@attendance.route("/<id:event_id>/bescheinigungen.pdf")
@requires(Permission.READ_CONTENT)
def certificates(event_id):
    """Give the certificates of all who came by name, one to a page."""
    event = load(event_id)
    came, more = queries.on_paper(event.id, came=True)
    guests = [one for one in came if one.name]
    if not guests:
        abort(404)
    _note(Output.CERTIFICATES, guests)
    with force_locale(LANGUAGE):
        words = certificates_of(event, guests, more)
    return _typeset("certificate.typ", words, event, "Teilnahmebescheinigungen")


def certificates_of(event: Event, guests: list[Registration], more: int = 0) -> dict[str, Any]:
    """Say certificates: without number and day of issue, so that they are the same whenever they are made."""
    facts = [(_("When"), when_in_full(event)), (_("Duration"), duration_of(event)), (_("Where"), event.where)]
    if not event.where and event.video_link:
        facts[-1] = _("Where"), _("Video meeting")
    issuer = office()
    return {
        "title": _("Certificate of attendance"), "head": issuer.letterhead, "note": left_out(more),
        "guests": [{"name": one.name, "organisation": one.from_where} for one in guests],
        "sentence": _("took part in this event:"), "event": event.title,
        "facts": [{"label": label, "value": value} for label, value in facts if value],
        "signature": _("Place, day, signature"),
    }  # fmt: skip


def duration_of(event: Event) -> str:
    """How long an event of one day took; of several days, how many."""
    if event.precision is not Precision.TIME or event.starts_at is None or event.ends_at is None:
        return ""
    days = (event.ends_at.astimezone(BERLIN).date() - event.starts_at.astimezone(BERLIN).date()).days
    if days:
        return ngettext("%(num)s day", "%(num)s days", days + 1)
    whole, rest = divmod(round((event.ends_at - event.starts_at).total_seconds() / 60), 60)
    parts = [ngettext("%(num)s hour", "%(num)s hours", whole)] if whole else []
    parts += [ngettext("%(num)s minute", "%(num)s minutes", rest)] if rest else []
    return " ".join(parts)
