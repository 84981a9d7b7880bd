"""The views of a list as its page shows them: tabs with their numbers, and the others behind them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import Select
from werkzeug.datastructures import MultiDict

from crm.columns import COLUMNS
from crm.db import counts
from crm.filters import PASSING, SORT, FilterForm, question
from crm.views import queries
from crm.views.models import ListName
from crm.views.queries import Entry

ENDPOINTS = {
    ListName.FOLLOW_UPS: "follow_ups.index",
    ListName.TALKS: "consultations.index",
    ListName.KOMMUNEN: "organisations.index",
    ListName.COOPERATIONS: "cooperations.table",
    ListName.EVENTS: "events.index",
    ListName.CONTACTS: "contacts.index",
}
# So many pinned views stand as tabs with their numbers, the others under “more”.
TABS = 4
# Marks in an address that its filters are to replace those of a view.
TAKE_OVER = "uebernehmen"

Tab = tuple[str, Any, Any, str]
Asked = MultiDict[str, str]


@dataclass
class Views:
    """What stands above a list: tabs, the one at hand, other views as (text, whose, address), and saving.

    `kept` is what the address asks, but for the columns; `gone` what the view at hand asks in vain.
    """

    tabs: list[Tab]
    current: str
    save_url: str
    kept: list[tuple[str, str]]
    more: list[tuple[str, str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    name: str = ""


def address_of(list_name: ListName, query: str) -> str:
    """Give the address of a list with a question; the path is ours, the question is quoted already."""
    path = url_for(ENDPOINTS[list_name])
    return f"{path}?{query}" if query else path


def views_of(
    list_name: ListName,
    built_in: Sequence[Tab],
    current: str,
    select_for: Callable[[Asked], Select[Any]],
    form: FilterForm,
    also: Collection[str] = (),
) -> Views:
    """Say which views stand above a list.

    `built_in` are the tabs every list of its kind has and `current` the one at hand; `select_for` gives the
    records a question asks for. A question may have the names of the filters in `form` and those in `also`.
    """
    asked = question(request.args.items(multi=True))
    found = queries.entries(current_user, list_name)
    here = next((one for one in found if one.query == asked and asked), None)
    shown = [one for one in found if one.pinned][:TABS]
    if here is not None and here not in shown:
        shown.append(here)
    others = [one for one in found if one not in shown]
    tabs = [*built_in, *_tabs(list_name, shown, select_for)]
    known = {*form.data, *also, SORT, COLUMNS}
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name in known and value]
    save, kept = url_for("views.new", list_name=list_name.value), [one for one in pairs if one[0] != COLUMNS]
    views = Views(tabs, f"view-{here.id}" if here else current, f"{save}?{question(pairs)}", kept)
    views.more = [(one.name, _whose(one), address_of(list_name, one.query)) for one in others]
    if here is not None:
        views.name, views.gone = here.name, _gone(here, form, known)
    return views


def _tabs(list_name: ListName, shown: list[Entry], select_for: Callable[[Asked], Select[Any]]) -> list[Tab]:
    """Pinned views as tabs; their numbers are asked for together."""
    numbers = counts([select_for(MultiDict(one.arguments)) for one in shown]) if shown else []
    pairs = zip(shown, numbers, strict=True)
    return [(f"view-{one.id}", one.name, n, address_of(list_name, one.query)) for one, n in pairs]


def _whose(one: Entry) -> str:
    return "" if one.owner_id == current_user.id else one.owner_name


def _gone(view: Entry, form: FilterForm, known: Collection[str]) -> list[str]:
    """What a view asks that the list no longer knows: names of filters, and filters whose value is gone."""
    unknown = dict.fromkeys(name for name, _value in view.arguments if name not in known)
    return [*unknown, *(str(field.label.text) for field in form if field.errors)]


def filters_given() -> dict[str, str]:
    """Give the filters of the address, without order and columns: what a built-in view is known by."""
    left = {SORT, COLUMNS, *PASSING}
    return {name: value for name, value in request.args.items() if value and name not in left}


def arguments_of_file(form: FilterForm, *also: str) -> dict[str, str]:
    """Give what the address of a file of the list says: filters, order and columns, and no other name."""
    named = {*form.data, *also, SORT, COLUMNS}
    return {name: value for name, value in request.args.items() if name in named and value}


def asked_words(query: str) -> str:
    """Say in short what a question holds: 3 filters, own order, own columns."""
    names = [name for name, _value in parse_qsl(query)]
    number = len({name for name in names if name not in (SORT, COLUMNS)})
    words = [ngettext("%(num)s filter", "%(num)s filters", number)] if number else [_("no filter")]
    words += [_("own order")] if SORT in names else []
    words += [_("own columns")] if COLUMNS in names else []
    return ", ".join(words)
