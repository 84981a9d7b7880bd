"""What is to be done next with an event: one thing at most, the most pressing first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from crm.db import today
from crm.events.models import UNOPENED, Event, EventState
from crm.events.states import is_timed
from crm.i18n import moment


@dataclass(frozen=True)
class NextStep:
    """A notice: how pressing, what is the case, what to do; `key` tells the page which buttons to show."""

    key: str
    tone: str
    title: str
    text: str = ""
    item: Any = None


def next_step(
    event: Event, numbers: Any, called_off: Any = None, misled: tuple[int, int] = (0, 0), thanks: Any = None
) -> NextStep | None:
    """Find the most pressing thing; `numbers` is the panel of the event.

    `called_off` is the mailing that told everybody of a cancellation, if it went out; `misled` are the
    guests and the invited people who know another date or place; `thanks` is the mailing that thanked them.
    """
    if called_off is not None:
        return _told(event, called_off)
    if any(misled):
        return _moved(*misled)
    rules: tuple[Callable[[Event, Any], NextStep | None], ...] = (
        _held, _cancelled, _overdue, _full, _without_time, _unanswered, _unopened, _documents,
    )  # fmt: skip
    found = next((step for rule in rules if (step := rule(event, numbers))), None)
    return _thanked(found, thanks) if found and thanks is not None else found


def _thanked(step: NextStep, mailing: Any) -> NextStep:
    """Nobody is asked to thank twice."""
    if step.key != "after":
        return step
    said = _("Thanked on %(moment)s. Finish the documentation.", moment=moment(mailing.sent_at))
    return replace(step, text=said)


def _held(event: Event, _numbers: Any) -> NextStep | None:
    if not event.is_due:
        return None
    return NextStep("held", "wait", _("Did the event take place?"), _("Its time has gone by."))


def _told(event: Event, mailing: Any) -> NextStep:
    said = _("The cancellation went out by mail on %(moment)s.", moment=moment(mailing.sent_at))
    text = " ".join(part for part in (_reason(event), said) if part)
    return NextStep("told", "info", _("The event is cancelled."), text, mailing)


def _moved(guests: int, invited: int) -> NextStep:
    who = [ngettext("%(num)s guest", "%(num)s guests", guests)] if guests else []
    who += [ngettext("%(num)s invited person", "%(num)s invited people", invited)] if invited else []
    title = ngettext(
        "%(who)s still knows the old date or place.", "%(who)s still know the old date or place.",
        guests + invited, who=f" {_('and')} ".join(who),
    )  # fmt: skip
    return NextStep("moved", "wait", title, _("Date, time or place were changed after they were told."))


def _reason(event: Event) -> str:
    return _("Reason: %(reason)s", reason=event.cancelled_because) if event.cancelled_because else ""


def _cancelled(event: Event, numbers: Any) -> NextStep | None:
    if event.state is not EventState.CANCELLED:
        return None
    if not numbers.seats.all + numbers.invited.invited:
        return NextStep("", "info", _("The event is cancelled."), _reason(event))
    text = " ".join(part for part in (_("Nobody has been told yet."), _reason(event)) if part)
    return NextStep("cancelled", "wait", _("The event is cancelled."), text)


def _overdue(event: Event, _numbers: Any) -> NextStep | None:
    if event.state in (EventState.CANCELLED, EventState.DOCUMENTED):
        return None
    late = [one for one in event.checklist if not one.done_at and one.due_on and one.due_on < today()]
    if not late:
        return None
    first = min(late, key=lambda one: (one.due_on, one.id))
    days = (today() - first.due_on).days  # type: ignore[operator]
    text = ngettext("Due since %(num)s day.", "Due since %(num)s days.", days)
    if len(late) > 1:
        text += " " + ngettext("%(num)s more is overdue.", "%(num)s more are overdue.", len(late) - 1)
    return NextStep("overdue", "bad", first.text, text, first)


def _full(event: Event, numbers: Any) -> NextStep | None:
    if numbers.state is not EventState.FULL:
        return None
    if not numbers.seats.waiting:
        return NextStep(
            "full", "wait", _("All seats are taken."), _("New guests come onto the waiting list.")
        )
    text = ngettext("%(num)s person waits.", "%(num)s people wait.", numbers.seats.waiting)
    hours = current_app.config["OFFER_HOURS"]
    text += " " + _(
        "When a seat becomes free, the first gets an offer that holds %(hours)s hours.", hours=hours
    )
    return NextStep("full", "wait", _("All seats are taken."), text)


def _without_time(event: Event, _numbers: Any) -> NextStep | None:
    if event.state not in UNOPENED or is_timed(event.precision):
        return None
    return NextStep(
        "edit", "info", _("Day and time are missing."), _("Registration opens once they are known.")
    )


def _unanswered(event: Event, numbers: Any) -> NextStep | None:
    if event.state is not EventState.OPEN or event.has_begun:
        return None
    if unwritten := numbers.invited.unwritten:
        text = ngettext(
            "%(num)s invited person was not written to yet.",
            "%(num)s invited people were not written to yet.",
            unwritten,
        )
        return NextStep("invitations", "info", text)
    if not numbers.invited.silent:
        return None
    text = ngettext(
        "%(num)s invited person did not answer yet.",
        "%(num)s invited people did not answer yet.",
        numbers.invited.silent,
    )
    return NextStep("invitations", "info", text)


def _unopened(event: Event, numbers: Any) -> NextStep | None:
    if event.has_begun:
        return None
    if event.state is EventState.OPEN and not numbers.invited.invited:
        return NextStep("invitations", "info", _("Nobody is invited yet."))
    if event.state in UNOPENED:
        return NextStep("open", "info", _("Registration is not open yet."))
    return None


def _documents(event: Event, _numbers: Any) -> NextStep | None:
    if event.state is not EventState.HELD or event.source:
        return None
    return NextStep(
        "after", "info", _("The event was held."), _("Thank the guests and finish the documentation.")
    )
