"""What is typed about accounts."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from config import LANGUAGES
from crm.access import Role
from crm.addresses import mail_address
from crm.fields import (
    CheckField,
    ChoiceField,
    DayField,
    FromList,
    PasswordField,
    SegmentField,
    TextField,
    enum_choices,
    must,
    must_choose,
    record_choices,
)
from crm.forms import AuthoredForm, Form, NewRecordForm, RecordForm

THEMES = {"auto": _l("as the device"), "light": _l("light"), "dark": _l("dark")}
DENSITIES = {"roomy": _l("wide"), "compact": _l("narrow")}


class SignInForm(Form):
    """Address and password; sealed fields of an interrupted form ride along."""

    email = TextField(_l("E-mail"), [must(_l("Enter your e-mail address."))], limit=254)
    password = PasswordField(_l("Password"), [must(_l("Enter your password."))])
    sealed = HiddenField()
    next = HiddenField()


class RolesField(SelectMultipleField):
    """Checkboxes, one per role; at least one must be ticked."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, **kw: Any):
        super().__init__(label, choices=enum_choices(Role), coerce=_role, **kw)
        self.flags.required = True

    def process_data(self, value: Any) -> None:
        """Show stored roles in the order of the table."""
        self.data = [role for role in Role if role in (value or ())]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what is ticked; anything unknown is refused."""
        self.data = []
        try:
            self.data = [Role(value) for value in valuelist]
        except ValueError:
            raise ValidationError(_("Invalid choice. Pick one of the list.")) from None

    def pre_validate(self, form: Any) -> None:
        """At least one role."""
        if not self.data:
            raise ValidationError(_("Choose at least one role."))


def _role(value: Any) -> Role:
    return value if isinstance(value, Role) else Role(value)


class _Account(Form):
    name = TextField(_l("First and last name"), [must(_l("Enter the name."))])
    email = TextField(
        _l("E-mail"), [must(_l("Enter the e-mail address.")), mail_address], limit=254,
        description=_l("Used for signing in."),
    )  # fmt: skip
    roles = RolesField(
        _l("Roles"),
        description=_l(
            "A reader sees everything that is not confidential and changes nothing; an adviser logs talks, "
            "cooperations and contacts, and sees what is confidential; an event coordinator plans events and "
            "hands out materials; a manager does all that and closes quarters; an administrator keeps "
            "accounts and settings and sees no talk."
        ),
    )


class NewUserForm(_Account, NewRecordForm):
    """A new account."""


class UserForm(_Account, RecordForm):
    """Name, address and roles of an account."""


class LockForm(AuthoredForm):
    """Who takes over the open follow-ups of a locked account."""

    successor_id = ChoiceField(_l("Takes over open follow-ups"), [must(_l("Choose who takes over."))])


class PasswordForm(Form):
    """A new password of one's own."""

    old_password = PasswordField(_l("Present password"), [must(_l("Enter your present password."))])
    new_password = PasswordField(
        _l("New password"),
        [must(_l("Enter the new password."))],
        description=_l("At least 8 characters. Several words are easy to remember and hard to guess."),
    )
    password_again = PasswordField(
        _l("New password once more"), [must(_l("Enter the new password once more."))]
    )

    def validate_new_password(self, field: Any) -> None:
        """A one-time password is not kept by entering it again."""
        if field.data == self.old_password.data:
            raise ValidationError(_("Choose a password that differs from the present one."))

    def validate_password_again(self, field: Any) -> None:
        """Both must be equal."""
        if field.data != self.new_password.data:
            raise ValidationError(_("The two new passwords differ. Type both again."))


class ProofForm(Form):
    """The password once more; sealed fields of the form it was asked for ride along."""

    password = PasswordField(_l("Password"), [must(_l("Enter your password."))])
    sealed = HiddenField()
    next = HiddenField()


class ForgottenForm(Form):
    """Where the link for a new password is to go."""

    email = TextField(
        _l("E-mail"), [must(_l("Enter your e-mail address.")), mail_address], limit=254,
        description=_l("The address of your account."),
    )  # fmt: skip


class RenewForm(PasswordForm):
    """A new password by a link; nobody knows the old one."""

    old_password = None  # type: ignore[assignment]

    def validate_new_password(self, field: Any) -> None:
        """There is nothing to compare it with."""


class SettingsForm(RecordForm):
    """How one's own screen looks, and who stands in."""

    language = SegmentField(
        _l("Language"), [must_choose(FromList.INVALID)], choices=record_choices(LANGUAGES.items())
    )
    theme = SegmentField(
        _l("Colours"), [must_choose(FromList.INVALID)], choices=record_choices(THEMES.items())
    )
    density = SegmentField(
        _l("Line spacing of lists"),
        [must_choose(FromList.INVALID)],
        choices=record_choices(DENSITIES.items()),
    )
    hotkeys = CheckField(_l("Single keys as shortcuts (N, T, /)"))
    morning_mail = CheckField(
        _l("Morning mail with what is due"),
        description=_l("On working days at half past six, and only if something is due."),
    )
    absent_from = DayField(_l("Away from"), lean="future")
    absent_until = DayField(_l("Away until"), lean="future")
    deputy_id = ChoiceField(_l("Deputy"), description=_l("Sees your follow-ups while you are away."))
