"""What is typed when something is handed out."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import StopValidation

from crm.chips import ChipsField
from crm.dispatches.models import Way
from crm.dispatches.words import nobody
from crm.fields import (
    ChoiceField,
    DayField,
    LongTextField,
    NumberField,
    SegmentField,
    TextField,
    must,
    must_choose,
    record_choices,
)
from crm.filters import EdgeField, FilterForm
from crm.forms import NewRecordForm

MOST_COPIES = 1_000
NEEDED = _l("Choose a material.")


def _somebody(form: Any, field: Any) -> None:
    laid_out = form.at_event and form.copies.data
    if not field.data and not form.people.data and not field.problems and not laid_out:
        raise StopValidation(nobody(form.at_event))


class HandOutForm(NewRecordForm):
    """One version, to whom, by which way."""

    version_id = ChoiceField(_l("Material"), [must_choose(NEEDED)])
    way = SegmentField(
        _l("How?"), [must_choose(_l("Choose how it goes out."))], kind=Way, default=Way.IN_PERSON
    )
    organisations = ChipsField(
        _l("Municipalities and bodies"), [_somebody], placeholder=_l("Find a municipality or body")
    )
    people = ChipsField(_l("People"), placeholder=_l("Find a person"))
    handed_on = DayField(_l("Day"), [must(_l("Enter the day."))], lean="past")
    copies = NumberField(
        _l("Copies for each of them"), most=MOST_COPIES, description=_l("They are taken out of the stock.")
    )
    note = LongTextField(_l("Remark"), limit=500, rows=3, description=_l("It also stands in the mail."))
    at_event = False

    def connect(self, offered: Any, organisations: Any, people: Any) -> Any:
        """Give the choice its materials and the chips their sources."""
        self.version_id.choices = choices(offered)
        self.organisations.use(organisations)
        self.people.use(people)
        # One of the two must be filled: neither is optional by itself.
        self.organisations.flags.one_of_several = self.people.flags.one_of_several = True
        return self

    def lay_out(self) -> None:
        """Ask how many copies lay there, and nobody's name."""
        del self.organisations, self.people, self.way
        self.copies.label.text = _("Copies laid out")

    @property
    def values(self) -> dict[str, Any]:
        """Columns for the service; no copies are none."""
        found = super().values
        del found["version_id"]
        return {"way": Way.IN_PERSON} | found | {"copies": found["copies"] or 0}


class QuickForm(NewRecordForm):
    """A material handed over in a talk, to all who took part."""

    version_id = ChoiceField(_l("Material"), [must_choose(NEEDED)])
    copies = NumberField(_l("Copies for each of them"), most=MOST_COPIES)

    def connect(self, offered: Any) -> Any:
        """Give the choice its materials."""
        self.version_id.choices = choices(offered)
        return self


class RenewForm(NewRecordForm):
    """Yes, send it. `shown` is the number of people the question named."""

    shown = HiddenField()


class LogForm(FilterForm):
    """What the log is narrowed to."""

    q = TextField(_l("Title, series or publisher"))
    weg = ChoiceField(_l("How?"), kind=Way, empty=_l("all"))
    von = EdgeField(_l("From"), edge="first")
    bis = EdgeField(_l("To"), edge="last")


class SpanForm(FilterForm):
    """The days the figures are about."""

    von = EdgeField(_l("From"), edge="first")
    bis = EdgeField(_l("To"), edge="last")


def choices(offered: Any) -> Any:
    """Name the versions on offer: title, version, and what lies in stock."""
    return record_choices(((one.id, _named(one)) for one in offered), empty=_("Choose a material"))


def _named(one: Any) -> str:
    name = ", ".join(part for part in (one.title, one.label) if part)
    return f"{name} ({_('%(num)s in stock', num=one.in_stock)})" if one.in_stock else name
