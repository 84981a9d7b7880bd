"""An official file against the register as it was on the file's own day: what is new, changed, gone."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select

from crm.db import db
from crm.folding import fold
from crm.importing import Finding, Refused
from crm.organisations.describing import Called
from crm.organisations.facts import FIGURES_FROM, OBSERVED
from crm.register import gone, reading_off
from crm.register.checking import HESSEN, OfficialFile
from crm.register.layout import Row
from crm.register.models import Edition
from crm.register.places import Place, by_key, load
from crm.register.plan import Change, Looks, Plan, Source
from crm.register.timeline import DAY, Stretch, on, seen

MOST_MISSING = 3


def compare(file: OfficialFile, successors: Mapping[str, str] | None = None) -> Plan:
    """Work out what the file changes. `successors` names what a missing municipality went up into, by key.

    Raises Refused when more than three municipalities are missing without a known successor, or when a
    successor is named that the file does not know.
    """
    plan = Plan(file, load(), _looks(file))
    comparison = _Comparison(plan)
    for row in (*file.regions.values(), *file.counties.values(), *file.municipalities.values()):
        comparison.take(row)
    gone.settle(plan, comparison.matched, dict(successors or {}))
    if sum(place.state == HESSEN for place in plan.missing) > MOST_MISSING:
        raise _incomplete(plan)
    reading_off.add_sums(plan, comparison.matched)
    comparison.finish()
    return plan


def _looks(file: OfficialFile) -> Looks:
    """All other days on which the register is known to be right: those of its own facts and of editions."""
    query = select(Edition.territory_on, Edition.population_on, Edition.states)
    editions = db.session.execute(query.where(Edition.territory_on != file.territory_on))
    hessen = frozenset({HESSEN})
    own = dict.fromkeys(OBSERVED) | {day: counted_on for counted_on, day in FIGURES_FROM.items()}
    sources = [Source(day, counted_on, hessen) for day, counted_on in own.items() if day != file.territory_on]
    return Looks(
        sources + [Source(day, counted_on, frozenset(one.split())) for day, counted_on, one in editions]
    )


def _incomplete(plan: Plan) -> Refused:
    said = _(
        "%(num)s municipalities are missing without a known successor. The file is not complete; "
        "nothing was taken over.",
        num=len(plan.missing),
    )
    names = (place.names[-1].value.name for place in plan.missing)
    lost = [Finding(None, "", name, _("is missing in the file.")) for name in names]
    return Refused([Finding(None, "", "", said), *lost])


class _Comparison:
    """Goes through the records of one file, parents first."""

    def __init__(self, plan: Plan):
        self.plan, self.day = plan, plan.day
        self.known = by_key(plan.places)
        self.matched: dict[str, Place] = {}
        self.changes: dict[Place, Change] = {}

    def take(self, row: Row) -> None:
        """Compare one record with its body; make the body when nobody knows it."""
        if row.state != HESSEN and len(row.key) == 3:
            return
        place = self._place(row)
        if place is None:
            self._make(row)
            return
        self.matched[row.key] = place
        if not place.exists_on(self.day) and not self._begins_earlier(row, place):
            return
        change = self.changes.setdefault(place, Change(place, reading_off.short(row), row.key))
        self._name(row, place, change)
        self._key(row, place, change)
        self._parent(row, place, change)
        reading_off.take_figures(self.plan, row, place)

    def _place(self, row: Row) -> Place | None:
        """The body that bears the key on this day, else one that ever bore it, else a namesake gone."""
        bearers = [place for _stretch, place in self.known.get(row.key, [])]
        now = [one for one in bearers if one.exists_on(self.day) and one.key_on(self.day) == row.key]
        return next(iter([*now, *bearers]), None) or self._under_another_key(row)

    def _under_another_key(self, row: Row) -> Place | None:
        """A town that left its county keeps its name and gets a key the register does not know yet."""
        if len(row.key) != 8 or self.plan.known_until(row.state):
            return None
        found = self.keyless.get((row.state, fold(reading_off.short(row))), [])
        return found[0] if len(found) == 1 else None

    @cached_property
    def keyless(self) -> dict[tuple[str, str], list[Place]]:
        """Municipalities whose key the file does not have, by Land and folded name."""
        found: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for place in self.plan.places:
            if place.id is None or not place.is_municipality or not place.exists_on(self.day):
                continue
            if place.key_on(self.day) not in self.plan.file.municipalities:
                found[place.state, fold(place.names[-1].value.name)].append(place)
        return found

    def _begins_earlier(self, row: Row, place: Place) -> bool:
        """Let a body begin with this file if only files say since when; one dissolved is never opened."""
        name, looks = place.names[-1].value.name, self.plan.looks.of(row.state)
        if place.valid_from in looks and place.valid_from > self.day:
            begin = self.day if any(day < self.day for day in looks) else None
            place.begin_on(begin)
            place.touched |= {"life", "names", "keys", "parents"}
            return True
        gone_on = place.valid_to and format_date(place.valid_to, "dd.MM.yyyy")
        said = _("is in the file, but the register knows it only since a later day.")
        if place.valid_to and place.valid_to < self.day:
            said = _("is in the file, but the register knows it as dissolved since %(day)s.", day=gone_on)
        self.plan.doubts.append(Finding(row.line, _("Name"), name, said))
        return False

    def _make(self, row: Row) -> None:
        """Enter a body nobody knew; in an older file it ended before the next look at the register."""
        looks = self.plan.looks.of(row.state)
        later = min((day for day in looks if day > self.day), default=None)
        earlier = any(day < self.day for day in looks)
        place = reading_off.new_place(row, self.day if earlier else None, later - DAY if later else None)
        parent = self.matched.get(self.plan.file.parent_of(row))
        if parent is not None:
            place.parents = [Stretch(place.valid_from, place.valid_to, parent)]
        self.matched[row.key] = place
        self.plan.places.append(place)
        reading_off.take_figures(self.plan, row, place)
        said = [(_("New"), "", row.name)]
        self.plan.new.append(Change(place, reading_off.short(row), row.key, said))

    def _name(self, row: Row, place: Place, change: Change) -> None:
        now = place.called_on(self.day)
        there = reading_off.called(row, now)
        if now != there:
            place.names = seen(place.names, self.day, there, self.plan.looks.of(row.state))
            place.touched.add("names")
            change.details.append((_("Name"), _said(now), _said(there)))

    def _key(self, row: Row, place: Place, change: Change) -> None:
        now = place.key_on(self.day)
        if now != row.key:
            place.keys = seen(place.keys, self.day, row.key, self.plan.looks.of(row.state))
            place.touched.add("keys")
            change.details.append((_("Key"), now, row.key))

    def _parent(self, row: Row, place: Place, change: Change) -> None:
        there = self.matched.get(self.plan.file.parent_of(row))
        now = on(place.parents, self.day)
        if there is None or (now and now.value is there):
            return
        place.parents = seen(place.parents, self.day, there, self.plan.looks.of(row.state))
        place.touched.add("parents")
        before = now.value.names[-1].value.name if now else ""
        change.details.append((_("Lies in"), before, there.names[-1].value.name))

    def finish(self) -> None:
        """Sort the bodies into changed, changed in figures only, and unchanged."""
        for place, change in self.changes.items():
            if place.touched - {"figures", "postcode"}:
                self.plan.changed.append(change)
            elif place.is_municipality and place.touched:
                self.plan.only_figures += 1
            elif place.is_municipality:
                self.plan.unchanged += 1


def _said(called: Called | None) -> str:
    return f"{called.official_name} ({called.kind.label})" if called else ""
