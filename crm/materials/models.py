"""A material, its versions, the newest of which holds, and the booked stock of printed copies."""

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Model, Record, today
from crm.documents.models import Document
from crm.materials.issued import in_words
from crm.materials.kinds import Language, MaterialKind, Movement, Whose, YearBasis
from crm.task_fields.models import TaskField


class Material(Record):
    """What was written once and is handed out in versions.

    `source_key` is its number in the list it came from. From `withdrawn_on` it is not handed out any more.
    """

    __tablename__ = "materials"
    __table_args__ = (Index("ix_materials_in_order", "sort_key", "id"),)

    title: Mapped[str] = mapped_column(String(300))
    kind: Mapped[MaterialKind]
    series: Mapped[str | None] = mapped_column(String(200))
    publisher: Mapped[str | None] = mapped_column(String(200))
    whose: Mapped[Whose] = mapped_column(default=Whose.OWN)
    language: Mapped[Language] = mapped_column(default=Language.GERMAN)
    note: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    withdrawn_on: Mapped[date | None]
    source_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    sort_key: Mapped[str] = mapped_column(String(400))
    search_text: Mapped[str] = mapped_column(Text)

    task_fields: Mapped[list[TaskField]] = relationship(
        secondary="material_task_fields", order_by=TaskField.name
    )
    versions: Mapped[list["MaterialVersion"]] = relationship(
        back_populates="material", order_by="MaterialVersion.number.desc()"
    )

    @property
    def newest(self) -> "MaterialVersion":
        """The version that is handed out: the last whose time has begun; before the first has, the last."""
        return next((one for one in self.versions if not one.is_ahead), self.versions[0])

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether it is not handed out any more."""
        return self.withdrawn_on is not None and self.withdrawn_on <= today()

    @property
    def text(self) -> str:
        """Name as a link shows it."""
        return self.title


class MaterialTaskField(Model):
    """A material is about a task field."""

    __tablename__ = "material_task_fields"

    material_id: Mapped[int] = mapped_column(ForeignKey("materials.id"), primary_key=True)
    task_field_id: Mapped[int] = mapped_column(ForeignKey("task_fields.id"), primary_key=True, index=True)


class MaterialVersion(Record):
    """One version of a material: a file or an address, when it appeared and how long it holds.

    `number` counts up and decides which is the newest. `issued` is 2016, 2016-12 or 2016-12-02, as far as it
    is known. `in_stock` changes only together with a row of the stock's log.
    """

    __tablename__ = "material_versions"
    __table_args__ = (
        UniqueConstraint("material_id", "number"),
        CheckConstraint("in_stock >= 0", name="in_stock"),
        CheckConstraint("valid_to >= valid_from", name="order"),
    )

    material_id: Mapped[int] = mapped_column(ForeignKey("materials.id"))
    number: Mapped[int]
    label: Mapped[str | None] = mapped_column(String(100))
    issued: Mapped[str | None] = mapped_column(String(10))
    year_basis: Mapped[YearBasis] = mapped_column(default=YearBasis.STATED)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    link: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str | None] = mapped_column(String(300))
    in_stock: Mapped[int] = mapped_column(default=0)

    material: Mapped[Material] = relationship(back_populates="versions")
    document: Mapped[Document | None] = relationship(uselist=False, viewonly=True)

    @property
    def called(self) -> str:
        """Its label, else its number."""
        return self.label or _("Version %(number)s", number=self.number)

    @property
    def text(self) -> str:
        """Title and version, as a line of the dispatch log names it."""
        return f"{self.material.title}, {self.called}"

    @property
    def is_outdated(self) -> bool:
        """Tell whether a newer version is handed out instead."""
        return self.number < self.material.newest.number

    @property
    def is_ahead(self) -> bool:
        """Tell whether its time is still to come."""
        return self.valid_from is not None and self.valid_from > today()

    @property
    def has_ended(self) -> bool:
        """Tell whether its time is over, newer version or not."""
        return self.valid_to is not None and self.valid_to < today()

    @property
    def has_content(self) -> bool:
        """Tell whether there is something behind a link: a file that is not confidential, or an address."""
        return bool(self.link) or (self.document is not None and not self.document.confidential)

    @property
    def appeared(self) -> str:
        """When it appeared, in words, with how sure that is."""
        return in_words(self.issued, self.year_basis)


class StockMovement(Record):
    """Copies that came, went or were counted; `balance` is what lay there afterwards."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint("balance >= 0", name="balance"),
        Index("ix_stock_movements_of_version", "version_id", "id"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("material_versions.id"))
    kind: Mapped[Movement]
    copies: Mapped[int]
    balance: Mapped[int]
    booked_on: Mapped[date] = mapped_column(default=today)
    note: Mapped[str | None] = mapped_column(String(300), info={"personal": True})
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    dispatch_id: Mapped[int | None] = mapped_column(ForeignKey("dispatches.id"), index=True)

    by: Mapped[User | None] = relationship()
