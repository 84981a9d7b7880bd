"""Insert many new groups with all that is theirs: a statement for each kind of row instead of each row."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert, inspect, select

from crm.cooperations.models import Cooperation, CooperationTaskField, Partner, PartnerStep
from crm.db import db, now


def insert_groups(groups: Sequence[Cooperation], children: Sequence[dict[str, Any]]) -> None:
    """Insert groups with partners, steps and task fields, and what is below them; give them their numbers.

    The objects were made for this and stay outside the session.
    """
    _numbered(Cooperation, groups)
    partners = [(group.id, one) for group in groups for one in group.partners]
    _insert(Partner, [_row(one) | {"cooperation_id": number} for number, one in partners])
    numbers = _numbers_of_partners([group.id for group in groups])
    steps = [
        _row(step) | {"partner_id": numbers[number, one.organisation_id]}
        for number, one in partners
        for step in one.steps
    ]
    _insert(PartnerStep, steps)
    links = [
        {"cooperation_id": group.id, "task_field_id": field.id}
        for group in groups
        for field in group.task_fields
    ]
    _insert(CooperationTaskField, links)
    _insert_children(groups, children)


def _insert_children(groups: Sequence[Cooperation], children: Iterable[dict[str, Any]]) -> None:
    kinds: dict[type, list[Any]] = {}
    for group, mine in zip(groups, children, strict=True):
        for record in mine.values():
            record.cooperation_id = group.id
            kinds.setdefault(type(record), []).append(record)
    for model, records in kinds.items():
        _numbered(model, records)


def _row(record: Any) -> dict[str, Any]:
    """The columns of a record as they are inserted."""
    columns = [one.key for one in inspect(type(record)).column_attrs if one.key != "id"]
    fixed = {"version": 1, "created_at": now(), "updated_at": now()}
    return {name: getattr(record, name) for name in columns} | fixed


def _numbered(model: Any, records: Sequence[Any]) -> None:
    """Insert records and give them their numbers; SQLite takes a statement for each to be sure of them."""
    returning = insert(model).returning(model.id, sort_by_parameter_order=True)
    found = db.session.scalars(returning, [_row(record) for record in records])
    for record, number in zip(records, found, strict=True):
        record.id = number


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(model), rows)


def _numbers_of_partners(ids: Sequence[int]) -> dict[tuple[int, int], int]:
    query = select(Partner.cooperation_id, Partner.organisation_id, Partner.id)
    found = db.session.execute(query.where(Partner.cooperation_id.in_(ids)))
    return {(group, place): number for group, place, number in found}
