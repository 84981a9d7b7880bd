"""The mails about minutes: please check them, the reminder, and the released paper."""

from collections.abc import Iterable
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from crm import links
from crm.i18n import day
from crm.mail import services as mail
from crm.mail.attachments import Attachment
from crm.mail.models import MailKind
from crm.minutes.models import Minutes, MinutesCheck, MinutesRelease
from crm.minutes.people import in_charge
from crm.office.queries import office
from crm.tokens import hash_of, new_token

PDF = "application/pdf"


def new_link() -> tuple[str, str]:
    """Make a personal link: the whole address for the mail, and the hash that is kept."""
    token = new_token()
    return links.to("minutes.check", token=token), hash_of(token)


@force_locale("de")
def ask(check: MinutesCheck) -> None:
    """Ask somebody to check minutes; the link is made here and stands in the mail only."""
    minutes, link = check.minutes, _link(check, "token_hash")
    lines = [
        *([minutes.message] if minutes.message else []),
        _("please check the minutes of our talk on %(day)s:", day=day(minutes.consultation.held_on)),
        link,
        _("You can agree there or write remarks, part by part, until %(day)s.", day=_deadline(minutes)),
        silence(minutes),
        _("The link is meant for you alone and ends with your answer."),
    ]
    subject = _("Please check: %(title)s", title=minutes.title)
    _post(minutes, check, subject, lines, _key(check.token_hash))


@force_locale("de")
def remind(check: MinutesCheck) -> None:
    """Ask once more before the deadline; the link of the first mail works as well."""
    minutes, link = check.minutes, _link(check, "second_hash")
    lines = [
        _("we have no answer from you yet to the minutes of our talk on %(day)s:",
          day=day(minutes.consultation.held_on)),
        link,
        _("You can answer until %(day)s.", day=_deadline(minutes)),
        silence(minutes),
    ]  # fmt: skip
    subject = _("Reminder: please check: %(title)s", title=minutes.title)
    _post(minutes, check, subject, lines, _key(check.second_hash))


@force_locale("de")
def send_released(release: MinutesRelease, to: Iterable[Any], name: str, content: bytes) -> int:
    """Send the paper to people, each a mail of its own; give their number."""
    minutes, edition = release.minutes, release.edition
    held = day(minutes.consultation.held_on)
    said = (
        _("the minutes of our talk on %(day)s were corrected. The new version is attached:", day=held)
        if edition > 1
        else _("attached you find the released minutes of our talk on %(day)s:", day=held)
    )
    file, number = Attachment(name, PDF, content), 0
    for one in to:
        body = _body(one.name, [said, minutes.title])
        mail.post(
            MailKind.MINUTES, one.email, _("Minutes: %(title)s", title=minutes.title), body,
            recipient_name=one.name, person_id=one.person_id, reply_to=_answers_to(minutes), files=(file,),
            once_key=f"{release.mail_key}{one.person_id}",
        )  # fmt: skip
        number += 1
    return number


def silence(minutes: Minutes) -> str:
    """Say what it means not to answer."""
    if minutes.silence_agrees:
        return _("If we hear nothing from you by then, we take it that you agree.")
    return _("If we hear nothing from you by then, the minutes say that there was no answer.")


def drop(check: MinutesCheck, reason: str) -> None:
    """End the links of somebody, and take the mails with them out of the outbox where they still wait."""
    for kept in (check.token_hash, check.second_hash):
        if kept is not None:
            mail.drop(reason, once_key=_key(kept))
    check.token_hash = check.second_hash = None


def _key(kept: str | None) -> str:
    """Name a mail by its link: the number of a check may be given anew once that check is deleted."""
    return f"minutes-{kept}"


def _deadline(minutes: Minutes) -> str:
    return day(minutes.deadline_on)


def _link(check: MinutesCheck, column: str) -> str:
    link, kept = new_link()
    setattr(check, column, kept)
    return link


def _post(minutes: Minutes, check: MinutesCheck, subject: str, lines: list[str], key: str) -> None:
    name = check.person.name if check.person else ""
    mail.post(
        MailKind.MINUTES, check.email, subject, _body(name, lines), recipient_name=name,
        person_id=check.person_id, reply_to=_answers_to(minutes), once_key=key,
    )  # fmt: skip


def _answers_to(minutes: Minutes) -> str | None:
    """Where a mail is answered to: nobody reads what comes for an account that is locked."""
    found = minutes.author if minutes.author.is_active else in_charge(minutes)
    return found.email if found else None


def _body(name: str, lines: list[str]) -> str:
    greeting = _("Good day %(name)s,", name=name) if name else _("Good day,")
    return "\n\n".join([greeting, *lines, office().name or "KIKZ"])
