"""Rows of one mark: whatever the list, nobody can tell which of two is right."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _


def refuse(read: Sequence[Any], mark: Any, title: Any) -> None:
    """Note an error at rows whose mark another one has; it stands under the meaning `mark` or `title`."""
    first: dict[str, Any] = {}
    for entry in read:
        if entry.errors:
            continue
        earlier = first.setdefault(entry.identity, entry)
        if earlier is entry:
            continue
        meaning = mark if entry.source_id else title
        value = entry.source_id or entry.title
        if earlier.row.cells == entry.row.cells:
            entry.wrong(
                meaning, value, _("stands in line %(line)s already, word for word.", line=earlier.line)
            )
            continue
        said = _("stands in line %(line)s with other content. Keep one of both.", line=earlier.line)
        entry.wrong(meaning, value, said)
        if not earlier.errors:
            said = _("stands in line %(line)s with other content. Keep one of both.", line=entry.line)
            earlier.wrong(meaning, value, said)
