"""What is typed about experience: a question to the finder, a released example, an answer from outside."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from crm.boxes import ChecksField
from crm.cooperations.kinds import LegalForm
from crm.examples.models import Answer, PracticeExample
from crm.fields import (
    ChoiceField,
    LongTextField,
    NumberField,
    SegmentField,
    TextField,
    enum_choices,
    must,
    must_choose,
    record_choices,
)
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm

SUMMARY, MOST_EUROS = 4000, 100_000_000


class FinderForm(FilterForm):
    """What somebody wants to do; all of it stands in the address."""

    feld = ChoiceField(_l("Task field"))
    worte = TextField(_l("Words"))
    kreis = ChoiceField(_l("County"))
    einwohner = NumberField(_l("Inhabitants of one municipality"), least=1, most=9_999_999)
    partner = NumberField(_l("Number of partners"), least=1, most=500)
    form = ChoiceField(_l("Legal form"), kind=LegalForm, empty=_l("any"))

    def fill(self, fields: Iterable[Any], counties: Iterable[Any]) -> "FinderForm":
        """Offer task fields and counties; what is wrong is named and left out."""
        self.feld.choices = record_choices(((one.id, one.name) for one in fields), empty=_l("any"))
        self.kreis.choices = record_choices(((one.id, one.name) for one in counties), empty=_l("any"))
        self.validate()
        return self

    def show(self, question: Any) -> None:
        """Show what a talk or a group asks, as if somebody had typed it."""
        sizes = question.size
        self.feld.data = question.fields[0].id if question.fields else None
        self.worte.data = question.words or None
        self.einwohner.data = max(round(sizes / 100) * 100, 100) if sizes else None
        self.partner.data = question.partners
        self.form.data = question.form


class _Told(Form):
    """What is told of an example."""

    title = TextField(_l("Title"), [must(_l("Enter a title."))])
    summary = LongTextField(
        _l("Summary"), [must(_l("Say in a few sentences what they do together."))], limit=SUMMARY, rows=8,
        description=_l("What they do together, how it began, what helped and what was difficult. No names."),
    )  # fmt: skip
    legal_form = ChoiceField(_l("Legal form"), kind=LegalForm, empty=_l("not said"))
    saving_euros = NumberField(_l("Saving in euros a year"), most=MOST_EUROS)
    saving_note = TextField(
        _l("Saving in words"), limit=300,
        description=_l("What else was gained, or why there is no figure."),
    )  # fmt: skip
    person_id = ChoiceField(
        _l("Contact"),
        description=_l("Somebody of a partner who has agreed to be named. Name, function and official ways."),
    )
    documents = ChecksField(
        _l("Documents to pass on"),
        description=_l("Files of this cooperation; confidential ones are not offered."),
    )

    def offer(self, people: Iterable[tuple[int, str]], files: Iterable[Any]) -> Any:
        """Offer contacts and files."""
        self.person_id.choices = record_choices(people, empty=_("nobody"))
        self.documents.choices = record_choices((one.id, one.file_name) for one in files)
        return self


class NewExampleForm(_Told, NewRecordForm):
    """An example to release."""


class ExampleForm(_Told, RecordForm):
    """A released example to change."""

    def prepare(self) -> "ExampleForm":
        """Offer what was handed in with the stored record."""
        return self.offer(self._record.people, self._record.files)  # type: ignore[union-attr]


class AnswerForm(Form):
    """The answer of a contact, without signing in; what is stored is filled in."""

    answer = SegmentField(_l("Does it still hold?"), [must_choose(_l("Choose an answer."))], kind=Answer)
    summary = LongTextField(_l("Summary"), limit=SUMMARY, rows=8)
    saving_euros = NumberField(_l("Saving in euros a year"), most=MOST_EUROS)
    saving_note = TextField(_l("Saving in words"), limit=300)
    remark = LongTextField(_l("Message to the centre"), limit=2000, rows=3)

    def validate_answer(self, field: Any) -> None:
        """What somebody typed beside another answer must not get lost."""
        told = (self.summary, self.saving_euros, self.saving_note)
        if field.data is Answer.HOLDS and any(one.data != one.object_data for one in told):
            raise ValidationError(
                _(
                    "What stands below is not what is released. Choose “It holds with these corrections”, so "
                    "that nothing gets lost."
                )
            )

    def validate_summary(self, field: Any) -> None:
        """Corrections need a text, for it takes the place of the old one."""
        if self.answer.data is Answer.CHANGED and not field.data:
            raise ValidationError(_("Say in a few sentences what they do together."))


def stored(example: PracticeExample, people: Iterable[Any], files: Iterable[Any]) -> Any:
    """A released example as its form shows it."""
    found = SimpleNamespace(**{name: getattr(example, name) for name in _COLUMNS})
    found.people, found.files = list(people), list(files)
    found.documents = sorted(one.id for one in example.documents if one.id in {file.id for file in files})
    return found


_COLUMNS = (
    "version", "updated_at", "title", "summary", "legal_form", "saving_euros", "saving_note", "person_id",
)  # fmt: skip


class PublicForm(FilterForm):
    """What the public list is narrowed to; only what is there is offered."""

    feld = ChoiceField(_l("Task field"))
    kreis = ChoiceField(_l("County"))
    form = ChoiceField(_l("Legal form"), kind=LegalForm)

    def offer(
        self, examples: list[PracticeExample], counties: dict[int, list[tuple[int, str]]]
    ) -> "PublicForm":
        """Offer the fields, counties and forms of the examples; what is wrong is named and left out."""
        fields = {one.id: one.name for example in examples for one in example.task_fields}
        places = {number: name for named in counties.values() for number, name in named}
        forms = {one.legal_form for one in examples} - {None}
        self.feld.choices = record_choices(sorted(fields.items(), key=lambda one: one[1]), empty=_("all"))
        self.kreis.choices = record_choices(sorted(places.items(), key=lambda one: one[1]), empty=_("all"))
        self.form.choices = enum_choices([one for one in LegalForm if one in forms], _("all"))
        self.validate()
        return self
