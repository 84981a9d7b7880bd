"""What is done with minutes: drafted, changed, corrected, thrown away. Checks and releases stand beside."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit
from crm.braces import complaint
from crm.consultations.models import Consultation, ConsultationState
from crm.db import db, now
from crm.documents.services import KEEPERS
from crm.errors import RuleBroken
from crm.follow_ups import services as follow_ups
from crm.follow_ups.models import FollowUp
from crm.minutes import queries
from crm.minutes.drafting import COLUMNS, PLACEHOLDERS
from crm.minutes.kinds import MinutesState
from crm.minutes.models import Agreement, Minutes, MinutesCheck, MinutesRelease, MinutesTemplate

Rows = Iterable[dict[str, Any]]


def refuse_unfit(talk: Consultation) -> None:
    """Minutes go round; a confidential talk has none, nor has one that did not take place."""
    if talk.confidential:
        raise RuleBroken(_("This talk is confidential. Its minutes would go to others, so it has none."))
    if talk.state is not ConsultationState.HELD:
        raise RuleBroken(_("Minutes are written once the talk has taken place."))


def draft(talk: Consultation, values: dict[str, Any], rows: Rows, by: Any) -> Minutes:
    """Make the minutes of a talk that took place; there is one of them. Raises RuleBroken."""
    refuse_unfit(talk)
    # Held, so that two who begin at once make one.
    db.session.execute(select(Consultation.id).where(Consultation.id == talk.id).with_for_update())
    if queries.of_talk(talk.id) is not None:
        raise RuleBroken(_("This talk has minutes already. Open them on its page."))
    made = Minutes(consultation_id=talk.id, author_id=by.id, **values)
    made.agreements = _agreements(rows)
    db.session.add(made)
    audit.record("minutes.drafted", made, by)
    return made


def change(minutes: Minutes, values: dict[str, Any], rows: Rows, by: Any) -> None:
    """Change the texts while nobody checks them. Raises RuleBroken."""
    refuse_fixed(minutes)
    for name, value in values.items():
        setattr(minutes, name, value)
    wanted, known = _agreements(rows), minutes.agreements
    more = {}
    if [_plain(one) for one in wanted] != [_plain(one) for one in known]:
        # Rows of their own do not count as a change of the minutes; a stale form must see them as one.
        minutes.agreements, minutes.updated_at = wanted, now()
        more = {"agreements": (None, None)}
    if more or audit.difference(minutes):
        audit.record("minutes.changed", minutes, by, **more)


def refuse_fixed(minutes: Minutes) -> None:
    """Refuse to change what others are reading, or what was released."""
    if minutes.state is MinutesState.RELEASED:
        raise RuleBroken(_("These minutes are released and stay as they are. Correct them by a new version."))
    if minutes.is_going_round:
        raise RuleBroken(_("These minutes are being checked. Withdraw the check first, then change them."))


def _agreements(rows: Rows) -> list[Agreement]:
    filled = [row for row in rows if any(row.values())]
    for row in filled:
        if not row["text"]:
            raise RuleBroken(_("Say what was agreed, or empty the line."))
    return [Agreement(position=place, **row) for place, row in enumerate(filled)]


def _plain(one: Agreement) -> tuple[Any, ...]:
    return one.text, one.responsible, one.due_on


def correct(minutes: Minutes, by: Any) -> None:
    """Open released minutes for another edition; the released one stays as it is. Raises RuleBroken."""
    if minutes.state is not MinutesState.RELEASED:
        raise RuleBroken(_("Only released minutes are corrected."))
    refuse_unfit(minutes.consultation)
    # What was checked is the version before.
    minutes.state, minutes.over_at = MinutesState.DRAFT, None
    audit.record("minutes.reopened", minutes, by)


def remove(minutes: Minutes, by: Any) -> None:
    """Throw away minutes that were never released, with all that was remarked. Raises RuleBroken."""
    refuse_fixed(minutes)
    known = select(MinutesRelease.id).where(MinutesRelease.minutes_id == minutes.id).limit(1)
    if db.session.scalar(known) is not None:
        raise RuleBroken(_("These minutes were released once and stay. Leave the correction as it is."))
    for check in db.session.scalars(select(MinutesCheck).where(MinutesCheck.minutes_id == minutes.id)):
        db.session.delete(check)
    tick_off(minutes, by)
    audit.record("minutes.removed", minutes, by)
    db.session.delete(minutes)
    db.session.flush()


def tick_off(minutes: Minutes, by: Any) -> None:
    """Finish the follow-up that called for this step."""
    found = db.session.get(FollowUp, minutes.follow_up_id) if minutes.follow_up_id else None
    minutes.follow_up_id = None
    if found is not None and found.removed_at is None:
        follow_ups.finish(found, by)


def _keep_papers(numbers: list[int]) -> str:
    query = select(MinutesRelease.id).where(MinutesRelease.document_id.in_(numbers)).limit(1)
    if db.session.scalar(query) is None:
        return ""
    return _("This is the PDF of released minutes. It stays; correct the minutes by a new version.")


KEEPERS.append(_keep_papers)


def save_template(template: MinutesTemplate, values: dict[str, Any], by: Any) -> None:
    """Change the texts that minutes of a kind begin with; raises RuleBroken for words nobody fills."""
    for name in COLUMNS:
        if wrong := complaint(values[name] or "", PLACEHOLDERS):
            raise RuleBroken(wrong, name)
    for name, value in values.items():
        setattr(template, name, value or "")
    db.session.add(template)
    audit.record("minutes-template.changed", template, by)
