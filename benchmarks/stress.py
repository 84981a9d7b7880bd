"""A database as it looks after many busy years: 20,000 talks, 10,000 people, 1,000 groups."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select, text

from benchmarks.groups import Groups
from benchmarks.happenings import Happenings
from benchmarks.rows import store
from benchmarks.shelf import Shelf
from benchmarks.stage import EMAIL, account
from crm.access import Role
from crm.accounts.models import User
from crm.audit import AuditEvent
from crm.consultations.models import (
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationStaff,
    ConsultationState,
    ConsultationTaskField,
    Participation,
    ParticipationPerson,
    Presence,
)
from crm.contacts.models import Function, FunctionRole, Person
from crm.db import BERLIN, Model, db, today
from crm.drafts import Draft
from crm.folding import name_key, search_text
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.organisations.models import KOMMUNEN, Organisation
from crm.search import services as search
from crm.task_fields.models import TaskField

YEARS, COLLEAGUES, DRAFTS_EACH, LONG_HISTORY, SIX, FIFTY = 10, 12, 20, 60, 6, 50
SENTENCES = (
    "Die Beteiligten berichten vom Stand.", "Offen sind die Kosten und die Federführung.",
    "Der Bauhof soll gemeinsam betrieben werden.", "Die Kämmerei prüft den Entwurf der Satzung.",
    "Nächster Schritt ist eine Kostentabelle.", "Die Gremien beraten im Herbst.",
    "Ein Förderantrag wird vorbereitet.", "Das Personal ist früh einzubinden.",
)  # fmt: skip
NOTE = " ".join(SENTENCES)
RARE = "Der Zeitplan wird angepasst."
FIRST = ("Petra", "Jürgen", "Ilse", "Thomas", "Ayşe", "Karl-Heinz", "Maria", "Björn", "Ute", "Stefan")
LAST = ("Müller", "Henkel", "Rupp", "Weiß", "Özdemir", "Schäfer", "Becker", "Groß", "Koch", "Lang", "Vogel")
ENDINGS = ("", "-Braun", "mann", "hofer", "-Schulz", "meier", "feld", "-Kurz", "stein", "bach")
# How many organisations a talk has, and how often: most have one, a few fill a hall.
CROWDS = ((1, 1, 55), (2, 3, 25), (4, 8, 14), (9, 20, 5), (21, 50, 1))


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    talks: int = 20_000
    people: int = 10_000
    events: int = 100_000
    groups: int = 1_000
    happenings: int = 2_000
    documents: int = 5_000

    @property
    def tenth(self) -> "Size":
        """The same with a tenth of the data."""
        return Size(*(number // 10 for number in self._every))

    @property
    def tenfold(self) -> "Size":
        """The same with ten times the data."""
        return Size(*(number * 10 for number in self._every))

    @property
    def _every(self) -> tuple[int, ...]:
        return self.talks, self.people, self.events, self.groups, self.happenings, self.documents


@dataclass(frozen=True)
class Landmarks:
    """Numbers of what is measured: Kommunen, talks and groups with few and many organisations, a person."""

    busiest: int
    average: int
    six: int
    fifty: int
    person: int
    parties: list[int]
    group_six: int
    group_twenty: int
    congress: int


def fill(size: Size, seed: int = 1) -> Landmarks:
    """Store everything in bulk and commit; the account of the measuring client is among it."""
    maker = _Maker(random.Random(seed), size)
    for step in (
        maker.people,
        maker.talks,
        maker.promises,
        maker.drafts,
        maker.happenings.make,
        maker.shelf,
        maker.events,
    ):
        step()
    for _kind in search.rebuild():
        db.session.commit()
    _settle()
    return maker.landmarks


def _settle() -> None:
    """Let the database know how much there is, and the next free numbers."""
    if db.engine.dialect.name == "postgresql":
        for table in Model.metadata.sorted_tables:
            if "id" in table.c and table.c.id.autoincrement and table.c.id.primary_key:
                highest = select(func.max(table.c.id)).scalar_subquery()
                sequence = func.pg_get_serial_sequence(table.name, "id")
                db.session.execute(select(func.setval(sequence, func.coalesce(highest, 1))))
    db.session.commit()
    db.session.remove()
    if db.engine.dialect.name == "postgresql":
        # PostgreSQL does this by itself; SQLite is measured as the program leaves it.
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


class _Maker:
    """Rolls the dice; every step stores its rows and remembers what later steps need."""

    def __init__(self, dice: random.Random, size: Size):
        self.dice, self.size = dice, size
        known = select(Organisation.id, Organisation.name).where(Organisation.level.in_(KOMMUNEN))
        known = known.where(Organisation.valid_to.is_(None)).order_by(Organisation.id)
        self.places = {number: name for number, name in db.session.execute(known)}  # noqa: C416 mypy
        self.fields = list(db.session.scalars(select(TaskField.id).order_by(TaskField.id)))
        self.staff = [self._colleague(number) for number in range(COLLEAGUES)]
        self.there: dict[int, list[int]] = {place: [] for place in self.places}
        self.rows: list[dict[str, Any]] = []
        self.parties: list[dict[str, Any]] = []
        self.happenings = Happenings(dice, size.happenings, self.places, size.people)
        self.groups = Groups(size.groups, size.groups, self.places, [one.id for one in self.staff])

    @staticmethod
    def _colleague(number: int) -> User:
        if number == 0:
            return account(EMAIL, "Pia Probe", {Role.MANAGER, Role.ADVISER})
        return account(f"kollege{number}@kikz.example", f"{FIRST[number % 10]} Beraten", {Role.ADVISER})

    def people(self) -> None:
        """People, each with a function; every Kommune has a head."""
        numbers, places = range(1, self.size.people + 1), list(self.places)
        store(Person, [self._person(number) for number in numbers])
        store(Function, [self._function(number, places[number % len(places)]) for number in numbers])

    def _person(self, number: int) -> dict[str, Any]:
        first, last = self.dice.choice(FIRST), self.dice.choice(LAST) + self.dice.choice(ENDINGS)
        return {
            "id": number, "version": 1, "first_name": first, "last_name": last,
            "email": f"person{number}@kommune.example", "phone": f"06421 {number:05d}",
            "sort_key": name_key(last, first), "search_text": search_text(f"{first} {last}"),
        }  # fmt: skip

    def _function(self, number: int, place: int) -> dict[str, Any]:
        head = not self.there[place]
        self.there[place].append(number)
        return {
            "id": number, "version": 1, "person_id": number, "organisation_id": place, "is_head": head,
            "role": FunctionRole.HEAD if head else self.dice.choice(list(FunctionRole)[1:]),
            "valid_from": today() - timedelta(days=self.dice.randrange(3000)),
        }  # fmt: skip

    def talks(self) -> None:
        """Talks with their organisations, people, colleagues and task fields."""
        self.rows = [self._talk(number) for number in range(1, self.size.talks + 1)]
        self.groups.take(self.rows)
        self.groups.make()
        store(Consultation, self.rows)
        self.groups.finish()
        weights = [1 / (rank + 60) for rank in range(len(self.places))]
        for talk in self.rows:
            self.parties += self._parties(talk["id"], weights)
        store(Participation, self.parties)
        store(ParticipationPerson, [row for party in self.parties for row in self._attendance(party)])
        team = [(talk["id"], talk["created_by_id"]) for talk in self.rows]
        store(ConsultationStaff, [{"consultation_id": one, "user_id": who} for one, who in team])
        about = [(talk["id"], self.dice.choice(self.fields)) for talk in self.rows]
        store(ConsultationTaskField, [{"consultation_id": one, "task_field_id": what} for one, what in about])

    def shelf(self) -> None:
        """Documents, materials and examples, with what came of them."""
        size = self.size
        made = Shelf(self.dice, size.documents, size.talks, list(self.places), size.people)
        made.make(self.landmarks.group_six)

    def _talk(self, number: int) -> dict[str, Any]:
        dice = self.dice
        sentences = dice.choices(SENTENCES, k=12) + ([RARE] if dice.random() < 0.02 else [])
        return {
            "id": number,
            "version": 1,
            "held_on": today() - timedelta(days=dice.randrange(YEARS * 365)),
            "kind": dice.choice(list(ConsultationKind)),
            "channel": dice.choice(list(Channel)),
            "state": ConsultationState.CANCELLED if dice.random() < 0.02 else ConsultationState.HELD,
            "confidential": dice.random() < 0.03,
            "note": " ".join(sentences) if dice.random() < 0.995 else None,
            "duration_minutes": dice.choice((None, 30, 60, 90, 120)),
            "preparation_minutes": dice.choice((None, 15, 30)),
            "travel_minutes": dice.choice((None, 60)),
            "created_by_id": dice.choice(self.staff).id,
            "follows_id": dice.randrange(1, number) if self._follows(number) else None,
        }

    def _follows(self, number: int) -> bool:
        """Every seventh talk follows another, and so does the one that is looked at."""
        return number > 1 and (number % 7 == 0 or number == self.size.talks - 1)

    def _parties(self, talk: int, weights: list[float]) -> list[dict[str, Any]]:
        dice, total = self.dice, len(self.rows)
        least, most, _often = dice.choices(CROWDS, [often for _least, _most, often in CROWDS])[0]
        number = {total - 1: SIX, total: FIFTY}.get(talk, dice.randint(least, most))
        chosen = dict.fromkeys(dice.choices(list(self.places), weights, k=number))
        for place in self.places:
            if len(chosen) >= number:
                break
            chosen.setdefault(place)
        return [
            {
                "id": len(self.parties) + position, "version": 1, "consultation_id": talk,
                "organisation_id": place, "organisation_name": self.places[place], "position": position,
                "presence": dice.choice((*[Presence.PRESENT] * 4, *Presence)),
            }
            for position, place in enumerate(chosen, start=1)
        ]  # fmt: skip

    def _attendance(self, party: dict[str, Any]) -> list[dict[str, Any]]:
        known = self.there[party["organisation_id"]]
        chosen = self.dice.sample(known, min(len(known), self.dice.choice((0, 1, 1, 2))))
        called = {"participation_id": party["id"], "function_called": "Büroleitung"}
        return [called | {"person_id": number} for number in chosen]

    def promises(self) -> None:
        """A follow-up for every fourth talk, few of them open."""
        store(FollowUp, [self._promise(talk) for talk in self.rows[::4]])

    def _promise(self, talk: dict[str, Any]) -> dict[str, Any]:
        return {
            "version": 1, "text": "Kostentabelle anfragen", "about": "Cölbe, Lahntal",
            "due_on": talk["held_on"] + timedelta(days=self.dice.randrange(60)),
            "owner_id": talk["created_by_id"], "confidential": talk["confidential"],
            "state": FollowUpState.OPEN if self.dice.random() < 0.02 else FollowUpState.DONE,
            "consultation_id": talk["id"], "cooperation_id": talk["cooperation_id"],
        }  # fmt: skip

    def drafts(self) -> None:
        """Some forms of every colleague were opened and left."""
        fields = [["note", NOTE], ["organisations-text", "Cölbe"]]
        path = "/beratungen/{}/bearbeiten"
        store(
            Draft,
            [
                {"user_id": one.id, "path": path.format(number), "key": "1", "fields": fields}
                for one in self.staff
                for number in range(1, DRAFTS_EACH + 1)
            ],
        )

    def events(self) -> None:
        """The history: every talk and person was entered, talks were changed, one of them all the time."""
        made = [("consultation.logged", "consultations", talk["id"]) for talk in self.rows]
        made += [("person.created", "people", number) for number in range(1, self.size.people + 1)]
        made += [("consultation.changed", "consultations", self.rows[-2]["id"])] * LONG_HISTORY
        more = max(self.size.events - len(made), 0)
        changed = (self.dice.randint(1, self.size.talks) for _one in range(more))
        made += [("consultation.changed", "consultations", number) for number in changed]
        store(AuditEvent, [self._event(*one) for one in made])

    def _event(self, name: str, kind: str, number: int) -> dict[str, Any]:
        day = today() - timedelta(days=self.dice.randrange(YEARS * 365))
        changes: dict[str, Any] = {"duration_minutes": [30, 60], "kind": ["single", "group"]}
        changes |= {"note": [None, None], "staff": [["Pia Probe"], ["Pia Probe", "Ute Beraten"]]}
        return {
            "at": datetime.combine(day, time(9, 30), BERLIN), "user_id": self.dice.choice(self.staff).id,
            "name": name, "record_type": kind, "record_id": number,
            "changes": changes,
        }  # fmt: skip

    @property
    def landmarks(self) -> Landmarks:
        """Give the numbers of what is worth looking at."""
        talks = Counter(party["organisation_id"] for party in self.parties).most_common()
        six = self.rows[-2]["id"]
        return Landmarks(
            busiest=talks[0][0], average=talks[len(talks) // 2][0], six=six, fifty=self.rows[-1]["id"],
            person=self.there[talks[0][0]][0],
            group_six=self.groups.six, group_twenty=self.groups.twenty, congress=self.happenings.congress,
            parties=[one["organisation_id"] for one in self.parties if one["consultation_id"] == six],
        )  # fmt: skip
