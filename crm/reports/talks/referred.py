"""Referrals: which Kommunen were referred in talks to a cooperation that has done it before."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, select

from crm.consultations.models import (
    COUNTED,
    Consultation,
    ConsultationStaff,
    ConsultationState,
    Participation,
)
from crm.consultations.queries import visible_to
from crm.cooperations.models import Cooperation, CooperationTaskField
from crm.db import db
from crm.examples.models import Referral
from crm.i18n import day, number
from crm.reports import pages, territory, words
from crm.reports.facts import UNITS, Book, BookReading, Dimension, Fact, Measure
from crm.reports.groups import around
from crm.reports.scope import Scope
from crm.reports.sheet import Figure, Sheet
from crm.reports.territory import Territory
from crm.task_fields import queries as task_fields
from crm.task_fields.models import TaskField

ALL, KOMMUNEN = "verweisungen", "kommunen"


@dataclass
class Named:
    """One referral: the talk with its day, the group that was named, and which Kommunen had asked."""

    id: int
    talk_id: int
    held_on: date
    group_id: int
    title: str
    asked: dict[int, str] = field(default_factory=dict)


def read(user: Any, scope: Scope) -> BookReading:
    """Ask for the referrals of talks in a period, as far as somebody may see the talks."""
    land = territory.load()
    return BookReading(
        book(user, scope, land), lambda made: _sheet(made, user), lambda: book(user, scope.before, land)
    )


def book(user: Any, scope: Scope, land: Territory) -> Book:
    """Read them with who asked and in which task field the named group works: three statements."""
    found, fields = _referrals(user, scope), _fields(user, scope)
    times = around.months(scope)
    names = {key: name for some in fields.values() for key, name in some.items()}
    facts = [_fact(one, fields.get(one.group_id, {}), scope, land, times) for one in found]
    if scope.narrows_places:
        kept = {one.id for one in found if _fits(one, scope, land)}
        facts = [one for one in facts if one.id in kept]
    dimensions = (
        times,
        Dimension("feld", _("Task field"), dict(sorted(names.items(), key=lambda one: one[1]))),
        Dimension("gebiet", _("County"), land.area_names),
    )
    return Book(tuple(facts), _columns(), _measures(), dimensions, _title, scope, land, "referrals")


def _chosen(user: Any, scope: Scope) -> Select[Any]:
    """Select the numbers of held talks a report asks about."""
    query = visible_to(user).where(
        Consultation.state == ConsultationState.HELD,
        Consultation.held_on.between(scope.period.since, scope.period.until),
    )
    if scope.kind is not None:
        query = query.where(Consultation.kind == scope.kind)
    if scope.staff_id is not None:
        of_staff = select(ConsultationStaff.consultation_id).where(
            ConsultationStaff.user_id == scope.staff_id
        )
        query = query.where(Consultation.id.in_(of_staff))
    return query.with_only_columns(Consultation.id)


def _of_groups(scope: Scope) -> list[Any]:
    if scope.cooperation_id is not None:
        return [Referral.cooperation_id == scope.cooperation_id]
    if scope.field_id is None:
        return []
    wanted = select(TaskField.id).where(task_fields.under(scope.field_id))
    found = select(CooperationTaskField.cooperation_id).where(CooperationTaskField.task_field_id.in_(wanted))
    return [Referral.cooperation_id.in_(found)]


def _referrals(user: Any, scope: Scope) -> list[Named]:
    query = (
        select(
            Referral.id, Referral.consultation_id, Consultation.held_on, Cooperation.id, Cooperation.title,
            Participation.organisation_id, Participation.organisation_name,
        )
        .join(Referral.consultation)
        .join(Referral.cooperation)
        .outerjoin(Participation, (Participation.consultation_id == Consultation.id)
                   & Participation.presence.in_(COUNTED))
        .where(Consultation.id.in_(_chosen(user, scope)), *_of_groups(scope))
    )  # fmt: skip
    rows: list[Any] = list(
        db.session.execute(query.order_by(Consultation.held_on.desc(), Referral.id, Participation.position))
    )
    found: dict[int, Named] = {}
    for *own, place, name in rows:
        one = found.setdefault(own[0], Named(*own))
        if place is not None:
            one.asked[place] = name
    return list(found.values())


def _fields(user: Any, scope: Scope) -> dict[int, dict[str, str]]:
    """The task fields of the groups that were named: name by number as a key, by group."""
    named = select(Referral.cooperation_id).where(Referral.consultation_id.in_(_chosen(user, scope)))
    query = (
        select(CooperationTaskField.cooperation_id, TaskField.id, TaskField.name)
        .join(TaskField, TaskField.id == CooperationTaskField.task_field_id)
        .where(CooperationTaskField.cooperation_id.in_(named))
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for group_id, field_id, name in db.session.execute(query.order_by(TaskField.name)):
        found[group_id][str(field_id)] = name
    return found


def _units(one: Named, scope: Scope, land: Territory) -> frozenset[int]:
    when = scope.cutoff if scope.rolled_up else one.held_on
    return frozenset(unit for place in one.asked if land.is_kommune(unit := land.heirs.unit_on(place, when)))


def _fits(one: Named, scope: Scope, land: Territory) -> bool:
    return any(land.fits(unit, scope.cutoff, scope) for unit in _units(one, scope, land))


def _fact(one: Named, fields: dict[str, str], scope: Scope, land: Territory, times: Dimension) -> Fact:
    units = _units(one, scope, land)
    cells = (
        one.held_on, around.in_short(list(one.asked.values())),
        pages.consultation(one.talk_id, _("Talk of %(day)s", day=day(one.held_on))),
        pages.cooperation(one.group_id, one.title), ", ".join(fields.values()),
    )  # fmt: skip
    keys = {
        "monat": (around.key_of(one.held_on, times),),
        "feld": tuple(fields),
        "gebiet": tuple(sorted({land.area(unit, scope.cutoff) for unit in units})),
    }
    return Fact(one.id, cells, keys, {}, units)


def _columns() -> tuple[str, ...]:
    return (_("Day"), _("Who asked"), _("Talk"), _("Referred to"), _("Task fields"))


def _measures() -> tuple[Measure, ...]:
    return (Measure(ALL, _("Referrals")), Measure(KOMMUNEN, _("Municipalities that asked"), UNITS))


def _title(count: int) -> str:
    return ngettext("%(shown)s referral", "%(shown)s referrals", count, shown=number(count))


def _sheet(book: Book, user: Any) -> Sheet:
    whole, kommunen = book.measures
    times, fields, counties = book.dimensions
    figures = (
        Figure(_("Referrals"), book.number(whole), words.span(book.scope.period)),
        Figure(_("Municipalities that asked"), book.number(kommunen), _("each counted once")),
    )
    tables = (
        book.by(times, _("By month"), (whole, kommunen)),
        book.by(fields, _("By task field of the named cooperation"), (whole, kommunen)),
        book.by(counties, _("By county of who asked"), (whole, kommunen)),
        book.listing("liste", _("All referrals")),
    )
    return Sheet(_definition(book.scope, user), figures, None, tables)


def _definition(scope: Scope, user: Any) -> words.Definition:
    unit = _(
        "Referrals: in a held talk the centre named a cooperation that has done it before. Removed "
        "cooperations are not among them."
    )
    rule = _(
        "A referral counts on the day of its talk, once for each cooperation that was named. Who asked are "
        "the municipalities that took part in the talk. A referral stands under each task field of the "
        "named cooperation and in the county of each municipality that asked."
    )
    return words.definition(scope, unit, rule, (_("Talks"), words.talks_seen(user)))
