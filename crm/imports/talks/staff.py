"""Who advised: the short signs of a list, and whom of the house they mean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select

from crm.accounts.models import User
from crm.db import db
from crm.folding import fold
from crm.imports.questions import NOTHING, About, Question, mark_of
from crm.imports.talks.columns import TalkField
from crm.imports.talks.entries import TalkEntry

_PARTS = re.compile(r"\s*[/,;+&]\s*|\s+(?:u\.|und)\s+")


@dataclass(frozen=True)
class House:
    """Everybody with an account, also a locked one: old talks were held by people who have left."""

    users: Sequence[User]
    by_name: dict[str, list[int]]
    questions: dict[str, Question] = field(default_factory=dict)


@dataclass
class Staff:
    """Whom the signs of a row mean, and those that stay words."""

    ids: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def load() -> House:
    """Read the accounts with the names and signs they go by."""
    users = list(db.session.scalars(select(User).order_by(User.name, User.id)))
    by_name: dict[str, list[int]] = {}
    for user in users:
        for name in {fold(user.name), fold(user.name.rpartition(" ")[2]), fold(user.sign)}:
            by_name.setdefault(name, []).append(user.id)
    return House(users, by_name)


def find(entry: TalkEntry, house: House, answers: Mapping[str, str]) -> Staff:
    """Say who advised; a sign that nobody bears is asked once, and meanwhile stays in the note."""
    found = Staff()
    for sign in dict.fromkeys(part for part in _PARTS.split(entry.staff_text) if part.strip()):
        known = house.by_name.get(fold(sign), [])
        mark = mark_of(About.STAFF, sign)
        answer = answers.get(mark, "")
        if len(known) == 1:
            found.ids.append(known[0])
        elif answer.isdigit() and int(answer) in {user.id for user in house.users}:
            found.ids.append(int(answer))
        else:
            found.words.append(sign)
            if answer != NOTHING:
                _ask(entry, sign, mark, house, known)
    found.ids = list(dict.fromkeys(found.ids))
    return found


def _ask(entry: TalkEntry, sign: str, mark: str, house: House, known: Iterable[int]) -> None:
    if mark not in house.questions:
        house.questions[mark] = _question(sign, mark, house, known)
    entry.ask(TalkField.STAFF, house.questions[mark])


def _question(sign: str, mark: str, house: House, known: Iterable[int]) -> Question:
    why = _("can mean several accounts.") if known else _("are the initials of no account.")
    options = [(str(user.id), user.name) for user in sorted(house.users, key=lambda one: _likely(one, sign))]
    options.append((NOTHING, _("nobody: it stays in the note")))
    return Question(About.STAFF, mark, sign, why, tuple(options), blocks=False)


def _likely(user: User, sign: str) -> tuple[bool, str]:
    """Those first whose initials the sign may be."""
    initials = "".join(part[0] for part in fold(user.name).split())
    return not initials.startswith(fold(sign)[:1]) or fold(sign) not in (initials, initials[:1]), user.name
