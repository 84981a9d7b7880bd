"""Saved views on screen: kept, changed, pinned, removed. They are opened as the list they are about."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.db import db
from crm.errors import RuleBroken
from crm.filters import question
from crm.forms import confirmed
from crm.history import last_editor
from crm.views import queries, services
from crm.views.forms import NewViewForm, ViewForm
from crm.views.models import ListName
from crm.views.tabs import TAKE_OVER, address_of, asked_words

views = Blueprint("views", __name__, url_prefix="/ansichten")
LONGEST_TARGET = 500


def _load(view_id, allowed=None):
    view = queries.one(current_user, view_id) or abort(404)
    return view if allowed is None or allowed(current_user, view) else abort(404)


def _list_named(text):
    found = next((one for one in ListName if one.value == text), None)
    return found if found is not None and queries.may_see(current_user, found) else abort(404)


def _asked():
    """What the address says about the list, in the shape in which it is kept."""
    return question((name, value) for name, value in request.args.items(multi=True) if name != TAKE_OVER)


def _target(name, query):
    """Lead to the view; the mark of a saved form takes so long an address and no longer."""
    address = address_of(name, query)
    return address if len(address) <= LONGEST_TARGET else url_for("views.index")


@views.route("")
@requires(Permission.READ_REGISTER)
def index():
    """List all views one may open, by list."""
    found = queries.entries(current_user)
    lists = [(one, [view for view in found if view.list_name is one]) for one in ListName]
    return render_template(
        "views/index.html", lists=[(one, some) for one, some in lists if some], address_of=address_of,
        asked_words=asked_words, manages=current_user.may(Permission.MANAGE_CATALOGUES),
    )  # fmt: skip


@views.route("/neu/<string:list_name>", methods=["GET", "POST"])
@requires(Permission.READ_REGISTER)
def new(list_name):
    """Save what the list shows that is asked for in the address."""
    name, query = _list_named(list_name), _asked()
    form = NewViewForm()
    if form.validate_on_submit():
        try:
            services.save(name, query, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(_target(name, query))
            db.session.commit()
            flash(_("View saved."))
            return redirect(target, 303)
    own = [one for one in queries.entries(current_user, name) if one.owner_id == current_user.id]
    return form.page(
        "views/new.html", list_name=name, back=address_of(name, query), words=asked_words(query), own=own,
        arguments=list(request.args.items(multi=True)),
    )  # fmt: skip


@views.route("/<id:view_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.READ_REGISTER)
def edit(view_id):
    """Change name and sharing; with filters in the address those as well."""
    view = _load(view_id, queries.may_change)
    query = _asked() if TAKE_OVER in request.args else None
    form = ViewForm(obj=view)
    if form.validate_on_submit():
        try:
            services.change(view, form.values, query, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("View saved."))
            return redirect(url_for("views.index"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(view)
    shown = view.query if query is None else query
    return form.page(
        "views/edit.html", view=view, taking=query is not None, words=asked_words(shown),
        back=address_of(view.list_name, shown),
    )  # fmt: skip


@views.route("/<id:view_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.READ_REGISTER)
def remove(view_id):
    """Ask once more, then remove a view."""
    view = _load(view_id, queries.may_remove)
    if not confirmed(view):
        return render_template("views/remove.html", view=view, others=queries.count_others(view))
    services.remove(view, current_user)
    db.session.commit()
    flash(_("View removed."))
    return redirect(url_for("views.index"), 303)


@views.route("/<id:view_id>/anheften", methods=["POST"])
@requires(Permission.READ_REGISTER)
def pin(view_id):
    """Make a view a tab of its list, for oneself."""
    view = _load(view_id)
    services.pin(view, current_user)
    db.session.commit()
    flash(_("“%(name)s” is a tab now.", name=view.name))
    return redirect(url_for("views.index"), 303)


@views.route("/<id:view_id>/loesen", methods=["POST"])
@requires(Permission.READ_REGISTER)
def unpin(view_id):
    """Take a view out of one's tabs; it stays."""
    view = _load(view_id)
    services.unpin(view, current_user)
    db.session.commit()
    flash(_("“%(name)s” is no tab any more.", name=view.name))
    return redirect(url_for("views.index"), 303)
