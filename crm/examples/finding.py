"""What a talk or a group asks the finder, before anybody typed a word."""

from dataclasses import dataclass, replace
from typing import Any

from crm.consultations.models import Consultation
from crm.cooperations.models import Cooperation
from crm.examples.cases import Known
from crm.examples.likeness import Question


@dataclass(frozen=True)
class Asking:
    """Who asks: a talk, a group, or nobody in particular."""

    talk: Consultation | None = None
    group: Cooperation | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return self.talk.about or self.talk.heading if self.talk else self.group.title if self.group else ""

    @property
    def field_ids(self) -> list[int]:
        """The task fields it is about."""
        of = self.talk or self.group
        return [one.id for one in of.task_fields] if of else []

    @property
    def words(self) -> str:
        """Further words; the title of a group says more than its fields."""
        return self.group.title if self.group else ""

    @property
    def organisation_ids(self) -> list[int]:
        """Who wants to work together."""
        if self.group:
            return [one.organisation_id for one in self.group.partners if not one.has_gone]
        return [one.organisation_id for one in self.talk.participations] if self.talk else []

    @property
    def but(self) -> int:
        """The group that is no answer to itself."""
        return (self.group.id if self.group else self.talk.cooperation_id if self.talk else 0) or 0

    @property
    def arguments(self) -> dict[str, int]:
        """How an address says it."""
        if self.talk:
            return {"beratung": self.talk.id}
        return {"gruppe": self.group.id} if self.group else {}


def question(asking: Asking, known: Known) -> Question:
    """Say what a talk or a group asks."""
    places = known.places_of(asking.organisation_ids)
    return Question(
        fields=known.fields_of(asking.field_ids), words=asking.words, places=places,
        number=len(asking.organisation_ids) or None,
        form=asking.group.legal_form if asking.group else None,
    )  # fmt: skip


def typed(asked: Question, values: dict[str, Any], known: Known) -> Question:
    """Take what was typed instead; where somebody chose another county, the places are no help."""
    counties = {values["kreis"]} if values["kreis"] else set()
    keeps_places = not counties or bool(counties & asked.counties)
    field_ids = [values["feld"]] if values["feld"] else []
    kept = [one for one in asked.fields if values["feld"] in (one.id, one.parent_id)]
    return replace(
        asked,
        fields=asked.fields if kept else known.fields_of(field_ids),
        words=values["worte"] or "",
        places=asked.places if keeps_places else (),
        county_id=values["kreis"],
        population=values["einwohner"],
        number=values["partner"],
        form=values["form"],
    )
