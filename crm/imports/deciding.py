"""The page on which everything doubtful about a list is decided together."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm.access import Permission, requires
from crm.db import db
from crm.importing import Refused
from crm.imports import answers, asking, services
from crm.imports.checking import (
    asked_for,
    decided,
    has_wishes,
    kind_asked,
    nothing_waits,
    preview_of,
    read,
    refused,
    waiting_file,
)
from crm.imports.forms import DecisionForm
from crm.imports.routes import imports
from crm.register import services as waiting


@imports.route("/pruefung/fragen", methods=["GET", "POST"])
@requires(Permission.IMPORT_LISTS)
def questions():
    """Show every question once with the rows that wait; keep the answers."""
    kept = waiting_file()
    if kept is None:
        return nothing_waits()
    try:
        table, columns, problems = read(kept)
    except Refused as refusal:
        return refused(kept.file_name, refusal)
    if problems or kind_asked().read_answer is None:
        return redirect(preview_of(kind_asked()))
    form, plan = DecisionForm(), services.plan_of(table, columns, kind=kind_asked())
    if form.validate_on_submit() and (done := _keep(form, kept, plan)):
        return done
    form.digest.data = plan.digest(waiting.content_of(kept))
    return _page(form, kept, plan)


def _keep(form, kept, plan):
    """Keep what was decided; nothing when the list would do something else now, or answers are wrong."""
    kind = kind_asked()
    if plan.digest(waiting.content_of(kept)) != form.digest.data:
        form.form_errors.append(_("Something was decided meanwhile. These questions are open now."))
        return None
    if request.form.get("zurueck"):
        answers.keep(kind.sort.value, dict.fromkeys(plan.answered, ""), current_user)
        db.session.commit()
        flash(_("The decisions are taken back."))
        return redirect(_again(), 303)
    found, form.wrong = asking.answers_in(request.form, asking.questions(plan), kind.read_answer)
    if form.wrong:
        form.form_errors.append(_("Some answers are not clear. They are marked below."))
        return None
    answers.keep(kind.sort.value, found, current_user)
    if has_wishes():
        services.remember(plan.mapping, current_user, kind)
    db.session.commit()
    flash(ngettext("%(num)s decision kept.", "%(num)s decisions kept.", len(found)))
    return redirect(_again() if request.form.get("weiter") else preview_of(kind, **_rest()), 303)


def _rest():
    return {name: value for name, value in asked_for().items() if name != "art"}


def _again():
    return url_for("imports.questions", **asked_for())


def _page(form, kept, plan):
    asked = asking.questions(plan)
    return form.page(
        "imports/questions.html", file_name=kept.file_name, plan=plan, parts=asked, total=asking.number(plan),
        shown=sum(len(part) for part in asked.values()), sent=decided(),
        names={"choice": asking.CHOICE, "typed": asking.TYPED}, wrong=form.wrong,
        back=preview_of(kind_asked(), **_rest()), answered=len(plan.answered), address=_again(),
    )  # fmt: skip
