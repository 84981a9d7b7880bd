"""What is done with bodies and their members. Names are dated, memberships of one pair never overlap."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit, records
from crm.bodies import queries
from crm.bodies.models import BodyMember
from crm.db import db, today
from crm.errors import RuleBroken
from crm.organisations.describing import Called, described
from crm.organisations.finding import initials_of
from crm.organisations.models import PARTIES, Designation, Kind, Level, Organisation

CONTACT = ("address", "phone", "email", "website", "valid_from", "valid_to")


def create_body(values: dict[str, Any], by: Any) -> Organisation:
    """Add a body; its first name holds as long as the body."""
    _check_order(values.get("valid_from"), values.get("valid_to"))
    contact = {name: values.get(name) for name in CONTACT}
    body = Organisation(level=Level.BODY, name=values["name"], sort_key="", search_text="", **contact)
    body.designations.append(_designation(values["name"], values["kind"]))
    describe(body)
    db.session.add(body)
    audit.record("body.created", body, by, kind=(None, str(values["kind"].label)))
    return body


def change_body(body: Organisation, values: dict[str, Any], by: Any) -> None:
    """Change a body; a new name or kind begins on a day, a correction replaces what was wrong."""
    _check_order(values["valid_from"], values["valid_to"])
    old = body.designations[-1]
    kinds = (str(old.kind.label), str(values["kind"].label))
    renamed = (old.name, old.kind) != (values["name"], values["kind"])
    if renamed and not values["correction"]:
        _name_anew(body, values)
    elif renamed:
        old.name = old.official_name = values["name"]
        old.kind = values["kind"]
    for name in CONTACT:
        if getattr(body, name) != values[name]:
            setattr(body, name, values[name])
    describe(body)
    more = {"kind": kinds} if kinds[0] != kinds[1] else {}
    if renamed or audit.difference(body):
        anew = renamed and not values["correction"]
        if anew:
            more["named_from"] = ("", f"{values['named_from']:%d.%m.%Y}")
        audit.record("body.renamed" if anew else "body.changed", body, by, **more)


def _name_anew(body: Organisation, values: dict[str, Any]) -> None:
    old, day = body.designations[-1], values["named_from"]
    if day is None:
        raise RuleBroken(_("Enter the day from which the new name or kind holds."), "named_from")
    if day > today():
        raise RuleBroken(_("A name that holds later is entered from that day on."), "named_from")
    first = max(old.valid_from or date.min, values["valid_from"] or date.min)
    if day <= first:
        message = _(
            "“%(name)s” holds only since %(day)s. Choose a later day, or tick “Only a correction”.",
            name=old.name, day=f"{first:%d.%m.%Y}",
        )  # fmt: skip
        raise RuleBroken(message, "named_from")
    old.valid_to = day - timedelta(days=1)
    body.designations.append(_designation(values["name"], values["kind"], day))


def _designation(name: str, kind: Kind, since: date | None = None) -> Designation:
    return Designation(name=name, official_name=name, kind=kind, valid_from=since)


def describe(body: Organisation) -> None:
    """Compute from the names what a body is called, sorted and found by."""
    names = [Called(one.name, one.official_name, one.kind) for one in body.designations]
    for name, value in described(names, (), more=initials_of(one.name for one in names)).items():
        if getattr(body, name) != value:
            setattr(body, name, value)


def _check_order(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise RuleBroken(_("The last day lies before the first day."), "valid_to")


def set_supervisor(body: Organisation, supervisor: str, supervisor_reason: str | None, by: Any) -> None:
    """Say that another authority supervises than the computed one, and why."""
    if not supervisor_reason:
        raise RuleBroken(_("Enter why this authority supervises."), "supervisor_reason")
    values = {"supervisor": supervisor, "supervisor_reason": supervisor_reason}
    records.change(body, values, by, "body.supervised")


def trust_the_rule(body: Organisation, by: Any) -> None:
    """Let the computed authority hold again."""
    records.change(body, {"supervisor": None, "supervisor_reason": None}, by, "body.unsupervised")


def add_members(body: Organisation, values: dict[str, Any], by: Any) -> list[BodyMember]:
    """Let organisations belong to a body from a day on."""
    _lock(body)
    first, ids = values["valid_from"], list(dict.fromkeys(values["organisations"]))
    query = select(Organisation).where(Organisation.id.in_(ids), Organisation.level.in_(PARTIES))
    places = list(db.session.scalars(query.order_by(Organisation.sort_key, Organisation.id)))
    for place in places:
        _check_life(body, place, "organisations", first)
    _check_free(body, ids, first, None, "organisations")
    note = values.get("note") or ""
    rows = [BodyMember(body_id=body.id, organisation=place, valid_from=first, note=note) for place in places]
    db.session.add_all(rows)
    more = {"valid_from": (None, first)} if first else {}
    audit.record("body.members-added", body, by, members=(None, [place.name for place in places]), **more)
    return rows


def change_member(row: BodyMember, values: dict[str, Any], by: Any) -> None:
    """Correct time and remark of a membership."""
    body, first, last = row.body, values["valid_from"], values["valid_to"]
    _lock(body)
    _check_order(first, last)
    for day, field in ((first, "valid_from"), (last, "valid_to")):
        _check_life(body, row.organisation, field, day)
    _check_free(body, [row.organisation_id], first, last, "valid_from", row.id)
    before = in_words(row)
    row.valid_from, row.valid_to, row.note = first, last, values["note"] or ""
    if before != in_words(row):
        audit.record("body.member-changed", body, by, members=(before, in_words(row)))


def end_member(row: BodyMember, day: date, by: Any) -> None:
    """End a membership with its last day."""
    change_member(row, {"valid_from": row.valid_from, "valid_to": day, "note": row.note}, by)


def remove_member(row: BodyMember, by: Any) -> None:
    """Take out a membership that never was; the history of the body keeps the trace."""
    body, said = row.body, in_words(row)
    db.session.delete(row)
    audit.record("body.member-removed", body, by, members=(said, None))


def in_words(row: BodyMember) -> str:
    """Say a membership in one line: Cölbe (01.01.2020–31.12.2025), Gast."""
    days = [f"{day:%d.%m.%Y}" if day else "" for day in (row.valid_from, row.valid_to)]
    span = f" ({days[0]}–{days[1]})" if any(days) else ""
    return f"{row.organisation.name}{span}" + (f", {row.note}" if row.note else "")


def _lock(body: Organisation) -> None:
    """Let two editors of the members of one body wait for each other."""
    db.session.scalar(select(Organisation.id).where(Organisation.id == body.id).with_for_update())


def _check_life(body: Organisation, place: Organisation, field: str, day: date | None) -> None:
    if place.id == body.id:
        raise RuleBroken(_("A body is no member of itself."), field)
    for one in (place, body):
        if day and not one.holds_on(day):
            raise RuleBroken(
                _("%(name)s does not exist on %(day)s.", name=one.name, day=f"{day:%d.%m.%Y}"), field
            )


def _check_free(
    body: Organisation, ids: Iterable[int], first: date | None, last: date | None, field: str, but: int = 0
) -> None:
    if taken := queries.overlapping(body.id, ids, first, last, but):
        names = ", ".join(in_words(one) for one in taken[:5])
        message = _(
            "Member already in that time: %(names)s. End or correct that membership first.", names=names
        )
        raise RuleBroken(message, field)
