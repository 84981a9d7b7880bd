"""Periods on screen: which rule, what would go when, what went, and the stop."""

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from crm import audit
from crm.access import Permission, requires
from crm.db import db, now
from crm.errors import RuleBroken
from crm.history import last_editor, lines
from crm.retention import doing, queries, services
from crm.retention.forms import RuleForm, stored
from crm.retention.rules import RULES, SLUGS

retention = Blueprint("retention", __name__, url_prefix="/aufbewahrung")

AHEAD = 30


@retention.route("")
@requires(Permission.READ_RETENTION)
def index():
    """List every rule with what is due, what comes, and what went."""
    at, known = now(), queries.settings()
    return render_template(
        "retention/index.html",
        rules=[(rule, queries.period(rule.key, known), known.get(rule.key)) for rule in RULES.values()],
        due=doing.counts([at, at + timedelta(days=AHEAD)]),
        ahead=AHEAD,
        runs=queries.runs(),
        titles={rule.key: rule.title for rule in RULES.values()},
        last=queries.last_run(),
        is_on=queries.is_switched_on(),
    )


@retention.route("/<rule_name>")
@requires(Permission.READ_RETENTION)
def show(rule_name):
    """Show one rule: what goes on which day, and its history."""
    rule = SLUGS.get(rule_name) or abort(404)
    setting = queries.setting(rule.key)
    return render_template(
        "retention/show.html",
        rule=rule,
        period=queries.period(rule.key),
        setting=setting,
        days=_days_ahead(rule),
        events=lines(audit.history_of(setting)) if setting.id else [],
        is_on=queries.is_switched_on(),
    )


def _days_ahead(rule):
    """On which day how many go, from today on; days on which nothing goes are left out."""
    moments = [now() + timedelta(days=number) for number in range(AHEAD + 1)]
    until = doing.counts(moments, {rule.key}).get(rule.key, [])
    new = [number - before for number, before in zip(until, [0, *until], strict=False)]
    return [(at, number) for at, number in zip(moments, new, strict=False) if number]


@retention.route("/<rule_name>/aendern", methods=["GET", "POST"])
@requires(Permission.MANAGE_SETTINGS, fresh=True)
def edit(rule_name):
    """Set another period within its bounds, or stop a rule with a reason."""
    rule = SLUGS.get(rule_name) or abort(404)
    if not rule.acts:
        abort(404)
    setting = queries.setting(rule.key)
    form = RuleForm(obj=stored(setting, queries.period(rule.key)))
    if not rule.is_changeable:
        del form.period
    if form.validate_on_submit():
        try:
            services.save(rule, setting, form.values, current_user)
            db.session.commit()
        except RuleBroken as broken:
            form.report(broken)
        except IntegrityError:
            # A colleague saved first, at the same moment: their row is there now, to compare with.
            db.session.rollback()
            return edit(rule_name)
        else:
            flash(_("Rule “%(name)s” saved.", name=rule.title))
            return redirect(url_for("retention.show", rule_name=rule.slug), 303)
    if form.conflicts:
        form.conflict_by = last_editor(setting)
    return form.page("retention/edit.html", rule=rule)
