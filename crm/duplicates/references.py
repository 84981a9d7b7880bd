"""Everything that hangs on a person or a body, by its column, and what a merge does with it.

The list is written by hand and compared with the database's own by a test: a new foreign key that nobody
thought of fails there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from crm.db import TYPES, Base


class Rule(Enum):
    """What a merge does with the rows that hang on the lost record."""

    MOVES = "moves"
    # There may be one of it: the better row stays, the other is remembered by the merge.
    ONE = "one"
    # Two of it cannot become one without losing something: the merge is refused until one is gone.
    REFUSED = "refused"
    # It describes the lost record itself, or speaks of it as it was.
    STAYS = "stays"


@dataclass(frozen=True)
class Reference:
    """A column that names a person or a body; of one value of the columns `per` there is one row only."""

    table: str
    column: str
    rule: Rule = Rule.MOVES
    per: tuple[str, ...] = ()

    @property
    def model(self) -> Any:
        """The class of the rows."""
        return model_of(self.table)

    @property
    def attribute(self) -> Any:
        """The column as the class has it."""
        return getattr(self.model, self.column)


OF_PEOPLE = (
    Reference("functions", "person_id"),
    Reference("participation_people", "person_id", Rule.ONE, ("participation_id",)),
    Reference("follow_ups", "person_id"),
    Reference("invitations", "person_id", Rule.ONE, ("event_id",)),
    Reference("registrations", "person_id"),
    Reference("outgoing_mails", "person_id"),
    Reference("dispatch_recipients", "person_id"),
    Reference("programme_items", "person_id"),
    Reference("consents", "person_id"),
    Reference("rights_requests", "person_id"),
    Reference("contact_reviews", "person_id"),
    Reference("output_people", "person_id", Rule.ONE, ("output_id",)),
    # The number that stands in the text: who is meant by it is looked up whenever it is shown.
    Reference("namings", "person_id", Rule.STAYS),
    Reference("distinct_pairs", "low_person_id", Rule.STAYS),
    Reference("distinct_pairs", "high_person_id", Rule.STAYS),
    Reference("merges", "kept_person_id", Rule.STAYS),
    Reference("merges", "lost_person_id", Rule.STAYS),
    Reference("privacy_cases", "person_id", Rule.STAYS),
)
OF_BODIES = (
    Reference("participations", "organisation_id", Rule.REFUSED, ("consultation_id",)),
    Reference("cooperation_partners", "organisation_id", Rule.REFUSED, ("cooperation_id",)),
    Reference("functions", "organisation_id"),
    Reference("follow_ups", "organisation_id"),
    Reference("funding_applications", "applicant_id"),
    Reference("body_members", "body_id"),
    Reference("body_members", "organisation_id"),
    Reference("events", "place_id"),
    Reference("event_hosts", "organisation_id"),
    Reference("documents", "organisation_id"),
    Reference("head_counts", "organisation_id"),
    Reference("invitations", "organisation_id"),
    Reference("registrations", "organisation_id"),
    Reference("dispatch_recipients", "organisation_id"),
    # Only Kommunen hold elections, and they are never merged.
    Reference("elections", "organisation_id", Rule.STAYS),
    Reference("election_checks", "organisation_id", Rule.STAYS),
    Reference("election_checks", "county_id", Rule.STAYS),
    Reference("designations", "organisation_id", Rule.STAYS),
    Reference("organisation_keys", "organisation_id", Rule.STAYS),
    Reference("memberships", "organisation_id", Rule.STAYS),
    Reference("memberships", "parent_id", Rule.STAYS),
    Reference("population_figures", "organisation_id", Rule.STAYS),
    Reference("successions", "predecessor_id", Rule.STAYS),
    Reference("successions", "successor_id", Rule.STAYS),
    Reference("boundaries", "organisation_id", Rule.STAYS),
    Reference("borders", "organisation_id", Rule.STAYS),
    Reference("borders", "neighbour_id", Rule.STAYS),
    Reference("distinct_pairs", "low_organisation_id", Rule.STAYS),
    Reference("distinct_pairs", "high_organisation_id", Rule.STAYS),
    Reference("merges", "kept_organisation_id", Rule.STAYS),
    Reference("merges", "lost_organisation_id", Rule.STAYS),
)


def model_of(table: str) -> Any:
    """The class whose records a table holds."""
    found = (one.class_ for one in TYPES.mappers if getattr(one.local_table, "name", "") == table)
    return next(found)


def moving(references: tuple[Reference, ...]) -> Iterator[Reference]:
    """Those whose rows a merge touches."""
    return (one for one in references if one.rule is not Rule.STAYS)


def columns_to(target: str) -> set[tuple[str, str]]:
    """Every column of the database that names a row of a table, as (table, column)."""
    return {
        (table.name, link.parent.name)
        for table in Base.metadata.tables.values()
        for link in table.foreign_keys
        if link.column.table.name == target
    }
