"""What is typed about invitations: an audience, the filters of the list, an answer."""

import enum
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from crm.chips import ChipsField
from crm.contacts.models import FunctionRole
from crm.fields import ChoiceField, FromList, SegmentField, TextField, enum_choices
from crm.filters import FilterForm
from crm.forms import NewRecordForm, RecordForm
from crm.invitations.models import Answer
from crm.invitations.narrowing import Bodies, Wanted
from crm.invitations.queries import UNDELIVERABLE, UNWRITTEN
from crm.organisations.sizes import SizeClass


class ChecksField(SelectMultipleField):
    """Checkboxes over the members of an enum, or over records by number; none at all is fine."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, kind: type[enum.Enum] | None = None, **kw: Any):
        coerce: Callable[[Any], Any] = _member_of(kind) if kind else int
        choices = enum_choices(kind) if kind else []
        super().__init__(label, coerce=coerce, choices=choices, validate_choice=False, **kw)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what is ticked; anything else is refused."""
        self.data = []
        try:
            self.data = [self.coerce(value) for value in valuelist if len(value) < 30]
        except ValueError:
            raise ValidationError(FromList.INVALID) from None

    def pre_validate(self, form: Any) -> None:
        """Refuse what was not offered."""
        offered = {self.coerce(one.value) for one in self.choices}  # type: ignore[union-attr]
        if set(self.data or ()) - offered:
            raise ValidationError(FromList.INVALID)

    @property
    def chosen(self) -> list[str]:
        """What is ticked, in words."""
        ticked = set(self.data or ())
        return [str(one.label) for one in self.choices if self.coerce(one.value) in ticked]  # type: ignore[union-attr]


def _member_of(kind: type[enum.Enum]) -> Callable[[Any], Any]:
    return lambda value: value if isinstance(value, kind) else kind(value)


class AudienceForm(FilterForm):
    """Whom to invite; everything stands in the address."""

    rolle = ChecksField(_l("Functions"), FunctionRole)
    art = ChecksField(_l("Kinds"), Bodies)
    groesse = ChecksField(_l("Inhabitants of the municipality"), SizeClass)
    gebiet = ChecksField(_l("Regions"))
    kooperation = ChipsField(
        _l("Partners of a cooperation"), single=True, placeholder=_l("Find a cooperation …")
    )
    person = ChipsField(
        _l("And these people"),
        placeholder=_l("Name"),
        description=_l("In addition to those found by function."),
    )

    def prepare(self, areas: Any, cooperations: Any, people: Any) -> "AudienceForm":
        """Offer the regions and give the chips their sources."""
        self.gebiet.choices = [SelectChoice(str(one.id), one.name) for one in areas]
        self.kooperation.use(cooperations)
        self.person.use(people)
        return self

    @property
    def wanted(self) -> Wanted:
        """What was chosen; a wrong part is left out."""
        groups = self.chosen("kooperation") or []
        return Wanted(
            roles=tuple(self.chosen("rolle") or ()),
            areas=tuple(self.chosen("gebiet") or ()),
            sizes=tuple(self.chosen("groesse") or ()),
            bodies=tuple(self.chosen("art") or ()),
            cooperation_id=groups[0] if groups else None,
            people=tuple(self.chosen("person") or ()),
        )

    @property
    def words(self) -> str:
        """What was chosen, in words and without names of people."""
        parts = [", ".join(one.chosen) for one in (self.rolle, self.art, self.groesse, self.gebiet)]
        parts += [chip.text for chip in self.kooperation.chips]
        if self.person.data:
            parts.append(_("%(num)s chosen by name", num=len(self.person.data)))
        return "; ".join(part for part in parts if part)


class AddForm(NewRecordForm):
    """Yes, invite them; the audience stands in the address."""


class AnswerForm(RecordForm):
    """What somebody answered by phone or letter."""

    answer = SegmentField(_l("Answer"), kind=Answer)
    represented_by = TextField(
        _l("Represented by"), description=_l("For example “Kämmerei, S. Roth”; only with “represented”.")
    )
    remark = TextField(_l("Remark"), limit=300)


class ListForm(FilterForm):
    """What the list of invitations is narrowed to."""

    q = TextField(_l("Name or municipality"))
    county = ChoiceField(_l("County"))
    answer = ChoiceField(_l("Answer"), coerce=lambda value: str(value) if value else None)

    def fill(self, counties: Any) -> "ListForm":
        """Offer the counties and the answers."""
        self.county.choices = [SelectChoice("", _("all"))] + [SelectChoice(str(a), b) for a, b in counties]
        answers = enum_choices(Answer, _("all"))
        more = ((UNWRITTEN, _("not written to yet")), (UNDELIVERABLE, _("undeliverable")))
        self.answer.choices = answers + [SelectChoice(value, text) for value, text in more]
        return self
