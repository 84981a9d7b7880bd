"""What is typed about a rule."""

from types import SimpleNamespace

from flask_babel import lazy_gettext as _l

from crm.fields import CheckField, NumberField, TextField, must_choose
from crm.forms import RecordForm
from crm.retention.models import RetentionSetting


class RuleForm(RecordForm):
    """Period and stop of one rule; a fixed period is no field."""

    period = NumberField(_l("Period in days"), [must_choose(_l("Enter the period."))])
    stopped = CheckField(
        _l("Stop this rule"),
        description=_l("Nothing is deleted under it until somebody takes the tick away."),
    )
    reason = TextField(
        _l("Reason of the stop"), limit=500, description=_l("For example: audit until 30 June.")
    )


def stored(setting: RetentionSetting, period: int) -> SimpleNamespace:
    """A rule as the form shows it: with the period that holds."""
    return SimpleNamespace(
        version=setting.version, updated_at=setting.updated_at, period=period,
        stopped=setting.is_stopped, reason=setting.reason,
    )  # fmt: skip
