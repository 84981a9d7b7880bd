"""Access (Art. 15) on screen: look through, black out, hand over."""

import json

from flask import abort, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from crm import audit
from crm.access import Permission, requires
from crm.db import db, today
from crm.export import download
from crm.privacy import disclosing, queries
from crm.privacy.forms import GuestForm
from crm.privacy.linking import guest
from crm.privacy.record import activities
from crm.privacy.routes import privacy

MOST_FIELDS = disclosing.MOST_TEXTS + 50


@privacy.route("/auskunft/personen/<id:person_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY, most_fields=MOST_FIELDS)
def tell_person(person_id):
    """Show all that is kept about a contact for a look, then hand it over as page or file."""
    person = queries.person(person_id) or abort(404)
    found = disclosing.about_person(person_id, person.name)
    if request.method == "GET":
        return render_template("privacy/review.html", found=found, name=found.name)
    audit.record("person.disclosed", person, current_user)
    return _handed_over(found)


@privacy.route("/auskunft/gaeste", methods=["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY, most_fields=MOST_FIELDS)
def tell_guest():
    """The same for a guest, found by mail address."""
    form = GuestForm(request.args)
    address = (form.adresse.data or "").strip() if form.validate() else ""
    found = disclosing.about_guest(guest(address)) if address else None
    if request.method == "GET":
        return render_template("privacy/guest.html", form=form, found=found, address=address)
    rows = queries.registrations_of(address)
    if found is None or not rows:
        abort(404)
    for one in rows:
        audit.record("privacy.guest-disclosed", one, current_user)
    return _handed_over(found)


def _handed_over(found):
    words = [one.strip() for one in request.form.get("schwarz", "")[:5000].split(",") if one.strip()]
    texts = disclosing.released(found, request.form.to_dict(), words)
    db.session.commit()
    if request.form.get("als") == "json":
        content = json.dumps(_as_json(found, texts), ensure_ascii=False, indent=1).encode()
        return download(content, f"auskunft-{today():%Y-%m-%d}", "json")
    return render_template("privacy/told.html", found=found, texts=texts, processings=activities())


def _as_json(found, texts):
    return {
        "auskunft": found.name, "stand": today().isoformat(), "daten": found.rows, "texte": texts,
        "protokoll": found.events, "verarbeitungen": [
            {
                "zweck": one.purpose, "rechtsgrundlage": one.basis, "empfaenger": one.recipients,
                "dauer": one.period,
            }
            for one in activities()
        ],
        "herkunft": _("Typed by the office, given by the guest, or taken from a list; see the protocol."),
    }  # fmt: skip
