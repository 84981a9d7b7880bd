"""Silent contacts on screen: look at them, decide."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm.access import Permission, requires
from crm.db import db
from crm.errors import RuleBroken
from crm.fields import coerce_number
from crm.paging import page_of
from crm.retention import queries as retention
from crm.retention.rules import RULES
from crm.reviews import queries, services
from crm.reviews.forms import DecideForm

reviews = Blueprint("reviews", __name__, url_prefix="/personendaten/durchsicht")


@reviews.route("", methods=["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY)
def index():
    """List contacts nobody has heard of for a long time, and decide about those ticked."""
    form = DecideForm()
    ticked = [one for one in request.form.getlist("kontakt", coerce_number) if one]
    if form.validate_on_submit():
        try:
            done = services.decide(ticked, form.decision.data, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_said(done, len(ticked) - done))
            return redirect(url_for("reviews.index"), 303)
    page, rule = page_of(queries.listing(), queries.FOR_LIST), RULES[queries.RULE]
    return form.page(
        "reviews/index.html", page=page, ticked=ticked, period=rule.in_words(retention.period(rule.key)),
        talks=queries.last_talks([one.person_id for one in page.rows]),
    )  # fmt: skip


def _said(done, late):
    words = ngettext("%(num)s contact decided.", "%(num)s contacts decided.", done)
    return words + (
        " " + _("About the others somebody has decided already, or they were heard from.") if late else ""
    )
