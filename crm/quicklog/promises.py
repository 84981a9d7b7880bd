"""The end of a line that promises something: "WV 15.12. Brandt: Satzung prüfen"."""

import re
from dataclasses import replace
from datetime import date, timedelta

from flask_babel import gettext as _

from crm.follow_ups.models import MOST_LETTERS
from crm.quicklog import days, lengths
from crm.quicklog.known import Colleague, Known
from crm.quicklog.parts import Choice, Part, PartKind, State

_BEGIN = re.compile(
    r"(?:^|(?<=[\s,;.(/]))(?<!keine )(?<!ohne )"
    r"(?:w\.\s?v\.|wv(?=[\W\d]|$)|wvl(?!\w)|wdvl(?!\w)|wiedervorlagen?(?!\w)|wiedervorlegen(?!\w))[.:]*\s*",
    re.IGNORECASE,
)
_AT = re.compile(r"@\s?(?P<named>[\w.-]+(?:\s(?-i:[A-ZÄÖÜ])[\w-]+)?)[:,]?\s*")
_TO = re.compile(
    r"(?:für|fuer|an|kolleg(?:e|in)|durch)\s+(?P<named>[\w.-]+(?:\s[\w-]+)?)[:,]?\s*", re.IGNORECASE
)
_BRACKET = re.compile(r"\((?P<named>[^)]{2,40})\)[:,]?\s*")
_BARE = re.compile(r"(?P<named>[A-ZÄÖÜ]{2,3}(?!\w)|[A-ZÄÖÜ][\w-]+(?:\s[A-ZÄÖÜ][\w-]+)?)(?P<colon>:)?\s*")
WEEKS = (7, 14, 28)


def cut(text: str) -> tuple[str, list[str]]:
    """Part a line into what happened and what is promised; each promise ends with a semicolon."""
    found = _BEGIN.search(text)
    if found is None:
        return text, []
    before, after = text[: found.start()], text[found.end() :]
    if before.endswith("("):
        before, after = before[:-1], after.replace(")", "", 1)
    promise, _semicolon, more = after.partition(";")
    second = _BEGIN.search(promise)
    promises = [promise] if second is None else [promise[: second.start()], promise[second.end() :]]
    return f"{before.rstrip(' ,;./')}{', ' + more.strip() if more.strip() else ''}", promises


def read(promises: list[str], known: Known) -> list[Part]:
    """Read the promise; a second one has no place in a line."""
    parts = _read(promises[0], known)
    for text in promises[1:]:
        question = _("Only one follow-up fits into a line. Log this one in the full form.")
        parts.append(Part(PartKind.NOTE, f"WV {text.strip()}", state=State.UNCLEAR, question=question))
    return parts


def _read(promise: str, known: Known) -> list[Part]:
    aside, text = _length_at_end(promise)
    text = text.strip(" ,;:-–")
    whole = f"WV {text}".strip()
    owner, text = _owner(text, known)
    day, text = _day(text, known.today)
    if owner is None:
        owner, text = _owner(text, known)
    text = text.strip(" ,;:-–.")
    return [*aside, day or _which_day(whole, known.today), *_to_do(text), *([owner] if owner else [])]


def _to_do(text: str) -> list[Part]:
    if len(text) > MOST_LETTERS:
        question = _("A follow-up has at most %(limit)s characters.", limit=MOST_LETTERS)
        return [Part(PartKind.TO_DO, text, state=State.UNCLEAR, question=question)]
    return [Part(PartKind.TO_DO, text, text, text, leave=False)] if text else []


def _length_at_end(text: str) -> tuple[list[Part], str]:
    """How long the talk took may stand behind the promise, between commas; times inside it are its own."""
    rest, comma, last = text.rpartition(",")
    found = lengths.inside(last) if comma else None
    if found is None or last[: found[1]].strip() or last[found[2] :].strip(" ."):
        return [], text
    return found[0], rest


def _day(text: str, today: date) -> tuple[Part | None, str]:
    """Take the day from the beginning, else from the end; one in the middle stays in the words, too."""
    found = days.match(text, 0, today, "future", PartKind.DUE)
    if found is not None:
        return _to_come(found[0], today), text[found[1] :].lstrip(" ,;:.-–")
    for begin in re.finditer(r"(?<=\s)\S", text):
        found = days.match(text, begin.start(), today, "future", PartKind.DUE)
        if found is None or not re.search(r"\d", found[0].text):
            continue
        last = not text[found[1] :].strip(" .")
        return _to_come(found[0], today), text[: begin.start()] if last else text
    return None, text


def _to_come(part: Part, today: date) -> Part:
    if part.value is None:
        coming = tuple(one for one in part.choices if one.value >= today)
        return replace(part, leave=False, choices=coming or part.choices)
    if part.value >= today:
        return replace(part, leave=False)
    question, choices = _("This day is over. When is it due?"), [*_later(today), part.value]
    return replace(days.asks(PartKind.DUE, part.text, question, choices), leave=False)


def _which_day(text: str, today: date) -> Part:
    """A promise without a day asks for it; or it was none, and the words belong to the note."""
    return days.asks(PartKind.DUE, text, _("When is it due?"), _later(today))


def _later(today: date) -> list[date]:
    return [today + timedelta(days=number) for number in WEEKS]


def _owner(text: str, known: Known) -> tuple[Part | None, str]:
    """Take whoever keeps the promise. Only "@" demands a colleague; other words that are none stay."""
    for pattern, search in ((_AT, True), (_TO, False), (_BRACKET, True), (_BARE, False)):
        found = pattern.search(text) if search else pattern.match(text)
        if found is None:
            continue
        name, same = _among(found["named"], known)
        rest = text[: found.start()] + found[0].partition(name)[2].lstrip(" :,)") + text[found.end() :]
        if len(same) == 1 and (pattern is not _BARE or _stands_alone(found, name, rest, known.today)):
            return Part(PartKind.OWNER, found[0].strip(" :,"), same[0], same[0].name), rest
        if pattern is _AT:
            return _asked(name, same, known), rest
    return None, text


def _stands_alone(found: re.Match[str], name: str, rest: str, today: date) -> bool:
    """A bare name keeps the promise when it is initials, or a colon or the day follows."""
    return bool(
        name.isupper() or found["colon"] or days.match(rest.lstrip(), 0, today, "future", PartKind.DUE)
    )


def _among(named: str, known: Known) -> tuple[str, list[Colleague]]:
    """Read two words as a name, else the first of them."""
    named = named.strip(" .")
    first = named.partition(" ")[0]
    return next(((one, same) for one in (named, first) if (same := known.colleague(one))), (first, []))


def _asked(name: str, same: list[Colleague], known: Known) -> Part:
    question = _("Which colleague is meant?") if same else _("Nobody of the team is called so. Who is meant?")
    choices = tuple(Choice(PartKind.OWNER, one, one.name) for one in (same or known.colleagues)[:8])
    return Part(PartKind.OWNER, f"@{name}", state=State.UNCLEAR, question=question, choices=choices)
