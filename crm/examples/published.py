"""What strangers may read of practice examples. It reads the copies that were released, never the group.

Every query here begins at `is_public()`; there is no other way to an example from outside.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only, selectinload

from crm.contacts.models import Function, Person
from crm.db import db, today
from crm.documents.models import Document
from crm.examples.models import ExampleDocument, ExamplePlace, ExampleTaskField, PracticeExample
from crm.examples.queries import is_public, may_be_passed_on
from crm.organisations.models import Level, Membership, Organisation

MOST = 1000
_SHOWN = (
    selectinload(PracticeExample.places).load_only(ExamplePlace.organisation_id, ExamplePlace.name),
    selectinload(PracticeExample.task_fields),
)


def listed(field_id: int | None, county_id: int | None, form: Any) -> list[PracticeExample]:
    """The public examples, by title, narrowed to a task field, a county and a legal form."""
    query = select(PracticeExample).where(is_public())
    if field_id:
        of_field = select(ExampleTaskField.example_id).where(ExampleTaskField.task_field_id == field_id)
        query = query.where(PracticeExample.id.in_(of_field))
    if county_id:
        query = query.where(PracticeExample.id.in_(_in_county(county_id)))
    if form is not None:
        query = query.where(PracticeExample.legal_form == form)
    return _all(query)


def everything() -> list[PracticeExample]:
    """All public examples, the newest first: what the feed tells."""
    query = select(PracticeExample).where(is_public()).options(*_SHOWN)
    newest = query.order_by(PracticeExample.updated_at.desc(), PracticeExample.id.desc())
    return list(db.session.scalars(newest.limit(100)))


def _all(query: Any) -> list[PracticeExample]:
    ordered = query.options(*_SHOWN).order_by(PracticeExample.title, PracticeExample.id)
    return list(db.session.scalars(ordered.limit(MOST)))


def _in_county(county_id: int) -> Any:
    inside = select(Membership.organisation_id).where(
        Membership.parent_id == county_id, Membership.on(today())
    )
    return select(ExamplePlace.example_id).where(
        ExamplePlace.organisation_id.in_(inside) | (ExamplePlace.organisation_id == county_id)
    )


def counties_of(examples: list[PracticeExample]) -> dict[int, list[tuple[int, str]]]:
    """The counties the places of some examples are or lie in: (number, name) by number of the example."""
    ids = [one.id for one in examples]
    county = Organisation
    lies = (
        select(ExamplePlace.example_id, county.id, county.name)
        .join(Membership, Membership.organisation_id == ExamplePlace.organisation_id)
        .join(county, county.id == Membership.parent_id)
        .where(ExamplePlace.example_id.in_(ids), county.level == Level.COUNTY, Membership.on(today()))
    )
    own = (
        select(ExamplePlace.example_id, county.id, county.name)
        .join(county, county.id == ExamplePlace.organisation_id)
        .where(ExamplePlace.example_id.in_(ids), county.level == Level.COUNTY)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for number, county_id, name in sorted(db.session.execute(lies.union(own)).all(), key=lambda row: row[2]):
        found.setdefault(number, []).append((county_id, name))
    return found


def one(example_id: int) -> PracticeExample | None:
    """A public example with its contact and its documents."""
    query = select(PracticeExample).where(PracticeExample.id == example_id, is_public())
    person = joinedload(PracticeExample.person).options(
        load_only(Person.academic_title, Person.first_name, Person.last_name),
        selectinload(Person.functions).joinedload(Function.organisation).load_only(Organisation.name),
    )
    return db.session.scalar(query.options(*_SHOWN, person))


def files_of(example_id: int) -> list[Document]:
    """The released files of an example that may still be passed on, without their bytes."""
    query = (
        select(Document)
        .join(ExampleDocument, ExampleDocument.document_id == Document.id)
        .where(ExampleDocument.example_id == example_id, may_be_passed_on())
    )
    return list(db.session.scalars(query.order_by(Document.file_name, Document.id)))


def file(example_id: int, document_id: int) -> Document | None:
    """One of the files of a public example."""
    if one(example_id) is None:
        return None
    return next((one for one in files_of(example_id) if one.id == document_id), None)
