"""Bodies that are no Kommunen on screen: list, page, and who supervises a set of Kommunen."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from crm import audit
from crm.access import Permission, requires
from crm.bodies import queries, services
from crm.bodies.forms import (
    BodyFilterForm,
    BodyForm,
    NewBodyForm,
    SupervisionForm,
    SupervisorForm,
    stored,
)
from crm.bodies.queries import FOR_LINES, Filters
from crm.bodies.supervision import supervision as supervised
from crm.consultations import queries as consultations
from crm.cooperations.of_place import of_place
from crm.db import db, today
from crm.duplicates import bodies as doubles
from crm.duplicates import gone
from crm.duplicates.scoring import in_words
from crm.errors import RuleBroken
from crm.filters import DayForm, wished_sort
from crm.history import last_editor, lines
from crm.organisations import listing, visit
from crm.organisations import queries as organisations
from crm.organisations.models import Kind
from crm.paging import page_of
from crm.timelines.kinds import Choice

bodies = Blueprint("bodies", __name__, url_prefix="/stellen")
COLUMNS = ("name", "kind", "members")
SHOWN, MOST = 12, 1000


def load(body_id):
    """Give a body or the page that says there is none."""
    return queries.one(body_id) or gone.refuse_body(body_id)


def page_of_body(body_id):
    """Address of a body's page."""
    return url_for("bodies.show", body_id=body_id)


@bodies.route("")
@requires(Permission.READ_REGISTER)
def index():
    """List bodies with filters."""
    form = BodyFilterForm(formdata=request.args)
    form.validate()
    sort = wished_sort(COLUMNS, "best" if form.chosen("q") else "name")
    filters = Filters(
        text=form.chosen("q") or "", kind=form.chosen("kind"), ended=bool(form.chosen("ended")),
        sort=sort.key, descending=sort.descending,
    )  # fmt: skip
    page = page_of(queries.listing(filters), FOR_LINES)
    ids = [body.id for body in page.rows]
    reads_talks = current_user.may(Permission.READ_CONTENT)
    return render_template(
        "bodies/index.html",
        form=form, page=page, sort=sort, sizes=queries.sizes(ids, today()), reads_talks=reads_talks,
        kinds={body.id: organisations.designation_on(body, today()).kind for body in page.rows},
        last=listing.last_days(consultations.last_held_on(current_user), ids) if reads_talks else {},
    )  # fmt: skip


@bodies.route("/<id:body_id>")
@requires(Permission.READ_REGISTER)
def show(body_id):
    """Show what a visit needs to know about a body; its members as at a day."""
    body = load(body_id)
    form = DayForm.asked()
    asked = form.chosen("am")
    day = asked or min(body.valid_to or today(), today())
    rows = queries.members_ever(body.id)
    members = [row for row in rows if row.counts_on(day)]
    called = organisations.designation_on(body, day)
    ids = [row.organisation_id for row in members]
    judged = queries.to_judge(ids, day) if _is_joint(called.kind) else None
    return render_template(
        "bodies/show.html",
        place=body, name=called.name if asked else body.name, kind=called.kind,
        form=form, asked=asked, day=day, number=len(members),
        members=members if "alle" in request.args else members[:SHOWN],
        others=[row for row in rows if not row.counts_on(day)],
        supervision=None if judged is None else supervised(judged),
        memberships=queries.bodies_of(body.id, day),
        events=lines(_told(body)), is_party=True,
        groups=of_place(current_user, body.id), finder=False,
        **visit.gathered(current_user, body.id, Choice.asked(request.args), asked),
    )  # fmt: skip


def _told(body):
    """The history of a body; of its documents only those hear who read what is written about it."""
    events = audit.history_of(body)
    if current_user.may(Permission.READ_CONTENT):
        return events
    return [one for one in events if not one.name.startswith("document.")]


def _is_joint(kind):
    """Only a Zweckverband is supervised by its members' rule."""
    return kind is Kind.ZWECKVERBAND


@bodies.route("/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_BODIES)
def new():
    """Add a body; one of the same name is shown first."""
    form = NewBodyForm()
    if form.validate_on_submit() and not _twins(form):
        try:
            body = services.create_body(form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(page_of_body(body.id))
            db.session.commit()
            flash(_("%(name)s saved.", name=form.name.data))
            return redirect(target, 303)
    return form.page("bodies/new.html", in_words=in_words)


def _twins(form):
    """Warn once of a body of that name."""
    if form.anyway.data == "1":
        return []
    form.twins = doubles.alike(form.name.data, form.website.data, form.email.data)
    form.anyway.data = "1" if form.twins else ""
    return form.twins


@bodies.route("/<id:body_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_BODIES)
def edit(body_id):
    """Change a body; a new name begins on a day."""
    body = load(body_id)
    form = BodyForm(obj=stored(body, body.designations[-1].kind, today()))
    if form.validate_on_submit():
        try:
            services.change_body(body, form.values, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("%(name)s saved.", name=form.name.data))
            return redirect(page_of_body(body_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(body)
    return form.page("bodies/edit.html", body=body)


@bodies.route("/<id:body_id>/aufsicht", methods=["GET", "POST"])
@requires(Permission.WRITE_BODIES)
def edit_supervisor(body_id):
    """Name another supervisory authority than the computed one, with a reason."""
    body = load(body_id)
    if not _is_joint(body.designations[-1].kind):
        abort(404)
    form = SupervisorForm(obj=body)
    if form.validate_on_submit():
        try:
            services.set_supervisor(body, **form.values, by=current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Supervisory authority saved."))
            return redirect(page_of_body(body_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(body)
    members = [row.organisation_id for row in queries.members_on(body.id, today())]
    found = supervised(queries.to_judge(members, today()))
    return form.page("bodies/edit_supervisor.html", body=body, supervision=found, day=today())


@bodies.route("/<id:body_id>/aufsicht/zurueck", methods=["POST"])
@requires(Permission.WRITE_BODIES)
def reset_supervisor(body_id):
    """Let the computed authority hold again."""
    services.trust_the_rule(load(body_id), current_user)
    db.session.commit()
    flash(_("The computed authority holds again."))
    return redirect(page_of_body(body_id), 303)


@bodies.route("/aufsicht")
@requires(Permission.READ_REGISTER)
def supervision():
    """Say who supervises any set of organisations on a day; nothing is stored."""
    form = SupervisionForm(formdata=_one_by_one(request.args)).connect(organisations.chip_source())
    day = form.chosen("am") or today()
    members = queries.to_judge((form.kommunen.data or [])[:MOST], day)
    return render_template(
        "bodies/supervision.html", form=form, day=day, members=members, supervision=supervised(members)
    )


def _one_by_one(args):
    """Take apart ?kommunen=1,2,3, as links from other pages write it."""
    numbers = [part for value in args.getlist("kommunen") for part in value.split(",")]
    others = [pair for pair in args.items(multi=True) if pair[0] != "kommunen"]
    return MultiDict([*others, *(("kommunen", number) for number in numbers)])
