"""The kinds of records that can be chosen in lists."""

from typing import Any

from flask_babel import ngettext
from sqlalchemy import Select, select

from crm.access import Permission
from crm.bulk.plan import Kind
from crm.consultations import queries as consultations
from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.cooperations import queries as cooperations
from crm.cooperations.models import Cooperation
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp
from crm.i18n import day
from crm.organisations.models import Organisation


def _people(user: Any) -> Select[Person]:
    query = select(Person)
    return query if user.may(Permission.READ_CONTENT) else query.where(False)  # type: ignore[arg-type]


def _places(user: Any) -> Select[Organisation]:
    query = select(Organisation)
    return query if user.may(Permission.READ_REGISTER) else query.where(False)  # type: ignore[arg-type]


FOLLOW_UPS = Kind(
    "wiedervorlagen", FollowUp, follow_ups.visible_to, (), "follow_ups.index", "follow_ups.show",
    "follow_up_id", lambda number: ngettext("%(num)s follow-up", "%(num)s follow-ups", number),
    lambda one: one.text,
)  # fmt: skip
TALKS = Kind(
    "beratungen", Consultation, consultations.visible_to, consultations.FOR_LISTS, "consultations.index",
    "consultations.show", "consultation_id", lambda number: ngettext("%(num)s talk", "%(num)s talks", number),
    lambda one: f"{day(one.held_on)}, {', '.join(one.places[:3])}",
)  # fmt: skip
PEOPLE = Kind(
    "kontakte", Person, _people, (), "contacts.index", "contacts.show", "person_id",
    lambda number: ngettext("%(num)s person", "%(num)s people", number), lambda one: one.name,
)  # fmt: skip
PLACES = Kind(
    "kommunen", Organisation, _places, (), "organisations.index", "organisations.show", "organisation_id",
    lambda number: ngettext("%(num)s municipality", "%(num)s municipalities", number), lambda one: one.name,
)  # fmt: skip
GROUPS = Kind(
    "kooperationen", Cooperation, cooperations.visible_to,
    cooperations.WHOLE, "cooperations.table", "cooperations.show", "cooperation_id",
    lambda number: ngettext("%(num)s cooperation", "%(num)s cooperations", number), lambda one: one.title,
)  # fmt: skip
