"""What a question asks of the database: who may see what, filters, words, how well something is called so."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, case, column, literal, literal_column, or_, select, table

from crm import folding
from crm.access import Permission
from crm.accounts.models import User
from crm.db import db
from crm.folding import Match
from crm.search.asking import Asked
from crm.search.models import EntryKind, SearchEntry, SearchText
from crm.task_fields.models import TaskField

# Trigrams need as many letters; shorter words are looked for at the beginnings of words.
GRAM = 3
MENTIONED = 3


def visible_to(user: Any, query: Select[Any]) -> Select[Any]:
    """Narrow a selection of entries to those this user may see."""
    if not user.may(Permission.READ_CONTENT):
        query = query.where(SearchEntry.kind == EntryKind.ORGANISATION)
    if not user.may(Permission.READ_CONFIDENTIAL):
        query = query.where(SearchEntry.confidential.is_(False))
    return query


def said(asked: Asked) -> list[str]:
    """The folded words and phrases that every hit holds."""
    phrases = [folding.fold(phrase) for phrase in asked.phrases]
    return [*folding.search_words(asked.words), *phrases]


def conditions(user: Any, asked: Asked) -> tuple[list[ColumnElement[bool]], list[str]]:
    """What the filters ask for, and those of them that nobody and nothing answers to."""
    wanted: list[ColumnElement[bool]] = []
    problems = list(asked.problems)
    if asked.kinds:
        wanted.append(SearchEntry.kind.in_(asked.kinds))
    if asked.since is not None:
        wanted.append(SearchEntry.day >= asked.since)
    if asked.until is not None:
        wanted.append(SearchEntry.day <= asked.until)
    for name in asked.staff:
        if ids := _staff(user, name):
            wanted.append(_of_staff(user, ids))
            problems += _kept_back(user, ids)
        else:
            problems.append(_("Nobody in the team is called “%(name)s”.", name=name[:40]))
    for name in asked.fields:
        if ids := _task_fields(name):
            wanted.append(_holds(SearchEntry.task_fields, ids))
        else:
            problems.append(_("No task field is called “%(name)s”.", name=name[:40]))
    return wanted, problems


def _holds(numbers: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    return or_(*(numbers.contains(f" {number} ") for number in ids))


def _of_staff(user: Any, ids: Sequence[int]) -> ColumnElement[bool]:
    """What some users advised on or answer for; talks apart by person are for managers and of one's own."""
    theirs = _holds(SearchEntry.staff, ids)
    if user.may(Permission.READ_STAFF_FIGURES):
        return theirs
    own = _holds(SearchEntry.staff, [user.id])
    return and_(theirs, or_(SearchEntry.kind != EntryKind.CONSULTATION, own))


def _kept_back(user: Any, ids: Sequence[int]) -> list[str]:
    if user.may(Permission.READ_STAFF_FIGURES) or set(ids) == {user.id}:
        return []
    return [_("Talks of single colleagues are found by managers only; your own are among the hits.")]


def _staff(user: Any, name: str) -> list[int]:
    """Users whose name, or its short form, has these words at the beginnings of its own."""
    wanted = folding.fold(name)
    if wanted in ("ich", "mir"):
        return [user.id]
    known = db.session.scalars(select(User).order_by(User.id)).all()
    scored = [(folding.rank(name, [one.name, one.sign]), one.id) for one in known]
    return [number for score, number in scored if score and score.match <= Match.WORDS]


def _task_fields(name: str) -> list[int]:
    """Task fields called so, and those in a group called so."""
    words = [TaskField.search_text.contains(word, autoescape=True) for word in folding.search_words(name)]
    if not words:
        return []
    called = select(TaskField.id).where(*words)
    inside = or_(TaskField.id.in_(called), TaskField.parent_id.in_(called))
    return list(db.session.scalars(select(TaskField.id).where(inside)))


def _begun(text: Any, word: str) -> ColumnElement[bool]:
    return or_(text.startswith(word, autoescape=True), text.contains(f" {word}", autoescape=True))


def matching(asked: Asked) -> list[ColumnElement[bool]]:
    """Every word stands somewhere in the texts; one of two letters begins a word, alone that of a title."""
    words = said(asked)
    long, short = [one for one in words if len(one) >= GRAM], [one for one in words if len(one) < GRAM]
    if not long:
        return [_begun(SearchEntry.title_folded, word) for word in short]
    found: list[ColumnElement[bool]] = [SearchEntry.id.in_(_with_grams(long))]
    if short:
        held = select(SearchText.entry_id).where(SearchText.entry_id == SearchEntry.id)
        found.append(held.where(*(_begun(SearchText.folded, word) for word in short)).exists())
    return found


def _with_grams(words: Sequence[str]) -> Select[Any]:
    """Select the numbers of entries whose text holds all these words."""
    if db.engine.dialect.name == "sqlite":
        index: Any = table("search_fts", column("rowid"))
        # Folded words are letters, digits and blanks; in quotes none of them is a command.
        wanted = " AND ".join(f'"{word}"' for word in words)
        return select(index.c.rowid).where(literal_column("search_fts").op("MATCH")(wanted))
    held = (SearchText.folded.contains(word, autoescape=True) for word in words)
    return select(SearchText.entry_id).where(*held)


def tier(asked: Asked) -> Any:
    """How well a record is called what was asked for, 0 the best; 3 if it merely mentions it."""
    words, title = said(asked), SearchEntry.title_folded
    if not words:
        return literal(0)
    called = and_(*(title.contains(word, autoescape=True) for word in words))
    return case(
        # Most rows merely mention it: they are done with first.
        (~called, MENTIONED),
        (title.startswith(" ".join(words), autoescape=True), 0),
        (and_(*(_begun(title, word) for word in words)), 1),
        else_=2,
    )
