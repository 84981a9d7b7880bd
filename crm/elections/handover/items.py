"""What the handover page consists of: sections of lines, and what several of them need to know."""

from dataclasses import dataclass, field

from crm.consultations.models import Consultation
from crm.cooperations.of_place import Line
from crm.organisations.models import Organisation

MOST = 50


@dataclass(frozen=True)
class Item:
    """One line; `key` names it in the address of a selection."""

    key: str
    cells: list[str]


@dataclass(frozen=True)
class Part:
    """One section of the page; `nothing` is said where it has no line."""

    key: str
    title: str
    columns: list[str]
    widths: list[int]
    items: list[Item]
    nothing: str = ""


@dataclass
class Known:
    """What several sections need: the groups that go on, and the last talks."""

    place: Organisation
    ids: list[int]
    lines: list[Line]
    talks: list[Consultation] = field(default_factory=list)

    @property
    def group_ids(self) -> list[int]:
        """Numbers of the groups that go on."""
        return [line.part.group_id for line in self.lines]
