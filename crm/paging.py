"""Pages of a long list: never more than a hundred rows, any page number is answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from sqlalchemy import Select

from crm.db import count, db

ROWS = 50


@dataclass
class Page:
    """Rows of one page and where it stands in the list."""

    rows: list[Any]
    number: int
    total: int
    size: int = ROWS
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Position of the first row, from 1; 0 on an empty list."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Position of the last row."""
        return min(self.number * self.size, self.total)

    @property
    def previous_url(self) -> str | None:
        """Address of the page before, with all filters."""
        return self._url(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        """Address of the next page, with all filters."""
        return self._url(self.number + 1) if self.number < self.pages else None

    def _url(self, number: int) -> str:
        return here(self.arguments | {"seite": number})


def here(query: dict[str, Any]) -> str:
    """Give the address of this page with another query; no name in it means anything to the program."""
    path = url_for(request.endpoint or "", **(request.view_args or {}))
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def wished_page() -> int:
    """Read ?seite=; whatever is no page number means the first page."""
    text = request.args.get("seite", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 else 1


def page_of_list(rows: list[Any]) -> Page:
    """Give one page of a list that is known already."""
    page = Page([], 1, len(rows), arguments=_arguments())
    page.number = min(max(wished_page(), 1), page.pages)
    page.rows = rows[(page.number - 1) * page.size : page.number * page.size]
    return page


def page_of(
    query: Select[Any],
    options: tuple[Any, ...] = (),
    shape: Callable[[Any], Any] | None = None,
    total: int | None = None,
) -> Page:
    """Load one page of a selection of records; a number past the end gives the last page.

    `total` is told by whoever has counted already.
    """
    page = Page([], max(wished_page(), 1), 0, arguments=_arguments())
    found = _rows(query.options(*options), page)
    # Nobody need count when the list ends on this page.
    if 0 < len(found) < page.size or page.number == 1 and not found:
        page.total = (page.number - 1) * page.size + len(found)
    else:
        page.total = count(query) if total is None else total
    if page.number > page.pages:
        page.number = page.pages
        found = _rows(query.options(*options), page)
    page.rows = [shape(row) if shape else row for row in found]
    return page


def _rows(query: Select[Any], page: Page) -> list[Any]:
    part = query.limit(page.size).offset((page.number - 1) * page.size)
    return list(db.session.scalars(part).unique())


def _arguments() -> dict[str, Any]:
    """Everything the address says, but for the page."""
    return {key: values for key, values in request.args.lists() if key != "seite"}
