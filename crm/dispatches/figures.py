"""How much was handed out in a time, by material and version; the log with the same filters lists it."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import case, func, select

from crm.db import db
from crm.dispatches.models import Dispatch, DispatchRecipient, Way
from crm.dispatches.queries import seen_by
from crm.materials.issued import in_words
from crm.materials.models import Material, MaterialVersion
from crm.materials.queries import outdated

MOST = 1_000


@dataclass(frozen=True)
class Row:
    """One version: how many got it by each way, how many copies went, how often links were opened."""

    version_id: int
    material_id: int
    title: str
    called: str
    appeared: str
    outdated: bool
    recipients: int
    mail: int
    post: int
    in_person: int
    link: int
    copies: int
    opened: int

    def cells(self) -> list[Any]:
        """The row of a file."""
        return [getattr(self, one.name) for one in fields(self)[2:] if one.name != "outdated"]


def head() -> list[str]:
    """The names of the columns of a file."""
    return [
        _("Material"), _("Version (material)"), _("Appeared"), _("Who got it"), _("by mail"), _("by post"),
        _("handed over"), _("link only"), _("Copies"), _("Downloads"),
    ]  # fmt: skip


def of(user: Any, since: date | None, until: date | None) -> list[Row]:
    """Count what was handed out in a time, by title and version."""
    ways = [func.count(case((Dispatch.way == way, DispatchRecipient.id))) for way in Way]
    query = (
        select(
            MaterialVersion.id, MaterialVersion.material_id, Material.title, MaterialVersion.label,
            MaterialVersion.number, MaterialVersion.issued, MaterialVersion.year_basis,
            func.count(DispatchRecipient.id), *ways,
            func.sum(Dispatch.copies), func.sum(DispatchRecipient.opened_count), outdated(),
        )
        .select_from(Dispatch)
        .outerjoin(Dispatch.recipients)
        .join(Dispatch.material_version)
        .join(MaterialVersion.material)
        .where(seen_by(user))
        .group_by(
            MaterialVersion.id, MaterialVersion.material_id, Material.title, MaterialVersion.label,
            MaterialVersion.number, MaterialVersion.issued, MaterialVersion.year_basis, Material.sort_key,
        )
        .order_by(Material.sort_key, MaterialVersion.material_id, MaterialVersion.number.desc())
    )  # fmt: skip
    if since:
        query = query.where(Dispatch.handed_on >= since)
    if until:
        query = query.where(Dispatch.handed_on <= until)
    return [_row(row) for row in db.session.execute(query.limit(MOST))]


def _row(row: Any) -> Row:
    number, material_id, title, label, count_up, issued, basis, *counted, outdated = row
    called = label or _("Version %(number)s", number=count_up)
    about = (number, material_id, title, called, in_words(issued, basis), bool(outdated))
    return Row(*about, *(int(one or 0) for one in counted))


def total(rows: list[Row]) -> dict[str, int]:
    """Add all rows up."""
    names = ("recipients", "mail", "post", "in_person", "link", "copies", "opened")
    return {name: sum(getattr(one, name) for one in rows) for name in names}
