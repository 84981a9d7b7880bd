"""By which words somebody is named in a text, and how they are taken out of it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, or_

from crm.db import mentions
from crm.folding import fold
from crm.naming import ERASED, RESTRICTED

SHORTEST_NAME, SHORTEST_PHONE = 3, 6


@dataclass(frozen=True)
class Needles:
    """The words somebody is found by: names in their spellings, addresses, phone numbers."""

    names: tuple[str, ...]
    contacts: tuple[str, ...]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        folded = {fold(one) for one in self.names}
        joined = {one.replace(" ", "") for one in folded}
        names = sorted({*self.names, *folded, *joined}, key=len, reverse=True)
        # A name is a word of its own, also in the genitive: “Petersens Antrag”.
        parts = [rf"(?<![\w-]){re.escape(one)}(?:['’]?s)?(?![\w-])" for one in names]
        parts = [rf"(?<![\w.])(?<!@\[#){re.escape(one)}(?!\w)" for one in self.contacts] + parts
        return re.compile("|".join(parts) or "(?!)", re.IGNORECASE)

    def found_in(self, text: str) -> bool:
        """Tell whether a text names the person."""
        return self._pattern.search(text) is not None

    def without(self, text: str, instead: str = ERASED, most: int | None = None) -> str:
        """Give a text that names the person no more; at most so many characters of it."""
        return self._pattern.sub(instead, text)[:most]

    def cleaned(self, value: Any) -> Any:
        """Clean a value of JSON through and through."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list):
            return [self.cleaned(one) for one in value]
        if isinstance(value, Mapping):
            return {self.without(key): self.cleaned(one) for key, one in value.items()}
        return value

    def in_column(self, column: Any, is_json: bool) -> ColumnElement[bool]:
        """Give the condition that a column may name the person; a little too much is no harm."""
        text = cast(column, Text) if is_json else column
        words = {*self.names, *self.contacts, *(fold(one) for one in self.names)}
        words |= {fold(one).replace(" ", "") for one in self.names}
        if is_json:
            # JSON may be stored with letters written as \u00fc.
            words |= {json.dumps(form)[1:-1] for one in words for form in (one, one.upper(), one.lower())}
        return or_(*(mentions(text, one) for one in sorted(words)))

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self.names or self.contacts)


def needles_of(rows: Iterable[Mapping[str, Any]], last_name_too: bool) -> Needles:
    """Make them from the values of rows about somebody; the last name alone only if wished."""
    names: set[str] = set()
    contacts: set[str] = set()
    for row in rows:
        names |= _spellings(row, last_name_too)
        contacts |= {row[one] for one in ("email", "recipient", "address_key") if row.get(one)}
        if len(row.get("phone") or "") >= SHORTEST_PHONE:
            contacts.add(row["phone"])
    return Needles(tuple(sorted(names)), tuple(sorted(contacts)))


def _spellings(row: Mapping[str, Any], last_name_too: bool) -> set[str]:
    first, last = row.get("first_name") or "", row.get("last_name") or ""
    found: set[str] = set()
    if first and last:
        found |= {f"{first} {last}", f"{last}, {first}", f"{last} {first}"}
    if last and (last_name_too or not first):
        found.add(last)
    return {one for one in found if len(one) >= SHORTEST_NAME and one not in (ERASED, RESTRICTED)}
