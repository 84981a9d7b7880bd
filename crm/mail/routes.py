"""The outbox on screen."""

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import audit, jobs
from crm.access import Permission, requires
from crm.db import db
from crm.errors import RuleBroken
from crm.events.models import Event
from crm.fields import coerce_number
from crm.history import lines
from crm.mail import attachments, carriers, queries, services
from crm.mail import sending as _sending  # noqa: F401 its duty is registered with the area
from crm.mail.forms import OutboxForm
from crm.mail.models import MailKind
from crm.mailings.models import Mailing
from crm.paging import page_of
from crm.retention import queries as retention

mail = Blueprint("mail", __name__, url_prefix="/postausgang")


def _load(mail_id):
    return queries.one(mail_id, current_user) or abort(404)


def _event_of(found):
    return db.session.get(Event, found.event_id) if found.event_id else None


def _shows_text(found):
    """Personal texts are for those who send them; a link to a new password is for its owner alone.

    A report has the numbers of the rights of whom it goes to, and is for nobody else.
    """
    if found.kind is MailKind.REPORT:
        return found.user_id == current_user.id
    return current_user.may(Permission.WRITE_EVENTS) and found.kind is not MailKind.PASSWORD


def _file_of(found):
    """The file a mail was written into where there is no server."""
    path = carriers.file_of(current_app.config["MAIL_FOLDER"], found.message_id)
    return path if not current_app.config["MAIL_SERVER"] and _shows_text(found) and path.is_file() else None


@mail.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List mails, narrowed by state, kind, event or mailing; say what keeps them from going."""
    form, only_files = OutboxForm(request.args), not current_app.config["MAIL_SERVER"]
    if only_files:
        form.call_sent(_("written as a file"))
    text = "" if not form.validate() and form.q.errors else form.q.data
    event_id, mailing_id = (
        request.args.get(name, type=coerce_number) for name in ("veranstaltung", "mailing")
    )
    query = queries.listing(
        current_user, form.chosen("stand"), form.chosen("art"), text or "",
        event_id=event_id, mailing_id=mailing_id,
    )  # fmt: skip
    return render_template(
        "mail/index.html",
        form=form,
        page=page_of(query),
        event=db.session.get(Event, event_id) if event_id else None,
        mailing=db.session.get(Mailing, mailing_id) if mailing_id else None,
        progress=queries.progress(mailing_id) if mailing_id else None,
        trouble=queries.trouble(),
        only_files=only_files,
    )


@mail.route("/<id:mail_id>")
@requires(Permission.READ_CONTENT)
def show(mail_id):
    """Show one mail as it goes out, and what became of it."""
    found = _load(mail_id)
    return render_template(
        "mail/show.html",
        mail=found,
        event=_event_of(found),
        shows_text=_shows_text(found),
        file=_file_of(found),
        files=attachments.names_of(found.id),
        history=lines(audit.history_of(found)),
        days=retention.period("mails"),
    )


@mail.route("/<id:mail_id>/datei")
@requires(Permission.WRITE_EVENTS)
def file(mail_id):
    """Give the file of a mail for a mail program."""
    path = _file_of(_load(mail_id)) or abort(404)
    named = {"Content-Disposition": f'attachment; filename="mail-{mail_id}.eml"'}
    return Response(path.read_bytes(), mimetype="message/rfc822", headers=named)


@mail.route("/<id:mail_id>/noch-einmal", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def retry(mail_id):
    """Try an undeliverable mail once more."""
    return _moved(_load(mail_id), services.retry, _("The mail is on its way again."))


@mail.route("/<id:mail_id>/nicht-senden", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def withdraw(mail_id):
    """Take a mail out of the queue."""
    return _moved(_load(mail_id), services.withdraw, _("The mail will not be sent."))


def _moved(found, action, said):
    target = url_for("mail.show", mail_id=found.id)
    try:
        action(found, current_user, _event_of(found))
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.message), "bad")
    else:
        db.session.commit()
        jobs.ring(services.DUTY)
        flash(said)
    return redirect(target, 303)
