"""The first page, and the pages every visitor may read."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_login import current_user

from crm.access import Permission, open_to_all, requires
from crm.db import today
from crm.fields import coerce_number
from crm.follow_ups import queries as follow_ups
from crm.funding import deadlines
from crm.funding.kinds import Span
from crm.home import keyboard as keys
from crm.home import management as management_
from crm.home import queries, statement, trash
from crm.minutes import queries as minutes
from crm.navigation import first_page
from crm.office.queries import office
from crm.paging import page_of_list
from crm.registrations import notice

home = Blueprint("home", __name__)


@home.route("/")
@requires(Permission.SIGNED_IN)
def index():
    """Answer: what is today, what is overdue, what am I waiting for, what did I last work on."""
    if current_user.must_change_password:
        return redirect(url_for("accounts.change_password"))
    if not current_user.may(Permission.READ_CONTENT):
        return redirect(url_for("accounts.users"))
    user = current_user._get_current_object()
    return render_template(
        "home/index.html",
        headline=format_date(today(), "full"),
        desk=queries.desk(user),
        talks=queries.talks(user),
        sessions=queries.sessions(),
        events=queries.events_today(),
        tasks=queries.event_tasks(user),
        deadlines=deadlines.number_within(today(), Span.QUARTER.months),
        span=Span.QUARTER.value,
        year=queries.year(user),
        minutes=minutes.in_hand(user),
        undone=follow_ups.just_done(user, request.args.get("getan", type=coerce_number)),
    )


@home.route("/start")
@requires(Permission.SIGNED_IN)
def start():
    """Lead to the page somebody begins with."""
    return redirect(url_for(first_page(current_user)))


@home.route("/leitung")
@requires(Permission.READ_STAFF_FIGURES)
def management():
    """Answer: how is the year, what is stuck, where was nobody, what is coming."""
    figures, white = management_.figures(current_user)
    return render_template(
        "home/management.html",
        figures=figures,
        white=white,
        stuck=management_.stuck(),
        notices=management_.notices(),
        events=[(one, management_.seats(one, guests)) for one, guests in management_.events()],
    )


@home.route("/entfernt")
@requires(Permission.WRITE_PEOPLE)
def removed():
    """List what was removed in the last months and can be taken back by whoever looks."""
    page = page_of_list(trash.removed(current_user))
    return render_template("home/removed.html", page=page, months=trash.MONTHS)


@home.route("/tastatur")
@requires(Permission.SIGNED_IN)
def keyboard():
    """Say which keys there are; with a script the same stands in a dialog on every page."""
    return render_template("home/keyboard.html", groups=keys.all_keys(current_user))


@home.route("/barrierefreiheit")
@open_to_all
def accessibility():
    """Say how accessible the program is and where to complain."""
    return render_template(
        "home/accessibility.html", evaluated_on=statement.EVALUATED_ON, limits=statement.LIMITS,
        enforcement=statement,
    )  # fmt: skip


@home.route("/datenschutz")
@open_to_all
def privacy():
    """Say what is stored, why, and what rights people have."""
    known = notice.parts()
    return render_template("home/privacy.html", version=notice.mark(known), **known)


@home.route("/impressum")
@open_to_all
def imprint():
    """Say who runs this program and how to reach them."""
    return render_template("home/imprint.html", office=office())


@home.route("/healthz")
@open_to_all
def healthz():
    """Say that the process answers; the database is not asked."""
    return Response("ok\n", mimetype="text/plain")
