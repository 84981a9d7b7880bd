"""Minutes go round: sent to be checked, answered by a personal link, reminded of, withdrawn, ended."""

from datetime import date, timedelta
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.follow_ups import services as follow_ups
from crm.minutes import letters, queries
from crm.minutes.kinds import GAP, CheckAnswer, MinutesState, Outcome, Part
from crm.minutes.models import Minutes, MinutesCheck, Remark
from crm.minutes.people import Reader, in_charge
from crm.minutes.services import refuse_fixed, refuse_unfit, tick_off

LONGEST = timedelta(days=60)
USUAL = timedelta(days=14)


def circulate(minutes: Minutes, readers: list[Reader], values: dict[str, Any], by: Any) -> int:
    """Send minutes to be checked; give the number of mails. Raises RuleBroken.

    `values` holds deadline_on, silence_agrees and message.
    """
    refuse_fixed(minutes)
    refuse_unfit(minutes.consultation)
    _check_deadline(values["deadline_on"])
    refuse_gaps(minutes)
    refuse_open(queries.checks(minutes))
    for name, value in values.items():
        setattr(minutes, name, value)
    minutes.state, minutes.over_at, minutes.round = MinutesState.IN_CHECK, None, minutes.round + 1
    tick_off(minutes, by)
    audit.record("minutes.circulated", minutes, by, people=(None, len(readers)))
    for one in readers:
        check = MinutesCheck(
            minutes=minutes, round=minutes.round, person_id=one.person_id, email=one.email,
            organisation_name=one.organisation,
        )  # fmt: skip
        db.session.add(check)
        db.session.flush()
        letters.ask(check)
    db.session.flush()
    return len(readers)


def _check_deadline(day: date) -> None:
    if not today() < day <= today() + LONGEST:
        message = _("Choose a day after today, and within %(days)s days.", days=LONGEST.days)
        raise RuleBroken(message, "deadline_on")


def refuse_gaps(minutes: Minutes) -> None:
    """Refuse to send or release what is not written yet."""
    if minutes.unwritten:
        parts = ", ".join(str(part.label) for part, _column in minutes.unwritten)
        raise RuleBroken(
            _("A gap %(gap)s is left in: %(parts)s. Write there, or delete it.", gap=GAP, parts=parts)
        )


def refuse_open(checks: list[MinutesCheck]) -> None:
    """Refuse to go on while somebody waits to be heard; another round would put the remark out of sight."""
    if any(one.outcome is Outcome.OPEN for check in checks for one in check.remarks):
        raise RuleBroken(_("Remarks are still open. Say of each whether it was taken over."))


def withdraw(minutes: Minutes, by: Any) -> None:
    """Stop a check: the links end at once, answers given so far stay. Raises RuleBroken."""
    if not minutes.is_going_round:
        raise RuleBroken(_("These minutes are not being checked any more."))
    _close(minutes, CheckAnswer.WITHDRAWN, _("the check was withdrawn"))
    minutes.state, minutes.deadline_on = MinutesState.DRAFT, None
    audit.record("minutes.withdrawn", minutes, by)


def _close(minutes: Minutes, answer: CheckAnswer, reason: str) -> None:
    for check in queries.checks(minutes):
        if check.answer is CheckAnswer.WAITING:
            check.answer = answer
            letters.drop(check, reason)
    db.session.flush()


def answer(check: MinutesCheck, remarks: dict[Part, str], notice_mark: str) -> None:
    """Take an answer: agreed where nothing is remarked. The links end; the last answer ends the check."""
    check.answer = CheckAnswer.REMARKED if remarks else CheckAnswer.AGREED
    check.answered_at, check.notice_mark = now(), notice_mark
    check.remarks = [
        Remark(part=part, text=text, person_id=check.person_id) for part, text in remarks.items()
    ]
    letters.drop(check, _("answered meanwhile"))
    minutes = check.minutes
    audit.record("minutes.answered", minutes, None)
    if all(one.answer is not CheckAnswer.WAITING for one in queries.checks(minutes)):
        _end(minutes)


def end_overdue(minutes_id: int) -> None:
    """End a check whose deadline is past; of two who do, the second finds nothing left."""
    minutes = queries.hold(minutes_id)
    if minutes.is_going_round and not minutes.takes_answers:
        _close(minutes, CheckAnswer.SILENT, _("the deadline is past"))
        _end(minutes)


@force_locale("de")
def _end(minutes: Minutes) -> None:
    """Note that a check is over and put it on the desk of who finishes the minutes."""
    minutes.over_at = now()
    audit.record("minutes.checked", minutes, None)
    talk, owner = minutes.consultation, in_charge(minutes)
    if owner is None or talk.removed_at is not None:
        return
    made = follow_ups.create(
        {
            "text": _("Finish the minutes: %(result)s", result=summary(queries.checks(minutes)))[:500],
            "due_on": today(), "owner_id": owner.id, "consultation_id": talk.id, "about": talk.about,
            "confidential": talk.confidential, "cooperation_id": talk.cooperation_id,
        },
        None,
    )  # fmt: skip
    minutes.follow_up_id = made.id


def summary(checks: list[MinutesCheck]) -> str:
    """Say what came of a check: 2 agree, 1 has remarks, 1 did not answer."""
    number = {answer: sum(1 for one in checks if one.answer is answer) for answer in CheckAnswer}
    found = [
        ngettext("%(num)s agrees", "%(num)s agree", number[CheckAnswer.AGREED]),
        ngettext("%(num)s has remarks", "%(num)s have remarks", number[CheckAnswer.REMARKED]),
        ngettext("%(num)s did not answer", "%(num)s did not answer", number[CheckAnswer.SILENT]),
        ngettext("%(num)s answer is missing", "%(num)s answers are missing", number[CheckAnswer.WAITING]),
    ]
    shown = (CheckAnswer.AGREED, CheckAnswer.REMARKED, CheckAnswer.SILENT, CheckAnswer.WAITING)
    return ", ".join(words for words, answer in zip(found, shown, strict=True) if number[answer])


def remind(check_id: int) -> None:
    """Remind somebody once; of two who do, the second finds it done."""
    query = select(MinutesCheck).where(MinutesCheck.id == check_id).with_for_update()
    check = db.session.scalars(query.execution_options(populate_existing=True)).one()
    if check.reminded_at is None and check.answer is CheckAnswer.WAITING and check.minutes.takes_answers:
        check.reminded_at = now()
        letters.remind(check)
        db.session.flush()


def only_ticked(minutes: Minutes, checks: list[MinutesCheck]) -> int:
    """How many remarks are noted as taken over while nobody changed the text since it went round."""
    taken = sum(one.outcome is Outcome.TAKEN_OVER for check in checks for one in check.remarks)
    ways = ("minutes.circulated", "minutes.changed")
    events = queries.history(minutes) if taken else ()
    newest = next((event.name for event in events if event.name in ways), "")
    return taken if newest == "minutes.circulated" else 0


def settle(remark: Remark, outcome: Outcome, by: Any) -> None:
    """Note what the author did with a remark, as long as the minutes can be changed. Raises RuleBroken."""
    refuse_fixed(remark.check.minutes)
    if remark.outcome is outcome:
        return
    remark.outcome, remark.settled_by_id = outcome, by.id
    audit.record("minutes.remark-settled", remark.check.minutes, by)
