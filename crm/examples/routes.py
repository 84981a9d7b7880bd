"""Experience on screen: who has done it before, and to whom somebody is referred."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.consultations import queries as consultations
from crm.cooperations import queries as cooperations
from crm.db import db
from crm.errors import RuleBroken
from crm.examples import cases, finding, offices, queries, referring
from crm.examples.finding import Asking
from crm.examples.forms import FinderForm
from crm.fields import coerce_number
from crm.organisations import queries as organisations

examples = Blueprint("examples", __name__)

# The form was sent: what is empty in it was meant to be.
ASKED = "gefragt"


@examples.route("/erfahrung")
@requires(Permission.READ_CONTENT)
def find():
    """Show who has done it before, each with what speaks for it; from a talk or a group it knows the rest."""
    asking, known = _asking(), cases.known()
    form, question = FinderForm(request.args), finding.question(asking, known)
    form.fill(_fields(known), organisations.counties())
    if ASKED in request.args:
        question = finding.typed(question, form.values, known)
    else:
        form.show(question)
    found = cases.found(current_user, question, known, asking.but)
    told = queries.told_of([one.case.id for one in found])
    return render_template(
        "examples/find.html",
        form=form, asking=asking, question=question, found=found, told=told, asked=ASKED,
        named=queries.named_in(asking.talk.id) if asking.talk else {},
        offices={number: offices.held(one, known.heirs) for number, (one, _may_name) in told.items()},
    )  # fmt: skip


def _asking():
    """The talk or group of the address; one this user does not see is none."""
    talk = request.args.get("beratung", type=coerce_number)
    if talk:
        return Asking(talk=consultations.one(current_user, talk) or abort(404))
    group = request.args.get("gruppe", type=coerce_number)
    return Asking(group=cooperations.one(group) or abort(404)) if group else Asking()


def _fields(known):
    return sorted(known.fields.values(), key=lambda one: (one.parent or one.name, one.parent != "", one.name))


@examples.route("/erfahrung/verweisen", methods=["POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def refer():
    """Note that a talk named a group that has done it before; a second press changes nothing."""
    talk = consultations.one(current_user, request.form.get("beratung", type=coerce_number) or 0) or abort(
        404
    )
    group = cooperations.one(request.form.get("gruppe", type=coerce_number) or 0) or abort(404)
    try:
        made = referring.refer(talk, group, current_user)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.message), "bad")
    else:
        db.session.commit()
        flash(_("Noted: referred to %(title)s.", title=group.title) if made else _("This was noted before."))
    return redirect(url_for("examples.find", beratung=talk.id), 303)


@examples.route("/erfahrung/verweisen/<id:referral_id>/zuruecknehmen", methods=["POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def take_back(referral_id):
    """Take a referral back that was noted by mistake."""
    referral = referring.one(current_user, referral_id) or abort(404)
    talk_id = referral.consultation_id
    referring.take_back(referral, current_user)
    db.session.commit()
    flash(_("The referral was taken back."))
    return redirect(url_for("consultations.show", consultation_id=talk_id), 303)
