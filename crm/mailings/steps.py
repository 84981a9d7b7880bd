"""The last steps of a mailing: the test mail, the question, the sending; and the way out of the list."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from crm import jobs, links
from crm.access import Permission, open_to_all, requires
from crm.contacts.models import MailBasis, Person
from crm.db import db
from crm.errors import RuleBroken
from crm.events.moves import moved_at
from crm.forms import confirmed
from crm.invitations.reasons import by_reason
from crm.mail import services as mail
from crm.mail.models import MailKind
from crm.mail.words import on_their_way
from crm.mailings import queries, recipients, services
from crm.mailings.forms import SendForm
from crm.mailings.letters import OPT_OUT, subject_of
from crm.mailings.routes import ONE, mailings, page_of_mailing


def _mailing(event_id, mailing_id):
    return queries.one(event_id, mailing_id) or abort(404)


def _again():
    """Tell whether the address asks to write also to those who have got a mail of this kind."""
    return "nochmal" in request.args


@mailings.route(f"{ONE}/probe", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def test(event_id, mailing_id):
    """Send the mail of the first recipient to oneself."""
    mailing = _mailing(event_id, mailing_id)
    services.try_out(mailing, current_user)
    db.session.commit()
    jobs.ring(mail.DUTY)
    flash(_("A test mail to %(email)s is on its way.", email=current_user.email))
    return redirect(page_of_mailing(mailing), 303)


@mailings.route(f"{ONE}/senden", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def send(event_id, mailing_id):
    """Say to how many it goes and to whom not, then send it to those it concerns by then."""
    mailing = _mailing(event_id, mailing_id)
    if mailing.sent_at:
        return redirect(page_of_mailing(mailing), 303)
    form = SendForm()
    if form.validate_on_submit() and confirmed(mailing):
        try:
            sent = services.send(mailing, current_user, _again())
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(page_of_mailing(mailing))
            db.session.commit()
            jobs.ring(mail.DUTY)
            flash(on_their_way(sent.mails, form.shown.data))
            return redirect(target, 303)
    return _question(form, _mailing(event_id, mailing_id))


def _is_news(mailing):
    """Tell whether the mail says what nobody was told yet."""
    return mailing.kind is MailKind.CHANGE and not _again() and moved_at(mailing.event_id) is not None


def _question(form, mailing):
    """The page that asks: how many, who not, and what went out before."""
    if mailing.sent_at:
        # A colleague was faster; what the form claimed is given back.
        db.session.rollback()
        return redirect(page_of_mailing(mailing), 303)
    if not form.is_submitted():
        try:
            services.check(mailing)
        except RuleBroken as broken:
            form.report(broken)
    found = recipients.find(mailing.event, mailing.kind, _again())
    form.shown.data = str(len(found.people))
    return form.page(
        "mailings/send.html",
        mailing=mailing, subject=subject_of(mailing.event, mailing.subject), found=found,
        skipped=by_reason(found.skipped), again=_again(),
        last=queries.last_sent(mailing.event_id, mailing.kind),
        misled=found.invited if _is_news(mailing) else 0,
    )  # fmt: skip


@mailings.route("/keine-post/<token>", methods=["GET", "POST"])
@open_to_all
def opt_out(token):
    """Let somebody end all mailings by one button; opening the page alone changes nothing."""
    found = links.read(OPT_OUT, token)
    query = select(Person).where(Person.id == (found[0] if found else 0))
    person = db.session.scalar(query.execution_options(include_removed=True)) or abort(404)
    if request.method == "POST":
        services.object_to_mailings(person)
        db.session.commit()
        return redirect(url_for("mailings.opt_out", token=token), 303)
    return render_template("mailings/opt_out.html", out=person.mail_basis is MailBasis.OBJECTED, token=token)
