"""Access (Art. 15) on screen: look through, black out, hand over."""

import json

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm import audit
from crm.access import Permission, requires
from crm.db import db, today
from crm.export import download
from crm.fields import coerce_number
from crm.privacy import asking, disclosing, queries
from crm.privacy.forms import GuestForm
from crm.privacy.linking import guest
from crm.privacy.passages import confidential_talks
from crm.privacy.record import activities
from crm.privacy.routes import note_look, privacy
from crm.reads import noting
from crm.reads.models import Way

MOST_FIELDS = disclosing.MOST_TEXTS + 50


@privacy.route("/auskunft/personen/<id:person_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY, most_fields=MOST_FIELDS, fresh=True)
def tell_person(person_id):
    """Show all that is kept about a contact for a look, then hand it over as page or file."""
    case = queries.case_of(person_id)
    if request.method == "GET" and case is not None and case.is_open:
        note_look([case.id])
    person = queries.person(person_id) or abort(404)
    found = disclosing.about_person(person_id, person.name, case, _part())
    if request.method == "GET":
        _note_reads(found.passages)
        return render_template("privacy/review.html", found=found, name=found.name)
    audit.record("person.disclosed", person, current_user)
    return _handed_over(found)


@privacy.route("/auskunft/gaeste", methods=["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY, most_fields=MOST_FIELDS, fresh=True)
def tell_guest():
    """The same for a guest, found by mail address; who is a contact by now is told as one."""
    form = GuestForm(request.args)
    address = (form.adresse.data or "").strip() if form.validate() else ""
    known = asking.contacts_of(address) if address else []
    if len(known) == 1:
        flash(_("This address belongs to a contact; this is what is kept about the contact."))
        return redirect(url_for("privacy.tell_person", person_id=known[0]), 303)
    found = disclosing.about_guest(guest(address), _part()) if address else None
    if request.method == "GET":
        _note_reads(found.passages if found else [])
        return render_template("privacy/guest.html", form=form, found=found, address=address, known=known)
    if found is None or found.is_empty:
        abort(404)
    for one in asking.told_records(found.numbers):
        audit.record("privacy.guest-disclosed", one, current_user)
    return _handed_over(found)


def _part():
    return max(1, coerce_number(request.args.get("teil")) or 1)


def _note_reads(passages):
    noting.note_numbers(Way.ACCESS, confidential_talks(passages))


def _handed_over(found):
    words = [one.strip() for one in request.form.get("schwarz", "")[:5000].split(",") if one.strip()]
    choices = request.form.to_dict()
    chosen = disclosing.chosen(found, choices)
    texts, rows = disclosing.released(chosen, words), disclosing.rows_without(found, words)
    reserves = list(found.reserves)
    if changed := disclosing.changed(found, choices):
        reserves.append(
            _("Left out, because somebody changed them since the look: %(number)s.", number=changed)
        )
    if number := len(found.passages) - len(chosen) - changed:
        reserves.append(
            ngettext(
                "%(num)s text was left out, because it concerns others or is confidential.",
                "%(num)s texts were left out, because they concern others or are confidential.",
                number,
            )
        )
    _note_reads([one for one, choice in chosen if choice == disclosing.GIVE])
    db.session.commit()
    if request.form.get("als") == "json":
        content = json.dumps(_as_json(found, rows, texts, reserves), ensure_ascii=False, indent=1).encode()
        return download(content, f"auskunft-{today():%Y-%m-%d}", "json")
    return render_template(
        "privacy/told.html", found=found, rows=rows, texts=texts, reserves=reserves, processings=activities()
    )


def _as_json(found, rows, texts, reserves):
    return {
        "auskunft": found.name, "stand": today().isoformat(), "vorbehalte": reserves, "daten": rows,
        "texte": texts, "protokoll": found.events, "verarbeitungen": [
            {
                "zweck": one.purpose, "rechtsgrundlage": one.basis, "empfaenger": one.recipients,
                "dauer": one.period,
            }
            for one in activities()
        ],
        "herkunft": _("Typed by the office, given by the guest, or taken from a list; see the log."),
    }  # fmt: skip
