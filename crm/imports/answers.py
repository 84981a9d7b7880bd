"""What people decided about lists: kept by kind of list, and asked for by the next one."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from crm import audit
from crm.db import chunks, db, now
from crm.imports.models import ImportAnswer


def answers_of(kind: str) -> dict[str, str]:
    """All answers about lists of a kind, by the mark of the question."""
    query = select(ImportAnswer.mark, ImportAnswer.answer).where(ImportAnswer.kind == kind)
    return {mark: answer for mark, answer in db.session.execute(query)}  # noqa: C416 mypy


def keep(kind: str, answers: Mapping[str, str], by: Any) -> None:
    """Keep answers; an empty one takes back what was decided before."""
    known = {one.mark: one for one in _of(kind, answers)}
    for mark, answer in answers.items():
        one = known.get(mark)
        if one is None and answer:
            one = ImportAnswer(kind=kind, mark=mark, by_id=getattr(by, "id", None))
            db.session.add(one)
        if one is not None and one.answer != answer:
            _set(one, answer, by)
    db.session.flush()


def _set(one: ImportAnswer, answer: str, by: Any) -> None:
    before, one.answer = one.answer, answer
    one.at, one.by_id = now(), getattr(by, "id", None)
    audit.record("import.answered", one, by, answer=(before, answer or None))
    if not answer:
        db.session.delete(one)


def _of(kind: str, marks: Iterable[str]) -> list[ImportAnswer]:
    found: list[ImportAnswer] = []
    for chunk in chunks(sorted(marks)):
        mine = ImportAnswer.mark.in_(chunk)
        found += db.session.scalars(select(ImportAnswer).where(ImportAnswer.kind == kind, mine))
    return found
