"""People and bodies: what is the same about merging them, and what differs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.bodies.services import describe
from crm.contacts.models import Person
from crm.contacts.services import name_anew
from crm.duplicates.models import Merge
from crm.duplicates.references import OF_BODIES, OF_PEOPLE, Reference
from crm.organisations.models import Organisation


@dataclass(frozen=True)
class Kind:
    """A kind of record that is merged; `column` is its part in the columns of merges, `noun` in events."""

    column: str
    noun: str
    model: Any
    references: tuple[Reference, ...]
    compute: Callable[[Any], None]

    def of(self, table: Any, end: str) -> Any:
        """A column such as kept_person_id."""
        return getattr(table, f"{end}_{self.column}_id")


PEOPLE = Kind("person", "person", Person, OF_PEOPLE, name_anew)
BODIES = Kind("organisation", "body", Organisation, OF_BODIES, describe)


def kind_of(merge: Merge) -> Kind:
    """Tell what was merged."""
    return PEOPLE if merge.is_of_people else BODIES
