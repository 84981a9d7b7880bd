"""Board and list of groups; the column follows from the partners, nothing is dragged."""

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import picks
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.consultations import queries as consultations
from crm.consultations.narrowing import Filters as Narrowing
from crm.cooperations import listing, short
from crm.cooperations.forms import BoardForm, TableForm
from crm.cooperations.kinds import IN_PROGRESS, OVER, Stage
from crm.cooperations.listing import Filters, card
from crm.cooperations.models import Cooperation
from crm.cooperations.queries import FOR_LISTS
from crm.cooperations.routes import cooperations
from crm.db import db, today
from crm.export import download, to_csv, to_xlsx
from crm.filters import wished_sort
from crm.follow_ups import queries as follow_ups
from crm.organisations import queries as organisations
from crm.paging import page_of
from crm.resolutions import queries as resolutions
from crm.task_fields import queries as task_fields

COLUMNS = ("title", "stage", "days", "talk", "session")
TABS = {
    "arbeit": IN_PROGRESS, "laeuft": (Stage.RUNNING,), "ruht": (Stage.PAUSED,),
    "zu-ende": OVER, "alle": (),
}  # fmt: skip
MOST_ROWS = 5_000


def _filled(form):
    return form.fill(organisations.counties(), task_fields.names(), accounts.staff_names())


def _filters(form, stages=()):
    return Filters(
        text=form.chosen("q") or "", county_id=form.chosen("landkreis"), task_field_id=form.chosen("feld"),
        adviser_id=form.chosen("zustaendig"), stages=stages,
    )  # fmt: skip


@cooperations.route("")
@requires(Permission.READ_CONTENT)
def index():
    """Show all groups in progress by stage, and for whom each waits."""
    form = _filled(BoardForm(formdata=request.args))
    columns, counts = listing.board(current_user, _filters(form))
    kept = {field.name: request.args.get(field.name) for field in form if request.args.get(field.name)}
    return render_template(
        "cooperations/index.html", form=form, columns=columns, kept=kept,
        total=sum(counts[stage] for stage in IN_PROGRESS), tabs=_tabs(counts, kept),
    )  # fmt: skip


def _tabs(counts, kept):
    names = {
        "arbeit": _("In progress"), "laeuft": _("Running"), "ruht": _("Paused"), "zu-ende": _("Ended"),
        "alle": _("All"),
    }  # fmt: skip
    return [
        (key, names[key], sum(counts[one] for one in stages or Stage),
         url_for("cooperations.table", stand=key, **kept))
        for key, stages in TABS.items()
    ]  # fmt: skip


def _asked():
    """What the address of the list asks for: tab, filters, order."""
    tab = request.args.get("stand", "")
    tab = tab if tab in TABS else "arbeit"
    form = _filled(TableForm(formdata=request.args))
    stage = form.chosen("stufe")
    sort = wished_sort(COLUMNS, "title")
    return tab, form, _filters(form, (stage,) if stage else TABS[tab]), sort


def _query(filters, sort):
    days = None
    if sort.key == "talk":
        days = consultations.last_held_by_group(current_user)
    elif sort.key == "session":
        days = resolutions.next_by_group(today())
    return listing.ordered(listing.listing(current_user, filters), sort.key, sort.descending, days)


def _listed():
    _tab, _form, filters, sort = _asked()
    return _query(filters, sort)


picks.offer("kooperationen", _listed)


@cooperations.route("/liste")
@requires(Permission.READ_CONTENT)
def table():
    """List groups with computed columns."""
    tab, form, filters, sort = _asked()
    counts = listing.counts(current_user, _filters(form))
    total = sum(counts[stage] for stage in filters.stages or Stage)
    page = page_of(_query(filters, sort).with_only_columns(Cooperation.id), total=total)
    ids = page.rows
    page.rows = [card(one) for one in short.groups(ids)]
    kept = {field.name: request.args.get(field.name) for field in form if request.args.get(field.name)}
    kept.pop("stufe", None)
    return render_template(
        "cooperations/table.html", form=form, page=page, sort=sort, tab=tab, tabs=_tabs(counts, kept),
        arguments=kept | {"stand": tab}, talks=consultations.last_held_of_groups(current_user, ids),
        sessions=resolutions.next_sessions(ids, today()),
    )  # fmt: skip


@cooperations.route("/<id:cooperation_id>/vorschau")
@requires(Permission.READ_CONTENT)
def preview(cooperation_id):
    """Show a group in short, beside the list."""
    found = short.groups([cooperation_id]) or abort(404)
    talks = consultations.listing(current_user, Narrowing(cooperation_id=cooperation_id)).limit(1)
    return render_template(
        "cooperations/preview.html", group=found[0], card=card(found[0]),
        talks=list(db.session.scalars(talks.options(*consultations.FOR_LISTS))),
        session=resolutions.next_sessions([cooperation_id], today()).get(cooperation_id),
        follow_ups=follow_ups.open_for_cooperation(current_user, cooperation_id),
    )  # fmt: skip


@cooperations.route("/liste.<ending>")
@requires(Permission.READ_CONTENT)
def export(ending):
    """Give the list as a file: all rows the screen would show."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    _tab, _form, filters, sort = _asked()
    query = picks.narrowed(_query(filters, sort), Cooperation.id)
    groups = list(db.session.scalars(query.options(*FOR_LISTS).limit(MOST_ROWS)))
    ids = [one.id for one in groups]
    talks = consultations.last_held_of_groups(current_user, ids)
    sessions = resolutions.next_sessions(ids, today())
    head = [
        _("Cooperation"), _("Stage"), _("Days in the stage"), _("Waits for"), _("Partners"), _("Task fields"),
        _("Last talk"), _("Next session"), _("Responsible"),
    ]  # fmt: skip
    rows = [_cells(card(one), talks, sessions) for one in groups]
    content = to_csv(head, rows) if ending == "csv" else to_xlsx(_("Cooperations"), head, rows)
    return download(content, f"kooperationen-{today():%Y-%m-%d}", ending)


def _cells(one, talks, sessions):
    group = one.group
    return [
        group.title, str(group.stage.label), group.days_in_stage,
        one.waiting.organisation_name if one.waiting else "", ", ".join(group.places),
        ", ".join(field.name for field in group.task_fields), talks.get(group.id), sessions.get(group.id),
        group.adviser.name if group.adviser else "",
    ]  # fmt: skip
