"""What clients are told to work with, and afterwards: was everything kept that the program said yes to?"""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from benchmarks.load.browsing import Diary
from benchmarks.rows import store
from benchmarks.stage import PASSWORD
from crm.accounts.models import User
from crm.consultations.models import Consultation, Participation
from crm.contacts.models import Person
from crm.cooperations.models import Cooperation
from crm.db import BERLIN, db, now, today
from crm.events.models import Entrance, Event, EventKind, EventState
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.mail.models import MailKind, OutgoingMail
from crm.organisations.models import KOMMUNEN, Organisation
from crm.registrations.models import GuestKind, Registration, Seat

SAMPLE, TITLE, ENOUGH = 300, "Fachtagung unter Andrang", 1_000_000
# What a saving also makes: the mail that belongs to it.
FOLLOWS = {"registration": "mail to confirm", "confirmation": "mail confirmed"}


def known() -> dict[str, Any]:
    """Give clerks what there is to work with: numbers of records, each with a word its page must hold."""
    places = _pairs(
        select(Organisation.id, Organisation.name).where(
            Organisation.level.in_(KOMMUNEN),
            Organisation.valid_to.is_(None),
            Organisation.id.in_(select(Participation.organisation_id)),
        )
    )
    names = list(db.session.scalars(select(Organisation.name)))
    plain = [name for _number, name in places if name.isalpha() and sum(name in one for one in names) == 1]
    talks = select(Consultation.id, func.min(Participation.organisation_name)).join(
        Participation, Participation.consultation_id == Consultation.id
    )
    return {
        "accounts": list(db.session.scalars(select(User.email).order_by(User.id))), "password": PASSWORD,
        "places": places[:SAMPLE], "plain": plain[:SAMPLE],
        "talks": _pairs(talks.where(Consultation.confidential.is_(False)).group_by(Consultation.id)),
        "people": _pairs(select(Person.id, Person.last_name)),
        "groups": _pairs(select(Cooperation.id, Cooperation.title)),
        "today": f"{today():%d.%m.%Y}", "run": f"L{secrets.token_hex(4)}",
    }  # fmt: skip


def _pairs(query: Any) -> list[list[Any]]:
    """Give (number, word) of some records, spread over all there are."""
    rows = [list(row) for row in db.session.execute(query.order_by(query.selected_columns[0]))]
    return rows[:: max(len(rows) // SAMPLE, 1)]


def open_event(seats: int | None, already: int = 0) -> dict[str, Any]:
    """Open the registration for an event where some are registered already; give what guests must know."""
    starts, secret = (
        datetime.combine(today() + timedelta(days=60), time(9, 30), BERLIN),
        secrets.token_hex(16),
    )
    event = Event(
        kind=list(EventKind)[0], title=TITLE, starts_at=starts, ends_at=starts + timedelta(hours=6),
        state=EventState.OPEN, entrance=Entrance.LISTED, venue="Kulturzentrum", capacity=seats, secret=secret,
    )  # fmt: skip
    db.session.add(event)
    db.session.flush()
    store(Registration, [_guest(event.id, number) for number in range(already)])
    db.session.commit()
    return {"secret": secret, "title": TITLE, "event": event.id}


def _guest(event: int, number: int) -> dict[str, Any]:
    email = f"frueh{number}@kommune.example"
    return {
        "version": 1, "event_id": event, "seat": Seat.SEATED, "kind": GuestKind.OTHER, "last_name": "Früh",
        "email": email, "address_key": email, "search_text": "frueh", "sort_key": "frueh",
        "registered_at": now(), "confirmed_at": now(),
    }  # fmt: skip


def found(run: str) -> dict[str, Counter[str]]:
    """Read from the database the marks of all that was saved in a run, by kind."""
    talks = db.session.scalars(select(Consultation.note).where(Consultation.note.startswith(run)))
    promises = select(FollowUp.text, FollowUp.state, FollowUp.consultation_id)
    promises = promises.where(FollowUp.text.contains(run))
    guests = select(Registration.email, Registration.confirmed_at).where(Registration.email.startswith(run))
    mails = select(OutgoingMail.recipient, OutgoingMail.kind).where(OutgoingMail.recipient.startswith(run))
    kept: dict[str, Counter[str]] = {"talk": Counter(note.split()[0] for note in talks if note)}
    for text, state, talk in db.session.execute(promises):
        mark = text.split()[-1]
        kept.setdefault("quick line" if talk else "follow-up", Counter())[mark] += 1
        if state is FollowUpState.DONE:
            kept.setdefault("follow-up done", Counter())[mark] += 1
    for email, confirmed in db.session.execute(guests):
        kept.setdefault("registration", Counter())[str(email)] += 1
        if confirmed:
            kept.setdefault("confirmation", Counter())[str(email)] += 1
    names = {MailKind.TO_CONFIRM: "mail to confirm", MailKind.CONFIRMED: "mail confirmed"}
    for email, kind in db.session.execute(mails):
        kept.setdefault(names.get(kind, kind.value), Counter())[email] += 1
    return kept


@dataclass(frozen=True)
class Account:
    """One kind of saving: how many the program said yes to, and what differs from what is stored."""

    kind: str
    saved: int
    lost: list[str]
    double: list[str]
    strange: list[str]

    @property
    def is_right(self) -> bool:
        """Tell whether everything is there once and nothing else."""
        return not (self.lost or self.double or self.strange)

    def __str__(self) -> str:
        numbers = f"{len(self.lost)} lost, {len(self.double)} double, {len(self.strange)} nobody was told of"
        example = next(iter(self.lost or self.double or self.strange), "")
        return f"{self.kind}: {self.saved} saved, {numbers}{f', such as {example}' if example else ''}"


def balance(diary: Diary, kept: dict[str, Counter[str]]) -> list[Account]:
    """Compare what clients were told with what is stored; what had no answer may be there or not."""
    told, unsure = dict(diary.saved), dict(diary.unsure)
    for kind, mail in FOLLOWS.items():
        if kind in told or kind in unsure:
            told[mail], unsure[mail] = told.get(kind, []), unsure.get(kind, [])
    kinds = sorted({*told, *unsure, *kept})
    return [
        _account(kind, told.get(kind, ()), unsure.get(kind, ()), kept.get(kind, Counter())) for kind in kinds
    ]


def _account(kind: str, told: Sequence[str], unsure: Sequence[str], kept: Counter[str]) -> Account:
    said, perhaps = set(told), set(unsure)
    assert len(said) == len(told), "two savings had the same mark"
    return Account(
        kind, len(said),
        lost=sorted(mark for mark in said if not kept[mark]),
        double=sorted(mark for mark, number in kept.items() if number > 1),
        strange=sorted(mark for mark in kept if mark not in said | perhaps),
    )  # fmt: skip
