"""Mails about passwords: the link for a new one, and the word that one was changed."""

from datetime import timedelta
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from crm import links
from crm.accounts.models import User
from crm.addresses import is_mail_address
from crm.db import db, now
from crm.mail import queries, services
from crm.mail.models import MailKind
from crm.office.queries import office

PURPOSE, LIFETIME, AN_HOUR = "password", timedelta(minutes=60), timedelta(hours=1)
MOST_AN_HOUR = 3


@force_locale("de")
def send_link(email: str) -> None:
    """Write the mail with the link, if there is an account; for an unknown address the same is done in vain.

    Nobody who watches the clock learns which of the two it was.
    """
    address = email.strip().casefold()
    user = db.session.scalar(select(User).where(User.email == address).with_for_update())
    many = queries.number_lately(MailKind.PASSWORD, address, now() - AN_HOUR) >= MOST_AN_HOUR
    number, rests_on = (user.id, user.password_link_basis) if user else (0, "")
    token = links.make(PURPOSE, number, rests_on)
    body = signed(
        _("Hello,"),
        _("somebody has asked for a new password for your account at IKZ-Beratung."),
        _("With this link you set it. It is valid for 60 minutes and can be used once:"),
        links.to("accounts.reset", reset_token=token),
        _("If it was not you, you need not do anything: your password stays as it is."),
    )
    in_vain = db.session.begin_nested()
    services.post(
        MailKind.PASSWORD, address, _("New password for IKZ-Beratung"), body, user_id=number or None
    )
    if user is None or not user.is_active or many:
        in_vain.rollback()
    else:
        in_vain.commit()


@force_locale("de")
def tell_changed(user: User, by: Any = None) -> None:
    """Tell somebody that the own password was changed, by whomever."""
    if not is_mail_address(user.email):
        return
    if by is not None and by.id == user.id:
        what = _("you have set a new password for your account at IKZ-Beratung.")
    else:
        what = _("the administration has replaced the password of your account by a one-time password.")
    body = signed(
        _("Hello %(name)s,", name=user.name),
        what,
        _("All other sign-ins have ended."),
        _("If you know nothing of it, tell the administration at once."),
    )
    subject = _("Your password for IKZ-Beratung was changed")
    services.post(
        MailKind.NOTICE, user.email, subject, body, user_id=user.id, recipient_name=plain_name(user.name)
    )


def plain_name(name: str) -> str:
    """Give a name for the head of a mail, or nothing for one that a program would unpack."""
    return "" if "=?" in name else name


def signed(*parts: str) -> str:
    """Put the paragraphs of a letter together, with the name of the office below."""
    return "\n\n".join([*parts, office().name or "IKZ-Beratung"])
