"""What somebody sees who is asked to check minutes: no account, no script, one answer."""

from flask import redirect, render_template, request, url_for
from sqlalchemy import select

from crm import jobs
from crm.access import open_to_all
from crm.consultations.models import Consultation
from crm.consultations.queries import WHOLE
from crm.db import db
from crm.errors import RuleBroken
from crm.mail import services as mail
from crm.minutes import checking, letters, queries
from crm.minutes.facts import public_part
from crm.minutes.forms import CheckForm
from crm.minutes.routes import minutes
from crm.minutes.sheets import content_of, sheet_of
from crm.office.queries import issuer, office
from crm.registrations import floods, notice
from crm.registrations.models import PublicPost
from crm.tokens import hash_of


@minutes.route("/protokoll/<token>", methods=["GET", "POST"])
@open_to_all
def check(token):
    """Show minutes to somebody who took part, and take one answer."""
    sent = request.method == "POST"
    if sent:
        floods.note(request.remote_addr or "")
    found = queries.by_token(token, hold_it=sent)
    if found is None:
        return _gone(token)
    form = CheckForm()
    if form.validate_on_submit():
        try:
            checking.answer(found, form.remarks, notice.keep(form.told.data))
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
            found = queries.by_token(token)
        else:
            # A second press of the button is thanked like the first.
            db.session.add(PublicPost(source=_used(token)))
            db.session.commit()
            jobs.ring(mail.DUTY)
            return redirect(url_for("minutes.thanks"), 303)
    return _page(form, found) if found else _gone(token)


def _page(form, found):
    known = notice.parts()
    form.told.data = notice.mark(known)
    number = found.minutes.consultation_id
    talk = db.session.scalars(select(Consultation).where(Consultation.id == number).options(*WHOLE)).one()
    content = content_of(found.minutes, public_part(talk, office()), [], kept=False)
    return form.page(
        "minutes/check.html", minutes=found.minutes, sheet=sheet_of(content),
        silence=letters.silence(found.minutes), keep_days=known["kept"]["minutes-checks"],
        issuer=issuer(),
    )  # fmt: skip


def _used(token):
    return hash_of(f"used:{token}")


def _gone(token):
    """Answer a link that does not work; nobody learns whether it ever did, except who just used it."""
    if request.method == "POST":
        just = select(PublicPost.id).where(PublicPost.source == _used(token)).limit(1)
        was_used = db.session.scalar(just) is not None
        # The try itself is counted.
        db.session.commit()
        if was_used:
            return redirect(url_for("minutes.thanks"), 303)
    return render_template("minutes/gone.html", office=office(), issuer=issuer()), 410


@minutes.route("/protokoll/antwort/danke")
@open_to_all
def thanks():
    """Say that an answer arrived."""
    return render_template("minutes/thanks.html", issuer=issuer())
