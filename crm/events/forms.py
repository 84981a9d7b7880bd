"""What is typed about events: what, when, where, for how many; a copy of one; why one is cancelled."""

from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect

from crm.addresses import WebField
from crm.chips import ChipsField
from crm.events.models import Entrance, Event, EventKind, EventState, Precision
from crm.events.spans import Span, Unfit, check_deadline, span_of
from crm.events.times import day_and_clock
from crm.fields import (
    CheckField,
    ChoiceField,
    ClockField,
    DayField,
    LongTextField,
    NumberField,
    TextField,
    fit_for_mail,
    must,
    must_choose,
    record_choices,
)
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm
from crm.reading import Misread

MOST_SEATS = 100_000
MOST_HOSTS = 20
_TIMES = ("day", "starts", "last_day", "ends", "register_until")


class VideoField(WebField):
    """The address of a video meeting; only encrypted ones."""

    def read(self, text: str) -> str:
        """Complete the address; raises Misread for one without https."""
        url = super().read(text)
        if not url.lower().startswith("https://"):
            raise Misread(_("Only addresses that begin with https:// are taken here."))
        return url


class _Event(Form):
    kind = ChoiceField(
        _l("Kind"), [must_choose(_l("Choose the kind of the event."))], kind=EventKind,
        empty=_l("please choose"),
    )  # fmt: skip
    title = TextField(_l("Title"), [must(_l("Give the event a title.")), fit_for_mail])
    task_fields = ChipsField(_l("Task fields"), placeholder=_l("Add a task field …"))
    summary = LongTextField(
        _l("Text for guests"), rows=5, limit=5_000,
        description=_l(
            "Stands on the registration page and as {text} in mailings. Lists with -, bold with **."
        ),
    )  # fmt: skip
    for_whom = TextField(
        _l("For whom"), limit=500, description=_l("For example: mayors, heads of finance, councillors.")
    )
    hosts = ChipsField(_l("Together with"), placeholder=_l("Add a municipality or body …"))
    other_hosts = TextField(
        _l("Other co-hosts"), limit=1_000, description=_l("Not in the register; several parted by semicolon.")
    )
    note = LongTextField(_l("Internal notes"), rows=4, description=_l("Guests never see them."))
    day = DayField(_l("Day"), lean="future")
    starts = ClockField(_l("From"))
    ends = ClockField(_l("Until"))
    last_day = DayField(_l("Last day"), lean="future", description=_l("Only for events of several days."))
    venue = TextField(_l("Venue"), limit=300, description=_l("House and street."))
    place_id = ChipsField(_l("Municipality"), single=True, placeholder=_l("Find a municipality"))
    video_link = VideoField(
        _l("Link of the video meeting"), limit=500, description=_l("Guests get it with their confirmation.")
    )
    capacity = NumberField(
        _l("Seats"), most=MOST_SEATS, description=_l("Empty: as many as come. 0: nobody can register.")
    )
    register_until = DayField(_l("Registration until"), lean="future")
    entrance = ChoiceField(_l("Who can register?"), kind=Entrance)
    asks_needs = CheckField(_l("Ask guests for what they need"), description=_l("Barrier-free access, food."))
    responsible_id = ChoiceField(_l("Responsible"))
    cooperation_id = ChipsField(_l("Cooperation"), single=True, placeholder=_l("Find a cooperation …"))

    span: Span | None = None
    rough = ""

    def connect(self, sources: dict[str, Any]) -> Any:
        """Give chips their sources (organisations, task_fields, cooperations), the choice its people."""
        for name in ("hosts", "place_id"):
            self[name].use(sources["organisations"])
        self.task_fields.use(sources["task_fields"])
        self.cooperation_id.use(sources["cooperations"])
        self.responsible_id.choices = record_choices(
            [(one.id, one.name) for one in sources["planners"]], empty=_l("nobody yet")
        )
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields one by one, then whether days and times fit together."""
        right = super().validate(extra_validators)
        if not any(self[name].errors for name in _TIMES):
            right = self._fits() and right
        names = self._other_names()
        if len(names) > MOST_HOSTS or any(len(name) > 200 for name in names):
            self.other_hosts.errors = [
                _("At most %(most)s names of 200 characters each fit here.", most=MOST_HOSTS)
            ]
            return False
        return right

    def _fits(self) -> bool:
        try:
            self.span = self._span()
            until: Any = self.register_until.data
            check_deadline(until, self.span.last_day if self.span else None)
        except Unfit as problem:
            for name in problem.fields:
                self[name].errors = [problem.message]
            return False
        return True

    def _span(self) -> Span | None:
        typed = [self[name].data for name in ("day", "starts", "last_day", "ends")]
        if self.rough and not any(typed):
            return None
        if not self.day.data:
            raise Unfit(_("Enter the day of the event."), "day")
        return span_of(*typed)

    def _other_names(self) -> list[str]:
        return [name for part in (self.other_hosts.data or "").split(";") if (name := part.strip())]

    @property
    def values(self) -> dict[str, Any]:
        """Columns and numbers for the service."""
        found = {name: value for name, value in super().values.items() if name not in _TIMES}
        for name in ("place_id", "cooperation_id"):
            found[name] = found[name][0] if found[name] else None
        found |= self.span.columns if self.span else {}
        return found | {"other_hosts": self._other_names(), "register_until": self.register_until.data}


class NewEventForm(_Event, NewRecordForm):
    """An event that is planned."""

    standard = CheckField(
        _l("Add the usual checklist"), default=True,
        description=_l("From the save-the-date to the documentation, as the kind of event needs it."),
    )  # fmt: skip


class EventForm(_Event, RecordForm):
    """An event that is changed."""

    handed_out = LongTextField(
        _l("Handed out"), rows=3, limit=5_000,
        description=_l("Which materials the guests got: slides, folders, model contracts."),
    )  # fmt: skip
    correction_reason = TextField(_l("Reason for the correction"), limit=500)

    def prepare(self) -> Any:
        """Connect the form, and its stored twin, to the same sources."""
        self.rough = self._record.rough  # type: ignore[union-attr]
        return self.connect(self._record.sources)  # type: ignore[union-attr]


def stored(event: Event, sources: dict[str, Any], rough: str = "") -> SimpleNamespace:
    """Give an event as its form sees it; `rough` says its time in words where no day is known."""
    columns = {column.key: getattr(event, column.key) for column in inspect(Event).column_attrs}
    timed = event.precision is Precision.TIME
    (day, starts), (last, ends) = day_and_clock(event.starts_at), day_and_clock(event.ends_at)
    columns |= {
        "day": None if rough else day, "starts": starts if timed else None,
        "last_day": last if last != day and not rough else None, "ends": ends if timed else None,
        "task_fields": [one.id for one in event.task_fields],
        "hosts": [one.organisation_id for one in event.hosts if one.organisation_id],
        "other_hosts": "; ".join(one.name for one in event.hosts if not one.organisation_id) or None,
        "place_id": [event.place_id] if event.place_id else [],
        "cooperation_id": [event.cooperation_id] if event.cooperation_id else [],
    }  # fmt: skip
    return SimpleNamespace(**columns, sources=sources, rough=rough)


class CopyForm(NewRecordForm):
    """A new event after the pattern of another: when it is, and which parts go along."""

    title = TextField(_l("Title"), [must(_l("Give the event a title.")), fit_for_mail])
    day = DayField(_l("Day of the new event"), [must(_l("Enter the day of the event."))], lean="future")
    texts = CheckField(_l("Text for guests and for whom"), default=True)
    hosts = CheckField(_l("Co-hosts"), default=True)
    programme = CheckField(_l("Programme"), default=True)
    speakers = CheckField(
        _l("Speakers of the programme"),
        description=_l(
            "Only if they have agreed again: guests read their names as soon as registration opens."
        ),
    )
    checklist = CheckField(_l("Checklist, nothing ticked"), default=True)
    place = CheckField(_l("Venue, seats and entrance"), default=True)


class CancelForm(NewRecordForm):
    """Why an event is called off."""

    reason = TextField(
        _l("Reason"), [must(_l("Enter the reason."))], limit=500,
        description=_l("Guests read it on the registration page, and as {grund} in the mail."),
    )  # fmt: skip


class ListForm(FilterForm):
    """What the list of events is narrowed to; everything stands in the address."""

    q = TextField(_l("Words, place or task field"))
    art = ChoiceField(_l("Kind"), kind=EventKind, empty=_l("all"))
    stand = ChoiceField(_l("State"), kind=EventState, empty=_l("all"))
    jahr = ChoiceField(_l("Year"))
    landkreis = ChoiceField(_l("County"))
    zustaendig = ChoiceField(_l("Responsible"))

    def fill(self, years: Any, counties: Any, planners: Any) -> Any:
        """Fill the choices and read the address."""
        self.jahr.choices = record_choices([(one, str(one)) for one in years], empty=_l("all"))
        for choice, offered in ((self.landkreis, counties), (self.zustaendig, planners)):
            choice.choices = record_choices([(one.id, one.name) for one in offered], empty=_l("all"))
        self.validate()
        return self
