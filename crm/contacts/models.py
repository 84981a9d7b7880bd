"""People and the functions they hold for a time."""

import enum
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.contacts.names import full_name
from crm.dates import Dated
from crm.db import Record, today
from crm.labels import Labelled, name_members
from crm.organisations.models import Organisation
from crm.records import Removable, trash_index


class FunctionRole(enum.Enum):
    """What somebody does in an organisation, whatever the title says."""

    HEAD = "head"
    DEPUTY = "deputy"
    OFFICE_MANAGER = "office-manager"
    FINANCE = "finance"
    DEPARTMENT = "department"
    COUNCIL_CHAIR = "council-chair"
    COUNCILLOR = "councillor"
    STAFF = "staff"
    OTHER = "other"

    @property
    def label(self) -> Any:
        """Name the role on screen."""
        return ROLE_LABELS[self]


ROLE_LABELS = {
    FunctionRole.HEAD: _l("Head of administration"),
    FunctionRole.DEPUTY: _l("Deputy head"),
    FunctionRole.OFFICE_MANAGER: _l("Office management"),
    FunctionRole.FINANCE: _l("Finance"),
    FunctionRole.DEPARTMENT: _l("Department head"),
    FunctionRole.COUNCIL_CHAIR: _l("Chair of the council"),
    FunctionRole.COUNCILLOR: _l("Member of the council"),
    FunctionRole.STAFF: _l("Staff"),
    FunctionRole.OTHER: _l("Other function"),
}


class MailBasis(Labelled):
    """Why somebody may be written to in mailings, or why not; single mails about a matter are no mailing."""

    OFFICE = "office"
    CONSENT = "consent"
    NOT_ASKED = "not-asked"
    WITHDRAWN = "withdrawn"
    OBJECTED = "objected"


name_members(
    {
        MailBasis.OFFICE: _l("holds an office; the task of the centre allows it"),
        MailBasis.CONSENT: _l("has agreed"),
        MailBasis.NOT_ASKED: _l("was not asked"),
        MailBasis.WITHDRAWN: _l("has withdrawn consent"),
        MailBasis.OBJECTED: _l("has objected"),
    }
)


class Person(Removable, Record):
    """Somebody outside the centre."""

    __tablename__ = "people"
    __table_args__ = (trash_index("people"), Index("ix_people_in_order", "sort_key", "removed_at"))

    academic_title: Mapped[str | None] = mapped_column(String(50), info={"personal": True})
    first_name: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    last_name: Mapped[str] = mapped_column(String(200), info={"personal": True})
    email: Mapped[str | None] = mapped_column(String(254), info={"personal": True})
    phone: Mapped[str | None] = mapped_column(String(50), info={"personal": True})
    note: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    mail_basis: Mapped[MailBasis] = mapped_column(default=MailBasis.OFFICE)
    mail_basis_on: Mapped[date | None]
    restricted_on: Mapped[date | None]
    objected_on: Mapped[date | None]
    sort_key: Mapped[str] = mapped_column(String(400), info={"personal": True})
    search_text: Mapped[str] = mapped_column(Text, info={"personal": True})

    functions: Mapped[list["Function"]] = relationship(back_populates="person", order_by="Function.id")

    @property
    def name(self) -> str:
        """Dr. Ilse Rupp."""
        return full_name(self.academic_title, self.first_name, self.last_name)

    @property
    def full_name(self) -> str:
        """Ilse Rupp."""
        return full_name(self.first_name, self.last_name)

    @property
    def is_limited(self) -> bool:
        """Tell whether the data are only kept: restricted (Art. 18), or objected to (Art. 21)."""
        return self.restricted_on is not None or self.objected_on is not None

    @property
    def text(self) -> str:
        """Name as a chip shows it."""
        return self.name


def unlimited() -> ColumnElement[bool]:
    """The condition that somebody has neither had the data restricted nor objected to their use."""
    return Person.restricted_on.is_(None) & Person.objected_on.is_(None)


class Function(Dated, Removable, Record):
    """A person holds a function in an organisation for a time."""

    __tablename__ = "functions"
    __table_args__ = (trash_index("functions"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[FunctionRole]
    title: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    email: Mapped[str | None] = mapped_column(String(254), info={"personal": True})
    phone: Mapped[str | None] = mapped_column(String(50), info={"personal": True})
    is_head: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="functions")
    organisation: Mapped[Organisation] = relationship()

    @property
    def called(self) -> str:
        """The title as the person bears it, else the role."""
        return self.title or str(self.role.label)

    @property
    def is_current(self) -> bool:
        """Tell whether it is held today."""
        return self.holds_on(today())

    @property
    def is_ahead(self) -> bool:
        """Tell whether it begins later."""
        return self.valid_from is not None and self.valid_from > today()
