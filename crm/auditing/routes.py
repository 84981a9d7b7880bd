"""The audit on screen. To look at it is noted, too."""

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from crm import security_log
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.audit import sealing
from crm.auditing import kinds, queries
from crm.auditing.forms import AuditForm
from crm.fields import record_choices
from crm.paging import page_of

auditing = Blueprint("auditing", __name__, url_prefix="/protokoll")


@auditing.route("")
@requires(Permission.MANAGE_USERS)
def index():
    """List what happened, narrowed by who, about what, when and number of the record."""
    form = AuditForm(request.args)
    people = [(one.id, one.name) for one in accounts.everybody()]
    form.wer.choices = record_choices([*people, (queries.PROGRAM, _("Command line"))], empty=_("all"))
    form.was.choices = record_choices(kinds.choices(), empty=_("all"))
    form.validate()
    asked = [form.chosen(name) for name in ("wer", "was", "von", "bis", "nr")]
    page = page_of(queries.listing(*asked))
    security_log.note("audit-read", about=("users", asked[0]), kind=asked[1] or "all", rows=len(page.rows))
    rows = queries.told(page.rows)
    return render_template("auditing/index.html", form=form, page=page, rows=rows, seal=sealing.newest())
