"""What is typed at the door and after an event."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from crm.addresses import mail_address
from crm.attendance.matching import Fit, Match
from crm.attendance.models import Certainty
from crm.attendance.queries import Standing, Wanted
from crm.chips import ChipsField
from crm.fields import (
    CheckField,
    ChoiceField,
    LongTextField,
    NumberField,
    SegmentField,
    TextField,
    coerce_number,
    must,
    must_choose,
)
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm
from crm.registrations.models import GuestKind

LONGEST_LIST, MOST_LINES = 60_000, 400


class SearchForm(FilterForm):
    """Whom the list at the door shows."""

    q = TextField(_l("Name or municipality"))
    wer = ChoiceField(_l("State"), kind=Standing, empty=_l("all"))
    art = ChoiceField(_l("Kind of guest"), kind=GuestKind, empty=_l("all"))
    kommune = ChoiceField(_l("Municipality"), coerce=coerce_number, empty=_l("all"))
    ohne = CheckField(_l("Without an organisation of the register"))

    @property
    def wanted(self) -> Wanted:
        """What the list is narrowed to."""
        return Wanted(
            text=self.chosen("q") or "", organisation_id=self.chosen("kommune"),
            elsewhere=bool(self.chosen("ohne")), kind=self.chosen("art"), standing=self.chosen("wer"),
        )  # fmt: skip


class WalkInForm(NewRecordForm):
    """Somebody at the door who is not on the list."""

    first_name = TextField(_l("First name"))
    last_name = TextField(_l("Last name"), [must(_l("Enter the last name."))])
    organisation = ChipsField(_l("Municipality or organisation"), single=True, placeholder=_l("Name or key"))
    organisation_text = TextField(
        _l("Not in the register"), description=_l("Write down where the guest comes from.")
    )
    kind = ChoiceField(
        _l("Comes as"), [must_choose(_l("Choose as whom the guest comes."))], kind=GuestKind,
        empty=_l("Please choose"),
    )  # fmt: skip
    companions = NumberField(_l("Further persons"), most=9)
    email = TextField(
        _l("E-mail address"), [mail_address], limit=254, description=_l("For papers and thanks.")
    )
    anyway = HiddenField()

    @property
    def guest(self) -> dict[str, Any]:
        """The columns of the guest."""
        names = ("first_name", "last_name", "organisation_text", "kind", "email")
        number = (self.organisation.data or [None])[0]
        values = {name: self.values[name] for name in names} | {"organisation_id": number}
        return values | {"companions": self.companions.data or 0}


class _Heads(Form):
    heads = NumberField(_l("How many?"), [must(_l("Enter how many there were."))], least=1, most=99_999)
    certainty = SegmentField(
        _l("Counted or estimated?"), [must_choose(_l("Choose “counted” or “estimated”."))], kind=Certainty
    )
    kind = ChoiceField(_l("Kind of guest"), [must_choose(_l("Choose as whom they came."))], kind=GuestKind)
    organisation = ChipsField(
        _l("From one municipality"), single=True, placeholder=_l("Name or key"),
        description=_l("Empty: from anywhere."),
    )  # fmt: skip

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the head count."""
        number = (self.organisation.data or [None])[0]
        plain = {name: self.values[name] for name in ("heads", "kind", "certainty")}
        return plain | {"organisation_id": number}


class NewHeadsForm(_Heads, NewRecordForm):
    """Heads without names."""


class HeadsForm(_Heads, RecordForm):
    """Heads without names, corrected."""

    def prepare(self) -> "HeadsForm":
        """Give the chips of the form, and of its stored twin, their source."""
        self.organisation.use(self._record.places)  # type: ignore[union-attr]
        return self


class HandedOutForm(RecordForm):
    """What the guests were given."""

    handed_out = LongTextField(
        _l("Papers handed out"), rows=6, limit=5000,
        description=_l("A line for each: title, edition, how many. Lists with -, bold with **."),
    )  # fmt: skip


class ListForm(Form):
    """A sign-in list, pasted; what is in doubt is answered by line under `zeile-<number>`."""

    text = LongTextField(
        _l("Attendance list"), [must(_l("Paste the list: a line for each person."))],
        rows=14, limit=LONGEST_LIST,
        description=_l("Last name, first name; municipality. Tables from Excel and numbered lists are fine."),
    )  # fmt: skip
    open_lines: list[tuple[str, str]] = []

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Errors of the form, then of the lines."""
        return super().problems + self.open_lines


def name_of(number: int) -> str:
    """The field of a line."""
    return f"zeile-{number}"


def answers(sent: Any, matches: list[Match]) -> dict[int, str]:
    """What was answered by line; a line that asks nothing may be left out."""
    found = {one.line.number: sent.get(name_of(one.line.number), one.usual) for one in matches}
    return {number: answer for number, answer in found.items() if answer}


def unanswered(matches: list[Match], given: dict[int, str]) -> list[Match]:
    """Lines in doubt that nobody decided."""
    return [one for one in matches if one.fit is Fit.DOUBTFUL and one.line.number not in given]
