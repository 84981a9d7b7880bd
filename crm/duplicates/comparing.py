"""Two records side by side, and what hangs on each."""

from typing import Any

from flask import request
from flask_login import current_user

from crm import drafts
from crm.duplicates import queries
from crm.duplicates.forms import MergeForm
from crm.duplicates.kinds import Kind
from crm.duplicates.wording import rows_in_words


def compared(kind: Kind, one: Any, other: Any) -> MergeForm:
    """Make the form that compares two records; the one on which more hangs is proposed to stay.

    Only what the person at the screen may know of is counted. Choices of a kept draft are taken up.
    """
    numbers = {each.id: queries.hanging(each.id, current_user, kind.references) for each in (one, other)}
    form = MergeForm().compare(one, other, drafts.taken() or request.form)
    # Functions of people are listed by name.
    left_out = "functions" if kind.noun == "person" else ""
    form.numbers = {
        number: rows_in_words({table: rows for table, rows in found.items() if table != left_out})
        for number, found in numbers.items()
    }
    form.preset = max((one, other), key=lambda each: (sum(numbers[each.id].values()), -each.id)).id
    return form
