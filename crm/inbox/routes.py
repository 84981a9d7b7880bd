"""Mails on screen: put in, read, made a talk, put aside."""

from datetime import timedelta
from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm import audit
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.closing.guard import ReasonNeeded
from crm.consultations import queries as consultations
from crm.contacts import queries as contacts
from crm.db import db, today
from crm.errors import RuleBroken
from crm.fields import record_choices
from crm.forms import confirmed
from crm.history import lines
from crm.inbox import queries, services, suggesting
from crm.inbox.forms import AppendForm, AssignForm, RemindForm, UploadForm
from crm.inbox.models import MailItemState
from crm.inbox.reading import MOST_BYTES
from crm.organisations import queries as organisations
from crm.paging import page_of
from crm.retention import queries as retention
from crm.task_fields import queries as task_fields
from crm.text import one_line

inbox = Blueprint("inbox", __name__, url_prefix="/posteingang")
# What one sending may hold altogether, with what is around the files.
MOST_TOGETHER = 2 * MOST_BYTES + 5_000_000
TABS = {"offen": MailItemState.OPEN, "erledigt": MailItemState.LOGGED, "abgelegt": MailItemState.DISMISSED}


def _load(item_id):
    return queries.one(item_id) or abort(404)


def _page_of(item):
    return url_for("inbox.show", item_id=item.id)


@inbox.route("", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS, most_bytes=MOST_TOGETHER)
def index():
    """List the mails in a state; take in new ones."""
    form = UploadForm()
    if form.validate_on_submit() and (target := _take_in(form)):
        return redirect(target, 303)
    tab = request.args.get("stand", "")
    tab = tab if tab in TABS else "offen"
    page = page_of(queries.listing(TABS[tab]), queries.FOR_LISTS)
    return form.page(
        "inbox/index.html", page=page, tab=tab, days=retention.period("inbox"),
        tabs=[(key, _named(key), "", url_for("inbox.index", stand=key)) for key in TABS],
        suggested=suggesting.organisations_of(page.rows) if tab == "offen" else {},
    )  # fmt: skip


def _named(tab):
    return {"offen": _("To do"), "erledigt": _("Done"), "abgelegt": _("Put aside")}[tab]


def _take_in(form):
    """Take in what is a mail and say what is none; give where it leads, or nothing if none was one."""
    new, known, refused = [], [], []
    for upload in form.files.data:
        try:
            item, is_new = services.take_in(upload.stream.read(MOST_BYTES + 1), current_user)
        except RuleBroken as broken:
            refused.append(f"{one_line(upload.filename or '', 80)}: {broken.message}")
        else:
            (new if is_new else known).append(item)
    if not new and not known:
        db.session.rollback()
        form.files.errors = [*form.files.errors, *refused]
        return None
    found = {item.id for item in new + known}
    db.session.commit()
    _tell(len(new), len({item.id for item in known}), refused)
    return url_for("inbox.show", item_id=found.pop()) if len(found) == 1 else url_for("inbox.index")


def _tell(new, known, refused):
    if new:
        flash(ngettext("%(num)s mail is in the inbox.", "%(num)s mails are in the inbox.", new))
    if known:
        flash(ngettext("%(num)s mail was here already.", "%(num)s mails were here already.", known), "info")
    for words in refused:
        flash(words, "bad")


@inbox.route("/<id:item_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def show(item_id):
    """Show a mail, and make a talk of it."""
    item = _load(item_id)
    suggestion = suggesting.suggest(item) if item.is_open else suggesting.Suggestion()
    form = AssignForm(obj=SimpleNamespace(**presets(item, suggestion))).connect(
        organisations=organisations.chip_source(), people=contacts.people_source(None),
        task_fields=task_fields.chip_source(),
    )  # fmt: skip
    if form.validate_on_submit():
        try:
            talk = services.assign(item, form.values, current_user)
            target = form.settle(_after(talk))
        except (RuleBroken, ReasonNeeded) as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Talk saved."))
            return redirect(target, 303)
    return form.page(
        "inbox/show.html", item=_load(item_id), suggestion=suggestion, events=lines(audit.history_of(item)),
        days=retention.period("inbox"),
    )  # fmt: skip


def _after(talk):
    """Lead to the talk, or on request to the mail that waits next."""
    following = queries.next_open() if "next" in request.form else None
    return _page_of(following) if following else url_for("consultations.show", consultation_id=talk.id)


def presets(item, suggestion):
    """What the short form holds before anybody types."""
    return {
        "organisations": suggestion.organisations,
        "people": list(suggestion.people),
        "task_fields": suggestion.task_fields,
        "held_on": services.day_of(item),
        "note": services.note_of(item),
        "with_thread": item.is_forwarded and bool(item.quoted),
    }


@inbox.route("/<id:item_id>/anhaengen", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def append(item_id):
    """Write a mail below the note of a talk that is there already."""
    item = _load(item_id)
    places = suggesting.suggest(item).organisations if item.is_open else []
    threads = consultations.threads(current_user, places) or consultations.threads(current_user, [])
    form = AppendForm(obj=SimpleNamespace(text=services.note_of(item)))
    form.talk.choices = record_choices(threads, empty=_("please choose"))
    if form.validate_on_submit():
        try:
            talk = consultations.one(current_user, form.talk.data) or abort(404)
            services.append(item, talk, form.text.data, current_user)
            target = form.settle(url_for("consultations.show", consultation_id=talk.id))
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("The mail stands below the note of this talk."))
            return redirect(target, 303)
    return form.page("inbox/append.html", item=_load(item_id))


@inbox.route("/<id:item_id>/wiedervorlage", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def remind(item_id):
    """Make nothing but a follow-up of a mail."""
    item = _load(item_id)
    places = suggesting.suggest(item).organisations if item.is_open else []
    preset = {"text": services.plain_subject(item), "organisations": places[:1], "owner_id": current_user.id}
    form = RemindForm(obj=SimpleNamespace(**preset, due_on=today() + timedelta(days=7)))
    form.owner_id.choices = record_choices((one.id, one.name) for one in accounts.staff())
    form.connect(organisations=organisations.chip_source())
    if form.validate_on_submit():
        try:
            made = services.remind(item, form.values, current_user)
            target = form.settle(url_for("follow_ups.show", follow_up_id=made.id))
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Follow-up saved."))
            return redirect(target, 303)
    return form.page("inbox/remind.html", item=_load(item_id))


@inbox.route("/<id:item_id>/ablegen", methods=["POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def dismiss(item_id):
    """Put a mail aside."""
    item = _load(item_id)
    services.dismiss(item, current_user)
    target = _page_of(item)
    db.session.commit()
    flash(
        _("Put aside. You can take the mail up again here for %(days)s days.", days=retention.period("inbox"))
    )
    return redirect(target, 303)


@inbox.route("/<id:item_id>/aufnehmen", methods=["POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def reopen(item_id):
    """Take a mail up again."""
    item = _load(item_id)
    services.reopen(item, current_user)
    target = _page_of(item)
    db.session.commit()
    flash(_("The mail is in the inbox again."))
    return redirect(target, 303)


@inbox.route("/<id:item_id>/loeschen", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def empty(item_id):
    """Ask once more, then delete all texts of a mail for good."""
    item = _load(item_id)
    if not confirmed(item):
        return render_template("inbox/empty.html", item=item)
    services.empty(item, current_user)
    db.session.commit()
    flash(_("The texts of the mail are deleted."))
    return redirect(url_for("inbox.index"), 303)
