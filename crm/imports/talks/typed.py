"""Answers that somebody typed because none of the offered ones was right."""

from flask_babel import gettext as _

from crm.db import today
from crm.imports import bodies
from crm.imports.questions import About, Question
from crm.imports.talks import cells
from crm.imports.talks.days import read_talk_day
from crm.imports.talks.durations import read_duration
from crm.imports.talks.naming import Names, without_land
from crm.reading import Misread


def read_answer(question: Question, text: str) -> str:
    """Give the answer a typed text means, as it is kept; raises Misread."""
    if question.about is About.DAY:
        found = read_talk_day(text[:100], today())
        if found.day is None:
            raise Misread(
                _("“%(text)s” %(why)s Write the day like this: 23.11.2016.", text=text[:40], why=found.why)
            )
        return found.day.isoformat()
    if question.about is About.MINUTES:
        minutes = read_duration(text[:100])
        if minutes.minutes is None:
            raise Misread(_("Write minutes or hours like this: 90 min or 1,5 h."))
        return str(minutes.minutes)
    return _places(text[:500])


def _places(text: str) -> str:
    names = Names(bodies.load([without_land(part) for part in cells.roughly(text)]))
    found = []
    for name in cells.take_apart(text, names).names:
        reading = names.read(name)
        if reading.clear is None:
            near = ", ".join(one.name for one in (*reading.namesakes, *reading.near)) or "–"
            raise Misread(_("“%(name)s” is not clear. Like it are: %(names)s.", name=name, names=near))
        found.append(str(reading.clear.id))
    if not found:
        raise Misread(_("Enter the name of the municipality."))
    return ",".join(dict.fromkeys(found))
