"""Saved reports by mail: written once when a month or quarter is over, each by the rights of who gets it.

Typesetting takes a moment, so it is done between two transactions; the mail with its files is one of its own.
A mark on every mail keeps two workers, or a second run after a fall, from writing it twice.
"""

import hashlib
import json
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from crm import export, jobs, links
from crm.accounts.models import User
from crm.addresses import is_mail_address
from crm.db import BERLIN, db, now
from crm.definitions import queries
from crm.definitions.days import goes_out, last_end, mailed_period
from crm.definitions.models import SavedReport
from crm.i18n import file_size
from crm.mail import queries as mails
from crm.mail.attachments import Attachment
from crm.mail.models import MailKind
from crm.mail.services import DUTY, post
from crm.office.queries import office
from crm.reports import REPORTS, paper
from crm.reports.as_json import as_json
from crm.reports.scope import Scope, from_filters
from crm.reports.sheet import Sheet, as_leaves
from crm.reports.words import span

NAME = "saved-reports"
# What many mail servers take, once it is written as letters.
MOST_BYTES = 7_000_000


class Files(dict[str, tuple[Attachment, ...]]):
    """Files by what stands in them."""


@jobs.duty(NAME)
def send_reports() -> None:
    """Write the mails of all saved reports that are due."""
    due = [one.id for one in queries.mailed() if _is_due(one)]
    db.session.rollback()
    jobs.each(NAME, due, _send)


def _is_due(saved: SavedReport) -> bool:
    moment = now().astimezone(BERLIN)
    end = last_end(saved.rhythm, moment.date())
    new = saved.mailed_until is not None and saved.mailed_until < end
    return new and moment >= goes_out(end) and saved.owner.is_active


def _send(saved_id: int) -> None:
    """Write the mails of one saved report; those who see the same share the files."""
    saved = db.session.get(SavedReport, saved_id)
    if saved is None:
        return
    end, made = last_end(saved.rhythm, now().astimezone(BERLIN).date()), Files()
    people = [one.user_id for one in saved.recipients]
    db.session.rollback()
    jobs.each(NAME, people, lambda user_id: write(saved_id, user_id, end, made))
    # Read anew: somebody may have stopped the mails meanwhile, and one may have failed.
    saved = db.session.get(SavedReport, saved_id, with_for_update={"of": SavedReport}, populate_existing=True)
    if saved is not None and all(_is_settled(saved, one.user, end) for one in saved.recipients):
        saved.mailed_until = end
    db.session.commit()
    jobs.ring(DUTY)


def _is_settled(saved: SavedReport, user: User, end: date) -> bool:
    return not _may_get(user, saved) or mails.is_written(_mark(saved.id, user.id, end))


def _may_get(user: User, saved: SavedReport) -> bool:
    return queries.may_read(user, saved) and is_mail_address(user.email)


def _mark(saved_id: int, user_id: int, end: date) -> str:
    return f"report-{saved_id}-{user_id}-{end:%Y-%m-%d}"


@force_locale("de")
def write(saved_id: int, user_id: int, end: date, made: Files) -> None:
    """Write the mail of one person, unless it is written already or the person may not have it."""
    saved, user = db.session.get(SavedReport, saved_id), db.session.get_one(User, user_id)
    key = _mark(saved_id, user_id, end)
    # Somebody may have stopped the mails, or left the list, since it was read.
    wanted = saved is not None and any(one.user_id == user_id for one in saved.recipients)
    if saved is None or not wanted or not _may_get(user, saved) or mails.is_written(key):
        db.session.rollback()
        return
    report, scope = REPORTS[saved.slug], from_filters(mailed_period(saved, end), saved.filters)
    sheet = report.read(user, scope).sheet
    title, subject = str(report.title), f"{saved.name}: {span(scope.period)}"
    files = _files(saved, title, scope, sheet, made)
    text = _text(saved, user, scope, sheet, files)
    small = [one for one in files if _fits(files, one)]
    post(MailKind.REPORT, user.email, subject, text, files=small, once_key=key, user_id=user_id)
    db.session.commit()


def _files(saved: SavedReport, title: str, scope: Scope, sheet: Sheet, made: Files) -> tuple[Attachment, ...]:
    """Make the files, or give those of somebody who sees the very same; no transaction is held meanwhile."""
    shown = as_json(saved.slug, title, scope, sheet)
    wanted = [one for one, is_wanted in (("pdf", saved.as_pdf), ("xlsx", saved.as_xlsx)) if is_wanted]
    words = paper.words_of(saved.name, sheet)
    mark = hashlib.sha256(json.dumps([shown, wanted]).encode()).hexdigest()
    db.session.rollback()
    if mark not in made:
        name = f"{saved.slug}-{scope.period.since:%Y-%m-%d}-{scope.period.until:%Y-%m-%d}"
        made[mark] = tuple(
            Attachment(f"{name}.{one}", export.KINDS[one], _content(one, saved.name, sheet, words))
            for one in wanted
        )
    return made[mark]


def _content(kind: str, title: str, sheet: Sheet, words: dict[str, Any]) -> bytes:
    if kind == "pdf":
        return paper.to_pdf(words)
    with export.workbook_file(as_leaves(title, sheet)) as file:
        return file.read()


def _fits(files: tuple[Attachment, ...], one: Attachment) -> bool:
    """Take files in their order as long as all of them together are no larger than a mail may be."""
    upto = files[: files.index(one) + 1]
    return sum(len(file.content) for file in upto) <= MOST_BYTES


def _text(
    saved: SavedReport, user: User, scope: Scope, sheet: Sheet, files: tuple[Attachment, ...]
) -> str:  # fmt: skip
    """The large numbers, what they are about, and the way to the report and out of the list."""
    figures = [f"{one.label}: {one.number.spoken}" for one in sheet.figures]
    terms = [f"{term}: {text}" for term, text in sheet.definition[:4] if len(text) < 300]
    large = [one for one in files if not _fits(files, one)]
    left_out = [
        _("%(name)s is not attached, for it is too large for a mail (%(size)s).",
          name=one.name, size=file_size(len(one.content)))
        for one in large
    ]  # fmt: skip
    parts = [
        _("Hello %(name)s,", name=user.name),
        _("here is the report “%(name)s” as far as you may see it.", name=saved.name),
        "\n".join(figures),
        "\n".join(terms),
        *left_out,
        _("Open the report: %(url)s", url=links.to("reports.show", slug=saved.slug, **scope.arguments)),
        _(
            "You can end these mails on this page: %(url)s",
            url=links.to("definitions.show", saved_id=saved.id),
        ),
        office().name or "IKZ-Beratung",
    ]
    return "\n\n".join(part for part in parts if part)
