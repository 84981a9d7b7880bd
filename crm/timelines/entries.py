"""One entry of a timeline in words: what its values mean, who came, which body decided."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.consultations.models import Consultation, Participation
from crm.cooperations.kinds import Step, StepSource
from crm.db import today
from crm.dispatches.models import Way
from crm.events.models import EventKind, EventState, Precision
from crm.organisations import queries as organisations
from crm.organisations.models import Organisation
from crm.resolutions.models import Body, ResolutionKind, Result, called
from crm.timelines.kinds import GrantStep, Kind
from crm.timelines.sources import Line

_STATES = {Kind.EVENT: EventState, Kind.STEP: Step, Kind.RESOLUTION: Result, Kind.GRANT: GrantStep}
_WHATS = {Kind.EVENT: EventKind, Kind.STEP: StepSource, Kind.RESOLUTION: ResolutionKind, Kind.MATERIAL: Way}


@dataclass(frozen=True)
class Entry:
    """A line with its kind, and of a talk the record with the organisation's own part in it."""

    kind: Kind
    line: Line
    talk: Consultation | None = None
    own: Participation | None = None

    @property
    def state(self) -> Any:
        """The state, step, result or day of an application; None where there is none yet."""
        return _STATES[self.kind](self.line.state) if self.line.state else None

    @property
    def what(self) -> Any:
        """What sort of event or resolution, where a step is known from, how something was handed out."""
        return _WHATS[self.kind](self.line.what)

    @property
    def is_of_year(self) -> bool:
        """Tell whether no more than the year is known."""
        return self.kind is Kind.EVENT and self.line.known == Precision.YEAR.value

    @property
    def has_day(self) -> bool:
        """Tell whether the day is known, and not only month or year."""
        rough = (Precision.MONTH.value, Precision.YEAR.value)
        return not (self.kind is Kind.EVENT and self.line.known in rough)

    @property
    def somebody_came(self) -> bool:
        """Tell whether somebody came to an event from there."""
        return bool(self.line.people or self.line.counted or self.line.estimated)

    @property
    def heads(self) -> str:
        """Say who came from there, named, counted and estimated apart; or else who registered."""
        line = self.line
        said = [
            ngettext("%(num)s person came", "%(num)s persons came", line.people) if line.people else "",
            _("%(num)s counted", num=line.counted) if line.counted else "",
            _("about %(num)s estimated", num=line.estimated) if line.estimated else "",
        ]
        if line.seats and not self.somebody_came:
            said.append(self._registered)
        return ", ".join(filter(None, said))

    @property
    def _registered(self) -> str:
        number = self.line.seats
        if self.is_past:
            return ngettext("%(num)s person had registered", "%(num)s persons had registered", number)
        return ngettext("%(num)s person registered", "%(num)s persons registered", number)

    @property
    def is_past(self) -> bool:
        """Tell whether its day has gone by."""
        return self.line.day < today()

    @property
    def result(self) -> Any:
        """How a body decided, as a badge of resolutions asks; None while it has not."""
        return self.state

    @property
    def is_due(self) -> bool:
        """Tell whether the day of a session has come and its result is missing."""
        return self.result is None and self.line.day <= today()

    def body(self, place: Organisation) -> str:
        """Name the body that decides, as the law calls it in such a place on that day."""
        kind = organisations.designation_on(place, self.line.day).kind
        return str(called(Body(self.line.known), kind))
