"""Questions about imports: which runs there were, and what one of them did."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from crm.accounts.models import User
from crm.consultations import queries as consultations
from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.cooperations.models import Cooperation
from crm.db import db
from crm.events.models import Event
from crm.imports.models import ImportedRecord, ImportRun


def runs() -> Select[ImportRun]:
    """Select all runs, the newest first."""
    return select(ImportRun).order_by(ImportRun.id.desc())


def names_of_users(found: list[ImportRun]) -> dict[int, str]:
    """Who made some runs and who undid them."""
    ids = {number for run in found for number in (run.by_id, run.undone_by_id) if number}
    query = select(User.id, User.name).where(User.id.in_(ids))
    return {number: name for number, name in db.session.execute(query)} if ids else {}  # noqa: C416 mypy


def records(run: ImportRun) -> Select[ImportedRecord]:
    """Select what a run made or changed, in the order of the file."""
    return select(ImportedRecord).where(ImportedRecord.run_id == run.id).order_by(ImportedRecord.id)


@dataclass(frozen=True, slots=True)
class Thing:
    """What a run made or changed: its name, the endpoint of its page (empty where there is none to see)."""

    name: str
    endpoint: str = ""
    argument: str = ""
    number: int = 0


def things_of(found: list[ImportedRecord], user: Any) -> dict[int, Thing]:
    """What the records of a run are today, by number; of those in the trash only what the run called them.

    A talk that the user may not see has no name here.
    """
    if not found:
        return {}
    ids = [one.record_id for one in found]
    called = {one.record_id: one.after.get("_title") or one.after.get("title") or "" for one in found}
    page = _PAGES[found[0].record_type]
    there = {one.id: one for one in db.session.scalars(page.select(user, ids))}
    hidden = page.hidden(user, ids)
    return {
        number: Thing(page.name(there[number]), page.endpoint, page.argument, number)
        if number in there
        else Thing("" if number in hidden else called[number])
        for number in ids
    }


@dataclass(frozen=True)
class _Page:
    """How the records of a table are found, named and shown."""

    endpoint: str
    argument: str
    name: Callable[[Any], str]
    select: Callable[[Any, list[int]], Any]
    hidden: Callable[[Any, list[int]], set[int]] = lambda _user, _ids: set()


def _talks(user: Any, ids: list[int]) -> Any:
    query = consultations.visible_to(user).where(Consultation.id.in_(ids))
    return query.options(selectinload(Consultation.participations))


def _hidden_talks(user: Any, ids: list[int]) -> set[int]:
    """Talks of a run that the user may not see, in the trash or not."""
    seen = consultations.visible_to(user).where(Consultation.id.in_(ids)).with_only_columns(Consultation.id)
    found = set(db.session.scalars(seen.execution_options(include_removed=True)))
    return set(ids) - found


_PAGES = {
    "cooperations": _Page(
        "cooperations.show", "cooperation_id", lambda one: one.title,
        lambda _user, ids: select(Cooperation).where(Cooperation.id.in_(ids)),
    ),
    "events": _Page(
        "events.show", "event_id", lambda one: one.title,
        lambda _user, ids: select(Event).where(Event.id.in_(ids)),
    ),
    "people": _Page(
        "contacts.show", "person_id", lambda one: one.name,
        lambda _user, ids: select(Person).where(Person.id.in_(ids)),
    ),
    "consultations": _Page(
        "consultations.show", "consultation_id", lambda one: f"{one.held_on:%d.%m.%Y} {one.about}",
        _talks, _hidden_talks,
    ),
}  # fmt: skip
