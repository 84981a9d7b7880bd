"""Partner suggestions on screen: for a group, and for one Kommune in a task field."""

from datetime import timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.consultations import queries as consultations
from crm.consultations import topics
from crm.cooperations import candidates, partners
from crm.cooperations.forms import FinderForm
from crm.cooperations.kinds import OVER, Step, StepSource
from crm.cooperations.routes import cooperations, load
from crm.db import db, today
from crm.errors import RuleBroken
from crm.fields import coerce_number
from crm.organisations import listing
from crm.organisations import queries as organisations
from crm.organisations.models import KOMMUNEN, Organisation
from crm.task_fields import queries as task_fields

# How far back a talk still says what somebody looks for.
SINCE = timedelta(days=3 * 365)
OWN_FIELDS = 6


@cooperations.route("/<id:cooperation_id>/partnersuche")
@requires(Permission.READ_CONTENT)
def suggest(cooperation_id):
    """Suggest who could join a group, each with its reasons."""
    group = load(cooperation_id)
    fields = _with_members([one.id for one in group.task_fields])
    found = [] if group.stage in OVER else candidates.for_group(group, fields, _talks(fields))
    return render_template("cooperations/suggest.html", group=group, found=found, last=_last(found))


def _with_members(ids):
    """Names of task fields by number; a group of fields stands for each of its fields, too."""
    found = task_fields.everything()
    return {one.id: one.name for one in found if one.id in ids or one.parent_id in ids}


def _talks(fields):
    return topics.last_about(current_user, fields, today() - SINCE)


def _last(found):
    """The last talk with each that the user may see."""
    return listing.last_days(consultations.last_held_on(current_user), [one.place.id for one in found])


@cooperations.route("/<id:cooperation_id>/partnersuche/aufnehmen", methods=["POST"])
@requires(Permission.WRITE_COOPERATIONS)
def take_in(cooperation_id):
    """Let a suggested Kommune join as a candidate."""
    group, number = load(cooperation_id), request.form.get("organisation", type=coerce_number)
    values = {"organisations": [number], "step": Step.CANDIDATE, "reached_on": today()}
    try:
        if not number:
            raise RuleBroken(_("Choose one of the suggestions."))
        joined = partners.add(group, values | {"source": StepSource.OFFICE}, current_user)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.message), "bad")
    else:
        db.session.commit()
        flash(_("%(name)s is a candidate now.", name=joined[0].organisation_name))
    return redirect(url_for("cooperations.suggest", cooperation_id=cooperation_id), 303)


@requires(Permission.READ_CONTENT)
def suggest_for_place(organisation_id):
    """Suggest with whom a Kommune could cooperate in a task field."""
    place = db.session.get(Organisation, organisation_id) or abort(404)
    if place.level not in KOMMUNEN or not place.exists:
        abort(404)
    fields, own = task_fields.current(), _own_fields(place)
    form = FinderForm(formdata=request.args).fill(fields)
    chosen = form.chosen("feld") or (None if form.feld.errors else next(iter(own), None))
    form.feld.data = form.feld.data or chosen
    asked = _with_members([chosen]) if chosen else {}
    found = candidates.for_place(place.id, asked, _talks(asked))
    names = {one.id: one.name for one in fields}
    tabs = [(one, names[one], "", _finder(place, one)) for one in own if one in names][:OWN_FIELDS]
    return render_template(
        "cooperations/suggest_for_place.html",
        place=place, form=form, chosen=chosen, name=names.get(chosen or 0, ""), tabs=tabs, found=found,
        last=_last(found),
    )  # fmt: skip


def _finder(place, field_id):
    return url_for("cooperations.suggest_for_place", organisation_id=place.id, feld=field_id)


def _own_fields(place):
    """What the Kommune talked about lately or plans already, the newest first."""
    ids = [place.id, *organisations.lineage(place).former]
    talked = topics.fields_of(current_user, ids, today() - SINCE)
    return list(dict.fromkeys([*talked, *candidates.planned_fields(ids)]))


# The address belongs to the Kommune, the page to cooperations.
cooperations.record(
    lambda state: state.app.add_url_rule(
        f"{state.app.config['PREFIX']}/kommunen/<id:organisation_id>/partnersuche",
        "cooperations.suggest_for_place",
        suggest_for_place,
    )
)
