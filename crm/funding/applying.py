"""What is done with applications. The stage of the group follows from the first that waits for a decision."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete

from crm import audit
from crm.cooperations import services
from crm.cooperations.models import Cooperation
from crm.db import db, now, today
from crm.documents.models import Document
from crm.errors import RuleBroken
from crm.funding import queries, words
from crm.funding.dossier import facts_of, standard_of
from crm.funding.kinds import PaperKind
from crm.funding.models import Application, Paper
from crm.i18n import euros

COLUMNS = (
    "rule_set_id", "applicant_id", "purpose", "submitted_on", "completed_on", "requested", "amount_reason",
    "granted_on", "granted", "notice_reference", "handed_over_on", "handed_over_by", "paid_on", "refused_on",
    "refusal_reason", "withdrawn_on", "closed_on", "note",
)  # fmt: skip
# A hand-over may be planned; everything else is entered once it has come.
PAST = (
    "submitted_on", "completed_on", "granted_on", "paid_on", "refused_on", "withdrawn_on", "closed_on",
)  # fmt: skip


def record_application(group: Cooperation, values: dict[str, Any], by: Any) -> Application:
    """Note an application with an empty checklist and its standard grant; raises RuleBroken."""
    standard = standard_for(group, values)
    _check(group, values, standard)
    made = Application(cooperation_id=group.id, standard=standard)
    for name in COLUMNS:
        setattr(made, name, values.get(name))
    made.papers = [Paper(kind=kind) for kind in PaperKind]
    db.session.add(made)
    db.session.flush()
    settle(group)
    audit.record("funding.application-recorded", group, by, funding=(None, words.application(made)))
    return made


def change_application(group: Cooperation, one: Application, values: dict[str, Any], by: Any) -> None:
    """Change an application; its standard grant follows as long as nothing is decided. Raises RuleBroken."""
    fixed = one.is_decided and one.standard is not None and one.rule_set_id == values.get("rule_set_id")
    standard = one.standard if fixed else standard_for(group, values)
    _check(group, values, standard, one.applicant_id)
    before = words.application(one)
    wanted = {name: values[name] for name in COLUMNS if name in values} | {"standard": standard}
    different = [name for name, value in wanted.items() if getattr(one, name) != value]
    for name in different:
        setattr(one, name, wanted[name])
    if different:
        db.session.flush()
        settle(group)
        said = words.change(before, words.application(one))
        audit.record("funding.application-changed", group, by, funding=said)


def remove_application(group: Cooperation, one: Application, by: Any) -> None:
    """Take out an application that never was, with its papers and what hangs on them."""
    said, papers = words.application(one), [paper.id for paper in one.papers]
    db.session.execute(delete(Document).where(Document.paper_id.in_(papers)))
    db.session.delete(one)
    db.session.flush()
    settle(group)
    audit.record("funding.application-removed", group, by, funding=(said, None))


def standard_for(group: Cooperation, values: dict[str, Any]) -> Decimal | None:
    """Work out the standard grant by the chosen rules, for the partners on the day of the application."""
    number, day = values.get("rule_set_id"), values.get("submitted_on") or today()
    rules = queries.rule_set(number) if number else None
    return standard_of(facts_of(group, day, rules, queries.plan_of(group.id))).sum


def settle(group: Cooperation) -> None:
    """Tell the group since when an application waits for its decision."""
    waiting = [one.submitted_on for one in queries.applications_of(group.id, brief=True) if one.is_under_way]
    services.note(group, applied_on=min(filter(None, waiting), default=None))


def touch(one: Application) -> None:
    """Count up the version of an application when something that belongs to it changed."""
    one.updated_at = now()


def _check(
    group: Cooperation, values: dict[str, Any], standard: Decimal | None, before: int | None = None
) -> None:
    for name in PAST:
        refuse_future(values.get(name), name)
    applicant = values.get("applicant_id")
    if applicant and applicant not in {before, *(one.organisation_id for one in group.partners)}:
        raise RuleBroken(_("Choose a partner of this cooperation."), "applicant_id")
    if values.get("refused_on") and not values.get("refusal_reason"):
        raise RuleBroken(_("Enter the reason for the refusal."), "refusal_reason")
    if values.get("refusal_reason") and not values.get("refused_on"):
        raise RuleBroken(_("Enter the day of the refusal."), "refused_on")
    if values.get("refused_on") and (values.get("granted_on") or values.get("granted") is not None):
        raise RuleBroken(_("An application is granted or refused. Take out one of the two."), "refused_on")
    _check_sums(values, standard)


def _check_sums(values: dict[str, Any], standard: Decimal | None) -> None:
    """Whoever asks for or gets another sum than the standard grant says why."""
    if standard is None or values.get("amount_reason"):
        return
    named = [values.get(name) for name in ("requested", "granted")]
    if any(sum is not None and sum != standard for sum in named):
        text = _(
            "The standard grant is %(sum)s. Enter why another sum is requested or granted.",
            sum=euros(standard),
        )
        raise RuleBroken(text, "amount_reason")


def refuse_future(day: date | None, name: str) -> None:
    """Raise RuleBroken for something that has not happened yet."""
    if day is not None and day > today():
        raise RuleBroken(_("The day lies after today. Enter it once it has come."), name)
