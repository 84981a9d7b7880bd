"""What the pages of a check share: which list waits, what its columns mean, where it goes on."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import drafts
from crm.importing import MOST_SHOWN
from crm.imports import services
from crm.imports.forms import COLUMN, wishes_in
from crm.imports.kinds import COOPERATIONS, LISTS
from crm.imports.rows import WrongKind
from crm.register import queries as waiting_files
from crm.register import services as waiting


def kind_asked():
    """What the address says that the list holds."""
    asked = request.args.get("art", "")
    return next((kind for sort, kind in LISTS.items() if sort.value == asked), COOPERATIONS)


def preview_of(kind, **more):
    """The address of the check of a kind of list."""
    art = {} if kind is COOPERATIONS else {"art": kind.sort.value}
    return url_for("imports.preview", **art, **more)


def waiting_file():
    """The list of this kind that waits for the user's decision."""
    return waiting_files.waiting(current_user.id, kind_asked().purpose)


def nothing_waits():
    """Say that there is no list to decide about, and go to the lists."""
    flash(
        _("No list is waiting. It was taken over, dropped, or a day has passed: choose it once more."), "wait"
    )
    return redirect(url_for("imports.index"), 303)


def refused(name, refusal):
    """Show why a file is not read."""
    found = refusal.findings
    page = render_template(
        "imports/refused.html", file_name=name, findings=found[:MOST_SHOWN],
        more=max(len(found) - MOST_SHOWN, 0),
    )  # fmt: skip
    return page, 415 if isinstance(refusal, WrongKind) else 422


def decided():
    """What was chosen and typed on the page: as sent, or as its draft kept it over a lost session."""
    return request.form or drafts.taken() or {}


def asked_for():
    """What the address asks for, without the draft that it once brought back."""
    return {name: value for name, value in request.args.to_dict().items() if name != drafts.TAKE}


def has_wishes():
    """Tell whether somebody chose what the columns mean."""
    return any(name.startswith(COLUMN) for name in request.args)


def read(kept):
    """The table of the waiting file with the meanings the address asks for, and what keeps them."""
    table = services.table_of(waiting.content_of(kept), kept.file_name, request.args.get("blatt", ""))
    kind = kind_asked()
    columns, problems = services.mapping_of(table, wishes_in(request.args, kind.fields), kind)
    return table, columns, problems
