"""What a download link in a mail leads to, without signing in: the page counts nothing, the file does."""

from typing import Any

from flask import redirect, render_template, request
from flask_babel import gettext as _

from crm.access import open_to_all
from crm.db import now
from crm.dispatches import letters, queries, services
from crm.dispatches.routes import dispatches
from crm.errors import page
from crm.export import stored_file
from crm.materials import queries as materials
from crm.tokens import hash_of

PATH = "/abruf/<token>"


def _found(token: str) -> Any:
    """Find whose link it is and what it leads to; nothing is told of one that has ended or never was."""
    if len(token) > letters.LONGEST_TOKEN:
        return None
    recipient = queries.by_token(hash_of(token))
    if recipient is None or recipient.expires_at is None or recipient.expires_at <= now():
        return None
    if recipient.person_id and (recipient.person is None or recipient.person.is_limited):
        return None
    if recipient.opened_count >= letters.MOST_OPENED:
        return None
    version = materials.version(recipient.version_id)
    if version is None or version.material.is_withdrawn or not version.has_content:
        return None
    return recipient, version


def _ended() -> Any:
    return page(410, _("This link is no longer valid. Ask us for a new one."))


@dispatches.route(PATH)
@open_to_all
def fetch(token):
    """Show what there is to fetch; opening the page counts nothing, for programs open links, too."""
    found = _found(token)
    if found is None:
        return _ended()
    recipient, version = found
    return render_template(
        "dispatches/fetch.html", version=version, material=version.material, token=token,
        until=recipient.expires_at,
    )  # fmt: skip


@dispatches.route(f"{PATH}/datei")
@open_to_all
def fetch_file(token):
    """Count one use and give the file, or lead to the address; who only asks for the head gets no file."""
    found = _found(token)
    if found is None or (request.method == "GET" and not services.open_link(found[0])):
        return _ended()
    document = materials.file_of(found[1].id)
    if document is None:
        return redirect(found[1].link, 303)
    return stored_file(document.content, document.media_type, document.file_name)
