"""What was typed into the box, read: words, phrases, filters, days in words. Pure functions.

    bauhof "gemeinsame Kasse" von:anna thema:bauen art:beratung seit:1.3.2026 letzte Woche

Nothing is guessed in silence: a filter that is not understood is named in a sentence and left out.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from crm.folding import LONGEST_QUERY, fold
from crm.reading import Misread, read_day
from crm.search import spans
from crm.search.models import EntryKind
from crm.search.spans import Span

# One word of each kind of record, as it is typed after `art:`; the endings of the plural may follow.
KINDS = {
    "kommune": EntryKind.ORGANISATION, "stelle": EntryKind.ORGANISATION, "kontakt": EntryKind.PERSON,
    "person": EntryKind.PERSON, "kooperation": EntryKind.COOPERATION, "gruppe": EntryKind.COOPERATION,
    "veranstaltung": EntryKind.EVENT, "beratung": EntryKind.CONSULTATION,
    "wiedervorlage": EntryKind.FOLLOW_UP, "dokument": EntryKind.DOCUMENT,
    "material": EntryKind.MATERIAL,
}  # fmt: skip
WORD_OF = {kind: word for word, kind in reversed(KINDS.items())}
NAMES, DAYS = ("von", "thema", "art"), ("am", "seit", "bis")
_KEY = re.compile(r"([^\W\d_]+):(?!//)", re.UNICODE)
_QUOTED = re.compile(r'"([^"]*)"|„([^“”"]*)[“”"]|“([^”"]*)[”"]')
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Filter:
    """A filter as it was understood; `rest` is the whole question without it."""

    key: str
    value: str
    rest: str


@dataclass(frozen=True)
class Asked:
    """A question, read. `staff` and `fields` are names as typed: the database knows who is meant."""

    text: str
    words: str = ""
    phrases: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kinds: tuple[EntryKind, ...] = ()
    since: date | None = None
    until: date | None = None
    filters: tuple[Filter, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to look for."""
        return not (self.words or self.phrases or self.staff or self.fields or self.kinds or self.is_dated)

    @property
    def is_dated(self) -> bool:
        """Tell whether only some days are asked for."""
        return self.since is not None or self.until is not None


@dataclass
class _Reader:
    """Goes through the text from left to right and takes down what stands there."""

    text: str
    today: date
    place: int = 0
    words: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    named: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in NAMES})
    kinds: list[EntryKind] = field(default_factory=list)
    since: date | None = None
    until: date | None = None
    filters: list[Filter] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def read(self) -> Asked:
        while self.place < len(self.text):
            if self.text[self.place].isspace():
                self.place += 1
            elif not any(take() for take in (self._phrase, self._filter, self._days, self._unknown)):
                match = _WORD.match(self.text, self.place)
                self.words.append(match[0] if match else "")
                self.place = match.end() if match else len(self.text)
        self._check_order()
        return Asked(
            self.text, " ".join(self.words), tuple(self.phrases), tuple(self.named["von"]),
            tuple(self.named["thema"]), tuple(dict.fromkeys(self.kinds)), self.since, self.until,
            tuple(self.filters), tuple(self.problems),
        )  # fmt: skip

    def _phrase(self) -> bool:
        match = _QUOTED.match(self.text, self.place)
        if match:
            said = next((part for part in match.groups() if part), "").strip()
            self.phrases += [said] if fold(said) else []
            self.place = match.end()
        return match is not None

    def _filter(self) -> bool:
        match = _KEY.match(self.text, self.place)
        key = match[1].casefold() if match else ""
        if match is None or key not in (*NAMES, *DAYS):
            return False
        begin, self.place = self.place, _skip_blanks(self.text, match.end())
        if key in DAYS:
            self._take_days(key, begin)
        else:
            self._take_name(key, begin)
        return True

    def _take_name(self, key: str, begin: int) -> None:
        value = self._value()
        if not fold(value):
            self.problems.append(_("Behind “%(key)s:” a word is missing.", key=key))
        elif key != "art":
            self.named[key].append(value)
            self._note(key, value, begin)
        elif kind := _kind(value):
            self.kinds.append(kind)
            self._note(key, str(kind.label), begin)
        else:
            self.problems.append(
                _(
                    "“art:%(value)s” is not known. Possible are: %(kinds)s.",
                    value=value[:40], kinds=", ".join(KINDS),
                )
            )  # fmt: skip

    def _value(self) -> str:
        quoted = _QUOTED.match(self.text, self.place)
        found = quoted or _WORD.match(self.text, self.place)
        if found is None:
            return ""
        self.place = found.end()
        return next((part for part in found.groups() if part), "").strip() if quoted else found[0].strip(",;")

    def _take_days(self, key: str, begin: int) -> None:
        span = self._span()
        value = "" if span else self._value()
        if span is None:
            try:
                inner = spans.at(value, 0, self.today)
                span = inner[0] if inner else spans.one_day(read_day(value.rstrip(","), self.today))
            except Misread as problem:
                typed = self.text[begin : self.place].strip()
                self.problems.append(
                    _("“%(typed)s” was left out. %(reason)s", typed=typed[:40], reason=problem)
                )
                return
        self._narrow(Span(None if key == "bis" else span.since, None if key == "seit" else span.until))
        self._note(key, spans.in_words(span) if key == "am" else spans.in_words(self._side(key, span)), begin)

    @staticmethod
    def _side(key: str, span: Span) -> Span:
        day = span.since if key == "seit" else span.until
        return Span(day, day)

    def _days(self) -> bool:
        begin, span = self.place, self._span()
        if span is None:
            return False
        self._narrow(span)
        self._note("zeit", spans.in_words(span), begin)
        return True

    def _span(self) -> Span | None:
        """Read days in words at this place and go past them."""
        found = spans.at(self.text, self.place, self.today)
        if found is None:
            return None
        self.place = found[1]
        return found[0]

    def _unknown(self) -> bool:
        """A word that looks like a filter and is none."""
        match = _KEY.match(self.text, self.place)
        value = _WORD.match(self.text, match.end()) if match else None
        if match is None or value is None:
            return False
        keys = ", ".join(f"{key}:" for key in (*NAMES, *DAYS))
        typed = (match[0] + value[0])[:40]
        self.problems.append(_("“%(typed)s” is no filter. There are: %(keys)s.", typed=typed, keys=keys))
        self.place = value.end()
        return True

    def _narrow(self, span: Span) -> None:
        if span.since is not None:
            self.since = max(self.since or span.since, span.since)
        if span.until is not None:
            self.until = min(self.until or span.until, span.until)

    def _check_order(self) -> None:
        if self.since and self.until and self.until < self.since:
            self.problems.append(_("No day lies in all of these periods; they were left out."))
            self.since = self.until = None

    def _note(self, key: str, value: str, begin: int) -> None:
        rest = f"{self.text[:begin].rstrip()} {self.text[self.place :].lstrip()}".strip()
        self.filters.append(Filter(key, value, rest))


def _skip_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place].isspace():
        place += 1
    return place


def _kind(value: str) -> EntryKind | None:
    folded = fold(value)
    return next((kind for word, kind in KINDS.items() if folded in _numbers(word)), None)


def _numbers(word: str) -> tuple[str, ...]:
    """A word in singular and plural, folded."""
    return tuple(fold(word + ending) for ending in ("", "n", "e", "en"))


def read(text: str, today: date) -> Asked:
    """Read a question; of a very long one the beginning."""
    plain = "".join(one if one.isprintable() else " " for one in text[:LONGEST_QUERY])
    return _Reader(plain.strip(), today).read()
