"""Data check: what is missing, out of date or entered twice, so that figures and lists can be trusted."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from crm.consultations.models import COUNTED, Consultation, ConsultationState, Participation
from crm.consultations.queries import FOR_LISTS, visible_to
from crm.contacts.models import Function, FunctionRole, Person, unlimited
from crm.cooperations.kinds import IN_PROGRESS
from crm.cooperations.models import Partner
from crm.cooperations.on_day import Group, groups_on
from crm.db import db, today
from crm.duplicates import queries as duplicates
from crm.duplicates.scoring import Level, in_words
from crm.i18n import number
from crm.organisations.models import Organisation
from crm.reports import pages, territory, words
from crm.reports.facts import Book, BookReading, Dimension, Fact, Measure
from crm.reports.scope import Scope
from crm.reports.sheet import Cell, Figure, Linked, Sheet
from crm.reports.territory import Territory
from crm.resolutions.models import Resolution

STALE_DAYS, ENDED_YEARS = 180, 2
CASES = "faelle"
ALONE, TIMELESS, OPEN, STALE = "ohne-kommune", "ohne-dauer", "nicht-bestaetigt", "stillstand"
ENDED, HEADLESS, DOUBLE = "amt-abgelaufen", "ohne-leitung", "doppelt"


class Finding(NamedTuple):
    """Something to look at: where it is, what is the matter, since or at which day."""

    what: Linked
    said: str
    on: date | None = None


Found = Iterator[Finding]


def names() -> dict[str, str]:
    """What is checked, in words."""
    return {
        ALONE: _("Held talks without a municipality"),
        TIMELESS: _("Held talks without a duration"),
        OPEN: _("Planned talks whose day has passed"),
        STALE: _("Cooperations in which nothing has happened for half a year"),
        ENDED: _("Functions past their end without a successor"),
        HEADLESS: _("Municipalities without a head"),
        DOUBLE: _("People who may be entered twice"),
    }


def read(user: Any, scope: Scope) -> BookReading:
    """Ask what is the matter: talks of the period, everything else as it is today."""
    land = territory.load()
    checks: dict[str, Iterable[Finding]] = {
        STALE: _stale(user), ENDED: _ended(), HEADLESS: _headless(land), DOUBLE: _double(),
    }  # fmt: skip
    others = ((key, one) for key, several in checks.items() for one in several)
    found = (*_talks(user, scope), *others)
    facts = tuple(_fact(count, key, one) for count, (key, one) in enumerate(found, start=1))
    columns = (_("Where"), _("What"), _("Day"))
    dimension = Dimension("pruefung", _("Check"), names(), always=True)
    book = Book(
        facts, columns, (Measure(CASES, _("To look at")),), (dimension,), _title, scope, land, "findings"
    )
    return BookReading(book, _sheet)


def _fact(count: int, key: str, found: Finding) -> Fact:
    cells: tuple[Cell, ...] = (found.what, found.said, found.on)
    return Fact(count, cells, {"pruefung": (key,)})


def _title(count: int) -> str:
    return ngettext("%(shown)s case to look at", "%(shown)s cases to look at", count, shown=number(count))


def _sheet(book: Book) -> Sheet:
    cases, dimension = book.measures[0], book.dimensions[0]
    figures = (Figure(_("To look at"), book.number(cases), _("in all checks")),)
    rule = _(
        "Talks are those of the period. Cooperations, functions, heads and people are "
        "checked as they are today. A cooperation stands still when no talk, step, resolution, study or "
        "application is known of it for %(days)s days. People may be entered twice when they share a mail "
        "address, or a name and an organisation.", days=number(STALE_DAYS),
    )  # fmt: skip
    definition = words.definition(book.scope, _("Records that somebody should look at."), rule)
    return Sheet(definition, figures, None, (book.by(dimension, _("Checks"), [cases]),))


def _talks(user: Any, scope: Scope) -> Iterator[tuple[str, Finding]]:
    """Talks of the period that lack something, the newest first: all of them in one question."""
    took_part = Consultation.participations.any(Participation.presence.in_(COUNTED))
    held, planned = (Consultation.state == one for one in (ConsultationState.HELD, ConsultationState.PLANNED))
    timeless = Consultation.duration_minutes.is_(None)
    query = visible_to(user).where(
        Consultation.held_on.between(scope.period.since, scope.period.until),
        (held & (timeless | ~took_part)) | (planned & (Consultation.held_on < today())),
    )
    query = query.options(*FOR_LISTS).order_by(Consultation.held_on.desc(), Consultation.id.desc())
    for one in db.session.scalars(query):
        where = pages.consultation(one.id, one.heading)
        for key, said in _lacks(one):
            yield key, Finding(where, said, one.held_on)


def _lacks(one: Consultation) -> Iterator[tuple[str, str]]:
    if one.state is ConsultationState.PLANNED:
        yield OPEN, _("Has it taken place?")
        return
    if not any(part.counts for part in one.participations):
        yield ALONE, _("Nobody was present or represented.")
    if one.duration_minutes is None:
        yield TIMELESS, _("The duration is missing.")


def _stale(user: Any) -> Found:
    limit, newest = today() - timedelta(days=STALE_DAYS), _newest(user)
    for group in groups_on(today()):
        last = max(_last_day(group), newest.get(group.id, date.min))
        if group.stage in IN_PROGRESS and last < limit:
            yield Finding(pages.cooperation(group.id, group.title), str(group.stage.label), last)


def _newest(user: Any) -> dict[int, date]:
    """The last talk or session of every group: two statements."""
    mine = Consultation.cooperation_id.is_not(None) & (Consultation.state == ConsultationState.HELD)
    talks = visible_to(user).where(mine).group_by(Consultation.cooperation_id)
    sessions = select(Partner.cooperation_id, func.max(Resolution.session_on)).join(Resolution.partner)
    found: dict[int, date] = {}
    for query in (
        talks.with_only_columns(Consultation.cooperation_id, func.max(Consultation.held_on)),
        sessions.where(Resolution.session_on <= today()).group_by(Partner.cooperation_id),
    ):
        for group, day in db.session.execute(query):
            found[group] = max(found.get(group, date.min), day)
    return found


def _last_day(group: Group) -> date:
    """The last day noted at a group itself or its partners, at the earliest the day it was entered."""
    days = [group.talked_on, group.resolving_since, group.study_since, group.applied_on, group.signed_on,
            group.first_contact_on, group.entered_on]  # fmt: skip
    days += [step.reached_on for one in group.partners for step in one.steps]
    return max(day for day in days if day)


def _ended() -> Found:
    other = aliased(Function)
    followed = exists().where(
        other.organisation_id == Function.organisation_id, other.role == Function.role, other.on(today()),
        other.removed_at.is_(None),
    )  # fmt: skip
    limit = today() - timedelta(days=365 * ENDED_YEARS)
    query = _held().where(Function.valid_to < today(), Function.valid_to >= limit, ~followed)
    query = query.where(Function.role.not_in((FunctionRole.STAFF, FunctionRole.OTHER)))
    for person, function, place in db.session.execute(query.order_by(Function.valid_to, Function.id)):
        said = _("%(function)s in %(place)s, nobody has followed.", function=function.called, place=place)
        yield Finding(_person(person), said, function.valid_to)


def _held() -> Any:
    columns = select(Person, Function, Organisation.name)
    columns = columns.join(Function, Function.person_id == Person.id).join(Function.organisation)
    return columns.where(unlimited())


def _person(one: Person) -> Linked:
    return Linked(one.name, "contacts.show", (("person_id", one.id),))


def _headless(land: Territory) -> Found:
    query = select(Function.organisation_id).join(Function.person)
    led = set(db.session.scalars(query.where(Function.is_head, Function.on(today()))))
    for body in land.named(land.existing(today()) - led):
        yield Finding(pages.organisation(body.id, body.name), _("Nobody is noted as head."))


def _double() -> Found:
    """Pairs of people likely to be one, as the list of doubles finds them, but for those said to be two."""
    pairs = [one for one in duplicates.pairs() if one.verdict.level is not Level.POSSIBLE]
    for one in pairs:
        reasons = ", ".join(in_words(one.verdict))
        said = _("like %(name)s: %(reasons)s", name=one.low_name, reasons=reasons)
        arguments = (("low_id", one.low), ("high_id", one.high))
        yield Finding(Linked(one.high_name, "duplicates.merge", arguments), said)
