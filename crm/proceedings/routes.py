"""Contract, studies, approvals and notices of a group on screen."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.audit import history_of
from crm.cooperations import checks as group_checks
from crm.cooperations import queries as cooperations
from crm.cooperations import terms
from crm.db import db, today
from crm.errors import RuleBroken
from crm.forms import confirmed
from crm.history import last_editor, lines
from crm.proceedings import checks, queries, services
from crm.proceedings.forms import (
    ApprovalForm,
    ContractForm,
    NewApprovalForm,
    NewStudyForm,
    StudyForm,
    stored,
)
from crm.proceedings.models import StudyState
from crm.proceedings.panel import notice_of, studies_of
from crm.resolutions import queries as resolutions

proceedings = Blueprint("proceedings", __name__, url_prefix="/kooperationen")


def _load(cooperation_id):
    return cooperations.one(cooperation_id) or abort(404)


def _page_of(cooperation_id):
    return url_for("proceedings.show", cooperation_id=cooperation_id)


def _editor(group, area):
    """Name who saved a study or an approval last; their events stand at the group."""
    found = lines([one for one in history_of(group) if one.name.startswith(area)][:1])
    return found[0].by_name if found else ""


@proceedings.route("/<id:cooperation_id>/verfahren")
@requires(Permission.READ_CONTENT)
def show(cooperation_id):
    """Show the contract with its next notice, who is competent, approvals and studies."""
    group = _load(cooperation_id)
    studies, owed = studies_of(group)
    approvals = queries.approvals(group.id)
    found = services.competent(group, today())
    odd = group_checks.warnings(group, resolutions.of_cooperation(group.id), approvals, today())
    return render_template(
        "proceedings/show.html",
        group=group, studies=studies, owed=owed, approvals=approvals, supervision=found, day=today(),
        authority=services.authority_of(group, found), asked=services.asked_by(group.legal_form),
        term=terms.term_in_words(group, today()), notice=notice_of(group),
        odd=[*odd, *checks.of_approvals(approvals), *checks.of_studies(studies)],
    )  # fmt: skip


@proceedings.route("/<id:cooperation_id>/vertrag", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def contract(cooperation_id):
    """Change legal form, days and term of the contract."""
    group = _load(cooperation_id)
    form = ContractForm(obj=group)
    if form.validate_on_submit():
        try:
            services.change_contract(group, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Contract saved."))
            return redirect(_page_of(cooperation_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(group)
    return form.page("proceedings/contract.html", group=group)


@proceedings.route("/<id:cooperation_id>/studien/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def new_study(cooperation_id):
    """Note a study."""
    group = _load(cooperation_id)
    form = NewStudyForm(obj=SimpleNamespace(state=StudyState.PLANNED))
    if form.validate_on_submit():
        try:
            services.record_study(group, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(_page_of(cooperation_id))
            db.session.commit()
            flash(_("Study saved."))
            return redirect(target, 303)
    return form.page("proceedings/new_study.html", group=group)


@proceedings.route("/<id:cooperation_id>/studien/<id:study_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def edit_study(cooperation_id, study_id):
    """Change a study, or enter its result."""
    group = _load(cooperation_id)
    study = queries.study(cooperation_id, study_id) or abort(404)
    form = StudyForm(obj=study)
    if form.validate_on_submit():
        try:
            services.change_study(group, study, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Study saved."))
            return redirect(_page_of(cooperation_id), 303)
    if form.conflicts:
        form.conflict_by = _editor(group, "study.")
    return form.page("proceedings/edit_study.html", group=group, study=study)


@proceedings.route("/<id:cooperation_id>/studien/<id:study_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def remove_study(cooperation_id, study_id):
    """Ask once more, then take out a study that never was."""
    group = _load(cooperation_id)
    study = queries.study(cooperation_id, study_id) or abort(404)
    if not confirmed(study):
        return render_template("proceedings/remove_study.html", group=group, study=study)
    services.remove_study(group, study, current_user)
    db.session.commit()
    flash(_("Study removed. The history keeps the trace."))
    return redirect(_page_of(cooperation_id), 303)


@proceedings.route("/<id:cooperation_id>/genehmigungen/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def new_approval(cooperation_id):
    """Note an approval, a notice or a consent; the legal form presets which."""
    group = _load(cooperation_id)
    form = NewApprovalForm(obj=SimpleNamespace(kind=services.asked_by(group.legal_form)))
    if form.validate_on_submit():
        try:
            services.record_approval(group, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(_page_of(cooperation_id))
            db.session.commit()
            flash(_("Entry saved."))
            return redirect(target, 303)
    return form.page("proceedings/new_approval.html", **_computed(group))


def _computed(group):
    """The group with the authority that holds unless another is named."""
    found = services.competent(group, today())
    return {"group": group, "authority": services.authority_of(group, found)}


@proceedings.route("/<id:cooperation_id>/genehmigungen/<id:approval_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def edit_approval(cooperation_id, approval_id):
    """Change an approval, a notice or a consent, or enter the answer."""
    group = _load(cooperation_id)
    approval = queries.approval(cooperation_id, approval_id) or abort(404)
    form = ApprovalForm(obj=stored(approval))
    if form.validate_on_submit():
        try:
            services.change_approval(group, approval, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Entry saved."))
            return redirect(_page_of(cooperation_id), 303)
    if form.conflicts:
        form.conflict_by = _editor(group, "approval.")
    return form.page("proceedings/edit_approval.html", approval=approval, **_computed(group))


@proceedings.route("/<id:cooperation_id>/genehmigungen/<id:approval_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def remove_approval(cooperation_id, approval_id):
    """Ask once more, then take out an approval or a notice that never was."""
    group = _load(cooperation_id)
    approval = queries.approval(cooperation_id, approval_id) or abort(404)
    if not confirmed(approval):
        return render_template("proceedings/remove_approval.html", group=group, approval=approval)
    services.remove_approval(group, approval, current_user)
    db.session.commit()
    flash(_("Entry removed. The history keeps the trace."))
    return redirect(_page_of(cooperation_id), 303)
