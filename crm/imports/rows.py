"""What every list consists of, whatever file it came in: rows with their line, limits, refusals."""

from dataclasses import dataclass

from flask_babel import gettext as _

from crm.importing import Finding, Refused

LARGEST_FILE = 10_000_000
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 200, 32_767
ACCEPTED = ".csv,.txt,.tsv,.xlsx"


class WrongKind(Refused):
    """The file is of a kind that is not read at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the line it begins in; a row with problems is not taken over."""

    line: int
    cells: tuple[str, ...]
    problems: tuple[Finding, ...] = ()


def wrong_kind(what: str = "") -> WrongKind:
    """Refuse a kind of file and say what is read."""
    found = _("This is %(what)s.", what=what) + " " if what else ""
    said = found + _("A list is read as CSV or as an Excel workbook (.xlsx).")
    return WrongKind([Finding(None, "", "", said)])


def too_many_rows() -> Refused:
    """Refuse a list that is too long."""
    return Refused.because(_("The list has more than 20,000 rows. Split it and take over one at a time."))


def too_many_columns() -> Refused:
    """Refuse a list that is too wide."""
    return Refused.because(_("The list has more than 200 columns. Take out those that are not needed."))
