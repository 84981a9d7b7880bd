"""The register: bodies with dated names, keys, memberships and figures. Nothing in it is ever overwritten.

Every validity runs from `valid_from` to `valid_to`, both days included; None means open on that side.
"""

import enum
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.dates import Dated
from crm.db import Model, Record, today
from crm.records import Removable, trash_index


class Level(enum.Enum):
    """Where a body stands; Kommunen are municipalities and counties of Hessen."""

    MUNICIPALITY = "municipality"
    COUNTY = "county"
    REGION = "region"
    AREA = "area"
    ELSEWHERE = "elsewhere"
    BODY = "body"

    @property
    def label(self) -> Any:
        """Name the level on screen."""
        return LEVEL_LABELS[self]


LEVEL_LABELS = {
    Level.MUNICIPALITY: _l("Municipality"),
    Level.COUNTY: _l("County"),
    Level.REGION: _l("Administrative region"),
    Level.AREA: _l("Unincorporated area"),
    Level.ELSEWHERE: _l("Outside Hessen"),
    Level.BODY: _l("Body"),
}
KOMMUNEN = (Level.MUNICIPALITY, Level.COUNTY)
# Who can take part in a talk.
PARTIES = (*KOMMUNEN, Level.BODY, Level.ELSEWHERE)


class Kind(enum.Enum):
    """What a body is called, and what follows from it."""

    GEMEINDE = "gemeinde"
    TOWN = "town"
    SPECIAL_STATUS = "special-status"
    COUNTY_FREE = "county-free"
    COUNTY = "county"
    REGION = "region"
    AREA = "area"
    ZWECKVERBAND = "zweckverband"
    ASSOCIATION = "association"
    AUTHORITY = "authority"
    IT_PROVIDER = "it-provider"
    UNIVERSITY = "university"
    CONSULTANT = "consultant"
    OTHER = "other"

    @property
    def label(self) -> Any:
        """Name the kind on screen."""
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.GEMEINDE: _l("Gemeinde"),
    Kind.TOWN: _l("Stadt"),
    Kind.SPECIAL_STATUS: _l("Sonderstatusstadt"),
    Kind.COUNTY_FREE: _l("kreisfreie Stadt"),
    Kind.COUNTY: _l("Landkreis"),
    Kind.REGION: _l("Regierungsbezirk"),
    Kind.AREA: _l("gemeindefreies Gebiet"),
    Kind.ZWECKVERBAND: _l("Zweckverband"),
    Kind.ASSOCIATION: _l("Association"),
    Kind.AUTHORITY: _l("Authority"),
    Kind.IT_PROVIDER: _l("IT provider"),
    Kind.UNIVERSITY: _l("University"),
    Kind.CONSULTANT: _l("Consultancy"),
    Kind.OTHER: _l("Other body"),
}


class Organisation(Dated, Removable, Record):
    """A body with a number that never changes, whatever happens to its name and key.

    Only a body entered twice is ever removed, when it goes up in its double.
    """

    __tablename__ = "organisations"
    __table_args__ = (trash_index("organisations"),)

    level: Mapped[Level] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(200), default="", info={"derived": True})
    sort_key: Mapped[str] = mapped_column(String(200), index=True)
    search_text: Mapped[str] = mapped_column(Text)
    postcode: Mapped[str | None] = mapped_column(String(5))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    website: Mapped[str | None] = mapped_column(String(300))
    address: Mapped[str | None] = mapped_column(String(300))
    phone: Mapped[str | None] = mapped_column(String(60))
    email: Mapped[str | None] = mapped_column(String(254))
    supervisor: Mapped[str | None] = mapped_column(String(100))
    supervisor_reason: Mapped[str | None] = mapped_column(String(300))

    designations: Mapped[list["Designation"]] = relationship(
        order_by="Designation.valid_from.nulls_first()", cascade="all, delete-orphan"
    )
    keys: Mapped[list["OrganisationKey"]] = relationship(
        order_by="OrganisationKey.valid_from.nulls_first()", cascade="all, delete-orphan"
    )
    memberships: Mapped[list["Membership"]] = relationship(
        foreign_keys="Membership.organisation_id",
        order_by="Membership.valid_from.nulls_first()",
        cascade="all, delete-orphan",
    )
    figures: Mapped[list["PopulationFigure"]] = relationship(
        order_by="PopulationFigure.counted_on.desc()", cascade="all, delete-orphan"
    )

    @property
    def text(self) -> str:
        """Name as a chip or a link shows it."""
        return self.name

    @property
    def exists(self) -> bool:
        """Tell whether the body exists today."""
        return self.holds_on(today())


class Designation(Dated, Model):
    """Name and kind of a body for a time."""

    __tablename__ = "designations"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    official_name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[Kind]


class OrganisationKey(Dated, Model):
    """Official key (AGS) of a body for a time: 8 digits for municipalities, 5 for counties, 3 for regions."""

    __tablename__ = "organisation_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    key: Mapped[str] = mapped_column(String(8), index=True)


class Membership(Dated, Model):
    """A municipality lies in a county or directly in a region, a county in a region, for a time."""

    __tablename__ = "memberships"
    __table_args__ = (CheckConstraint("organisation_id <> parent_id", name="not_itself"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)

    parent: Mapped[Organisation] = relationship(foreign_keys=[parent_id])


class PopulationFigure(Model):
    """Inhabitants and area (km²) of a body as counted on a day."""

    __tablename__ = "population_figures"
    __table_args__ = (UniqueConstraint("organisation_id", "counted_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    counted_on: Mapped[date]
    population: Mapped[int | None]
    area_km2: Mapped[float | None]


class Succession(Model):
    """A body went up into another on a day."""

    __tablename__ = "successions"
    __table_args__ = (
        UniqueConstraint("predecessor_id", "successor_id"),
        Index("ix_successions_successor", "successor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    predecessor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    successor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    effective_on: Mapped[date]

    predecessor: Mapped[Organisation] = relationship(foreign_keys=[predecessor_id])
    successor: Mapped[Organisation] = relationship(foreign_keys=[successor_id])
