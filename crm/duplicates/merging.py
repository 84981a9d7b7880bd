"""Two people side by side, the merge, and the way back, on screen."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.db import db
from crm.duplicates import gone, queries, services, undoing
from crm.duplicates.choosing import basis
from crm.duplicates.comparing import compared
from crm.duplicates.forms import DistinctForm, UndoForm
from crm.duplicates.journal import Outdated
from crm.duplicates.kinds import PEOPLE
from crm.duplicates.routes import duplicates, tab_sent
from crm.duplicates.scoring import in_words
from crm.duplicates.wording import answers_in_words, rows_in_words
from crm.errors import RuleBroken


def _pair(low_id, high_id):
    """Both people in the order of their numbers; who went in a merge leads to who stands for them."""
    if low_id >= high_id:
        abort(404)
    found = queries.people((low_id, high_id))
    for number in (low_id, high_id):
        if number not in found or found[number].removed_at:
            gone.refuse(number)
    return found[low_id], found[high_id]


@duplicates.route("/kontakte/<id:low_id>/<id:high_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def merge(low_id, high_id):
    """Compare two people field by field and make one of them."""
    one, other = _pair(low_id, high_id)
    form, code = compared(PEOPLE, one, other), None
    if form.validate_on_submit():
        try:
            made = services.merge_people(form.kept_id, form.lost_id, form.versions, form.chosen, current_user)
        except Outdated as broken:
            db.session.rollback()
            one, other = _pair(low_id, high_id)
            form.compare(one, other).report(broken)
            code = 409
        else:
            target = form.settle(url_for("duplicates.undo", merge_id=made.id))
            db.session.commit()
            flash(_("Merged. If that was wrong, undo it here or later."))
            return redirect(target, 303)
    page, usual = _page(one, other, form, DistinctForm())
    return page, code or usual


def _page(one, other, form, apart):
    shown = apart if apart.problems else form
    return shown.page(
        "duplicates/merge.html", one=one, other=other, merging=form, apart=apart, basis=basis(one, other),
        verdict=queries.verdict(one.id, other.id), pairs=queries.function_pairs(one, other),
        in_words=in_words, answers=answers_in_words(queries.two_answers(one, other)),
    )  # fmt: skip


@duplicates.route("/kontakte/<id:low_id>/<id:high_id>/verschieden", methods=["POST"])
@requires(Permission.WRITE_PEOPLE)
def tell_apart(low_id, high_id):
    """Remember that two people are two; they are not proposed any more."""
    one, other = _pair(low_id, high_id)
    form = DistinctForm()
    if not form.validate_on_submit():
        return _page(one, other, compared(PEOPLE, one, other), form)
    services.tell_apart(PEOPLE, (low_id, high_id), form.reason.data, current_user)
    target = form.settle(url_for("duplicates.index", stufe=tab_sent()))
    db.session.commit()
    flash(_("%(first)s and %(second)s stay apart.", first=one.name, second=other.name))
    return redirect(target, 303)


@duplicates.route("/zusammengefuehrt/<id:merge_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def undo(merge_id):
    """Show a merge and what undoing would do; take it back if nothing contradicts."""

    def url_of(number):
        return url_for("contacts.show", person_id=number)

    said = _("The merge is undone: both people are there again.")
    return take_back(PEOPLE, merge_id, url_for("duplicates.index"), url_of, said)


def take_back(kind, merge_id, list_url, url_of, said):
    """Answer for the page of a merge of either kind; `url_of` gives the address of a record."""
    merge = queries.merge(merge_id, kind) or abort(404)
    form, late = UndoForm(obj=merge), merge.undone_at and request.method == "POST"
    if not late and form.validate_on_submit():
        lost_id = merge.lost_id
        try:
            undoing.undo(merge, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            merge = queries.merge(merge_id, kind) or abort(404)
            form.report(broken)
        else:
            db.session.commit()
            flash(said)
            return redirect(url_of(lost_id), 303)
    both = queries.records(kind.model, {merge.kept_id, merge.lost_id})
    way = undoing.way_back(merge, current_user)
    page, code = form.page(
        "duplicates/undo.html", merge=merge, way=way, kept=both[merge.kept_id], lost=both[merge.lost_id],
        back=rows_in_words(way.back), fresh=rows_in_words(way.fresh), list_url=list_url,
        kept_url=url_of(merge.kept_id),
    )  # fmt: skip
    return page, 409 if late else code
