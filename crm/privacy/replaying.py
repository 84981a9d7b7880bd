"""After a restore: erase again who was erased since the backup."""

from dataclasses import dataclass, field
from typing import Any

from crm.contacts.models import Person
from crm.db import db, now
from crm.privacy import journal, queries, sealing, services
from crm.privacy.erasing import needles_for
from crm.privacy.linking import subject_of
from crm.privacy.models import Case, CaseState


@dataclass
class Replayed:
    """How many were erased again, were erased already, or could not be found.

    `documents` are the numbers of files that came back with the backup and name one of them.
    """

    erased: int = 0
    known: int = 0
    missing: int = 0
    documents: set[int] = field(default_factory=set)


def replay() -> Replayed:
    """Go through the journal from its beginning. The caller commits."""
    done = Replayed()
    for line in journal.lines():
        person = queries.person(line["person_id"])
        case = queries.case_of(line["person_id"])
        if case is not None and case.state is CaseState.ERASED:
            done.known += 1
        elif person is None or not _is_the_one(line, person, case):
            done.missing += 1
        else:
            done.documents.update(_erase(line, person, case))
            done.erased += 1
    return done


def _is_the_one(line: dict[str, Any], person: Person, case: Case | None) -> bool:
    """Compare fingerprints: a number alone could mean somebody else in another database."""
    sealed = [one.sealed for one in case.values if one.table_name == "people"] if case else []
    plain = {name: getattr(person, name) for name in ("first_name", "last_name", "email")}
    return any(journal.fits(line, one) for one in [*sealed, plain])


def _erase(line: dict[str, Any], person: Person, case: Case | None) -> list[int]:
    """Erase somebody; give the numbers of the files that still name them."""
    if case is None:
        case = services.restrict(person, "", None)
    else:
        sealing.seal(case, subject_of(person.id))
    case.rule, case.journaled_at = services.REPLAYED, now()
    last_name_too = bool(line.get("last_name_too"))
    # Asked for before the words to look for are gone, too.
    documents = queries.documents_naming(needles_for(case, last_name_too))
    services.finish(case, last_name_too, None)
    db.session.flush()
    return documents
