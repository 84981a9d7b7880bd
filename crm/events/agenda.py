"""Programme and checklist of an event on screen: add, change, move, tick, take out."""

from types import SimpleNamespace

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.contacts.finding import people_source
from crm.db import db
from crm.errors import RuleBroken
from crm.events import checklist, programme, queries
from crm.events.part_forms import NewPointForm, NewTaskForm, PointForm, TaskForm, stored_point, stored_task
from crm.events.routes import events, page_of, planners
from crm.forms import confirmed


def _whole(event_id):
    return queries.whole(event_id) or abort(404)


def _one(items, number):
    return next((one for one in items if one.id == number), None) or abort(404)


def _to(event_id, part):
    return redirect(f"{page_of(event_id)}#{part}", 303)


@events.route("/<id:event_id>/programm/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def new_point(event_id):
    """Add a point to the programme; the next one can follow at once."""
    event = _whole(event_id)
    form = NewPointForm().connect(people_source(None))
    if form.validate_on_submit():
        again = "next" in request.form
        target = url_for("events.new_point", event_id=event_id) if again else f"{page_of(event_id)}#programme"
        try:
            programme.add(event, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            form.settle(target)
            db.session.commit()
            flash(_("Point of the programme saved."))
            return redirect(target, 303)
    return form.page("events/point.html", event=event, item=None)


@events.route("/<id:event_id>/programm/<id:point_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def edit_point(event_id, point_id):
    """Change a point of the programme."""
    event = _whole(event_id)
    item = _one(event.programme, point_id)
    form = PointForm(obj=stored_point(item, people_source(None))).prepare()
    if form.validate_on_submit():
        programme.change(event, item, form.values, current_user)
        db.session.commit()
        flash(_("Point of the programme saved."))
        return _to(event_id, "programme")
    return form.page("events/point.html", event=event, item=item)


@events.route("/<id:event_id>/programm/<id:point_id>/verschieben", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def move_point(event_id, point_id):
    """Move a point of the programme up or down by one place."""
    event = _whole(event_id)
    programme.move(event, _one(event.programme, point_id), request.form.get("to") == "up", current_user)
    db.session.commit()
    return _to(event_id, "programme")


@events.route("/<id:event_id>/programm/<id:point_id>/entfernen", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def drop_point(event_id, point_id):
    """Take a point out of the programme."""
    event = _whole(event_id)
    item = _one(event.programme, point_id)
    if confirmed(item):
        programme.drop(event, item, current_user)
        db.session.commit()
        flash(_("Point of the programme removed."))
    return _to(event_id, "programme")


@events.route("/<id:event_id>/checkliste/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def new_task(event_id):
    """Add something to the checklist."""
    event = _whole(event_id)
    form = NewTaskForm(obj=SimpleNamespace(owner_id=event.responsible_id)).connect(planners())
    if form.validate_on_submit():
        try:
            checklist.add(event, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            form.settle(f"{page_of(event_id)}#checklist")
            db.session.commit()
            flash(_("Checklist saved."))
            return _to(event_id, "checklist")
    return form.page("events/task.html", event=event, item=None)


@events.route("/<id:event_id>/checkliste/<id:task_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def edit_task(event_id, task_id):
    """Change something on the checklist."""
    event = _whole(event_id)
    item = _one(event.checklist, task_id)
    form = TaskForm(obj=stored_task(item, planners({item.owner_id}))).prepare()
    if form.validate_on_submit():
        checklist.change(event, item, form.values, current_user)
        db.session.commit()
        flash(_("Checklist saved."))
        return _to(event_id, "checklist")
    return form.page("events/task.html", event=event, item=item)


@events.route("/<id:event_id>/checkliste/<id:task_id>/erledigt", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def tick(event_id, task_id):
    """Tick something off, or take the tick back."""
    event = _whole(event_id)
    checklist.tick(event, _one(event.checklist, task_id), request.form.get("done", "1") == "1", current_user)
    db.session.commit()
    return _to(event_id, "checklist")


@events.route("/<id:event_id>/checkliste/<id:task_id>/entfernen", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def drop_task(event_id, task_id):
    """Take something off the checklist."""
    event = _whole(event_id)
    item = _one(event.checklist, task_id)
    if confirmed(item):
        checklist.drop(event, item, current_user)
        db.session.commit()
        flash(_("Taken off the checklist."))
    return _to(event_id, "checklist")


@events.route("/<id:event_id>/checkliste/uebliche", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def add_standard(event_id):
    """Add the usual checklist of this kind of event."""
    checklist.take_standard(_whole(event_id), current_user)
    db.session.commit()
    flash(_("The usual checklist was added."))
    return _to(event_id, "checklist")
