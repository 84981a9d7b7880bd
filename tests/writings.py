"""A right form for every writing address: what stands on the pages, and what must be added to it."""

import io
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from crm.db import db
from crm.funding.models import Application
from tests import factories
from tests.factories import PASSWORD
from tests.geography import grid
from tests.imports.lists import written
from tests.register.editions import LATER, edition
from tests.states import ASKED_AGAIN

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
MAIL = b"From: petra@kommune.test\r\nTo: ikz@example.test\r\nSubject: Frage\r\n\r\nGuten Tag\r\n"
# What is typed where a form leaves something open, by the name of the field.
TYPED = {
    "title": "Ein Titel", "name": "Ein Name", "last_name": "Neumann", "text": "Etwas tun",
    "reason": "Ein Grund",
    "email": "neu@kommune.test", "valid_to": "31.12.2090", "valid_from": "1.1.2026", "day": "1.12.2090",
    "held_on": "20.11.2026", "due_on": "1.12.2090", "purpose": "Eine Anfrage", "heads": "12", "distance": "7",
    "halt_reason": "Ein Grund", "supervisor_reason": "Ein Grund", "successor-text": "Nora Neu",
    "because": "Ein Grund", "answer": "Ist behoben.", "attribution": "Eine Quelle",
    "liked": "Alles", "line": "20.11.2026, Telefon, Lahntal: Bauhof",
}  # fmt: skip
EDITED = {
    "accounts.edit_user": "name", "accounts.profile": {"theme": "dark"}, "attendance.change_heads": "heads",
    "bodies.edit": "name", "bodies.edit_member": "note", "cooperations.edit": "title",
    "cooperations.edit_partner": {"role": ["member"]}, "definitions.edit": "name", "elections.edit": "note",
    "events.edit_task": "text", "follow_ups.edit": "text", "funding.edit_application": "note",
    "funding.edit_obligation": "note", "funding.edit_rules": "note", "funding.papers": "note_letter",
    "invitations.answer": "remark", "mailings.edit": "subject", "proceedings.contract": "legal_form_note",
    "proceedings.edit_approval": "note", "proceedings.edit_study": "title", "task_fields.edit": "name",
    "examples.edit": "summary", "materials.edit": "title", "materials.edit_version": "label",
    "minutes.edit": "results",
    "office.edit": "name", "views.edit": "name", "events.edit": "title",
    "consultations.edit": "note", "contacts.edit": "note", "retention.edit": {"period": ["365"]},
    "rights.new": {"kind": ["correction"]},
}  # fmt: skip


@dataclass
class Writing:
    """One form that will be saved."""

    endpoint: str
    url: str
    fields: dict[str, Any]
    # Of somebody else than the chief.
    cookie: str = ""

    def sent(self):
        """Give the fields to send; files are opened anew."""
        return {name: value() if callable(value) else value for name, value in self.fields.items()}


def upload(content, name):
    """Give a file that can be sent again and again."""
    return lambda: (io.BytesIO(content), name)


