"""A sign-in list pasted on screen: check what each line means, then take it over."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm.access import Permission, requires
from crm.attendance import taking
from crm.attendance.forms import MOST_LINES, ListForm, answers, name_of, unanswered
from crm.attendance.matching import Fit
from crm.attendance.routes import attendance, load
from crm.attendance.signatures import too_long
from crm.db import db
from crm.errors import RuleBroken


@attendance.route("/<id:event_id>/anwesenheit/liste", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def paste(event_id):
    """Take a pasted list: first shown line by line, then taken over."""
    event, form = load(event_id), ListForm()
    if not form.validate_on_submit():
        return form.page("attendance/paste.html", event=event)
    checked = taking.check(event, form.text.data or "")
    if not _is_possible(form, checked):
        return form.page("attendance/paste.html", event=event)
    given = answers(request.form, checked.matches)
    if "nehmen" in request.form:
        form.open_lines = [_ask(one) for one in unanswered(checked.matches, given)]
        if not form.open_lines and _taken_over(event, form, given):
            return redirect(url_for("attendance.show", event_id=event_id), 303)
    return form.page("attendance/check_list.html", event=event, checked=checked, given=given, Fit=Fit)


def _is_possible(form, checked):
    """Say what no list may be: empty, endless, or with a line that is no name."""
    lines = [one.line for one in checked.matches]
    if not lines:
        form.text.errors = [
            *form.text.errors,
            _("There is no name in this text. A line for each person, please."),
        ]
    if len(lines) > MOST_LINES:
        message = _("At most %(most)s lines at a time, you have %(n)s.", most=MOST_LINES, n=len(lines))
        form.text.errors = [*form.text.errors, message]
    for line in too_long(lines)[:1]:
        message = _("Line %(number)s “%(text)s” is no name.", number=line.number, text=line.text[:60])
        form.text.errors = [*form.text.errors, message]
    return not form.text.errors


def _ask(match):
    message = _(
        "Line %(number)s “%(text)s”: choose who is meant.",
        number=match.line.number,
        text=match.line.text[:60],
    )
    return name_of(match.line.number), message


def _taken_over(event, form, given):
    try:
        taken = taking.take_over(event, form.text.data or "", given, current_user)
    except RuleBroken as broken:
        db.session.rollback()
        form.report(broken)
        return False
    db.session.commit()
    flash(_said(taken))
    return True


def _said(taken):
    if not taken.came and not taken.new:
        return _("Everybody on this list was entered already. Nothing changed.")
    came = ngettext("%(num)s guest ticked", "%(num)s guests ticked", taken.came)
    new = ngettext("%(num)s entered anew", "%(num)s entered anew", taken.new)
    return _("List taken over: %(came)s, %(new)s.", came=came, new=new)
