"""A cooperation as plain values, by which an import compares: what a row asks for, and what is stored.

Keys are columns of the group, `task_fields`, `partner:<number>`, `application` and `study`. What begins with
an underscore is kept beside them and never compared.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from crm.cooperations.kinds import PartnerRole, Stage, Step
from crm.cooperations.models import Cooperation, Partner
from crm.funding.models import Application
from crm.imports.catalogue import Status, legal_form_of
from crm.imports.entries import Entry
from crm.imports.matching import Found
from crm.imports.places import Place
from crm.imports.wording import description, is_granted, kept_url, of_application, of_the_end
from crm.organisations.models import Level
from crm.proceedings.models import Study
from crm.task_fields.models import TaskField

State = dict[str, Any]
COLUMNS = (
    "title", "legal_form", "legal_form_note", "planned_start", "effective_on", "term_until", "halt",
    "halted_on", "halt_reason", "note", "source_url", "parent_id",
)  # fmt: skip
PARTNER = "partner:"
IDS, CHOICES, DOUBTS = "_ids", "_choices", "_doubts"
APPLICATION = ("requested", "granted", "granted_on", "applicant_id", "note")
STUDY = ("title", "state", "grant")


def plain(value: Any) -> Any:
    """Give a value as it is stored in a run: text, number or None."""
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "value"):
        return value.value
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def compared(state: State) -> State:
    """The part of a state that counts."""
    return {key: value for key, value in state.items() if not key.startswith("_")}


def different(old: State, new: State) -> list[str]:
    """Keys in which two states differ, in the order of the new one."""
    keys = [key for key in dict.fromkeys([*new, *old]) if not key.startswith("_")]
    return [key for key in keys if old.get(key) != new.get(key)]


def desired(
    entry: Entry,
    found: Found,
    fields: tuple[Iterable[TaskField], list[str]],
    parent: tuple[int | str | None, str],
    today: date,
) -> State:
    """Give the state a row asks for; `fields` and `parent` come with what stays in words."""
    known, unknown = fields
    parent_id, parent_text = parent
    form, form_note = legal_form_of(entry.form, entry.label)
    names = [one.text for one in found.open]
    values: State = {
        "title": entry.title,
        "legal_form": plain(form),
        "legal_form_note": form_note,
        "note": description(entry, names, unknown, parent_text),
        "source_url": kept_url(entry),
        "parent_id": parent_id,
        "task_fields": sorted(field.id for field in known),
    }
    values |= _days(entry, today)
    values |= {f"{PARTNER}{place.id}": _part(entry, place, found.lead) for place in found.places}
    return values | _money(entry, found.lead)


def _days(entry: Entry, today: date) -> State:
    begin = entry.begin.day if entry.begin else None
    end = entry.end.day if entry.end else None
    planned = entry.status in (Status.IDEA, Status.PLANNED, None) or (begin is not None and begin > today)
    ended = entry.status is Status.ENDED
    return {
        "planned_start": plain(begin if planned else None),
        "effective_on": plain(None if planned else begin),
        "term_until": plain(end),
        "halt": Stage.ENDED.value if ended else None,
        "halted_on": plain(end if ended and end is not None and end <= today else None),
        "halt_reason": of_the_end(entry) if ended else None,
    }


def _part(entry: Entry, place: Place, lead: Place | None) -> list[str]:
    role = PartnerRole.GUEST if place.level is Level.ELSEWHERE else PartnerRole.MEMBER
    step = entry.status.step if entry.status else Step.CANDIDATE
    if entry.is_study and step is not Step.CANDIDATE:
        step = Step.INTERESTED
    return [(PartnerRole.LEAD if place == lead else role).value, step.value]


def _money(entry: Entry, lead: Place | None) -> State:
    """A sum for a study stands at the study, any other makes an application; what is open stays in words."""
    granted = is_granted(entry)
    if entry.is_study:
        state = entry.status.study.value if entry.status else "planned"
        study = {"title": entry.title, "state": state, "grant": plain(entry.sum) if granted else None}
        return {"application": None, "study": study}
    if entry.sum is None or granted is None:
        return {"application": None, "study": None}
    application = {
        "requested": None if granted else plain(entry.sum),
        "granted": plain(entry.sum) if granted else None,
        "granted_on": plain(entry.granted.day) if granted and entry.granted else None,
        "applicant_id": lead.id if lead else None,
        "note": of_application(entry),
    }
    return {"application": application, "study": None}


def stored(group: Cooperation, application: Application | None, study: Study | None) -> State:
    """Give the state of a group as it is, with the application and the study that an import made."""
    values: State = {name: plain(getattr(group, name)) for name in COLUMNS}
    values["task_fields"] = sorted(field.id for field in group.task_fields)
    values |= {f"{PARTNER}{one.organisation_id}": _part_of(one) for one in group.partners}
    values["application"] = _columns(application, APPLICATION)
    values["study"] = _columns(study, STUDY)
    return values


def _part_of(partner: Partner) -> list[str]:
    return [partner.role.value, *(one.step.value for one in partner.steps)]


def _columns(record: Any, names: tuple[str, ...]) -> State | None:
    return {name: plain(getattr(record, name)) for name in names} if record is not None else None
