"""Who of a talk can be asked to check its minutes, at which address, or why not; and who finishes them."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from crm.access import Permission
from crm.accounts.models import User
from crm.accounts.queries import staff
from crm.addresses import is_mail_address
from crm.consultations.models import Consultation, Participation
from crm.contacts.models import Function
from crm.contacts.queries import by_rank
from crm.db import db, today
from crm.minutes.models import Minutes


@dataclass(frozen=True)
class Reader:
    """Somebody who took part: the organisation of that day, the address of today, and why not, if so.

    Without a `person_id` it is a name only, as of somebody who stood in for an organisation. `mended_at` is
    where the reason can be mended: talk, contact or nowhere.
    """

    person_id: int | None
    name: str
    organisation: str
    email: str
    why_not: str
    mended_at: str = ""

    @property
    def text(self) -> str:
        """How a box to tick calls somebody."""
        return ", ".join(part for part in (self.name, self.organisation, self.email) if part)


def readers(talk: Consultation) -> list[Reader]:
    """Everybody named as a participant, each once, in the order of the talk; two statements."""
    there = [(row, who.person) for row in talk.participations for who in row.people if who.person]
    at_work = _addresses({person.id for _row, person in there})
    found: dict[int, Reader] = {}
    for row, person in there:
        email = at_work.get((person.id, row.organisation_id)) or person.email or ""
        why = _why_not(person.is_limited, email)
        found.setdefault(person.id, Reader(person.id, person.name, row.organisation_name, email, *why))
    return [*found.values(), *(_name_only(row) for row in talk.participations if row.only_named)]


def _name_only(row: Participation) -> Reader:
    why = _("the talk has only the name")
    return Reader(None, row.only_named, row.organisation_name, "", why, "talk")


def in_charge(minutes: Minutes) -> User | None:
    """Who finishes minutes: the author, else the deputy of one who has left, else somebody who manages."""
    there, author = staff(), minutes.author
    managers = [one for one in there if one.may(Permission.MANAGE_CATALOGUES)]
    return next((one for one in (author, author.deputy, *managers) if one in there), None)


def _why_not(is_limited: bool, email: str) -> tuple[str, str]:
    if is_limited:
        return _("has had the data restricted or objected"), ""
    return ("", "") if is_mail_address(email) else (_("no mail address known"), "contact")


def _addresses(numbers: set[int]) -> dict[tuple[int, int], str]:
    query = select(Function).where(
        Function.person_id.in_(numbers), Function.on(today()), Function.email.is_not(None)
    )
    found: dict[tuple[int, int], str] = {}
    for one in sorted(db.session.scalars(query), key=by_rank) if numbers else ():
        found.setdefault((one.person_id, one.organisation_id), one.email or "")
    return found
