"""Who follows in an office, and from when; every form about it begins so."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from crm.access import Permission
from crm.chips import ChipsField
from crm.fields import CheckField, DayField, must
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

    takes_over = CheckField(
        _l("What is open goes on with who follows"), default=True,
        description=_l(
            "The follow-ups below hang on the new person. What is due before a first day to come stays."
        ),
    )  # fmt: skip

    def connect(self, source: Any) -> Any:
        """Give the chips their source."""
        self.successor.use(source)
        return self

    def offer(self, left: Sequence[Any], by: Any) -> None:
        """Ask about what is left open only where there is anything, and whoever may change it."""
        if not left or not by.may(Permission.WRITE_FOLLOW_UPS):
            del self.takes_over

    @property
    def passes_on(self) -> bool:
        """Tell whether what is left open goes to who follows."""
        return self.takes_over is not None and bool(self.takes_over.data)

    @property
    def who(self) -> int | str:
        """Somebody known by number, or the typed name of somebody new."""
        return self.successor.meant
