"""A form field for sums of money as Germans write them: 75.000 or 1.234,56 €."""

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from wtforms.validators import Optional

from crm.fields import _Read
from crm.reading import Misread, read_number

MOST = Decimal(100_000_000)
_CURRENCY = re.compile(r"\s*(?:€|eur|euro)\s*$", re.IGNORECASE)


class MoneyField(_Read):
    """A sum in euros between 0 and 100 million, with cents if one likes."""

    def __init__(self, label: Any = None, validators: Any = (), **kw: Any):
        super().__init__(label, [*validators] or [Optional()], **kw)

    def read(self, text: str) -> Decimal:
        """Read a sum; the sign of the currency may follow it."""
        found = read_number(_CURRENCY.sub("", text), places=2)
        if found < 0:
            raise Misread(_("A sum cannot be negative."))
        if found > MOST:
            raise Misread(_("More than 100 million euros is not a grant or a cost. Check the sum."))
        return found

    def show(self, value: Decimal) -> str:
        """Write a sum without the currency, which the label names."""
        text = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
        return text.removesuffix(",00")
