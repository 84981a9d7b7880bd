"""What is typed about a report."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.fields import DayField
from crm.filters import FilterForm
from crm.reports.period import MOST_YEARS, Period, this_year


class PeriodForm(FilterForm):
    """First and last day of a report, read from the address; without them it is this year."""

    since = DayField(_l("From"), name="von")
    until = DayField(_l("To"), name="bis")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the days one by one, then together; show them as they were understood."""
        if not super().validate(extra_validators):
            return False
        period = self.period
        if period.until < period.since:
            self.until.errors = [_("The last day lies before the first day.")]
        elif period.until.year - period.since.year >= MOST_YEARS:
            self.until.errors = [
                _("A report covers at most %(years)s years. Choose a later first day.", years=MOST_YEARS)
            ]
        fields: Any = ((self.since, period.since), (self.until, period.until))
        for field, value in fields:
            field.data, field.raw_data = value, None
        return not self.until.errors

    @property
    def period(self) -> Period:
        """The period that was asked for."""
        usual = this_year()
        first: Any = self.since.data or usual.since
        last: Any = self.until.data or usual.until
        return Period(first, last)
