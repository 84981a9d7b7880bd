"""What is typed about agreements."""

from flask_babel import lazy_gettext as _l

from crm.consents.models import Purpose, Way
from crm.fields import ChoiceField, DayField, LongTextField, TextField, enum_choices, must_choose
from crm.forms import NewRecordForm, RecordForm

# What somebody says; the office itself cannot agree for a person.
_WAYS = [way for way in Way if way is not Way.OFFICE]


class ConsentForm(NewRecordForm):
    """To what somebody has agreed, and how that can be proved."""

    purpose = ChoiceField(
        _l("Consented to"), [must_choose(_l("Choose what was agreed to."))], kind=Purpose,
        default=Purpose.MAILINGS,
    )  # fmt: skip
    way = ChoiceField(
        _l("How"), [must_choose(_l("Choose how it was said."))], kind=Way, choices=enum_choices(_WAYS),
        default=Way.FORM,
        description=_l("With the link the person gets a mail; only the click in it counts as consent."),
    )  # fmt: skip
    given_on = DayField(_l("Day of the consent"), description=_l("Empty: today."))
    proof = TextField(
        _l("Where the proof is kept"), limit=500, description=_l("For example: file 12/2026, sheet 7.")
    )
    wording = LongTextField(
        _l("Other wording"), rows=3,
        description=_l("Only if the sheet or the talk used other words than those below."),
    )  # fmt: skip


class WithdrawForm(RecordForm):
    """When somebody took an agreement back."""

    withdrawn_on = DayField(_l("Day of the withdrawal"), description=_l("Empty: today."))
