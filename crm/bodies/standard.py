"""Bring the built-in bodies into the database; what is known there already stays as it is."""

from typing import Any

from sqlalchemy import exists, select

from crm.audit import AuditEvent
from crm.bodies import services
from crm.bodies.models import BodyMember
from crm.db import db
from crm.folding import fold
from crm.organisations.models import Designation, Level, Organisation
from crm.organisations.standard import BodyFact, standard_bodies


def load_bodies() -> int:
    """Add the built-in bodies that nobody knows yet and give their number; the caller commits.

    A body is known by its name or initials, also by a name it bore before a change or a correction.
    """
    known, made = _known(), 0
    if any(fold(fact.name) not in known for fact in standard_bodies()):
        known = _corrected() | known
    for fact in standard_bodies():
        body_id = known.get(fold(fact.name)) or (known.get(fold(fact.initials)) if fact.initials else None)
        if body_id is None:
            body_id, made = _make(fact), made + 1
        if fact.has_all_counties:
            _fill_with_counties(body_id)
    return made


def _known() -> dict[str, int]:
    """Numbers of bodies by every name in the register."""
    query = select(Designation.name, Designation.organisation_id).join(
        Organisation, Organisation.id == Designation.organisation_id
    )
    return {
        fold(name): number
        for name, number in db.session.execute(query.where(Organisation.level == Level.BODY))
    }


def _corrected() -> dict[str, int]:
    """Numbers of bodies by names that somebody corrected; only the history still knows these."""
    query = select(AuditEvent.changes, AuditEvent.record_id).where(
        AuditEvent.record_type == Organisation.__tablename__,
        AuditEvent.name.in_(("body.created", "body.changed", "body.renamed")),
    )
    found = (
        (pair, number) for changes, number in db.session.execute(query) for pair in [changes.get("name", [])]
    )
    return {fold(name): number for pair, number in found for name in pair if name}


def _make(fact: BodyFact) -> int:
    values: dict[str, Any] = {"name": fact.name, "kind": fact.kind}
    return services.create_body(values, None).id


def _fill_with_counties(body_id: int) -> None:
    """Enter all counties once: never again where members were entered, ended or removed by hand."""
    touched = exists().where(
        AuditEvent.record_type == Organisation.__tablename__,
        AuditEvent.record_id == body_id,
        AuditEvent.name.like("body.member%"),
    )
    if db.session.scalar(select(touched | exists().where(BodyMember.body_id == body_id))):
        return
    counties = list(db.session.scalars(select(Organisation.id).where(Organisation.level == Level.COUNTY)))
    if counties:
        body = db.session.get_one(Organisation, body_id)
        services.add_members(body, {"organisations": counties, "valid_from": None}, None)
