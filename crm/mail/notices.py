"""Mails that say at once that something about an account was changed, by whomever."""

from collections.abc import Collection
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from crm.accounts.models import User
from crm.addresses import is_mail_address
from crm.mail import services
from crm.mail.models import MailKind
from crm.mail.passwords import plain_name, signed


@force_locale("de")
def tell_second_factor_set(user: User) -> None:
    """Say that the door asks for a second factor from now on."""
    what = _("your account at IKZ-Beratung now asks for a code from your app at sign-in.")
    _tell(user, _("Second factor for IKZ-Beratung set up"), what)


@force_locale("de")
def tell_second_factor_gone(user: User, by: Any = None) -> None:
    """Say that the door asks for the password only."""
    if by is not None and by.id == user.id:
        what = _("you have switched off the second factor of your account at IKZ-Beratung.")
    else:
        what = _("the administration has reset the second factor of your account at IKZ-Beratung.")
    _tell(user, _("Second factor for IKZ-Beratung switched off"), what)


@force_locale("de")
def tell_codes_renewed(user: User) -> None:
    """Say that there are new recovery codes."""
    what = _("there are new recovery codes for your account at IKZ-Beratung. The old ones no longer hold.")
    _tell(user, _("New recovery codes for IKZ-Beratung"), what)


@force_locale("de")
def tell_code_used(user: User, left: int) -> None:
    """Say that a recovery code was used, and how many are left."""
    what = _("a recovery code was used for your account at IKZ-Beratung. Codes left: %(n)s.", n=left)
    _tell(user, _("Recovery code for IKZ-Beratung used"), what)


@force_locale("de")
def tell_account_changed(user: User, old_email: str, old_roles: Collection[Any]) -> None:
    """Say to the old and the new address that the address changed, and that the rights did."""
    if user.email != old_email:
        what = _("the address of your account at IKZ-Beratung was changed to %(email)s.", email=user.email)
        for address in (old_email, user.email):
            _tell(user, _("Address of your account at IKZ-Beratung changed"), what, address)
    if user.roles != old_roles:
        what = _("your rights at IKZ-Beratung were changed. You now are: %(roles)s.", roles=user.role_names)
        _tell(user, _("Your rights at IKZ-Beratung were changed"), what)


def _tell(user: User, subject: str, what: str, address: str = "") -> None:
    to = address or user.email
    if not is_mail_address(to):
        return
    body = signed(
        _("Hello %(name)s,", name=user.name),
        what,
        _("If you know nothing of it, tell the administration at once."),
    )
    services.post(MailKind.NOTICE, to, subject, body, user_id=user.id, recipient_name=plain_name(user.name))
