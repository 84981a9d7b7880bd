"""What a typed line is made of: its parts, how sure each is, and what it might mean instead."""

import enum
import hashlib
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.consultations.models import Channel, ConsultationKind, Presence
from crm.db import today
from crm.folding import fold
from crm.labels import Labelled, name_members


class PartKind(Labelled):
    """What a part of the line is about."""

    DAY = "day"
    START = "start"
    CHANNEL = "channel"
    KIND = "kind"
    PLACE = "place"
    GROUP = "group"
    TASK_FIELD = "task-field"
    DURATION = "duration"
    PREPARATION = "preparation"
    TRAVEL = "travel"
    CONFIDENTIAL = "confidential"
    DUE = "due"
    TO_DO = "to-do"
    OWNER = "owner"
    NOTE = "note"


name_members(
    {
        PartKind.DAY: _l("Day"),
        PartKind.START: _l("Start"),
        PartKind.CHANNEL: _l("Channel"),
        PartKind.KIND: _l("Kind"),
        PartKind.PLACE: _l("Municipality"),
        PartKind.GROUP: _l("Cooperation"),
        PartKind.TASK_FIELD: _l("Task field"),
        PartKind.DURATION: _l("Talk"),
        PartKind.PREPARATION: _l("Preparation and wrap-up"),
        PartKind.TRAVEL: _l("Travel"),
        PartKind.CONFIDENTIAL: _l("Confidential"),
        PartKind.DUE: _l("Follow-up on"),
        PartKind.TO_DO: _l("To do"),
        PartKind.OWNER: _l("Responsible"),
        PartKind.NOTE: _l("Note"),
    }
)


class State(enum.Enum):
    """How sure a part is: it stands there, it was added because nothing stands there, or it asks."""

    READ = "read"
    ASSUMED = "assumed"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Choice:
    """One thing an unclear part may mean: the part it then becomes."""

    kind: PartKind
    value: Any
    shown: str
    note: str = ""

    @property
    def code(self) -> str:
        """What a form sends for it: `place:12`, `day:2026-11-23`, `note:`."""
        return f"{self.kind.value}:{_code(self.value)}"


def _code(value: Any) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    return str(getattr(value, "id", getattr(value, "value", value)) or "")


@dataclass
class Part:
    """A part of the line. `text` is as typed, `value` what it means, `shown` how the screen says it.

    `leave` offers to keep it as words only; `namesakes` says that several bear the name; `inside` that
    the note holds the words as well; `presence` says how a place took part, `was_spoken` how it was said,
    and `represented_by` who stood in for it; `origin` and `answer` are mark and choice of the part it was
    before somebody answered.
    """

    kind: PartKind
    text: str
    value: Any = None
    shown: str = ""
    state: State = State.READ
    question: str = ""
    choices: tuple[Choice, ...] = ()
    note: str = ""
    leave: bool = True
    namesakes: bool = False
    inside: bool = False
    presence: Presence = Presence.PRESENT
    represented_by: str = ""
    was_spoken: Presence | None = None
    origin: str = ""
    answer: str = ""

    @property
    def mark(self) -> str:
        """Names the part in a form, the same as long as the same words stand in the line."""
        if self.origin:
            return self.origin
        words = f"{self.kind.value} {fold(self.text)}"
        return hashlib.sha256(words.encode()).hexdigest()[:12]

    @property
    def said(self) -> str:
        """How the screen says it, with how a place took part."""
        if self.presence is Presence.PRESENT:
            return self.shown
        by = _("represented by %(name)s", name=self.represented_by) if self.represented_by else ""
        return f"{self.shown}, {by or self.presence.label}"

    @property
    def spoken(self) -> Presence:
        """How the line says a place took part; a call about its absence counts as a talk with it."""
        return self.was_spoken or self.presence

    @property
    def is_open(self) -> bool:
        """Tell whether it asks something."""
        return self.state is State.UNCLEAR

    @property
    def offered(self) -> tuple[Choice, ...]:
        """What may be chosen instead: its choices, and to leave it as words of the note."""
        as_words = (Choice(PartKind.NOTE, None, self.text),) if self.leave and self.text else ()
        return (*self.choices, *as_words)

    @property
    def is_promise(self) -> bool:
        """Tell whether it belongs to a follow-up."""
        return self.kind in (PartKind.DUE, PartKind.TO_DO, PartKind.OWNER)

    def answered(self, code: str) -> "Part":
        """Become what was chosen; an answer nobody offered changes nothing."""
        chosen = next((one for one in self.offered if one.code == code), None)
        if chosen is None:
            return self
        value = chosen.value
        if chosen.kind is PartKind.NOTE:
            # What stands in the note already is not written into it once more.
            value = None if self.inside else self.text
        return Part(
            chosen.kind, self.text, value, chosen.shown, note=chosen.note, presence=self.presence,
            represented_by=self.represented_by, was_spoken=self.was_spoken, origin=self.mark, answer=code,
        )  # fmt: skip


@dataclass
class Line:
    """A line that was read: its parts in the order of the screen."""

    text: str
    parts: list[Part] = field(default_factory=list)

    def of(self, kind: PartKind) -> list[Part]:
        """Parts of a kind that are sure enough to be saved."""
        return [one for one in self.parts if one.kind is kind and not one.is_open]

    def first(self, kind: PartKind, otherwise: Any = None) -> Any:
        """The value of the first part of a kind."""
        return next((one.value for one in self.of(kind)), otherwise)

    @property
    def open(self) -> list[Part]:
        """The parts that ask something."""
        return [one for one in self.parts if one.is_open]

    @property
    def kind_of_talk(self) -> ConsultationKind:
        """What was written, else what follows from the number of organisations."""
        several = len(self.of(PartKind.PLACE)) > 1
        usual = ConsultationKind.GROUP if several else ConsultationKind.SINGLE
        kind: ConsultationKind = self.first(PartKind.KIND, usual)
        return kind

    @property
    def note(self) -> str | None:
        """The words of the line that are the note; without any what it was about, as it was typed."""
        words = [one.value for one in self.of(PartKind.NOTE) if one.value] or [
            one.text for one in self.of(PartKind.TASK_FIELD)
        ]
        return ". ".join(words) or None

    @property
    def day(self) -> date:
        """When it was; today where nothing is written."""
        day: date = self.first(PartKind.DAY, today())
        return day

    @property
    def channel(self) -> Channel:
        """How people talked."""
        channel: Channel = self.first(PartKind.CHANNEL, Channel.PHONE)
        return channel
