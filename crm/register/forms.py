"""Forms of the official register: a file to check, and the decision about it."""

import hashlib
import json
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from crm.fields import CheckField, DayField, UploadField
from crm.forms import Form
from crm.register.plan import Plan

SUCCESSOR = "successor-"


class UploadForm(Form):
    """Which file, and what is not in it."""

    file = UploadField(
        _l("File"),
        accept=".txt,.asc,.zip",
        description=_l("GV100AD as text or in a ZIP archive, at most 40 MB."),
    )
    population_on = DayField(
        _l("Inhabitants counted on"),
        description=_l("It is not in the file. Left empty: the last 31 December on or before its day."),
    )
    all_states = CheckField(_l("Take over municipalities of other Länder as well"))


class DecisionForm(Form):
    """Take the file over as it was shown; for each missing municipality its successor, or none yet."""

    digest = HiddenField()
    older = CheckField(_l("Yes, complete the history with this older file"))


def successors_in(values: Any) -> dict[str, str]:
    """Read what was chosen: key of the missing municipality to key of its successor."""
    chosen = {name.removeprefix(SUCCESSOR): key for name, key in values.items() if name.startswith(SUCCESSOR)}
    return {old: new for old, new in chosen.items() if new}


def heirs(plan: Plan, key: str) -> list[SelectChoice]:
    """Municipalities of the file a missing one may have gone up into, those of its county first."""
    rows = [row for row in plan.file.municipalities.values() if not row.uninhabited]
    rows.sort(key=lambda row: (row.key[:5] != key[:5], row.name))
    return [SelectChoice(row.key, f"{row.name} ({row.key})") for row in rows]


def digest_of(plan: Plan, content: bytes) -> str:
    """Make a mark of a file and what it would change, so that nothing else is done than what was shown."""
    changes = [(one.key, one.details) for one in (*plan.new, *plan.changed, *plan.closed)]
    heirs_named = [(old.key_on(plan.day), heir.key_on(plan.day)) for old, heir in plan.successions]
    file = [str(plan.file.population_on), sorted(plan.file.states), hashlib.sha256(content).hexdigest()]
    shown: Any = [plan.summary.as_json(), changes, heirs_named, plan.only_figures, file]
    return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()[:16]