def added(app, numbers):
    """What certain addresses want beside."""
    with app.app_context():
        place = str(factories.place("Bad Nauheim").id)
        bert = str(factories.member("bert").id)
        applied = db.session.scalars(select(Application)).first()
        partner = str(applied.cooperation.partners[0].id)
        rule = str(applied.rule_set_id)
    places, paper = {"organisations": [place]}, {"file": upload(PDF, "papier.pdf")}
    new = {
        "old_password": PASSWORD,
        "new_password": "Quitten im Kessel 7",
        "password_again": "Quitten im Kessel 7",
    }
    return {
        "accounts.change_password": new, "accounts.reset": new | {"old_password": ""},
        "accounts.forgot": {"email": "anna@kikz.test"}, "accounts.new_user": {"roles": ["reader"]},
        "accounts.sign_in": {"email": "anna@kikz.test", "password": PASSWORD},
        "bodies.add_members": places, "bodies.edit_supervisor": {"supervisor": "Regierungspräsidium Kassel"},
        "consultations.log": places | {"anyway": "1"}, "contacts.new": {"organisation": [place],
        "anyway": "1"},
        "contacts.new_function": {"organisation": [place], "anyway": "1"},
        "cooperations.add_partners": places,
        "cooperations.new": {"anyway": "1"}, "bodies.new": {"anyway": "1"}, "quicklog.show": {"anyway": "1"},
        "materials.new": {"issued": "2026"}, "materials.new_version": {"issued": "2026"},
        "materials.attach": paper, "materials.book": {"copies": "5"},
        "dispatches.new": places | {"version_id": str(numbers["version_id"])},
        "dispatches.hand_in_talk": {"version_id": str(numbers["version_id"])},
        "documents.attach_to_event": paper, "documents.attach_to_paper": paper,
        "documents.attach_to_group": paper, "documents.attach_to_organisation": paper,
        "documents.attach_to_talk": paper, "documents.replace": paper, "documents.replace_in_event": paper,
        "documents.attach_to_resolution": paper, "follow_ups.hand_over": {"owner_id": bert},
        "inbox.index": {"files": upload(MAIL, "mail.eml")}, "inbox.remind": places, "inbox.show": places,
        "resolutions.new": {"partner_id": partner}, "funding.new": {"rule_set_id": rule},
        "follow_ups.new": {"organisation": [place]},
        "inbox.append": {"talk": str(numbers["consultation_id"])},
        "examples.new": {"summary": ["Zwei Orte, ein Archiv."]},
        "elections.confirm": {"one": str(numbers["check_id"])},
        "attendance.hand_out": {"handed_out": ["Folien"]},
        "imports.index": {"file": upload(written(("7", "Archiv", "Lich; Laubach", "Idee")), "neu.csv")},
        "register.index": {"file": upload(edition(LATER), "GV100AD.txt")},
        "geography.boundaries": {"file": upload(grid.collection(), "grenzen.geojson")},
        "reviews.index": {"kontakt": [str(numbers["review_id"])]},
        "privacy.erase": {"sure": ["y"]}, "bulk.invite": {"event_id": str(numbers["event_id"])},
        "attendance.paste": {"text": "Neumann, Nina; Lahntal"},
    }  # fmt: skip


def writings(app, client, urls, more):
    """Give a form for every endpoint that one of some pages offers one for; `more` are fields to add."""
    adapter, found = app.url_map.bind("localhost"), {}
    for address in urls:
        page = client.get(address)
        forms = [form for form in page.soup.select("main form") if form.get("method") == "post"]
        for position, form in enumerate(forms):
            url = form.get("action") or address
            try:
                endpoint, _values = adapter.match(url.partition("?")[0], method="POST")
            except HTTPException:
                continue
            if endpoint not in found:
                fields = completed(form, page.fields(position))
                made = Writing(endpoint, url, changed(endpoint, fields) | more.get(endpoint, {}))
                found[endpoint] = made if endpoint not in ASKED_AGAIN else again(client, made)
    return sorted(found.values(), key=lambda writing: writing.endpoint)


def again(client, writing):
    """Send a form and give the one on its answer, which asks whether to do it."""
    answer = client.post(writing.url, writing.sent())
    pressed = {one["name"]: [one.get("value", "")] for one in answer.soup.select("main form button[name]")}
    return Writing(writing.endpoint, writing.url, answer.fields() | pressed)


def completed(form, fields):
    """Type into what a form leaves open; of choices without a choice take the first."""
    fields = dict(fields)
    for tag in form.select("input[type=radio]"):
        fields.setdefault(tag["name"], [tag.get("value", "y")])
    for tag in form.select("select"):
        if tag["name"].startswith(("kind", "frage-")) and not any(fields[tag["name"]]):
            fields[tag["name"]] = [next(one["value"] for one in tag.select("option") if one.get("value"))]
    chosen = {tag["name"] for tag in form.select("select")}
    for name, value in TYPED.items():
        if name in fields and name not in chosen and not any(fields[name]):
            fields[name] = [value]
    return fields


def changed(endpoint, fields):
    """Change something in a form that edits."""
    change = EDITED.get(endpoint, {})
    if isinstance(change, str):
        change = {change: ["8"] if change == "heads" else [fields.get(change, [""])[0] + " neu"]}
    return fields | change
