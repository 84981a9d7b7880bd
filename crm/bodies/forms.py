"""What is typed about bodies, their members and who supervises them."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect
from wtforms import HiddenField

from crm.addresses import WebField, mail_address
from crm.bodies.models import KINDS
from crm.chips import ChipsField
from crm.fields import (
    CheckField,
    ChoiceField,
    DayField,
    LongTextField,
    TextField,
    enum_choices,
    must,
    must_choose,
)
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm
from crm.organisations.models import Kind, Organisation


class _Name(Form):
    name = TextField(_l("Name"), [must(_l("Enter the name."))])
    kind = ChoiceField(
        _l("Kind"),
        [must_choose(_l("Choose the kind."))],
        kind=Kind,
        choices=enum_choices(KINDS, _l("please choose")),
    )


class _Contact(Form):
    address = LongTextField(_l("Address"), limit=300, rows=3)
    phone = TextField(_l("Phone"), limit=60)
    email = TextField(_l("E-mail"), [mail_address], limit=254)
    website = WebField(_l("Website"), limit=300)
    valid_from = DayField(_l("Exists since"), description=_l("Empty: not known."))
    valid_to = DayField(_l("Exists until"), lean="near", description=_l("Empty: until further notice."))


class NewBodyForm(_Name, _Contact, NewRecordForm):
    """A new body."""

    anyway = HiddenField()

    twins: Any = ()


class BodyForm(_Name, _Contact, RecordForm):
    """A body that is changed; a new name begins on a day, unless it only corrects the old one."""

    named_from = DayField(
        _l("New name or kind holds from"),
        lean="near",
        description=_l("Only if name or kind change. The old name stays on record and is still found."),
    )
    correction = CheckField(
        _l("Only a correction"), description=_l("Name or kind were wrong from the beginning.")
    )


def stored(body: Organisation, kind: Kind, today: Any) -> SimpleNamespace:
    """Give a body as its form sees it."""
    columns = {column.key: getattr(body, column.key) for column in inspect(Organisation).column_attrs}
    return SimpleNamespace(**columns, kind=kind, named_from=today, correction=False)


class BodyFilterForm(FilterForm):
    """What the list of bodies is narrowed to."""

    q = TextField(_l("Name or initials"))
    kind = ChoiceField(_l("Kind"), kind=Kind, choices=enum_choices(KINDS, _l("all")))
    ended = CheckField(_l("Ended ones too"))


class NewMembersForm(NewRecordForm):
    """Organisations that belong to a body from one day on."""

    organisations = ChipsField(
        _l("Members"), [must_choose(_l("Add at least one member."))],
        placeholder=_l("Add a member …"),
        description=_l("Name or key, other bodies as well. A county can add all its municipalities at once."),
    )  # fmt: skip
    valid_from = DayField(_l("Member since"), description=_l("Empty: not known."))
    note = TextField(_l("Remark"))

    def connect(self, source: Any) -> Any:
        """Give the chips their source."""
        self.organisations.use(source)
        return self


class MemberForm(RecordForm):
    """Time and remark of one membership."""

    valid_from = DayField(_l("Member since"), description=_l("Empty: not known."))
    valid_to = DayField(_l("Member until"), lean="near", description=_l("Empty: until further notice."))
    note = TextField(_l("Remark"))


class EndForm(RecordForm):
    """The last day of a membership."""

    valid_to = DayField(_l("Last day"), [must(_l("Enter the last day."))], lean="near")


class SupervisorForm(RecordForm):
    """An authority that supervises instead of the computed one, and why."""

    supervisor = TextField(_l("Supervisory authority"), [must(_l("Enter the authority."))], limit=100)
    supervisor_reason = TextField(
        _l("Reason"),
        [must(_l("Enter why this authority supervises."))],
        limit=300,
        description=_l("For example: the ministry named this authority on 12.03.2024."),
    )


class SupervisionForm(FilterForm):
    """A set of organisations to ask the rule about, and the day."""

    kommunen = ChipsField(_l("Municipalities and other bodies"), placeholder=_l("Add a municipality …"))
    am = DayField(_l("On"), lean="near")

    def connect(self, source: Any) -> Any:
        """Give the chips their source and read the address."""
        self.kommunen.use(source)
        self.validate()
        return self
