"""True borders of Kommunen, once a file of boundaries was taken over."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Model


class Boundary(Model):
    """The shape of a Kommune: polygons of rings, packed as crm/geography/packing.py says."""

    __tablename__ = "boundaries"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    shape: Mapped[list[Any]] = mapped_column(JSON)
    loaded_on: Mapped[date]
    attribution: Mapped[str] = mapped_column(String(300))


class Border(Model):
    """Two Kommunen that touch, and how long their common border is; stored once, the smaller number first."""

    __tablename__ = "borders"
    __table_args__ = (
        CheckConstraint("organisation_id < neighbour_id", name="once"),
        Index("ix_borders_neighbour", "neighbour_id"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    neighbour_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    metres: Mapped[int]
