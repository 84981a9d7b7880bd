"""The settings of the office on screen."""

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from crm import audit
from crm.access import Permission, requires
from crm.db import db, today
from crm.history import last_editor, lines
from crm.office import queries, services
from crm.office.forms import OfficeForm, stored
from crm.office.models import Office

office = Blueprint("office", __name__, url_prefix="/einstellungen")

EXAMPLE = 42


@office.route("", methods=["GET", "POST"])
@requires(Permission.MANAGE_SETTINGS)
def edit():
    """Change what stands on every paper; there is nothing to choose from before."""
    found = queries.office()
    form = OfficeForm(obj=stored(found))
    if form.validate_on_submit():
        try:
            services.save(found, form.values, current_user)
        except IntegrityError:
            # A colleague saved first, at the same moment: their row is there now, to compare with.
            db.session.rollback()
            return edit()
        db.session.commit()
        flash(_("Settings saved."))
        return redirect(url_for("office.edit"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(found)
    year, typed = today().year, Office(file_reference=form.file_reference.data or "")
    return form.page(
        "office/edit.html",
        year=year,
        number=EXAMPLE,
        example=typed.reference(year, EXAMPLE),
        events=lines(audit.history_of(found)),
    )
