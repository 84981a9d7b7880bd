"""By which words somebody is named in a text, and how they are taken out of it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote, quote_plus

from sqlalchemy import ColumnElement, Text, cast, func, or_

from crm.db import mentions
from crm.folding import fold, search_text
from crm.naming import ERASED, RESTRICTED

SHORTEST_NAME, SHORTEST_PHONE = 3, 6
# Between the parts of a name, in a text or an address of the web; between the digits of a number.
_GAP = r"(?:\s|\+|%20|%0A|%0D)+"
_IN_NUMBER = "%20", "%2F", "%28", "%29", "%2B", " ", "\xa0", "\n", "/", "-", "–", ".", "(", ")", "+"
_BETWEEN_DIGITS = rf"(?:{'|'.join(re.escape(one) for one in _IN_NUMBER)}){{0,4}}"
_BEGINS = r"(?:(?<![\w-])|(?<=%[0-9A-Fa-f]{2}))"


@dataclass(frozen=True)
class Needles:
    """The words somebody is found by: (first, last) names, mail addresses, phone numbers as digits.

    `alone` are last names that count by themselves: only as they are written, and only in running text, for
    they may be the name of others, of a place, or a word of the language.
    """

    names: tuple[tuple[str, str], ...]
    contacts: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()

    @cached_property
    def _in_full(self) -> re.Pattern[str]:
        parts = [_number(one) for one in self.phones]
        parts += [
            rf"(?<![\w.-])(?:{re.escape(one)}|{re.escape(quote(one))})(?!\w)"
            for one in sorted(self.contacts, key=len, reverse=True)
        ]
        # In the genitive, too, and as the beginning of a compound: “Ute Petersens Antrag”, “-Termin”.
        parts += [rf"{_BEGINS}(?:{_spellings(*one)})(?:['’]?s)?(?!\w)" for one in self.names]
        return re.compile("|".join(parts) or "(?!)", re.IGNORECASE)

    @cached_property
    def _by_itself(self) -> re.Pattern[str]:
        names = sorted(self.alone, key=len, reverse=True)
        parts = [rf"(?<![\w-]){_words(one)}(?:['’]?s)?(?![\w-])" for one in names]
        return re.compile("|".join(parts) or "(?!)")

    @property
    def in_full(self) -> "Needles":
        """The same without last names that stand alone."""
        return Needles(self.names, self.contacts, self.phones)

    def found_in(self, text: str, alone: bool = True) -> bool:
        """Tell whether a text names the person; `alone` says whether it is running text."""
        if self._in_full.search(text) is not None:
            return True
        return alone and self._by_itself.search(text) is not None

    def within(self, value: Any, alone: bool = True) -> bool:
        """Tell whether a value of JSON names the person anywhere."""
        return bool(self.cleaned(value, alone=alone) != value)

    def without(self, text: str, instead: str = ERASED, most: int | None = None, alone: bool = True) -> str:
        """Give a text that names the person no more; at most so many characters of it."""
        text = self._in_full.sub(instead, text)
        return (self._by_itself.sub(instead, text) if alone else text)[:most]

    def cleaned(self, value: Any, alone: bool = True) -> Any:
        """Clean a value of JSON through and through."""
        if isinstance(value, str):
            return self.without(value, alone=alone)
        if isinstance(value, list):
            return [self.cleaned(one, alone) for one in value]
        if isinstance(value, Mapping):
            whole = self._parted(value)
            return {
                self.without(key, alone=alone): ERASED if one in whole else self.cleaned(one, alone)
                for key, one in value.items()
            }
        return value

    def _parted(self, value: Mapping[str, Any]) -> list[str]:
        """Give first and last name where they stand side by side in fields of their own."""
        said = [one for one in value.values() if isinstance(one, str)]
        return [part for pair in self.names if set(pair) <= set(said) for part in pair]

    def in_column(self, column: Any, is_json: bool) -> ColumnElement[bool]:
        """Give the condition that a column may name the person; a little too much is no harm."""
        text = cast(column, Text) if is_json else column
        last = {*self.alone, *(name for _first, name in self.names)}
        words = {form for name in last for form in _rarest(name)}
        words |= {form for one in self.contacts for form in (one, quote(one))}
        if is_json:
            # JSON may be stored with letters written as \u00fc.
            words |= {json.dumps(form)[1:-1] for one in words for form in (one, one.upper(), one.lower())}
        found = [mentions(text, one) for one in sorted(words)]
        if self.phones:
            digits = digits_in(text)
            found += [digits.contains(one.lstrip("0")) for one in self.phones]
        return or_(*found)

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self.names or self.contacts or self.phones or self.alone)


def needles_of(rows: Iterable[Mapping[str, Any]], last_name_too: bool) -> Needles:
    """Make them from the values of rows about somebody; the last name alone only if wished."""
    names: set[tuple[str, str]] = set()
    alone: set[str] = set()
    contacts: set[str] = set()
    phones: set[str] = set()
    for row in rows:
        first, last = ((row.get(one) or "").strip() for one in ("first_name", "last_name"))
        if len(last) >= SHORTEST_NAME - bool(first) and last not in (ERASED, RESTRICTED):
            names |= {(first, last)} if first else set()
            # Of whom nobody knows the first name, the last one is all there is.
            alone |= {last} if last_name_too or not first else set()
        contacts |= {row[one].lower() for one in ("email", "recipient", "address_key") if row.get(one)}
        phones |= {digits_of(row.get("phone") or "")}
    enough = {one for one in phones if len(one) >= SHORTEST_PHONE}
    return Needles(tuple(sorted(names)), tuple(sorted(contacts)), tuple(sorted(enough)), tuple(sorted(alone)))


def digits_of(phone: str) -> str:
    """Give a phone number as it is compared: 06421 58 as 0642158, whether written +49 (0) 6421/58 or else."""
    digits = re.sub(r"\D", "", phone)
    if phone.strip().startswith("+"):
        digits = f"00{digits}"
    return f"0{digits[4:].lstrip('0')}" if digits.startswith("0049") else digits


def digits_in(text: Any) -> Any:
    """Give a column without what stands between the digits of phone numbers."""
    for one in _IN_NUMBER:
        text = func.replace(text, one, "")
    return text


def _number(digits: str) -> str:
    """Give the pattern of a phone number however it is grouped."""
    begin, rest = r"(?<![\w#])", digits
    if digits.startswith("0") and not digits.startswith("00"):
        begin, rest = rf"(?<![\w#])(?:(?:\+|%2B|00)49{_BETWEEN_DIGITS}0?|0){_BETWEEN_DIGITS}", digits[1:]
    return rf"{begin}{_BETWEEN_DIGITS.join(rest)}(?!\d)"


def _words(text: str) -> str:
    """Give the pattern of some words, as they are or as in an address of the web."""
    parts = (
        sorted({re.escape(one), re.escape(quote(one)), re.escape(quote_plus(one))}) for one in text.split()
    )
    return _GAP.join(f"(?:{'|'.join(one)})" for one in parts)


def _spellings(first: str, last: str) -> str:
    """Give the pattern of a whole name: both orders, and as the index folds it."""
    before, behind = _words(first), _words(last)
    comma = rf"(?:,|%2C)(?:{_GAP})?"
    folded = {
        one for name in (f"{first} {last}", f"{last} {first}") for one in search_text(name).split(" | ")
    }
    parts = [f"{before}{_GAP}{behind}", f"{behind}(?:{comma}|{_GAP}){before}"]
    return "|".join(parts + [_words(one) for one in sorted(folded, key=len, reverse=True) if one])


def _rarest(name: str) -> set[str]:
    """Give the longest word of a name in its spellings: what every text that names it must hold."""
    forms = {max(one.split(), key=len) for one in (name, fold(name)) if one.split()}
    return forms | {quote(one) for one in forms}
