"""Runs of an import, and which record came from which row."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Model, now
from crm.labels import Labelled, name_members


class ImportRun(Model):
    """One file taken over; `counts` as every import command speaks."""

    __tablename__ = "import_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(200))
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ImportedRecord(Model):
    """A record that a run made or changed; `source_id` names its row.

    `before` and `after` are what the run found and wrote; `before` is empty for a record that the run made.
    The newest row of a `source_id` whose run was not undone tells what the program knows of it. Of talks and
    people `after` holds marks instead of texts; the texts in `before` go when they can be set back no more.
    """

    __tablename__ = "imported_records"
    __table_args__ = (Index("ix_imported_records_source", "kind", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[str] = mapped_column(String(200))
    record_type: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info={"personal": True})
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info={"personal": True})


class ImportAnswer(Model):
    """What people decided about something a list left open; it holds for the next list, too.

    `mark` names the question: a spelling, a sign, or one row. The newest answer counts.
    """

    __tablename__ = "import_answers"
    __table_args__ = (UniqueConstraint("kind", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    mark: Mapped[str] = mapped_column(String(80))
    answer: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ImportMapping(Model):
    """What the columns of lists with these headings mean, as somebody chose it: {place: meaning or None}."""

    __tablename__ = "import_mappings"
    __table_args__ = (UniqueConstraint("kind", "header"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    header: Mapped[str] = mapped_column(String(64))
    meanings: Mapped[dict[str, str | None]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class JobState(Labelled):
    """How far the taking over of a long list is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


name_members(
    {
        JobState.WAITING: _l("waits for the worker"),
        JobState.RUNNING: _l("is being taken over"),
        JobState.DONE: _l("taken over"),
        JobState.FAILED: _l("not taken over"),
    }
)


class ImportJob(Model):
    """A long list that the worker takes over in one transaction: wholly, or not at all.

    It waits as a file under a purpose of its own. `wishes` and `choices` are what the preview was asked with,
    `digest` what it showed.
    """

    __tablename__ = "import_jobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(200))
    sheet: Mapped[str] = mapped_column(String(200), default="")
    wishes: Mapped[dict[str, str | None]] = mapped_column(JSON, default=dict)
    choices: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    digest: Mapped[str] = mapped_column(String(16))
    rows: Mapped[int]
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING, index=True)
    message: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=now)
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("import_runs.id"))

    @property
    def purpose(self) -> str:
        """Under which purpose its file waits."""
        return f"import-job-{self.id}"
