"""The records behind every number of the activity report, found by the same counting that made the number."""

import re
from collections import Counter
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from crm.consultations.models import Consultation, ConsultationKind, Participation
from crm.consultations.queries import FOR_LISTS, visible_to
from crm.db import db
from crm.i18n import hours
from crm.organisations.sizes import SizeClass
from crm.reports import kommunen, pages, titles
from crm.reports.period import step_name
from crm.reports.records import Line, NoSuchList, Records, in_order
from crm.reports.scope import Scope
from crm.reports.sheet import HOURS, Number
from crm.reports.talks import areas, times, topics
from crm.reports.talks.counting import Counted, Selection, narrowed
from crm.reports.territory import COUNTIES, NONE, OTHER, Territory
from crm.reports.words import span

_STEP = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2]))?", re.ASCII)
_KEY = re.compile(rf"[1-9][0-9]{{0,8}}|{OTHER}|{NONE}", re.ASCII)
_SIZES = {"", COUNTIES, NONE, OTHER, *(one.value for one in SizeClass)}
TALKS, PARTICIPATIONS = "talks", "participations"


def read(args: Any) -> Selection:
    """Read a selection from an address; raise NoSuchList for what no report writes."""
    step, area, field, size = (args.get(name, "") for name in ("monat", "gebiet", "feld", "klasse"))
    if (step and not _STEP.fullmatch(step)) or size not in _SIZES:
        raise NoSuchList
    if any(text and not _KEY.fullmatch(text) for text in (area, field)):
        raise NoSuchList
    try:
        kinds = tuple(dict.fromkeys(ConsultationKind(value) for value in args.getlist("art")))
    except ValueError:
        raise NoSuchList from None
    return Selection(step, kinds, area, field, size)


def find(user: Any, everything: Counted, land: Territory, scope: Scope, args: Any) -> Records:
    """Find the records behind a number among what was counted; raise NoSuchList for an unknown `was`."""
    selection, what = read(args), args.get("was", "")
    here, words = narrowed(everything, selection), chosen(what, selection, scope, land)
    if what in ("beratungen", *times.KINDS, *(times.WITHOUT + kind for kind in times.KINDS)):
        return _talks(user, what, here, words)
    if what == "teilnahmen":
        return _participations(user, here, words)
    return _kommunen(what, everything, here, selection, words, land, scope)


def _talks(user: Any, what: str, here: Counted, words: tuple[str, ...]) -> Records:
    order = sorted(here.talks.values(), key=lambda talk: (talk.held_on, talk.id), reverse=True)
    ids, found = [talk.id for talk in order], None
    if what != "beratungen":
        found = times.minutes(here, what.removeprefix(times.WITHOUT))
        ids = [one for one in ids if (found[one] is None) == what.startswith(times.WITHOUT)]
    columns: tuple[str, ...] = (_("Day"), _("Talk"), _("Kind"), _("Municipalities"))
    worth, said = Number(len(ids)), ""
    if found is not None:
        columns += (_("Minutes"),)
        total = sum(found[one] or 0 for one in ids)
        if what in times.KINDS:
            worth, said = (
                Number(round(total / 60, 1), unit=HOURS),
                _("Sum of all rows: %(hours)s", hours=hours(total)),
            )
    title = titles.talks(len(ids))
    load = partial(talks, user, found)
    return Records(TALKS, title, words, columns, ids, load, worth, head=1, sum_text=said)


def talks(user: Any, found: dict[int, int | None] | None, ids: list[int]) -> list[Line]:
    """Load talks in the given order, each with its minutes where there are some to show."""
    query = visible_to(user).where(Consultation.id.in_(ids)).options(*FOR_LISTS)
    lines = []
    for one in in_order(ids, db.session.scalars(query)):
        cells = (
            one.held_on,
            pages.consultation(one.id, one.heading),
            str(one.kind.label),
            ", ".join(one.places),
        )
        lines.append(Line(one.id, cells if found is None else (*cells, Number(found[one.id]))))
    return lines


def _participations(user: Any, here: Counted, words: tuple[str, ...]) -> Records:
    order = sorted(
        here.participations,
        key=lambda part: (here.talks[part.talk_id].held_on, part.talk_id, part.id),
        reverse=True,
    )
    title = titles.participations(len(order))
    columns = (_("Day"), _("Municipality"), _("Presence"), _("Talk"))
    ids = [part.id for part in order]
    return Records(
        PARTICIPATIONS, title, words, columns, ids, partial(participations, user), Number(len(ids)), head=1
    )


def participations(user: Any, ids: list[int]) -> list[Line]:
    """Load participations with their talks in the given order; private notes stay in the database."""
    query = (
        select(Participation)
        .join(Participation.consultation)
        .where(
            Participation.id.in_(ids),
            Consultation.id.in_(visible_to(user).with_only_columns(Consultation.id)),
        )
        .options(contains_eager(Participation.consultation).selectinload(Consultation.task_fields))
    )
    return [
        Line(
            one.id,
            (one.consultation.held_on, pages.organisation(one.organisation_id, one.organisation_name),
             str(one.presence.label), pages.consultation(one.consultation_id, one.consultation.heading)),
        )
        for one in in_order(ids, db.session.scalars(query))
    ]  # fmt: skip


def _kommunen(
    what: str,
    everything: Counted,
    here: Counted,
    selection: Selection,
    words: tuple[str, ...],
    land: Territory,
    scope: Scope,
) -> Records:
    base = land.base(scope, selection.area)
    sets = {
        "kommunen": here.kommunen,
        "erreicht": everything.kommunen & base,
        "ohne-kontakt": base - everything.kommunen,
        "grundgesamtheit": base,
    }
    if what not in sets:
        raise NoSuchList
    counted = here if what == "kommunen" else everything
    times_counted = Counter(part.organisation_id for part in counted.participations)
    return kommunen.records(sets[what], words, land, scope, times_counted)


def chosen(what: str, selection: Selection, scope: Scope, land: Territory) -> tuple[str, ...]:
    """Say in words what the list is narrowed to."""
    words = {
        "erreicht": _("reached, existing on the cut-off day"),
        "ohne-kontakt": _("without a talk in the period"),
        "grundgesamtheit": _("existing on the cut-off day"),
    }
    found = [words.get(what, "")]
    kind = what.removeprefix(times.WITHOUT)
    if kind in times.KINDS:
        name = times.names()[kind]
        found.append(_("without: %(name)s", name=name) if what != kind else name)
    found.append(step_name(selection.step) if selection.step else "")
    found.append(", ".join(str(one.label) for one in selection.kinds))
    if selection.area and (not selection.area.isdigit() or int(selection.area) in land.bodies):
        found.append(areas.area_name(selection.area, land))
    found.append(topics.name(selection.field, scope.cutoff) if selection.field else "")
    found.append(topics.size_name(selection.size) if selection.size else "")
    return (span(scope.period), *filter(None, found))
