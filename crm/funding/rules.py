"""The rules of the programme on screen: all that ever held, a successor, a correction."""

from types import SimpleNamespace

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.audit import history_of
from crm.db import db, today
from crm.errors import RuleBroken
from crm.funding import queries, ruling
from crm.funding.forms import NewRulesForm, RulesForm
from crm.funding.routes import funding
from crm.history import last_editor, lines


@funding.route("/foerderregeln")
@requires(Permission.READ_CONTENT)
def rules():
    """Show the rules of the programme, the newest first."""
    known = queries.rule_sets()
    return render_template(
        "funding/rules.html", known=known, today=today(), current=queries.rules_on(today(), known)
    )


@funding.route("/foerderregeln/neu", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUES)
def new_rules():
    """Enter rules; those that hold on their first day end the day before."""
    known = queries.rule_sets()
    form = NewRulesForm(obj=_as_before(known))
    if form.validate_on_submit():
        try:
            made = ruling.create_rules(form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(url_for("funding.rules"))
            db.session.commit()
            flash(_("“%(name)s” saved.", name=made.name))
            return redirect(target, 303)
    return form.page("funding/new_rules.html", newest=known[0] if known else None)


def _as_before(known):
    """A successor starts from what holds so far, without name, days and sources."""
    if not known:
        return SimpleNamespace(least_partners=3, counties=True)
    kept = {name: getattr(known[0], name) for name in _KEPT}
    return SimpleNamespace(**kept)


_KEPT = (
    "least_partners", "exceptional_partners", "least_years", "least_gain", "most_inhabitants", "counties",
    "amount_two", "amount_three", "amount_more", "amount_joint", "amount_brigade",
)  # fmt: skip


@funding.route("/foerderregeln/<id:rule_set_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUES)
def edit_rules(rule_set_id):
    """Change rules; applications keep the standard grant that was worked out for them."""
    one = queries.rule_set(rule_set_id) or abort(404)
    form = RulesForm(obj=one)
    if form.validate_on_submit():
        try:
            ruling.change_rules(one, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("“%(name)s” saved.", name=one.name))
            return redirect(url_for("funding.rules"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(one)
    return form.page("funding/edit_rules.html", rules=one, events=lines(history_of(one)))
