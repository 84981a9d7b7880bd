"""What a guest, or the office for a guest, may type."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import StopValidation

from crm.addresses import mail_address
from crm.chips import ChipsField
from crm.fields import CheckField, ChoiceField, LongTextField, NumberField, TextField, must
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm
from crm.registrations.models import GuestKind, Registration, Seat
from crm.traps import TrappedForm

MOST_COMPANIONS = 9


class _Guest(Form):
    first_name = TextField(_l("First name"))
    last_name = TextField(_l("Last name"), [must(_l("Enter your last name."))])
    companions = NumberField(_l("Further persons you bring"), most=MOST_COMPANIONS)
    kind = ChoiceField(_l("I come as"), kind=GuestKind, empty=_l("not stated"))
    needs = LongTextField(_l("What do you need to take part well?"), limit=500, rows=2)

    @property
    def guest(self) -> dict[str, Any]:
        """The columns of the registration, without where the guest comes from."""
        values = {name: self.values.get(name) for name in ("first_name", "last_name", "email", "needs")}
        return values | {
            "companions": self.companions.data or 0,
            "kind": self.kind.data or GuestKind.OTHER,
        }


class PublicForm(_Guest, TrappedForm):
    """The registration page: a name and a mail address are enough."""

    email = TextField(_l("E-mail address"), [must(_l("Enter your e-mail address.")), mail_address], limit=254)
    organisation = TextField(_l("Municipality or organisation"))
    photos_allowed = CheckField(_l("Photos of the event that show me may be published."))
    # The mark of the notice that was shown.
    told = HiddenField()


class _Entered(_Guest):
    last_name = TextField(_l("Last name"), [must(_l("Enter the last name."))])
    email = TextField(_l("E-mail address"), [mail_address], limit=254)
    phone = TextField(_l("Phone"), limit=50)
    organisation = ChipsField(_l("Municipality or organisation"), single=True)
    organisation_text = TextField(_l("Organisation as it was typed"))
    kind = ChoiceField(_l("Comes as"), kind=GuestKind, empty=_l("not stated"))
    companions = NumberField(_l("Further persons"), most=MOST_COMPANIONS)
    needs = LongTextField(_l("Needs"), limit=500, rows=2)

    @property
    def guest(self) -> dict[str, Any]:
        """The columns of the registration."""
        number = (self.organisation.data or [None])[0]
        more = {"phone": self.values["phone"], "organisation_text": self.organisation_text.data}
        return super().guest | more | {"organisation_id": number}


def _named(form: Any, field: Any) -> None:
    nobody = not form.person.data and not form.person.problems and not form.person.errors
    if not field.data and nobody:
        raise StopValidation(_("Enter the last name, or choose a contact."))


class EntryForm(_Entered, NewRecordForm):
    """Enter a guest who called or wrote; of a known contact nothing else need be typed."""

    person = ChipsField(
        _l("Known contact"), single=True, placeholder=_l("Find a person"),
        description=_l("Whatever you leave empty below is taken from the contact."),
    )  # fmt: skip
    last_name = TextField(_l("Last name"), [_named])
    tell = CheckField(_l("Send the guest a confirmation"))

    def connect(self, organisations: Any, people: Any) -> None:
        """Give the chips their sources."""
        self.organisation.use(organisations)
        self.person.use(people)

    @property
    def guest(self) -> dict[str, Any]:
        """The columns of the registration; as whom somebody comes only where it was chosen."""
        return super().guest | {"kind": self.kind.data}


class ChangeForm(_Entered, RecordForm):
    """Correct a guest's registration."""


def stored(registration: Registration) -> Any:
    """A registration as the form shows it."""
    return _Shown(registration)


class _Shown:
    def __init__(self, registration: Registration):
        self._registration = registration
        self.organisation = [registration.organisation_id] if registration.organisation_id else []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._registration, name)


class GuestFilters(FilterForm):
    """What the list of guests is narrowed to."""

    q = TextField(_l("Name or municipality"))
    seat = ChoiceField(_l("State"), kind=Seat, empty=_l("all"))
    unmatched = CheckField(_l("Without an organisation of the register"))
    needing = CheckField(_l("With needs"))
