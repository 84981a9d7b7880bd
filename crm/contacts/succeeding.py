"""Who follows in an office, and from when; every form about it begins so."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from crm.chips import ChipsField
from crm.fields import DayField, must
from crm.forms import Form


def _somebody(_form: Any, field: Any) -> None:
    if not field.data and not field.created and not field.problems:
        raise StopValidation(_("Choose or name who follows."))


class Succession(Form):
    """Somebody known or new, and the first day."""

    successor = ChipsField(
        _l("Who follows?"), [_somebody], single=True, create=True, placeholder=_l("Name"),
        description=_l("Choose somebody known, or write the name of somebody new."),
    )  # fmt: skip
    valid_from = DayField(_l("First day in office"), [must(_l("Enter the first day."))], lean="near")

    def connect(self, source: Any) -> Any:
        """Give the chips their source."""
        self.successor.use(source)
        return self

    @property
    def who(self) -> int | str:
        """Somebody known by number, or the typed name of somebody new."""
        return self.successor.meant
