"""Where the chips of the talk form come from."""

from typing import Any

from flask import jsonify, url_for
from flask_babel import gettext as _

from crm.accounts import queries as accounts
from crm.chips import Chip, ChipSource, Unknown
from crm.contacts import queries as contacts
from crm.cooperations import queries as cooperations
from crm.folding import fold
from crm.organisations import queries as organisations
from crm.task_fields import queries as task_fields


def all_sources(staff: set[int] | None = None, talk: int | None = None) -> dict[str, Any]:
    """Give every chips field of the form its source; `staff` of the stored talk stay, even if they left."""
    return {
        "organisations": organisations.chip_source(),
        "cooperations": cooperations.chip_source(),
        "task_fields": task_fields.chip_source(),
        "staff": staff_source(staff or set()),
        "people": contacts.people_source,
        "row": url_for("consultations.row", talk=talk),
    }


def staff_source(also: set[int]) -> ChipSource:
    """Colleagues who log talks, by name."""

    def chips(ids: list[int]) -> list[Chip]:
        return [Chip(str(user.id), user.name) for user in accounts.staff_among(ids, also)]

    def read(text: str) -> list[Chip] | Unknown:
        found = _colleagues(text)
        if len(found) == 1:
            return found
        return Unknown(_("“%(text)s” is no colleague who logs talks. Choose from the list.", text=text[:40]))

    return ChipSource(url_for("consultations.team"), chips, read)


def _colleagues(text: str) -> list[Chip]:
    wanted = fold(text)
    return [Chip(str(user.id), user.name) for user in accounts.staff() if wanted in fold(user.name)]


def suggest_staff(text: str) -> Any:
    """Answer the suggestions' address."""
    return jsonify([chip.as_json() for chip in _colleagues(text)[:8]])
