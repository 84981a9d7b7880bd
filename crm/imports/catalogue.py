"""What lists call task fields, legal forms and states, in the words of this program."""

import enum
import re
from collections.abc import Sequence

from crm.cooperations.kinds import LegalForm, Step
from crm.folding import fold
from crm.proceedings.models import StudyState
from crm.task_fields.models import TaskField
from crm.task_fields.other_names import STANDARD_NAMES

STUDY, FIRE_BRIGADE = fold("Machbarkeitsstudie"), fold("Feuerwehr")
_FORMS = {
    "Arbeitsgemeinschaft": LegalForm.WORKING_COMMUNITY,
    "Kommunale Arbeitsgemeinschaft": LegalForm.WORKING_COMMUNITY,
    "Zweckverband": LegalForm.ZWECKVERBAND,
    "öffentlich-rechtliche Vereinbarung": LegalForm.AGREEMENT,
    "örV": LegalForm.AGREEMENT,
    "öffentlich-rechtliche Vereinbarung Delegation": LegalForm.DELEGATION,
    "Delegation": LegalForm.DELEGATION,
    "Delegierung": LegalForm.DELEGATION,
    "öffentlich-rechtliche Vereinbarung Mandatierung": LegalForm.MANDATE,
    "Mandatierung": LegalForm.MANDATE,
    "Mandat": LegalForm.MANDATE,
    "Beauftragung": LegalForm.COMMISSION,
    "Anstalt öffentlichen Rechts": LegalForm.INSTITUTION,
    "Anstalt des öffentlichen Rechts": LegalForm.INSTITUTION,
    "AöR": LegalForm.INSTITUTION,
    "Gemeinsame kommunale Anstalt": LegalForm.INSTITUTION,
    "Gemeindeverwaltungsverband": LegalForm.JOINT_ADMINISTRATION,
    "GVV": LegalForm.JOINT_ADMINISTRATION,
    "öffentlich-rechtlicher Vertrag": LegalForm.CONTRACT,
    "GmbH": LegalForm.PRIVATE_LAW,
    "gGmbH": LegalForm.PRIVATE_LAW,
    "AG": LegalForm.PRIVATE_LAW,
    "Verein": LegalForm.PRIVATE_LAW,
    "e. V.": LegalForm.PRIVATE_LAW,
    "eingetragener Verein": LegalForm.PRIVATE_LAW,
    "Gemeindefusion": LegalForm.MERGER,
    "Fusion": LegalForm.MERGER,
    "Zusammenlegung innerhalb einer Kommune": LegalForm.FIRE_BRIGADES,
    "Zusammenlegung von Feuerwehren": LegalForm.FIRE_BRIGADES,
}
_FORM_BY_NAME = {fold(name): form for name, form in _FORMS.items()}
# Their label says less than the list does.
_IN_DETAIL = {LegalForm.PRIVATE_LAW, LegalForm.INSTITUTION}


class Status(enum.Enum):
    """How far a list says a cooperation is, with the step its partners then have reached."""

    IDEA = Step.CANDIDATE
    PLANNED = Step.INTERESTED
    GRANTED = Step.SIGNED
    RUNNING = Step.ACTIVE
    ENDED = "ended"

    @property
    def step(self) -> Step:
        """The step of every partner."""
        return Step.ACTIVE if self is Status.ENDED else Step(self.value)

    @property
    def study(self) -> StudyState:
        """How far a study then is; a grant does not say that it has begun."""
        return StudyState.FINISHED if self in (Status.RUNNING, Status.ENDED) else StudyState.PLANNED


_STATES = {
    Status.IDEA: ("Idee", "Prüfauftrag", "angedacht", "idea"),
    Status.PLANNED: ("geplant", "in Planung", "in Vorbereitung", "Planung", "planned"),
    Status.GRANTED: ("bewilligt", "gefördert", "Bescheid erteilt", "granted"),
    Status.RUNNING: ("umgesetzt", "läuft", "laufend", "aktiv", "in Betrieb", "in Umsetzung", "running"),
    Status.ENDED: ("beendet", "aufgelöst", "ausgelaufen", "gekündigt", "ended"),
}
_STATUS_BY_NAME = {fold(name): status for status, names in _STATES.items() for name in names}


def status_of(text: str) -> Status | None:
    """Tell what a list says about how far a cooperation is; None for words nobody knows."""
    return _STATUS_BY_NAME.get(fold(text))


def is_study(label: str, title: str) -> bool:
    """Tell whether a row is about a feasibility study."""
    return STUDY in fold(label) or fold(title).startswith(STUDY)


def legal_form_of(text: str, label: str) -> tuple[LegalForm | None, str | None]:
    """Give the legal form, and the words of the list where the form is unclear or says less than they do."""
    form = _FORM_BY_NAME.get(fold(text))
    if form is LegalForm.FIRE_BRIGADES and FIRE_BRIGADE not in fold(label):
        form = None
    return form, (text[:200] or None) if form is None or form in _IN_DETAIL else None


class Catalogue:
    """The task fields of the house by every name they are found under."""

    def __init__(self, fields: Sequence[TaskField]):
        self.fields = fields
        self._known: dict[str, TaskField] = {}
        # What holds today wins over what has ended, a field over a group of the same name.
        for one in sorted(fields, key=lambda one: (one.valid_to is not None, one.parent_id is None)):
            self._known.setdefault(fold(one.name), one)

    def read(self, label: str) -> tuple[list[TaskField], list[str]]:
        """Give the fields a label means, and the parts of it that nobody knows."""
        if not fold(label) or fold(label) == STUDY:
            return [], []
        if whole := self._field(label):
            return [whole], []
        named = [part.strip() for part in re.split(r"[/;,|]| und ", label) if fold(part)]
        pairs = [(part, self._field(part)) for part in named]
        found = {one.id: one for _part, one in pairs if one is not None}
        return list(found.values()), [part for part, one in pairs if one is None and fold(part) != STUDY]

    def _field(self, name: str) -> TaskField | None:
        plain = fold(name)
        joined = fold(re.sub(r"\s*[/,]\s*", " und ", name))
        tried = (plain, joined, STANDARD_NAMES.get(plain, ""), STANDARD_NAMES.get(joined, ""))
        return next((self._known[one] for one in tried if one in self._known), None)
