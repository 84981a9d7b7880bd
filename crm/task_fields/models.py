"""The catalogue of shared tasks."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.dates import Dated
from crm.db import Record


class TaskField(Dated, Record):
    """A task that can be shared, in a group of tasks, for a time.

    The programme pays for it in applications from `fundable_from` to `fundable_until`; None means open on
    that side.
    """

    __tablename__ = "task_fields"

    name: Mapped[str] = mapped_column(String(100))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("task_fields.id"), index=True)
    search_text: Mapped[str] = mapped_column(String(300))
    fundable_from: Mapped[date | None]
    fundable_until: Mapped[date | None]

    parent: Mapped["TaskField | None"] = relationship(remote_side="TaskField.id")

    @property
    def text(self) -> str:
        """Name as a chip shows it."""
        return self.name
