"""What is done with resolutions. A council that agrees moves its partner on by a step that names it."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

from crm import audit
from crm.cooperations import services
from crm.cooperations.kinds import Step, StepSource
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.db import db, now, today
from crm.documents.models import Document
from crm.errors import RuleBroken
from crm.organisations import queries as organisations
from crm.organisations.existing import refuse_unless_existing
from crm.resolutions import queries
from crm.resolutions.models import Resolution, Result, called

COLUMNS = (
    "body", "kind", "session_on", "paper_number", "result", "votes_for", "votes_against", "abstentions",
    "link", "note",
)  # fmt: skip


def record(partner: Partner, values: dict[str, Any], by: Any) -> Resolution:
    """Plan or record a resolution of a partner's body; raises RuleBroken."""
    _check(partner, values)
    made = Resolution(partner_id=partner.id, partner=partner, **{name: values.get(name) for name in COLUMNS})
    db.session.add(made)
    partner.updated_at = now()
    db.session.flush()
    _follow(made, by)
    audit.record("resolution.recorded", partner.cooperation, by, resolutions=(None, in_words(made)))
    return made


def change(resolution: Resolution, values: dict[str, Any], by: Any) -> None:
    """Change a resolution; raises RuleBroken."""
    _check(resolution.partner, values)
    before = in_words(resolution)
    for name in COLUMNS:
        if name in values and getattr(resolution, name) != values[name]:
            setattr(resolution, name, values[name])
    resolution.updated_at = resolution.partner.updated_at = now()
    _follow(resolution, by)
    after = in_words(resolution)
    audit.record("resolution.changed", resolution.partner.cooperation, by, resolutions=(before, after))


def remove(resolution: Resolution, by: Any) -> None:
    """Take out a resolution that never was, with its step and its extracts."""
    partner, said = resolution.partner, in_words(resolution)
    _drop_step(partner, resolution.id)
    db.session.execute(delete(Document).where(Document.resolution_id == resolution.id))
    db.session.delete(resolution)
    db.session.flush()
    _settle(partner.cooperation)
    audit.record("resolution.removed", partner.cooperation, by, resolutions=(said, None))


def _check(partner: Partner, values: dict[str, Any]) -> None:
    day, result = values.get("session_on"), values.get("result")
    if result is not None and day is None:
        raise RuleBroken(_("Enter the day of the session."), "session_on")
    if result is not None and day is not None and day > today():
        raise RuleBroken(_("The session lies ahead. Leave the result open until then."), "result")
    if day is not None:
        refuse_unless_existing(partner.organisation, day, "session_on")
    if result is Result.ADOPTED and (values.get("votes_for") == 0 and values.get("votes_against")):
        raise RuleBroken(_("Nobody voted for it. Was it rejected?"), "result")


def _follow(resolution: Resolution, by: Any) -> None:
    """Let the partner's step follow its council: there when it agreed, gone when that was a mistake."""
    partner = resolution.partner
    step = next((one for one in partner.steps if one.resolution_id == resolution.id), None)
    if not resolution.consents:
        _drop_step(partner, resolution.id)
    elif step is None:
        partner.steps.append(
            PartnerStep(
                step=Step.RESOLVED,
                reached_on=resolution.session_on,
                source=StepSource.RESOLUTION,
                resolution_id=resolution.id,
            )
        )
        partner.updated_at = now()
    elif step.reached_on != resolution.session_on:
        step.reached_on = resolution.session_on
    db.session.flush()
    _settle(partner.cooperation)


def _drop_step(partner: Partner, resolution_id: int) -> None:
    for step in [one for one in partner.steps if one.resolution_id == resolution_id]:
        partner.steps.remove(step)


def _settle(group: Cooperation) -> None:
    services.note(group, resolving_since=queries.first_known(group.id))


def refresh(group: Cooperation) -> None:
    """Settle a group after a partner was taken out with its resolutions."""
    _settle(group)


def body_name(resolution: Any) -> str:
    """Name the body that decides, as the law calls it in a Kommune of that kind on that day."""
    place = resolution.partner.organisation
    kind = organisations.designation_on(place, resolution.session_on or today()).kind
    return str(called(resolution.body, kind))


def in_words(resolution: Resolution) -> str:
    """Say a resolution for the history: Lahntal: Gemeindevertretung 14.09.2026 vertagt, Drs. 41/2026."""
    day = f" {resolution.session_on:%d.%m.%Y}" if resolution.session_on else ""
    result = f" {resolution.result.label}" if resolution.result else f" {_('planned')}"
    paper = f", {resolution.paper_number}" if resolution.paper_number else ""
    return f"{resolution.partner.organisation_name}: {body_name(resolution)}{day}{result}{paper}"
