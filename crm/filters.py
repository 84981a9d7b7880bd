"""What a list is narrowed to and ordered by; all of it stands in the address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.db import today
from crm.fields import DayField
from crm.forms import Form
from crm.paging import here
from crm.reading import Edge, read_edge

SORT, PAGE = "sortierung", "seite"
# What an address says for the moment only; no saved view keeps it.
PASSING = {PAGE, "spaltenwahl", "getan", "oeffnen"}


def address(**changes: Any) -> str:
    """Give the address of this list with some arguments changed; None drops one, the page number goes."""
    kept = {name: value for name, value in request.args.items() if name not in PASSING and value}
    wanted = {name: value for name, value in (kept | changes).items() if value is not None}
    return here(wanted)


def question(pairs: Iterable[tuple[str, str]]) -> str:
    """Give what a list is asked as a query in one fixed order, without the page and what is empty."""
    return urlencode(sorted((name, value) for name, value in pairs if value and name not in PASSING))


class EdgeField(DayField):
    """A day a list begins or ends with; words as "dieses Jahr" mean the first or the last day of it.

    They stay in the address as words, so a saved view counts them anew whenever it is opened.
    """

    def __init__(self, label: Any = None, edge: Edge = "first", **kw: Any):
        super().__init__(label, **kw)
        self.edge = edge

    def read(self, text: str) -> date:
        """Read such words, or a day."""
        found = read_edge(text, today(), self.edge)
        return found if found is not None else super().read(text)


class FilterForm(Form):
    """Filters of a list: nothing is written, so there is no token; wrong filters are named and left out."""

    class Meta(Form.Meta):
        """Read from the address."""

        csrf = False

    def chosen(self, name: str) -> Any:
        """Give the value of a filter; None where it is empty, wrong or not offered."""
        field = self._fields.get(name)
        return None if field is None or field.errors else field.data

    def share(self, other: Any, but: str = "") -> Any:
        """Offer what another form of this kind offers, but for one field; read. For what is only counted."""
        for name in [name for name in self._fields if name not in other._fields]:
            del self[name]
        for field in self:
            if hasattr(field, "choices") and field.name != but:
                field.choices = other[field.name].choices
        self.validate()
        return self

    @property
    def described(self) -> list[tuple[str, str, str]]:
        """What is set, as (label, value in words, address without it)."""
        found = []
        for field in self:
            words = "" if field.errors else _words(field)
            if words:
                found.append((str(field.label.text), words, address(**{field.name: None})))
        return found


class DayForm(FilterForm):
    """The day a page is asked about."""

    am = DayField(_l("As at"))

    @classmethod
    def asked(cls) -> "DayForm":
        """Read it from the address."""
        form = cls(formdata=request.args)
        form.validate()
        return form


def _words(field: Any) -> str:
    if field.data is None:
        return ""
    if field.type == "ChoiceField":
        return next((str(one.label) for one in field.iter_choices() if one.selected), "")
    if field.type == "CheckField":
        return _("yes") if field.data else ""
    return str(field._value()) if field.data else ""


@dataclass(frozen=True)
class Sort:
    """The column a list is ordered by."""

    key: str
    descending: bool = False

    def url(self, key: str) -> str:
        """Give the address that orders by a column; a second press turns the order round."""
        turned = key == self.key and not self.descending
        return address(**{SORT: f"-{key}" if turned else key})


def wished_sort(keys: Iterable[str], default: str) -> Sort:
    """Read ?sortierung=name or -name; whatever is no column means the default, which may be turned, too."""
    text = request.args.get(SORT, "")
    chosen = text if text.removeprefix("-") in set(keys) else default
    return Sort(chosen.removeprefix("-"), chosen.startswith("-"))
