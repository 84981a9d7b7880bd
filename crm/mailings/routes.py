"""Mailings on screen: the texts of an event, written, looked at with real people, and their progress."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.db import db
from crm.documents.queries import for_guests
from crm.errors import RuleBroken
from crm.events import queries as events
from crm.forms import confirmed
from crm.mail import queries as mail
from crm.mail.models import MailKind
from crm.mailings import queries, recipients, services
from crm.mailings.forms import MailingForm, NewMailingForm
from crm.mailings.letters import Writer, subject_of
from crm.mailings.texts import KINDS, MAY_BE_EMPTY, offered, start, used
from crm.paging import Page, wished_page

mailings = Blueprint("mailings", __name__)

ALL = "/veranstaltungen/<id:event_id>/serienbriefe"
ONE = f"{ALL}/<id:mailing_id>"
SHOWN = 3


def _mailing(event_id, mailing_id):
    return queries.one(event_id, mailing_id) or abort(404)


def page_of_mailing(mailing):
    """The address of a mailing."""
    return url_for("mailings.show", event_id=mailing.event_id, mailing_id=mailing.id)


def _words(event, kind):
    """The words in braces for a kind of mail, what they mean, and what they come to for this event."""
    values = Writer(event, kind, "", "").of_event
    return [(word, meaning, values.get(word, "")) for word, meaning in offered(kind).items()]


@mailings.route(ALL)
@requires(Permission.READ_CONTENT)
def index(event_id):
    """List the mailings of an event, and the kinds one can write."""
    event = events.one(event_id) or abort(404)
    found = queries.of_event(event_id)
    states = queries.states(one.id for one in found)
    subjects = {one.id: subject_of(event, one.subject) for one in found}
    return render_template(
        "mailings/index.html", event=event, mailings=found, states=states, subjects=subjects, kinds=KINDS
    )


@mailings.route(f"{ALL}/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def new(event_id):
    """Write a mailing, beginning with the usual text of its kind."""
    event = events.one(event_id) or abort(404)
    kind = next((one for one in KINDS if one.value == request.args.get("art")), MailKind.INVITATION)
    subject, body = start(event, kind, bool(for_guests(event_id)))
    form = NewMailingForm(subject=subject, body=body)
    if form.validate_on_submit():
        mailing = services.write(event, kind, form.values, current_user)
        target = form.settle(page_of_mailing(mailing))
        db.session.commit()
        return redirect(target, 303)
    return form.page("mailings/new.html", event=event, kind=kind, words=_words(event, kind))


@mailings.route(
    "/veranstaltungen/<id:event_id>/serienbriefe/<id:mailing_id>/bearbeiten", methods=["GET", "POST"]
)
@requires(Permission.WRITE_EVENTS)
def edit(event_id, mailing_id):
    """Change a text that was not sent yet."""
    mailing = _mailing(event_id, mailing_id)
    if mailing.sent_at:
        return redirect(page_of_mailing(mailing), 303)
    form = MailingForm(obj=mailing)
    if form.validate_on_submit():
        try:
            services.change(mailing, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Mailing saved."))
            return redirect(page_of_mailing(mailing), 303)
    return form.page("mailings/edit.html", mailing=mailing, words=_words(mailing.event, mailing.kind))


@mailings.route(ONE)
@requires(Permission.READ_CONTENT)
def show(event_id, mailing_id):
    """Show a text with the words of real people, three at a time; once sent, how far it is."""
    mailing = _mailing(event_id, mailing_id)
    if mailing.sent_at:
        subject = subject_of(mailing.event, mailing.subject)
        progress = mail.progress(mailing_id)
        return render_template("mailings/sent.html", mailing=mailing, subject=subject, progress=progress)
    writer = Writer(mailing.event, mailing.kind, mailing.subject, mailing.body)
    found = recipients.find(mailing.event, mailing.kind)
    people = found.people or recipients.find(mailing.event, mailing.kind, again=True).people
    page = _three(people)
    filled = writer.of_event | {"link": "x", "absage": "x", "name": "x", "funktion": "x", "kommune": "x"}
    return render_template(
        "mailings/show.html",
        mailing=mailing, found=found, page=page, letters=[(one, writer.letter(one)) for one in page.rows],
        empty_words=sorted(
            one for one in used(mailing.subject + mailing.body) - MAY_BE_EMPTY if not filled[one]
        ),
        calendar=bool(writer.calendar), misfit=services.misfit(mailing),
    )  # fmt: skip


def _three(people):
    page = Page([], 1, len(people), SHOWN)
    page.number = min(wished_page(), page.pages)
    page.rows = people[page.first - 1 : page.last] if people else []
    return page


@mailings.route(
    "/veranstaltungen/<id:event_id>/serienbriefe/<id:mailing_id>/verwerfen", methods=["GET", "POST"]
)
@requires(Permission.WRITE_EVENTS)
def remove(event_id, mailing_id):
    """Ask once more, then throw a text away that was not sent."""
    mailing = _mailing(event_id, mailing_id)
    if not confirmed(mailing):
        return render_template("mailings/remove.html", mailing=mailing)
    services.discard(mailing, current_user)
    db.session.commit()
    flash(_("The mailing was thrown away. Nothing was sent."))
    return redirect(url_for("mailings.index", event_id=event_id), 303)
