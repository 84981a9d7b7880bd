"""Questions about practice examples: one whole, those that are public, what a finder tells of them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.consents.models import Consent, Purpose
from crm.consultations.models import Consultation
from crm.consultations.queries import visible_to
from crm.contacts.models import Function, Person, unlimited
from crm.cooperations.models import Cooperation, Partner
from crm.db import db, today
from crm.documents.models import Document
from crm.examples.models import GRACE, HOLDS, ExampleInquiry, PracticeExample, Referral
from crm.funding.models import Application, Paper
from crm.organisations.models import Organisation
from crm.resolutions.models import Resolution

MOST = 500
_FILE = selectinload(PracticeExample.documents).load_only(
    Document.file_name, Document.size, Document.media_type, Document.confidential
)
_PERSON = joinedload(PracticeExample.person).selectinload(Person.functions).joinedload(Function.organisation)
WHOLE = (
    joinedload(PracticeExample.cooperation).load_only(Cooperation.title, Cooperation.stage),
    joinedload(PracticeExample.released_by), selectinload(PracticeExample.places),
    selectinload(PracticeExample.task_fields), _FILE, _PERSON,
)  # fmt: skip


def _there(*conditions: Any) -> ColumnElement[bool]:
    """The condition that something exists of an example, whatever else the statement reads."""
    return exists().where(*conditions).correlate(PracticeExample)


def agreed() -> ColumnElement[bool]:
    """The condition that who is named as a contact has agreed to it, and nothing else forbids it."""
    given = Consent.given_on.is_not(None) & Consent.withdrawn_on.is_(None)
    mine = Consent.person_id == PracticeExample.person_id
    known = Person.id == PracticeExample.person_id, Person.removed_at.is_(None)
    return and_(_there(mine, Consent.purpose == Purpose.EXAMPLES, given), _there(*known, unlimited()))


def is_public() -> ColumnElement[bool]:
    """The condition that an example may be shown to everybody, the switch of the office aside."""
    return and_(
        PracticeExample.withdrawn_at.is_(None),
        PracticeExample.confirmed_on >= today() - HOLDS - GRACE,
        _there(Cooperation.id == PracticeExample.cooperation_id, Cooperation.removed_at.is_(None)),
        or_(PracticeExample.person_id.is_(None), agreed()),
    )


def one(cooperation_id: int) -> PracticeExample | None:
    """Load the example of a group, released or withdrawn."""
    query = select(PracticeExample).where(PracticeExample.cooperation_id == cooperation_id)
    return db.session.scalar(query.options(*WHOLE))


def who_agreed(person_ids: Iterable[int]) -> set[int]:
    """Give those of some people who may be named as contacts of examples."""
    query = select(Consent.person_id).join(Consent.person).where(
        Consent.person_id.in_(list(person_ids)), Consent.purpose == Purpose.EXAMPLES,
        Consent.given_on.is_not(None), Consent.withdrawn_on.is_(None), unlimited(),
    )  # fmt: skip
    return set(db.session.scalars(query))


def has_agreed(person_id: int) -> bool:
    """Tell whether somebody may be named as a contact of examples."""
    return bool(who_agreed([person_id]))


def listing() -> Select[PracticeExample]:
    """Select all examples, by title; those taken back last."""
    query = select(PracticeExample).join(PracticeExample.cooperation).where(Cooperation.removed_at.is_(None))
    query = query.options(
        selectinload(PracticeExample.places), selectinload(PracticeExample.task_fields),
        joinedload(PracticeExample.person),
    )  # fmt: skip
    gone = PracticeExample.withdrawn_at.is_not(None)
    return query.order_by(gone, PracticeExample.title, PracticeExample.id)


def public_among(example_ids: list[int]) -> set[int]:
    """Those of some examples that may be shown to everybody, the switch of the office aside."""
    query = select(PracticeExample.id).where(PracticeExample.id.in_(example_ids), is_public())
    return set(db.session.scalars(query)) if example_ids else set()


def told_of(cooperation_ids: list[int]) -> dict[int, tuple[PracticeExample, bool]]:
    """The released examples of some groups, and whether their contacts may be named."""
    if not cooperation_ids:
        return {}
    query = select(PracticeExample, agreed()).where(
        PracticeExample.cooperation_id.in_(cooperation_ids), PracticeExample.withdrawn_at.is_(None)
    )
    rows = db.session.execute(query.options(passed_on(), _PERSON, selectinload(PracticeExample.places)))
    return {example.cooperation_id: (example, bool(may_name)) for example, may_name in rows}


def named_in(consultation_id: int) -> dict[int, int]:
    """Groups a talk named: number of the referral by number of the group."""
    query = select(Referral.cooperation_id, Referral.id).where(Referral.consultation_id == consultation_id)
    return dict(db.session.execute(query).all())


def panel(user: Any, cooperation_id: int) -> Any:
    """What the page of a group says of its experience: one statement."""
    # From the few referrals to their talks: the other way round all talks are read.
    named = (
        visible_to(user)
        .with_only_columns(func.count(Referral.id))
        .where(Referral.cooperation_id == cooperation_id, Referral.consultation_id == Consultation.id)
    )
    answers = select(func.count(ExampleInquiry.id)).where(
        ExampleInquiry.example_id == PracticeExample.id, ExampleInquiry.answered_at.is_not(None),
        ExampleInquiry.settled_at.is_(None),
    )  # fmt: skip
    columns = (
        PracticeExample.id, PracticeExample.released_at, PracticeExample.withdrawn_at,
        PracticeExample.confirmed_on, is_public().label("public"),
        (PracticeExample.confirmed_on < today() - HOLDS).label("is_due"),
        answers.scalar_subquery().label("answers"), named.scalar_subquery().label("named"),
    )  # fmt: skip
    query = (
        select(*columns)
        .select_from(Cooperation)
        .outerjoin(PracticeExample, PracticeExample.cooperation_id == Cooperation.id)
    )
    return db.session.execute(query.where(Cooperation.id == cooperation_id)).first()


def people_at(organisation_ids: Iterable[int]) -> list[Function]:
    """Functions held today in some organisations, of people that may be worked with, by name."""
    query = (
        select(Function)
        .join(Function.person)
        .join(Function.organisation)
        .where(Function.organisation_id.in_(list(organisation_ids)), Function.on(today()), unlimited())
        .options(joinedload(Function.person), joinedload(Function.organisation).load_only(Organisation.name))
    )
    return list(db.session.scalars(query.order_by(Person.sort_key, Function.id).limit(MOST)))


def files_of(cooperation_id: int) -> list[Document]:
    """The files of a group, its resolutions and its applications that may be passed on: newest versions,
    and nothing confidential."""
    of_resolutions = select(Resolution.id).join(Partner, Partner.id == Resolution.partner_id)
    of_resolutions = of_resolutions.where(Partner.cooperation_id == cooperation_id)
    of_papers = select(Paper.id).join(Application, Application.id == Paper.application_id)
    of_papers = of_papers.where(Application.cooperation_id == cooperation_id)
    mine = or_(
        Document.cooperation_id == cooperation_id, Document.resolution_id.in_(of_resolutions),
        Document.paper_id.in_(of_papers),
    )  # fmt: skip
    query = select(Document).where(mine, may_be_passed_on())
    return list(db.session.scalars(query.order_by(Document.file_name, Document.id).limit(MOST)))


def passed_on() -> Any:
    """Load of an example the documents that may still be passed on, and no others."""
    files = selectinload(PracticeExample.documents.and_(may_be_passed_on()))
    return files.load_only(Document.file_name, Document.size, Document.media_type)


def may_be_passed_on() -> ColumnElement[bool]:
    """The condition that a file is not confidential and no newer version has taken its place."""
    newer = select(Document.previous_id).where(Document.previous_id.is_not(None))
    return and_(Document.confidential.is_(False), Document.id.not_in(newer))
