"""Cases of data protection for tests, made by the services as the pages do."""

from datetime import timedelta

from crm.db import db, now
from crm.privacy import queries, services
from tests import factories


def restricted(person, because="Antrag vom 3. März", by="mara"):
    """Restrict somebody."""
    return services.restrict(person, because, factories.member(by))


def offered(person, by="mara"):
    """Restrict somebody and offer the case to the archive."""
    case = restricted(person, by=by)
    services.offer([case], factories.member(by))
    return case


def due(person, by="mara"):
    """Bring somebody so far that erasure is allowed."""
    case = offered(person, by)
    services.release(case, "Nicht archivwürdig, Schreiben vom 5. Mai", factories.member(by))
    return case


def erased(person, last_name_too=True, by="mara"):
    """Erase somebody, all the way."""
    case = due(person, by)
    services.erase(case, last_name_too, "Antrag, Archiv hat freigegeben", factories.member(by))
    return case


def silent(case):
    """Let the archive be silent for more than six months."""
    case.offered_at = now() - timedelta(days=190)
    db.session.flush()
    assert queries.may_be_erased(case)
