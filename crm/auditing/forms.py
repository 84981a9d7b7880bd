"""What the audit is asked for."""

from flask_babel import lazy_gettext as _l

from crm.fields import ChoiceField, DayField, NumberField
from crm.filters import FilterForm


class AuditForm(FilterForm):
    """Filters of the audit."""

    wer = ChoiceField(_l("Who"))
    was = ChoiceField(_l("About what"), coerce=str)
    von = DayField(_l("From"))
    bis = DayField(_l("Until"))
    nr = NumberField(_l("No."))
