"""The mails about a reported barrier: to the sender, and to the office."""

from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from crm import links
from crm.access import Permission
from crm.accounts.queries import everybody
from crm.barriers import queries
from crm.barriers.models import BarrierReport
from crm.i18n import day
from crm.mail import services as mail
from crm.mail.models import MailKind
from crm.office.queries import office

HOUR = timedelta(hours=1)


def confirm(report: BarrierReport) -> None:
    """Tell the sender that the report is here. Anybody may type any address: no word of theirs is repeated,
    and an address gets few such mails in an hour."""
    most = current_app.config["PUBLIC_MAILS_PER_HOUR"]
    if not report.sender_email or queries.from_address(str(report.address_key), HOUR) > most:
        return
    lines = [
        _("a barrier was reported with this address. Number: %(number)s", number=report.reference),
        _("You get an answer by %(day)s.", day=day(report.due_on)),
        _("If it was not you, do nothing."),
    ]
    _post(report.sender_email, _("Your report %(number)s", number=report.reference), lines, "")


@force_locale("de")
def tell_office(report: BarrierReport) -> None:
    """Tell the office, or its managers where it has no address, that something is to be answered."""
    to = [office().sender] if office().sender else _managers()
    lines = [
        _("somebody has reported a barrier in this program: %(number)s.", number=report.reference),
        _("It is to be answered by %(day)s:", day=day(report.due_on)),
        links.to("barriers.show", report_id=report.id),
    ]
    for address in to:
        _post(address, _("Barrier reported: %(number)s", number=report.reference), lines, "")


@force_locale("de")
def send_answer(report: BarrierReport) -> None:
    """Send the sender what was answered."""
    lines = [
        _("you reported a barrier: %(number)s. Our answer:", number=report.reference),
        report.answer or "",
        _("If it does not help, you may turn to the enforcement body. How, stands here:"),
        links.to("home.accessibility"),
    ]
    subject = _("Answer to your report %(number)s", number=report.reference)
    _post(report.sender_email or "", subject, lines, report.sender_name or "")


def _managers() -> list[str]:
    return [one.email for one in everybody() if one.is_active and one.may(Permission.READ_STAFF_FIGURES)]


def _post(to: str, subject: str, lines: list[str], name: str) -> None:
    greeting = _("Good day %(name)s,", name=name) if name else _("Good day,")
    body = "\n\n".join([greeting, *lines, office().name or "KIKZ"])
    mail.post(MailKind.NOTICE, to, subject, body, recipient_name=name)
