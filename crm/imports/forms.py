"""What is sent while a list is taken over: the file, the meaning of its columns, the choice of places."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from crm.fields import CheckField, SegmentField, UploadField
from crm.forms import AuthoredForm, Form
from crm.imports.kinds import Sort
from crm.imports.rows import ACCEPTED, MOST_COLUMNS
from crm.labels import Labelled

COLUMN, PLACE = "spalte-", "ort-"
LEFT_OUT = "-"


class UploadForm(Form):
    """The file of a list, and what it holds."""

    art = SegmentField(_l("What does the list hold?"), kind=Sort, default=Sort.COOPERATIONS)
    file = UploadField(
        _l("File"),
        accept=ACCEPTED,
        description=_l("CSV or an Excel workbook (.xlsx), at most 10 MB and 20,000 rows."),
    )


class DecisionForm(AuthoredForm):
    """Take the list over as it was shown; what was decided comes back after a lost session."""

    digest = HiddenField()
    # Errors of single answers, by the mark of the question.
    wrong: ClassVar[dict[str, str]] = {}


class UndoForm(Form):
    """Take an import back, and leave alone what somebody has worked on since."""

    leave = CheckField(_l("Leave these as they are and take back the rest"))


def wishes_in(values: Any, fields: Iterable[Labelled]) -> dict[int, Labelled | None]:
    """Read from an address which column should mean what; what is no meaning is left as it was guessed."""
    return dict(_wishes(values, {one.value: one for one in fields}))


def _wishes(values: Any, known: dict[str, Labelled]) -> Iterator[tuple[int, Labelled | None]]:
    for name, value in values.items():
        place = name.removeprefix(COLUMN)
        if name == place or not (place.isascii() and place.isdigit() and len(place) < 5):
            continue
        if int(place) < MOST_COLUMNS and (value == LEFT_OUT or value in known):
            yield int(place), known.get(value)


def choices_in(values: Any) -> dict[str, int]:
    """Read from a form which place is meant, by the mark of the doubtful name."""
    chosen = {name.removeprefix(PLACE): value for name, value in values.items() if name.startswith(PLACE)}
    return {
        mark: int(value)
        for mark, value in chosen.items()
        if value.isascii() and value.isdigit() and len(value) < 10
    }
