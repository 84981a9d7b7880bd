"""The partners of a group on screen, and the steps they take: one click on a cell, one day."""

from types import SimpleNamespace

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.cooperations import partners
from crm.cooperations.forms import NewPartnersForm, PartnerForm, SeveralForm, StepForm
from crm.cooperations.kinds import EXITS, Step, StepSource
from crm.cooperations.routes import cooperations, load, page_of
from crm.cooperations.standing import present
from crm.db import db, today
from crm.errors import RuleBroken
from crm.fields import coerce_number
from crm.forms import confirmed
from crm.history import last_editor
from crm.i18n import day
from crm.organisations import queries as organisations
from crm.organisations.elsewhere import create_elsewhere
from crm.resolutions.services import refresh

USUAL_SOURCES = {
    Step.RESOLVED: StepSource.RESOLUTION,
    Step.SIGNED: StepSource.LETTER,
    Step.ACTIVE: StepSource.LETTER,
}


def _partner(cooperation_id, partner_id):
    """Give a partner of a whole group, or the page that says there is none."""
    group = load(cooperation_id)
    return next((one for one in group.partners if one.id == partner_id), None) or abort(404)


@cooperations.route("/<id:cooperation_id>/partner/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def add_partners(cooperation_id):
    """Let organisations join a group."""
    group = load(cooperation_id)
    preset = {"step": Step.CANDIDATE, "source": StepSource.TALK, "reached_on": today()}
    form = NewPartnersForm(obj=SimpleNamespace(organisations=_wished_places(), **preset))
    form.organisations.use(organisations.chip_source())
    if form.validate_on_submit():
        try:
            joined = partners.add(group, _with_outside(form.values), current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(page_of(cooperation_id))
            db.session.commit()
            flash(_("Added: %(names)s.", names=", ".join(one.organisation_name for one in joined)))
            return redirect(target, 303)
    return form.page("cooperations/add_partners.html", group=group)


def _wished_places():
    number = request.args.get("kommune", type=coerce_number)
    return [number] if number is not None else []


def _with_outside(values):
    """Put a municipality from another Land on record, if one was typed, and let it join like the others."""
    name, state = values.pop("outside_name"), values.pop("outside_state")
    if name and not state:
        raise RuleBroken(_("Enter in which Land %(name)s lies.", name=name), "outside_state")
    ids = list(values["organisations"])
    if name:
        ids.append(_outside(name, state))
    if not ids:
        raise RuleBroken(_("Add at least one partner."), "organisations")
    return values | {"organisations": ids}


def _outside(name, state):
    try:
        return create_elsewhere(name, state, current_user).id
    except RuleBroken as broken:
        raise RuleBroken(broken.message, f"outside_{broken.field}") from None


@cooperations.route("/<id:cooperation_id>/partner/<id:partner_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def edit_partner(cooperation_id, partner_id):
    """Say what a partner is in its group; leaving and declining are steps and start here, too."""
    partner = _partner(cooperation_id, partner_id)
    form = PartnerForm(obj=partner)
    if form.validate_on_submit():
        partners.change_role(partner, form.role.data, current_user)
        db.session.commit()
        flash(_("%(name)s saved.", name=partner.organisation_name))
        return redirect(page_of(cooperation_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(partner.cooperation)
    return form.page(
        "cooperations/edit_partner.html", group=partner.cooperation, partner=partner, exits=EXITS
    )


@cooperations.route("/<id:cooperation_id>/partner/<id:partner_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def remove_partner(cooperation_id, partner_id):
    """Ask once more, then take out a partner that never was one."""
    partner = _partner(cooperation_id, partner_id)
    if not confirmed(partner):
        return render_template("cooperations/remove_partner.html", group=partner.cooperation, partner=partner)
    name, group = partner.organisation_name, partner.cooperation
    partners.remove(partner, current_user)
    refresh(group)
    db.session.commit()
    flash(_("%(name)s is no partner any more. The history keeps the trace.", name=name))
    return redirect(page_of(cooperation_id), 303)


@cooperations.route(
    "/<id:cooperation_id>/partner/<id:partner_id>/stand/<string:step>", methods=["GET", "POST"]
)
@requires(Permission.WRITE_COOPERATIONS)
def step(cooperation_id, partner_id, step):
    """Report a step of a partner, or correct it: a day, where it is known from, a remark."""
    partner, wanted = _partner(cooperation_id, partner_id), _step(step)
    known = _known(partner, wanted)
    form = StepForm(obj=_cell(partner, wanted, known))
    if form.validate_on_submit():
        try:
            _save(partner, wanted, known, form.values)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_said(partner, wanted, form.reached_on.data))
            return redirect(page_of(cooperation_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(partner.cooperation)
    return form.page(
        "cooperations/step.html", group=partner.cooperation, partner=partner, step=wanted, known=known,
        exit=wanted in EXITS,
    )  # fmt: skip


@cooperations.route("/<id:cooperation_id>/stand/<string:step>", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def step_for_several(cooperation_id, step):
    """Report that several partners reached a step on one day."""
    group, wanted = load(cooperation_id), _step(step)
    behind = [one for one in group.required if one.step.rank < wanted.rank]
    if not behind:
        flash(_("Nobody is waited for here any more."), "wait")
        return redirect(page_of(cooperation_id), 303)
    form = SeveralForm(obj=_behind(behind, wanted)).prepare()
    if form.validate_on_submit():
        values = form.values
        ticked = values.pop("partners")
        chosen = [one for one in behind if one.id in ticked]
        try:
            partners.report_steps(chosen, {"step": wanted, **values}, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            said = ", ".join(one.organisation_name for one in chosen)
            db.session.commit()
            flash(_("%(name)s: %(step)s.", name=said, step=wanted.label))
            return redirect(page_of(cooperation_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(group)
    return form.page("cooperations/step_for_several.html", group=group, step=wanted)


def _behind(behind, wanted):
    """What the form for several starts from. A contract is signed together, so all that are next to do so are
    ticked; interest and resolutions come one by one, and nobody is said to have done what nobody said."""
    together = wanted.rank >= Step.SIGNED.rank
    lowest = min(one.step.rank for one in behind)
    return SimpleNamespace(
        version=sum(one.version for one in behind), updated_at=max(one.updated_at for one in behind),
        offered=[(one.id, f"{one.organisation_name} ({one.step.label})") for one in behind],
        partners=[one.id for one in behind if together and one.step.rank == lowest],
        reached_on=today(), source=USUAL_SOURCES.get(wanted, StepSource.TALK), note=None,
    )  # fmt: skip


def _step(text):
    try:
        return Step(text)
    except ValueError:
        abort(404)


def _known(partner, wanted):
    """The step as it is on record, of several the newest; None where it is taken once more."""
    if "neu" in request.args or (wanted in EXITS and not partner.has_gone):
        return None
    return next((one for one in reversed(present(partner.steps)) if one.step is wanted), None)


def _cell(partner, wanted, known):
    """What the form starts from: the step on record, else today and the usual source."""
    held = known or SimpleNamespace(
        reached_on=today(), source=USUAL_SOURCES.get(wanted, StepSource.TALK), note=None
    )
    return SimpleNamespace(
        version=partner.version, updated_at=partner.updated_at,
        reached_on=held.reached_on, source=held.source, note=held.note,
    )  # fmt: skip


def _save(partner, wanted, known, values):
    if known is None:
        partners.report_step(partner, {"step": wanted, **values}, current_user, "neu" in request.args)
    else:
        partners.correct_step(known, values, current_user)


def _said(partner, wanted, reached_on):
    if reached_on is None:
        return _("%(name)s: %(step)s.", name=partner.organisation_name, step=wanted.label)
    return _(
        "%(name)s: %(step)s since %(day)s.",
        name=partner.organisation_name, step=wanted.label, day=day(reached_on),
    )  # fmt: skip


@cooperations.route(
    "/<id:cooperation_id>/partner/<id:partner_id>/stand/<string:step>/zurueck", methods=["POST"]
)
@requires(Permission.WRITE_COOPERATIONS)
def take_back_step(cooperation_id, partner_id, step):
    """Take out a step that was noted by mistake."""
    partner = _partner(cooperation_id, partner_id)
    known = _known(partner, _step(step))
    if known is None or request.form.get("number") != str(known.id):
        flash(_("The step was changed or taken back meanwhile. Look again."), "wait")
        return redirect(page_of(cooperation_id), 303)
    partners.take_back(known, current_user)
    db.session.commit()
    flash(_("The step is taken back. The history keeps the trace."))
    return redirect(page_of(cooperation_id), 303)
