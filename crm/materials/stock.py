"""The stock of printed copies: every change is booked, and nobody takes what does not lie there.

The number is changed by one statement that asks for it at the same time, so that of two who take the last
copies one is refused, on either database.
"""

from datetime import date
from typing import Any

from flask_babel import ngettext
from sqlalchemy import select, update

from crm import audit
from crm.db import db, today
from crm.errors import RuleBroken
from crm.materials.kinds import Movement
from crm.materials.models import MaterialVersion, StockMovement


def book(
    version: MaterialVersion,
    kind: Movement,
    copies: int,
    by: Any,
    booked_on: date | None = None,
    note: str | None = None,
    dispatch_id: int | None = None,
) -> StockMovement:
    """Book copies that came or went, or what was counted; raises RuleBroken where more go than lie there."""
    change = _counted(version, copies) if kind is Movement.COUNTED else _moved(version, kind, copies)
    db.session.refresh(version, ["in_stock"])
    made = StockMovement(
        version_id=version.id, kind=kind, copies=change, balance=version.in_stock, note=note,
        booked_on=booked_on or today(), by_id=getattr(by, "id", None), dispatch_id=dispatch_id,
    )  # fmt: skip
    db.session.add(made)
    said = {"in_stock": (version.in_stock - change, version.in_stock)}
    audit.record("material.stock-booked", version.material, by, **said)
    return made


def _moved(version: MaterialVersion, kind: Movement, copies: int) -> int:
    """Add or take away in one statement; nothing is taken that is not there."""
    change = copies if kind is Movement.IN else -copies
    moved = update(MaterialVersion).where(MaterialVersion.id == version.id)
    if kind is Movement.OUT:
        moved = moved.where(MaterialVersion.in_stock >= copies)
    moved = moved.values(in_stock=MaterialVersion.in_stock + change)
    done: Any = db.session.execute(moved.execution_options(synchronize_session=False))
    if not done.rowcount:
        db.session.refresh(version, ["in_stock"])
        raise _too_few(version.in_stock)
    return change


def _counted(version: MaterialVersion, copies: int) -> int:
    """Set what was counted; the row is held, so that nobody moves it between reading and writing."""
    query = select(MaterialVersion.in_stock).where(MaterialVersion.id == version.id).with_for_update()
    before = db.session.scalars(query).one()
    moved = update(MaterialVersion).where(MaterialVersion.id == version.id).values(in_stock=copies)
    db.session.execute(moved.execution_options(synchronize_session=False))
    return copies - before


def _too_few(left: int) -> RuleBroken:
    message = ngettext("Only %(num)s copy lies in stock.", "Only %(num)s copies lie in stock.", left)
    return RuleBroken(message, "copies")


def forget_dispatch(dispatch_id: int) -> None:
    """Let the log stand without a handing out that was taken back."""
    freed = update(StockMovement).where(StockMovement.dispatch_id == dispatch_id).values(dispatch_id=None)
    db.session.execute(freed.execution_options(synchronize_session="fetch"))
