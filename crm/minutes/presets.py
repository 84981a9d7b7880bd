"""The texts that minutes begin with, on screen."""

from types import SimpleNamespace

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from crm import audit
from crm.access import Permission, requires
from crm.consultations.models import ConsultationKind
from crm.db import db
from crm.errors import RuleBroken
from crm.history import last_editor, lines
from crm.minutes import queries, services
from crm.minutes.drafting import COLUMNS, PLACEHOLDERS
from crm.minutes.forms import TemplateForm
from crm.minutes.kinds import GAP
from crm.minutes.routes import minutes


@minutes.route("/protokolle/vorlagen")
@requires(Permission.READ_CONTENT)
def templates():
    """List the kinds of talk with what their minutes begin with."""
    changed = queries.changed_templates()
    return render_template("minutes/templates.html", kinds=list(ConsultationKind), changed=changed)


@minutes.route("/protokolle/vorlagen/<string:kind_name>", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUES)
def edit_template(kind_name):
    """Change the texts of a kind of talk."""
    kind = next((one for one in ConsultationKind if one.value == kind_name), None) or abort(404)
    found = queries.template(kind)
    form = TemplateForm(obj=_stored(found))
    if form.validate_on_submit():
        try:
            services.save_template(found, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        except IntegrityError:
            # A colleague saved first, at the same moment: their row is there now, to compare with.
            db.session.rollback()
            return edit_template(kind_name)
        else:
            db.session.commit()
            flash(_("Texts saved. Minutes begun from now on begin with them."))
            return redirect(url_for("minutes.templates"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(found)
    events = lines(audit.history_of(found)) if found.version else []
    return form.page(
        "minutes/edit_template.html", kind=kind, words=list(PLACEHOLDERS.items()), gap=GAP, events=events
    )


def _stored(found):
    texts = {name: getattr(found, name) or None for name in COLUMNS}
    return SimpleNamespace(version=found.version, updated_at=found.updated_at, **texts)
