"""What is typed about people and their functions."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect
from wtforms import HiddenField

from crm.addresses import mail_address
from crm.chips import ChipsField
from crm.contacts.models import Function, FunctionRole
from crm.fields import CheckField, ChoiceField, DayField, LongTextField, TextField, must, must_choose
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm


class _Name(Form):
    first_name = TextField(_l("First name"))
    last_name = TextField(_l("Last name"), [must(_l("Enter the last name."))])
    academic_title = TextField(_l("Academic title"), limit=50)

    @property
    def full_name(self) -> str:
        """First and last name, for finding namesakes."""
        return " ".join(part for part in (self.first_name.data, self.last_name.data) if part)


class _Function(Form):
    organisation = ChipsField(
        _l("Municipality"),
        [must_choose(_l("Choose the municipality where the function is held."))],
        single=True,
        placeholder=_l("Find a municipality"),
    )
    role = ChoiceField(
        _l("Role"), [must_choose(_l("Choose a role."))], kind=FunctionRole, default=FunctionRole.OTHER
    )
    title = TextField(
        _l("Title of the function"),
        description=_l("As the person bears it, for example Stadträtin or Büroleitung."),
    )
    is_head = CheckField(
        _l("Leads the administration"),
        description=_l(
            "Also for somebody who leads for a time without that role. One person per municipality."
        ),
    )
    official_phone = TextField(_l("Official phone"), limit=50)
    official_email = TextField(_l("Official e-mail"), [mail_address], limit=254)
    valid_from = DayField(_l("First day"), description=_l("Empty: not known."))
    valid_to = DayField(_l("Last day"), lean="future", description=_l("Empty: until further notice."))

    def connect(self, source: Any) -> Any:
        """Give the chips their source."""
        self.organisation.use(source)
        return self

    @property
    def function(self) -> dict[str, Any]:
        """Columns of the function."""
        names = ("role", "title", "is_head", "valid_from", "valid_to")
        found = {name: self.data[name] for name in names}
        contact = {"email": self.official_email.data, "phone": self.official_phone.data}
        return found | contact | {"organisation_id": self.organisation.data[0]}


class NewPersonForm(_Name, _Function, NewRecordForm):
    """Somebody with the first function."""

    note = LongTextField(_l("Remark"), rows=3)
    anyway = HiddenField()

    twins: Any = ()

    @property
    def person(self) -> dict[str, Any]:
        """Columns of the person."""
        return {name: self.data[name] for name in ("academic_title", "first_name", "last_name", "note")}


class PersonForm(_Name, RecordForm):
    """Name, direct contact and note of a person."""

    phone = TextField(_l("Other phone"), limit=50)
    email = TextField(_l("Other e-mail"), [mail_address], limit=254)
    note = LongTextField(_l("Remark"), rows=3)


class NewFunctionForm(_Function, NewRecordForm):
    """One more function."""


class FunctionForm(_Function, RecordForm):
    """A function that is changed."""

    def prepare(self) -> Any:
        """Connect the stored twin to the same source."""
        return self.connect(self._record.source)  # type: ignore[union-attr]


class EndForm(RecordForm):
    """The last day of a function."""

    valid_to = DayField(_l("Last day"), [must(_l("Enter the last day."))])


class SearchForm(FilterForm):
    """What the list of people is narrowed to."""

    q = TextField(_l("Name, function or municipality"))


def stored(function: Function, source: Any) -> SimpleNamespace:
    """Give a function as its form sees it."""
    columns = {column.key: getattr(function, column.key) for column in inspect(Function).column_attrs}
    return SimpleNamespace(
        **columns,
        source=source,
        organisation=[function.organisation_id],
        official_phone=function.phone,
        official_email=function.email,
    )
