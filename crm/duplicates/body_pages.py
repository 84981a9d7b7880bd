"""Doubles among other bodies on screen: the list, the comparison, the merge and the way back."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.db import db
from crm.duplicates import bodies, gone, queries, services
from crm.duplicates.comparing import compared
from crm.duplicates.forms import DistinctForm
from crm.duplicates.journal import Outdated
from crm.duplicates.kinds import BODIES
from crm.duplicates.merging import take_back
from crm.duplicates.routes import duplicates
from crm.duplicates.scoring import in_words
from crm.errors import RuleBroken
from crm.paging import page_of_list

SHOWN = 50


def _pair(low_id, high_id):
    """Both bodies in the order of their numbers; one that went leads to the one that stands for it."""
    found = bodies.both(low_id, high_id) if low_id < high_id else abort(404)
    if len(found) < 2:
        there = {one.id for one in found}
        gone.refuse_body(next(number for number in (low_id, high_id) if number not in there))
    return found


@duplicates.route("/stellen")
@requires(Permission.WRITE_BODIES)
def bodies_index():
    """List bodies likely to be entered twice, and what was decided and merged last."""
    page = page_of_list(bodies.pairs())
    decided = list(db.session.scalars(queries.decisions(BODIES).limit(SHOWN)))
    merged = list(db.session.scalars(queries.merges(BODIES).limit(SHOWN)))
    ids = queries.ids_of([*decided, *merged], BODIES)
    return render_template(
        "duplicates/bodies.html", page=page, decided=decided, merged=merged, in_words=in_words,
        names=queries.names_of(BODIES, ids),
    )  # fmt: skip


@duplicates.route("/stellen/<id:low_id>/<id:high_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_BODIES)
def merge_bodies(low_id, high_id):
    """Compare two bodies field by field and make one of them."""
    one, other = _pair(low_id, high_id)
    form, code = compared(BODIES, one, other), None
    if form.validate_on_submit():
        try:
            chosen = form.kept_id, form.lost_id, form.versions, form.chosen
            made = bodies.merge_bodies(*chosen, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            one, other = _pair(low_id, high_id)
            form.compare(one, other).report(broken)
            code = 409 if isinstance(broken, Outdated) else None
        else:
            target = form.settle(url_for("duplicates.undo_bodies", merge_id=made.id))
            db.session.commit()
            flash(_("Merged. If that was wrong, undo it here or later."))
            return redirect(target, 303)
    page, usual = _page(one, other, form, DistinctForm())
    return page, code or usual


def _page(one, other, form, apart):
    shown = apart if apart.problems else form
    known = [bodies.body(each.id, each.name, each.website, each.email) for each in (one, other)]
    return shown.page(
        "duplicates/merge_bodies.html", one=one, other=other, merging=form, apart=apart,
        verdict=bodies.score(*known), in_words=in_words,
    )  # fmt: skip


@duplicates.route("/stellen/<id:low_id>/<id:high_id>/verschieden", methods=["POST"])
@requires(Permission.WRITE_BODIES)
def tell_bodies_apart(low_id, high_id):
    """Remember that two bodies are two; they are not proposed any more."""
    one, other = _pair(low_id, high_id)
    form = DistinctForm()
    if not form.validate_on_submit():
        return _page(one, other, compared(BODIES, one, other), form)
    services.tell_apart(BODIES, (low_id, high_id), form.reason.data, current_user)
    target = form.settle(url_for("duplicates.bodies_index"))
    db.session.commit()
    flash(_("%(first)s and %(second)s stay apart.", first=one.name, second=other.name))
    return redirect(target, 303)


@duplicates.route("/stellen/entschieden/<id:pair_id>/aufheben", methods=["GET", "POST"])
@requires(Permission.WRITE_BODIES)
def doubt_bodies_again(pair_id):
    """Ask once more, then forget that two bodies are two, and why."""
    pair = queries.decision(pair_id, BODIES) or abort(404)
    listed = url_for("duplicates.bodies_index")
    if request.method == "GET":
        names = queries.names_of(BODIES, queries.ids_of([pair], BODIES))
        return render_template("duplicates/doubt.html", pair=pair, names=names, list_url=listed)
    services.doubt_again(pair, current_user)
    db.session.commit()
    flash(_("The pair is proposed again where it looks alike."))
    return redirect(listed, 303)


@duplicates.route("/stellen/zusammengefuehrt/<id:merge_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_BODIES)
def undo_bodies(merge_id):
    """Show a merge of bodies and what undoing would do; take it back if nothing contradicts."""

    def url_of(number):
        return url_for("bodies.show", body_id=number)

    said = _("The merge is undone: both bodies are there again.")
    return take_back(BODIES, merge_id, url_for("duplicates.bodies_index"), url_of, said)


@duplicates.route("/bekannte-stellen")
@requires(Permission.WRITE_BODIES)
def known_bodies():
    """Say which bodies are known already, as a piece of a page, while somebody types."""
    name, website, email = (request.args.get(one, "")[:300] for one in ("name", "website", "email"))
    found = bodies.alike(name, website, email)
    return render_template("duplicates/known_bodies.html", found=found, in_words=in_words)
