"""What is typed about requests of persons."""

from flask_babel import lazy_gettext as _l

from crm.consents.models import Way
from crm.fields import ChoiceField, DayField, LongTextField, enum_choices, must, must_choose
from crm.forms import NewRecordForm, RecordForm
from crm.rights.models import Right

_WAYS = [way for way in Way if way not in (Way.LINK, Way.OFFICE)]


class RequestForm(NewRecordForm):
    """What somebody asks for."""

    kind = ChoiceField(_l("What is asked for"), [must_choose(_l("Choose what is asked for."))], kind=Right)
    way = ChoiceField(
        _l("How"), [must_choose(_l("Choose how it was said."))], kind=Way, choices=enum_choices(_WAYS),
        default=Way.MAIL,
    )  # fmt: skip
    asked_on = DayField(_l("Day of the request"), description=_l("Empty: today."))
    reason = LongTextField(
        _l("What was said, and why"), [must(_l("Say in a few words what is asked for and why."))], rows=3
    )


class AnswerForm(RecordForm):
    """What was done."""

    answered_on = DayField(_l("Done on"), description=_l("Empty: today."))
    answer = LongTextField(_l("What was done"), [must(_l("Say what was done."))], rows=3)
