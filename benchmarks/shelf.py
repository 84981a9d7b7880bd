"""What was written and handed out in ten years: documents, materials, practice examples."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from benchmarks.rows import Rows
from crm.cooperations.kinds import Stage
from crm.cooperations.models import Cooperation, Partner
from crm.db import db, now, today
from crm.dispatches.models import Dispatch, DispatchRecipient, Way
from crm.documents.models import Document
from crm.examples.models import ExamplePlace, PracticeExample, Referral
from crm.folding import search_text, sort_key
from crm.materials.kinds import MaterialKind
from crm.materials.models import Material, MaterialVersion
from crm.minutes.kinds import MinutesState
from crm.minutes.models import Minutes
from crm.search.models import DocumentText

# Documents of the group with six partners, versions of a material, recipients of a dispatch.
OF_LANDMARK, VERSIONS, RECIPIENTS = 60, 3, 3
PER_MATERIAL, PER_DISPATCH, PER_MINUTES, EXAMPLE_OF, REFERRAL_OF = 8, 5, 8, 5, 20
# So many examples were taken back: with them the list fills its first page at a tenth of the data, too.
TAKEN_BACK = 60
FILE = b"%PDF-1.7\n%%EOF\n"
WORDS = "Vereinbarung über den gemeinsamen Bauhof. Die Kosten werden nach Einwohnern verteilt. " * 20


class Shelf:
    """Rolls the dice; the first material is the one that is looked at."""

    def __init__(self, dice: random.Random, number: int, talks: int, places: Sequence[int], people: int):
        self.dice, self.number, self.talks, self.people = dice, number, talks, people
        self.places, self.rows = list(places), Rows()

    def make(self, landmark: int) -> None:
        """Store all of it; the group `landmark` has many documents."""
        groups = list(db.session.scalars(select(Cooperation.id).order_by(Cooperation.id)))
        for position in range(self.number):
            group = landmark if position < OF_LANDMARK else self.dice.choice(groups)
            talk = 1 + self.dice.randrange(self.talks)
            self._document(position, {"cooperation_id": group} if position % 2 else {"consultation_id": talk})
        for number in range(1, self.number // PER_MATERIAL + 1):
            self._material(number)
        for number in range(self.number // PER_DISPATCH):
            self._dispatch(number)
        for number in range(1, self.number // PER_MINUTES + 1):
            self._minutes(number)
        self._examples()
        self._taken_back()
        self.rows.store(
            Document, DocumentText, Material, MaterialVersion, Dispatch, DispatchRecipient,
            PracticeExample, ExamplePlace, Referral, Minutes,
        )  # fmt: skip

    def _document(self, position: int, owner: dict[str, int]) -> None:
        place = {"cooperation_id": None, "consultation_id": None} | owner
        number = self.rows.add(
            Document, file_name=f"Vereinbarung {position}.pdf", media_type="application/pdf", size=len(FILE),
            content=FILE, confidential=position % 20 == 0, **place,
        )  # fmt: skip
        self.rows.of[DocumentText].append({"document_id": number, "plain": f"{WORDS} Akte {position}"})

    def _material(self, number: int) -> None:
        title = f"Leitfaden Bauhof {number}"
        self.rows.add(
            Material, title=title, kind=self.dice.choice(list(MaterialKind)), sort_key=sort_key(title),
            search_text=search_text(title),
        )  # fmt: skip
        for version in range(1, VERSIONS + 1):
            self.rows.add(
                MaterialVersion, material_id=number, number=version, issued=str(2015 + version),
                link=f"https://kikz.example/leitfaden-{number}-{version}", in_stock=self.dice.randrange(200),
            )  # fmt: skip

    def _dispatch(self, position: int) -> None:
        versions = VERSIONS * (self.number // PER_MATERIAL)
        version = 1 + position % VERSIONS if position % 5 == 0 else 1 + self.dice.randrange(versions)
        day = today() - timedelta(days=self.dice.randrange(3650))
        talk = 1 + self.dice.randrange(self.talks) if position % 3 == 0 else None
        number = self.rows.add(
            Dispatch, version_id=version, way=self.dice.choice((Way.POST, Way.IN_PERSON)), handed_on=day,
            consultation_id=talk,
        )  # fmt: skip
        for _one in range(RECIPIENTS):
            self.rows.add(
                DispatchRecipient, dispatch_id=number, version_id=version,
                organisation_id=self.dice.choice(self.places),
                person_id=1 + self.dice.randrange(self.people),
            )  # fmt: skip

    def _minutes(self, number: int) -> None:
        state = self.dice.choice(list(MinutesState))
        deadline = today() + timedelta(days=number % 14) if state is MinutesState.IN_CHECK else None
        self.rows.add(
            Minutes, consultation_id=number, author_id=1, state=state, title=f"Protokoll {number}",
            situation=WORDS, results=WORDS, deadline_on=deadline,
        )  # fmt: skip

    def _example(self, group: Cooperation, withdrawn_at: datetime | None = None) -> int:
        return self.rows.add(
            PracticeExample, cooperation_id=group.id, title=group.title, summary=WORDS[:300],
            saving_euros=40_000, released_at=now(), confirmed_on=today(), withdrawn_at=withdrawn_at,
        )  # fmt: skip

    def _taken_back(self) -> None:
        """Take examples back of groups that do not run any more."""
        others = select(Cooperation).where(Cooperation.stage.not_in((Stage.RUNNING, Stage.ENDED)))
        for group in db.session.scalars(others.order_by(Cooperation.id).limit(TAKEN_BACK)):
            self._places(self._example(group, withdrawn_at=now()), group)

    def _examples(self) -> None:
        """Release every fifth group that runs, and refer to some of them."""
        running = select(Cooperation).where(Cooperation.stage.in_((Stage.RUNNING, Stage.ENDED)))
        for position, group in enumerate(db.session.scalars(running.order_by(Cooperation.id))):
            if position % EXAMPLE_OF:
                continue
            self._places(self._example(group), group)
            for _one in range(position % REFERRAL_OF):
                talk = len(self.rows.of[Referral]) + 1
                self.rows.add(Referral, cooperation_id=group.id, consultation_id=talk)

    def _places(self, example: int, group: Cooperation) -> None:
        partners = select(Partner.organisation_id, Partner.organisation_name)
        for place, name in db.session.execute(partners.where(Partner.cooperation_id == group.id)):
            if place is not None:
                self.rows.add(ExamplePlace, example_id=example, organisation_id=place, name=name or "Ort")


def addresses(group: int) -> dict[str, str]:
    """What is measured, by name."""
    return {
        "shelf: documents of a group": f"/dokumente/kooperation/{group}",
        "shelf: a document": "/dokumente/2/ansehen",
        "shelf: materials": "/materialien",
        "shelf: a material": "/materialien/1",
        "shelf: who holds which version": "/ausgaben/material/1",
        "shelf: dispatch log": "/ausgaben",
        "shelf: finder": "/erfahrung?gefragt=1&worte=Bauhof&einwohner=5000&partner=3",
        "shelf: finder of a group": f"/erfahrung?gruppe={group}",
        "shelf: practice examples": "/erfahrung/beispiele",
        "shelf: minutes": "/protokolle",
    }
