"""What strangers may read of practice examples. It reads the copies that were released, never the group.

Every query here begins at `is_public()`; there is no other way to an example from outside.
"""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only, selectinload

from crm.contacts.models import Function, Person
from crm.db import db, today
from crm.documents.models import Document
from crm.examples.models import ExampleDocument, ExamplePlace, PracticeExample
from crm.examples.queries import is_public, may_be_passed_on
from crm.organisations.heirs import Heirs
from crm.organisations.models import Level, Membership, Organisation

MOST = 1000
_SHOWN = (
    selectinload(PracticeExample.places).load_only(ExamplePlace.organisation_id, ExamplePlace.name),
    selectinload(PracticeExample.task_fields),
)


def listed() -> list[PracticeExample]:
    """The public examples, by title."""
    query = select(PracticeExample).where(is_public()).options(*_SHOWN)
    ordered = query.order_by(PracticeExample.title, PracticeExample.id)
    return list(db.session.scalars(ordered.limit(MOST)))


def everything() -> list[PracticeExample]:
    """All public examples, the newest first: what the feed tells."""
    query = select(PracticeExample).where(is_public()).options(*_SHOWN)
    newest = query.order_by(PracticeExample.updated_at.desc(), PracticeExample.id.desc())
    return list(db.session.scalars(newest.limit(100)))


def units_of(examples: list[PracticeExample], heirs: Heirs) -> dict[int, set[int]]:
    """What the places of some examples are today, by number of the example: Oberweser is Wesertal."""
    day = today()
    return {one.id: {heirs.unit_on(place.organisation_id, day) for place in one.places} for one in examples}


def counties_of(units: dict[int, set[int]]) -> dict[int, list[tuple[int, str]]]:
    """The counties that some units are or lie in: (number, name), by what the units stand under."""
    county, wanted = Organisation, list(set().union(*units.values()))
    lies = (
        select(Membership.organisation_id, county.id, county.name)
        .join(county, county.id == Membership.parent_id)
        .where(Membership.organisation_id.in_(wanted), county.level == Level.COUNTY, Membership.on(today()))
    )
    own = select(county.id.label("organisation_id"), county.id, county.name)
    own = own.where(county.id.in_(wanted), county.level == Level.COUNTY)
    rows = sorted(db.session.execute(lies.union(own)).all(), key=lambda row: row[2])
    return {
        number: list(dict.fromkeys((county_id, name) for unit, county_id, name in rows if unit in mine))
        for number, mine in units.items()
    }


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
