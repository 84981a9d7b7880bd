"""Long lists are taken over by the worker, each in one transaction: a kill leaves all of it or nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from crm import jobs
from crm.accounts.models import User
from crm.db import db, now
from crm.importing import Refused
from crm.imports import services
from crm.imports.kinds import LISTS, ListKind, Sort
from crm.imports.models import ImportJob, ImportRun, JobState
from crm.imports.plan import Action, Plan
from crm.register import queries as waiting_files
from crm.register import services as waiting
from crm.register.models import WaitingFile

DUTY = "take-over"
# A browser waits for fewer.
MOST_AT_ONCE = 300
ROWS_A_SECOND = 300
OPEN = (JobState.WAITING, JobState.RUNNING)


def is_long(plan: Plan) -> bool:
    """Tell whether a list has more to write than a browser should wait for."""
    return len(plan.having(Action.NEW, Action.CHANGED, Action.CLOSED)) > MOST_AT_ONCE


def leave_to_worker(
    kept: WaitingFile, plan: Plan, kind: ListKind, choices: Mapping[str, int], by: Any
) -> ImportJob:
    """Let the worker take a list over as it was shown. The caller commits and then rings."""
    columns = plan.mapping
    wishes = {
        str(place): columns.meanings[place].value if place in columns.meanings else None
        for place in range(len(columns.header))
    }
    job = ImportJob(
        kind=kind.sort.value, file_name=kept.file_name, sheet=plan.table.sheet, wishes=wishes,
        choices=dict(choices), digest=plan.digest(waiting.content_of(kept)), rows=len(plan.lines),
        by_id=by.id,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    kept.purpose = job.purpose
    return job


@jobs.duty(DUTY)
def take_over_long_lists() -> None:
    """Take over every list that waits, also one that a killed worker had begun."""
    found = list(
        db.session.scalars(select(ImportJob.id).where(ImportJob.state.in_(OPEN)).order_by(ImportJob.id))
    )
    db.session.rollback()
    jobs.each(DUTY, found, _work)


def _work(number: int) -> None:
    job = db.session.get_one(ImportJob, number)
    if job.state not in OPEN:
        db.session.rollback()
        return
    job.state, job.begun_at = JobState.RUNNING, now()
    language = db.session.get_one(User, job.by_id).language
    db.session.commit()
    with force_locale(language):
        try:
            _take_over(job)
        except Exception:
            db.session.rollback()
            _fail(job, _("Something went wrong. Nothing was taken over. Check the list once more."))
            raise


def _take_over(job: ImportJob) -> None:
    kind, by = LISTS[Sort(job.kind)], db.session.get_one(User, job.by_id)
    kept = waiting_files.waiting(job.by_id, job.purpose)
    if kept is None:
        _fail(job, _("The file is no longer there. Choose it once more."))
        return
    content = waiting.content_of(kept)
    try:
        table, columns = _read(content, job, kind)
    except Refused as refused:
        _fail(job, str(refused))
        return
    plan = services.locked_plan_of(table, columns, kind=kind)
    # Whoever came first has the lock; a second worker finds the list taken over.
    db.session.refresh(job)
    if job.state not in OPEN:
        db.session.rollback()
        return
    if plan.digest(content) != job.digest:
        _fail(job, _("Meanwhile something has changed. Look at the list once more and take it over then."))
        return
    if job.choices:
        plan = services.plan_of(table, columns, job.choices, kind)
    run = services.take_over(plan, job.file_name, by, kind)
    db.session.delete(kept)
    _finish(job, run)


def _finish(job: ImportJob, run: ImportRun | None) -> None:
    job.state, job.ended_at, job.run_id = JobState.DONE, now(), run.id if run else None
    db.session.commit()


def _read(content: bytes, job: ImportJob, kind: ListKind) -> tuple[Any, Any]:
    known = {one.value: one for one in kind.fields}
    wishes = {int(place): known.get(value or "") for place, value in job.wishes.items()}
    table = services.table_of(content, job.file_name, job.sheet)
    return table, services.mapping_of(table, wishes, kind)[0]


def _fail(job: ImportJob, message: str) -> None:
    """Say why a list was not taken over, and let its file wait for its user again."""
    kept = waiting_files.waiting(job.by_id, job.purpose)
    if kept is not None:
        kept.purpose = LISTS[Sort(job.kind)].purpose
    job.state, job.ended_at, job.message = JobState.FAILED, now(), message
    db.session.commit()


def choices_of(kept: WaitingFile, kind: ListKind) -> dict[str, int]:
    """What was chosen for a list that waits again because the worker could not take it over."""
    of_this_file = (
        ImportJob.by_id == kept.user_id, ImportJob.kind == kind.sort.value,
        ImportJob.file_name == kept.file_name, ImportJob.at >= kept.at,
    )  # fmt: skip
    failed = select(ImportJob.choices).where(*of_this_file, ImportJob.state == JobState.FAILED)
    return db.session.scalars(failed.order_by(ImportJob.id.desc()).limit(1)).first() or {}


def share(job: ImportJob) -> int | None:
    """How far a list is, in percent, by the time lists usually take; None before it has begun."""
    if job.begun_at is None:
        return None
    expected = timedelta(seconds=3 + job.rows / _speed())
    return min(95, int(100 * ((now() - job.begun_at) / expected)))


def _speed() -> float:
    """Rows a second of the last long list."""
    done = ImportJob.state == JobState.DONE
    last = db.session.scalars(select(ImportJob).where(done).order_by(ImportJob.id.desc()).limit(1)).first()
    if last is None or last.begun_at is None or last.ended_at is None:
        return ROWS_A_SECOND
    return last.rows / max((last.ended_at - last.begun_at).total_seconds(), 1.0)
