"""The search on screen: a page of hits, and the palette's questions."""

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.db import db, today
from crm.fields import coerce_number
from crm.folding import Match
from crm.organisations import finding
from crm.paging import page_of_list
from crm.reads import noting
from crm.reads.models import Way
from crm.search import asking, commands, queries, services, shown
from crm.search import duties as _duties  # noqa: F401 the worker calls it
from crm.search import following as _following  # noqa: F401 it watches every session
from crm.search.models import EntryKind

search = Blueprint("search", __name__, url_prefix="/suche")
SHOWN, MOST_TYPED, MOST_COMMANDS, MOST_USED = 5, 12, 4, 6


def _typed():
    return request.args.get("q", "")


@search.route("")
@requires(Permission.READ_REGISTER)
def index():
    """Show hits by kind, or all of one kind page by page (?art=); ?oeffnen=1 opens the one that is meant."""
    asked, kind = asking.read(_typed(), today()), asking.KINDS.get(request.args.get("art", ""))
    if "oeffnen" in request.args and (only := _only(asked)):
        return redirect(url_for("organisations.show", organisation_id=only.id))
    answer = queries.find(current_user, asked, kind)
    page = page_of_list(answer.hits.get(kind, [])) if kind else None
    hits = {key: some[:SHOWN] for key, some in answer.hits.items()}
    groups = shown.groups(asked, {kind: page.rows} if page and page.rows else hits)
    noting.note_numbers(Way.SEARCH, shown.quoted_in_confidence(groups))
    noting.note_documents(Way.SEARCH, shown.quoted_in_confidence(groups, EntryKind.DOCUMENT))
    return render_template(
        "search/index.html",
        asked=asked, answer=answer, kind=kind, page=page, chips=_chips(asked),
        groups=groups,
        commands=commands.matching(current_user, asked.words), word_of=asking.WORD_OF,
        most=queries.MOST_LISTED,
    )  # fmt: skip


def _only(asked):
    """The one Kommune that a word without any filter means."""
    plain = not (asked.filters or asked.phrases or asked.problems)
    return finding.only_one(asked.words) if plain else None


def _chips(asked):
    """What the filters mean, as (label, value, address without it)."""
    labels = {
        "von": _("Advised by"), "thema": _("Task field"), "art": _("Kind"), "am": _("Day"),
        "seit": _("since"), "bis": _("until"), "zeit": _("Period"),
    }  # fmt: skip
    return [(labels[one.key], one.value, url_for("search.index", q=one.rest)) for one in asked.filters]


@search.route("/treffer")
@requires(Permission.READ_REGISTER)
def hits():
    """Answer the palette: commands and hits; where nothing is typed, what was opened last, and commands."""
    text = _typed().strip()
    if not text:
        used = queries.last_used(current_user, MOST_USED)
        doing = [shown.command_as_json(one) for one in commands.commands(current_user)]
        return jsonify([shown.as_json(hit, _("Opened last")) for hit in used] + doing)
    asked = asking.read(text, today())
    doing = commands.matching(current_user, asked.words)[:MOST_COMMANDS]
    found = shown.some(queries.find(current_user, asked), MOST_TYPED - len(doing))
    sure = shown.is_sure(found)
    lines = [shown.as_json(hit, str(hit.kind.label), sure and not at) for at, hit in enumerate(found)]
    # Who typed a whole name wants what is called so, not what can be done.
    called = bool(found) and found[0].match <= Match.WITHOUT_ADDITION
    more = commands.about(current_user, found[0]) if found else []
    first, last = ([], doing + more) if called else (doing, more)
    told = [shown.command_as_json(one, len(first) == 1) for one in first]
    return jsonify([*told, *lines, *map(shown.command_as_json, last)])


@search.route("/geoeffnet", methods=["POST"])
@requires(Permission.READ_REGISTER)
def note_use():
    """Note that a hit was opened, so that it is offered first next time."""
    number = request.form.get("number", type=coerce_number)
    kind = next((one for one in EntryKind if one.value == request.form.get("kind", "")), None)
    if kind is None or not number or queries.one(current_user, kind, number) is None:
        abort(404)
    services.note_use(current_user.id, kind, number)
    db.session.commit()
    return "", 204
