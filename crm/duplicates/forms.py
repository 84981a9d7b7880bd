"""What is typed and chosen about doubles."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.chips import ChipsField
from crm.duplicates.choosing import BOTH, ONE, OTHER, Choice, choices
from crm.duplicates.models import UNDO_DAYS
from crm.fields import TextField, coerce_number
from crm.filters import FilterForm
from crm.forms import NewRecordForm, RecordForm

_TAKE, _VERSION, _KEPT = "take-", "version-", "kept"


class MergeForm(NewRecordForm):
    """Which of two records stays, and which value of every field."""

    one: Any = None
    other: Any = None
    choices: list[Choice] = []
    preset = 0
    sent: Any = None
    numbers: dict[int, list[str]] = {}
    undo_days = UNDO_DAYS

    def compare(self, one: Any, other: Any, sent: Any = None) -> "MergeForm":
        """Put two records side by side; `sent` is what was chosen, `preset` who is proposed to stay."""
        self.one, self.other, self.sent = one, other, self.sent if sent is None else sent
        self.choices = choices(one, other)
        return self

    @property
    def kept_id(self) -> int:
        """Number of the record that stays."""
        try:
            number = coerce_number(self.sent.get(_KEPT))
        except ValueError:
            number = None
        return number if number and number in (self.one.id, self.other.id) else self.preset

    @property
    def lost_id(self) -> int:
        """Number of the record that goes."""
        return int(self.other.id if self.kept_id == self.one.id else self.one.id)

    @property
    def versions(self) -> dict[int, str]:
        """What the person at the screen had seen, by number."""
        return {one.id: self.sent.get(f"{_VERSION}{one.id}", "") for one in (self.one, self.other)}

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, by field; what was not sent is as proposed."""
        return {one.name: self.chosen_of(one) for one in self.choices}

    def chosen_of(self, choice: Choice) -> str:
        """What is chosen of one field."""
        sent = self.sent.get(f"{_TAKE}{choice.name}", "")
        return sent if sent in _offered(choice) else choice.preset

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse choices that were not offered, by name."""
        right = super().validate(extra_validators)
        wrong = [one for one in self.choices if self.sent.get(f"{_TAKE}{one.name}", ONE) not in _offered(one)]
        numbers = (str(self.one.id), str(self.other.id))
        if self.sent.get(_KEPT, numbers[0]) not in numbers:
            self.form_errors.append(_("Choose which of both records stays."))
        self.form_errors += [
            _("%(field)s: choose one of the values shown.", field=one.label) for one in wrong
        ]
        return right and not self.form_errors


def _offered(choice: Choice) -> tuple[str, ...]:
    return (ONE, OTHER, BOTH) if choice.joins else (ONE, OTHER)


class DistinctForm(NewRecordForm):
    """Why two records are two after all."""

    reason = TextField(_l("Reason"), limit=300, description=_l("For example: father and son."))


class UndoForm(RecordForm):
    """A merge that is to be taken back."""


class WithForm(FilterForm):
    """With whom somebody is to be merged."""

    person = ChipsField(_l("Merge with"), single=True, placeholder=_l("Name of the other record"))

    def connect(self, source: Any) -> "WithForm":
        """Give the chips their source and read the address."""
        self.person.use(source)
        self.validate()
        return self
