"""What is typed about people and their functions."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect
from wtforms import HiddenField

from crm.addresses import mail_address
from crm.chips import ChipsField
from crm.contacts.models import Function, FunctionRole, MailBasis
from crm.contacts.names import full_name
from crm.contacts.succeeding import Succession
from crm.db import today
from crm.fields import (
    CheckField,
    ChoiceField,
    DayField,
    LongTextField,
    TextField,
    coerce_number,
    must,
    must_choose,
)
from crm.filters import EdgeField, FilterForm
from crm.folding import fold
from crm.forms import Form, NewRecordForm, RecordForm, mark_of


class _Name(Form):
    first_name = TextField(_l("First name"))
    last_name = TextField(_l("Last name"), [must(_l("Enter the last name."))])
    academic_title = TextField(_l("Academic title"), limit=50)

    @property
    def full_name(self) -> str:
        """First and last name, for finding namesakes."""
        return full_name(self.first_name.data, self.last_name.data)


class _Asking(Form):
    """A form that asks before it saves something likely to be a slip; the same question comes once."""

    anyway = HiddenField()

    twins: Any = ()
    city = ""

    def asks(self, twins: Any = (), city: str | None = None) -> bool:
        """Show who is likely to be known, and the city whose mayor is no head; tell whether that is new."""
        mark = mark_of([[one.id for one in twins], city]) if twins or city else ""
        if not mark or self.anyway.data == mark:
            return False
        self.twins, self.city, self.anyway.data = twins, city or "", mark
        return True


class _Function(_Asking):
    organisation = ChipsField(
        _l("Municipality"),
        [must_choose(_l("Choose the municipality where the function is held."))],
        single=True,
        placeholder=_l("Find a municipality"),
        description=_l("Other bodies are found as well."),
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
    hand_over = CheckField(_l("The other term ends the day before"))
    official_phone = TextField(_l("Official phone"), limit=50)
    official_email = TextField(_l("Official e-mail"), [mail_address], limit=254)
    valid_from = DayField(_l("First day"), description=_l("Empty: not known."))
    valid_to = DayField(_l("Last day"), lean="future", description=_l("Empty: until further notice."))

    predecessor: Function | None = None
    led_by_lord_mayor: str | None = None

    def connect(self, source: Any) -> Any:
        """Give the chips their source."""
        self.organisation.use(source)
        return self

    @property
    def ends(self) -> int | None:
        """The function of the head that is to end the day before, by its number."""
        try:
            return coerce_number((self.hand_over.raw_data or [""])[0]) if self.hand_over.data else None
        except ValueError:
            return None

    @property
    def calls_head_mayor(self) -> bool:
        """Tell whether somebody called mayor is to lead; a lord mayor is none."""
        leads = self.is_head.data or self.role.data is FunctionRole.HEAD
        return bool(leads) and any(
            word.startswith("burgermeister") for word in fold(self.title.data or "").split()
        )

    @property
    def function(self) -> dict[str, Any]:
        """Columns of the function."""
        names = ("role", "title", "is_head", "valid_from", "valid_to")
        found = {name: self.data[name] for name in names}
        contact = {"email": self.official_email.data, "phone": self.official_phone.data}
        return found | contact | {"organisation_id": self.organisation.data[0]}


class _MailBasis(Form):
    mail_basis = ChoiceField(
        _l("Mailings"), [must_choose(_l("Choose whether mailings may be sent."))], kind=MailBasis,
        default=MailBasis.OFFICE,
        description=_l("Invitations and other mailings; single mails about a matter are not meant."),
    )  # fmt: skip
    mail_basis_on = DayField(_l("Since"), description=_l("Day of the agreement or the objection."))

    @property
    def may_be_mailed(self) -> dict[str, Any]:
        """Columns about mailings; a yes or a no without a day is of today."""
        basis, day = self.mail_basis.data, self.mail_basis_on.data
        before = getattr(self, "_record", None)
        if before is not None and basis is not before.mail_basis and day == before.mail_basis_on:
            day = None
        dated = basis in (MailBasis.CONSENT, MailBasis.WITHDRAWN, MailBasis.OBJECTED)
        return {"mail_basis": basis, "mail_basis_on": day or (today() if dated else None)}


class NewPersonForm(_Name, _Function, _MailBasis, NewRecordForm):
    """Somebody with the first function."""

    note = LongTextField(_l("Remark"), rows=3)

    @property
    def person(self) -> dict[str, Any]:
        """Columns of the person."""
        plain = {name: self.data[name] for name in ("academic_title", "first_name", "last_name", "note")}
        return plain | self.may_be_mailed


class PersonForm(_Name, _Asking, _MailBasis, RecordForm):
    """Name, direct contact and note of a person."""

    phone = TextField(_l("Other phone"), limit=50)
    email = TextField(_l("Other e-mail"), [mail_address], limit=254)
    note = LongTextField(_l("Remark"), rows=3)

    @property
    def person(self) -> dict[str, Any]:
        """Columns of the person."""
        return self.values | self.may_be_mailed


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


class HandOverForm(Succession, NewRecordForm):
    """Who follows, and from when; the predecessor's term ends the day before."""

    title = TextField(_l("Title of the function"))
    official_phone = TextField(_l("Official phone"), limit=50)
    official_email = TextField(_l("Official e-mail"), [mail_address], limit=254)

    @property
    def function(self) -> dict[str, Any]:
        """Columns of the successor's function."""
        contact = {"email": self.official_email.data, "phone": self.official_phone.data}
        return contact | {"valid_from": self.valid_from.data, "title": self.title.data}


class SearchForm(FilterForm):
    """What the list of people is narrowed to."""

    q = TextField(_l("Name, function or municipality"))
    endet = EdgeField(_l("Term ends by"), "last", lean="future")
    post = ChoiceField(_l("Mailings"), kind=MailBasis, empty=_l("all"))
    nur_gespeichert = CheckField(_l("Only those whose data are only kept"))


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
