"""The rule about silent contacts: nothing goes by itself, they are put before somebody."""

from crm.contacts.models import Person
from crm.db import db
from crm.retention.doing import DOINGS, Doing, Due
from crm.reviews import queries, services
from crm.reviews.queries import RULE


def _put(due: Due) -> int:
    still = queries.put_forward(due.limit).where(Person.id.in_(due.numbers))
    return services.put_forward(list(db.session.scalars(still)))


DOINGS[RULE] = Doing(_put, queries.put_forward)
