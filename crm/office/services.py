"""What is done with the settings of the office."""

from typing import Any

from crm import records
from crm.office.models import Office
from crm.office.queries import ONLY_ONE, UNSAVED


def save(office: Office, values: dict[str, Any], by: Any) -> None:
    """Change the settings; the first saving makes their row.

    Raises IntegrityError when a colleague made the row since these were read.
    """
    filled = {name: "" if value is None else value for name, value in values.items()}
    if office.version == UNSAVED:
        given = {name: value for name, value in filled.items() if value}
        records.create(Office, {"id": ONLY_ONE, **given}, by, "office.changed")
    else:
        records.change(office, filled, by, "office.changed")
