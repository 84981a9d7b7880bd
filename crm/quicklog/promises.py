"""The end of a line that promises something: "WV 15.12. Brandt: Satzung prüfen"."""

import re
from datetime import date, timedelta

from flask_babel import gettext as _

from crm.quicklog import days, topics
from crm.quicklog.known import Colleague, Known
from crm.quicklog.parts import Choice, Part, PartKind, State

_BEGIN = re.compile(r"(?:^|(?<=[\s,;.]))(?:wv|wvl|wdvl|wiedervorlage)\b\.?:?\s*", re.IGNORECASE)
_OWNER = re.compile(
    r"(?:(?P<plain>@|für\s+|fuer\s+|an\s+)(?P<named>(?-i:[A-ZÄÖÜ])[\w.-]*(?:\s(?-i:[A-ZÄÖÜ])[\w-]+)?)"
    r"|\((?P<bracket>[^)]{2,40})\))[:,]?\s*",
    re.IGNORECASE,
)
_BARE = re.compile(r"([A-ZÄÖÜ][\w-]*)(?P<colon>:)?\s*")
WEEKS = (7, 14, 28)


def cut(text: str) -> tuple[str, str | None]:
    """Part a line into what happened and what is promised; None without a promise."""
    found = _BEGIN.search(text)
    if found is None:
        return text, None
    after = text[found.end() :]
    promise, _semicolon, more = after.partition(";")
    return f"{text[: found.start()].rstrip(' ,;.')}{', ' + more.strip() if more.strip() else ''}", promise


def read(text: str, known: Known) -> list[Part]:
    """Read a promise: its day, who keeps it, what is to be done; lengths in it belong to the talk."""
    aside, text = topics.take_lengths(text)
    text = text.strip(" ,;:-–")
    owner, text = _owner(text, known)
    day, text = _day(text, known.today)
    if owner is None:
        owner, text = _owner(text, known)
    text = text.strip(" ,;:-–.")
    parts = [day or _which_day(known.today)]
    if text:
        parts.append(Part(PartKind.TO_DO, text, text, text, leave=False))
    return aside + parts + ([owner] if owner else [])


def _day(text: str, today: date) -> tuple[Part | None, str]:
    """Take the day from the beginning, else from the end of a promise."""
    found = days.match(text, 0, today, "future", PartKind.DUE)
    if found is not None:
        return _to_come(found[0], today), text[found[1] :].lstrip(" ,;:.-–")
    for begin in re.finditer(r"(?<=\s)\S", text):
        found = days.match(text, begin.start(), today, "future", PartKind.DUE)
        if found is not None and not text[found[1] :].strip(" ."):
            return _to_come(found[0], today), text[: begin.start()]
    return None, text


def _to_come(part: Part, today: date) -> Part:
    part.leave = False
    if part.value is None or part.value >= today:
        return part
    return days.asks(
        PartKind.DUE, part.text, _("This day is over. When is it due?"), _later(today) + [part.value]
    )


def _which_day(today: date) -> Part:
    part = days.asks(PartKind.DUE, "WV", _("When is it due?"), _later(today))
    part.leave = False
    return part


def _later(today: date) -> list[date]:
    return [today + timedelta(days=number) for number in WEEKS]


def _owner(text: str, known: Known) -> tuple[Part | None, str]:
    """Take a colleague from the beginning; a bare word counts only when it is exactly a colleague."""
    if found := _OWNER.match(text):
        name = (found["named"] or found["bracket"]).strip()
        first, _blank, rest = name.partition(" ")
        if found["named"] and rest and not known.colleague(name):
            return _colleague(first, f"{found['plain']}{first}".strip(), known), rest + " " + text[
                found.end() :
            ]
        return _colleague(name, found[0].strip(" :,"), known), text[found.end() :]
    bare = _BARE.match(text)
    if bare and len(bare[1]) > 1 and len(same := known.colleague(bare[1])) == 1:
        return _part(bare[1], same[0]), text[bare.end() :]
    return None, text


def _colleague(name: str, text: str, known: Known) -> Part:
    same = known.colleague(name)
    if len(same) == 1:
        return _part(text, same[0])
    question = _("Which colleague is meant?") if same else _("“%(text)s” is no colleague.", text=name)
    choices = tuple(Choice(PartKind.OWNER, one, one.name) for one in (same or known.colleagues)[:8])
    return Part(PartKind.OWNER, text, state=State.UNCLEAR, question=question, choices=choices)


def _part(text: str, colleague: Colleague) -> Part:
    return Part(PartKind.OWNER, text, colleague, colleague.name)
