"""What the archive is offered: the sealed values of cases, in words."""

from collections.abc import Iterable, Iterator

from crm.privacy.models import Case
from crm.privacy.words import column_label, table_label

_DERIVED = ("sort_key", "search_text", "address_key")


def rows_of(cases: Iterable[Case]) -> list[tuple[str, int, list[tuple[str, str]]]]:
    """Give (kind, number, [(field, value)]) of every sealed row."""
    return [
        (
            table_label(one.table_name),
            one.row_id,
            [
                (column_label(one.table_name, name), str(value))
                for name, value in one.sealed.items()
                if name not in _DERIVED
            ],
        )
        for case in cases
        for one in case.values
    ]  # fmt: skip


def lines_of(cases: Iterable[Case]) -> Iterator[list[str | int]]:
    """Give the lines of the file."""
    for case in cases:
        for kind, number, fields in rows_of([case]):
            for name, value in fields:
                yield [case.id, str(case.state.label), kind, number, name, value]
