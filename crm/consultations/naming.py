"""The texts of a talk name people: which, is kept beside them and follows them, whoever writes."""

from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from crm import naming
from crm.consultations.models import Consultation, Naming

TEXTS = ("note", "agreements", "next_step")


@event.listens_for(Consultation, "load")
@event.listens_for(Consultation, "refresh")
def _expect(talk: Consultation, *_rest: Any) -> None:
    """Of all talks a page loads, the people are looked up in one statement."""
    naming.expect(*(talk.__dict__.get(name) for name in TEXTS))


@event.listens_for(Session, "before_flush")
def _follow(session: Session, *_rest: Any) -> None:
    for talk in (*session.new, *session.dirty):
        if isinstance(talk, Consultation) and _has_changed(talk):
            _note_whom(talk)


def _has_changed(talk: Consultation) -> bool:
    state: Any = inspect(talk)
    changed = any(state.attrs[name].history.has_changes() for name in TEXTS)
    return changed and (state.persistent or bool(naming.numbers_in(*_texts(talk))))


def _texts(talk: Consultation) -> list[str | None]:
    return [getattr(talk, name) for name in TEXTS]


def _note_whom(talk: Consultation) -> None:
    """Keep the people named, each once; a number nobody has becomes plain words."""
    there = naming.people(naming.numbers_in(*_texts(talk)))
    for name in TEXTS:
        text = getattr(talk, name)
        if text and naming.numbers_in(text) - there.keys():
            setattr(talk, name, naming.neutral(text))
    known = {one.person_id: one for one in talk.namings}
    for number in sorted(there.keys() - known.keys()):
        talk.namings.append(Naming(person_id=number))
    for number in known.keys() - there.keys():
        talk.namings.remove(known[number])
