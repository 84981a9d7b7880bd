"""What is done with saved reports."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from crm import audit
from crm.accounts.models import User
from crm.db import db, now, today
from crm.definitions import queries
from crm.definitions.days import goes_out, last_end
from crm.definitions.models import ReportRecipient, Rhythm, SavedReport, Span
from crm.errors import RuleBroken
from crm.reports.period import Period, problem_of

MOST = 100


def save(slug: str, filters: dict[str, Any], values: dict[str, Any], by: User) -> SavedReport:
    """Keep a question under a name."""
    _check(values)
    number = db.session.scalar(select(func.count(SavedReport.id)).where(SavedReport.owner_id == by.id)) or 0
    if number >= MOST:
        raise RuleBroken(_("You have %(most)s saved reports. Remove one that you no longer need.", most=MOST))
    made = SavedReport(slug=slug, filters=filters, owner_id=by.id, **values)
    db.session.add(made)
    audit.record("saved-report.created", made, by)
    return made


def change(saved: SavedReport, values: dict[str, Any], filters: dict[str, Any] | None, by: User) -> None:
    """Rename it, share it, change its days; with `filters` what it is narrowed to as well."""
    _check(values)
    for name, value in values.items():
        setattr(saved, name, value)
    narrowed = filters is not None and filters != saved.filters
    if narrowed and filters is not None:
        saved.filters = filters
        _drop_those_who_may_not(saved)
    if narrowed or audit.difference(saved):
        audit.record("saved-report.changed", saved, by)


def _check(values: dict[str, Any]) -> None:
    """Fixed days need both ends, in order; any other span has none."""
    if values["span"] is not Span.FIXED:
        values["since"] = values["until"] = None
        return
    for name in ("since", "until"):
        if values[name] is None:
            raise RuleBroken(_("Enter the first and the last day."), name)
    if problem := problem_of(Period(values["since"], values["until"])):
        raise RuleBroken(problem, "until")


def _drop_those_who_may_not(saved: SavedReport) -> None:
    saved.recipients = [one for one in saved.recipients if queries.may_read(one.user, saved)]


def remove(saved: SavedReport, by: User) -> None:
    """Remove a saved report; mails that are written go out."""
    audit.record("saved-report.removed", saved, by)
    db.session.delete(saved)


def send_by_mail(saved: SavedReport, values: dict[str, Any], by: User) -> None:
    """Say how often it goes to whom; the first mail is about the month or quarter that is under way."""
    rhythm, wanted = values["rhythm"], set(values["recipients"])
    sends = rhythm is not Rhythm.NEVER
    if sends and not (values["as_pdf"] or values["as_xlsx"]):
        raise RuleBroken(_("Choose at least one file: PDF or Excel."), "as_pdf")
    if sends and not wanted:
        raise RuleBroken(_("Choose who gets the report."), "recipients")
    before = len(saved.recipients)
    offered = {one.id for one in queries.choosable(by, saved)}
    # Whom one may not choose stays as it is.
    kept = [one for one in saved.recipients if one.user_id in wanted or one.user_id not in offered]
    new = wanted & offered - {one.user_id for one in kept}
    saved.recipients = kept + [ReportRecipient(user_id=number) for number in sorted(new)]
    if sends and (saved.rhythm is not rhythm or saved.mailed_until is None):
        saved.mailed_until = last_end(rhythm, today())
    _touch(saved)
    saved.rhythm, saved.as_pdf, saved.as_xlsx = rhythm, values["as_pdf"], values["as_xlsx"]
    # The files are as they were where there is no mail.
    if not sends and not (saved.as_pdf or saved.as_xlsx):
        saved.as_pdf = True
    audit.record("saved-report.mailing-changed", saved, by, recipients=(before, len(saved.recipients)))


def unsubscribe(saved: SavedReport, by: User) -> None:
    """Take oneself off the list of recipients."""
    others = [one for one in saved.recipients if one.user_id != by.id]
    if len(others) == len(saved.recipients):
        raise RuleBroken(_("You do not get this report by mail."))
    before = len(saved.recipients)
    saved.recipients = others
    _touch(saved)
    audit.record("saved-report.unsubscribed", saved, by, recipients=(before, len(others)))


def skip_missed() -> int:
    """In a restored database take as sent what may have gone since the backup; give the number of reports."""
    skipped = 0
    for saved in queries.mailed():
        end = last_end(saved.rhythm, today())
        if (saved.mailed_until or end) < end and goes_out(end) <= now():
            saved.mailed_until = end
            skipped += 1
    return skipped


def _touch(saved: SavedReport) -> None:
    """Count a change of the list of recipients as a change of the record, for whoever has its form open."""
    saved.updated_at = now()
