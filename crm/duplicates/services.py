"""What is done with doubles: two become one, or are two after all."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crm import audit, records
from crm.consents.services import ended
from crm.contacts import naming
from crm.contacts import services as contacts
from crm.contacts.models import Person
from crm.db import db, today
from crm.duplicates import queries
from crm.duplicates.choosing import basis, taken
from crm.duplicates.journal import Journal, locked, same_functions
from crm.duplicates.kinds import BODIES, PEOPLE, Kind
from crm.duplicates.models import DistinctPair, Merge
from crm.duplicates.references import OF_PEOPLE
from crm.errors import RuleBroken
from crm.invitations.models import Invitation
from crm.mail.models import MailState, OutgoingMail
from crm.mailings import services as mailings
from crm.mailings.following import follow

# Never the text: its link is made anew where the address goes back.
_OF_MAILS = ("state", "recipient")
mailings.STAND_FOR.append(queries.successor)
naming.STAND_FOR.append(queries.standing_for)


def merge_people(
    kept_id: int, lost_id: int, versions: dict[int, str], chosen: dict[str, str], by: Any
) -> Merge:
    """Make one of two people: what hangs on the lost one moves, the lost one goes into the trash.

    `versions` are those the person at the screen has seen, `chosen` says by field ONE, OTHER or BOTH, where
    ONE is the person of the lower number.
    """
    if kept_id == lost_id:
        raise RuleBroken(_("Choose another person: nobody is merged with the same record."), "other")
    kept, lost = locked(Person, (kept_id, lost_id), versions)
    one, other = sorted((kept, lost), key=lambda person: person.id)
    values = taken(one, other, chosen) | basis(one, other)
    merge = Merge(kept_person_id=kept.id, lost_person_id=lost.id, by_id=by.id)
    db.session.add(merge)
    journal = Journal(merge)
    journal.change(kept, values)
    audit.record("person.merged", kept, by, merge=(None, lost.id))
    same = same_functions(kept.id, lost.id)
    records.remove([lost, *same], by, "person.merged")
    journal.move_all(OF_PEOPLE, kept.id, lost.id, set(same))
    for one in ended(kept):
        journal.change(one, {"withdrawn_on": kept.mail_basis_on or today()})
    contacts.name_anew(kept)
    _follow(journal, kept)
    return merge


def _follow(journal: Journal, kept: Person) -> None:
    """Let waiting mails follow, and note what that changed."""
    watched = _watched(kept.id)
    before = {one: _values(one) for one in watched}
    follow(kept)
    for one in watched:
        db.session.refresh(one)
        after = _values(one)
        names = [name for name in after if after[name] != before[one][name]]
        if names:
            journal.note(
                one, {name: before[one][name] for name in names}, {name: after[name] for name in names}
            )
    db.session.flush()


def _watched(person_id: int) -> list[Any]:
    waiting = select(OutgoingMail).where(
        OutgoingMail.person_id == person_id, OutgoingMail.state == MailState.WAITING
    )
    invited = select(Invitation).where(Invitation.person_id == person_id)
    return [*db.session.scalars(waiting), *db.session.scalars(invited)]


def _values(thing: Any) -> dict[str, Any]:
    names = _OF_MAILS if isinstance(thing, OutgoingMail) else ("email",)
    return {name: getattr(thing, name) for name in names}


def tell_apart(kind: Kind, ids: tuple[int, int], reason: str | None, by: Any) -> DistinctPair:
    """Remember that two records are two; saying it twice changes nothing."""
    low, high = sorted(ids)
    if low == high:
        raise RuleBroken(_("Choose two different records."))
    if known := decided(kind, low, high):
        return known
    columns = {f"low_{kind.column}_id": low, f"high_{kind.column}_id": high}
    pair = DistinctPair(**columns, reason=reason or None, by_id=by.id)
    try:
        with db.session.begin_nested():
            db.session.add(pair)
    except IntegrityError:
        return decided(kind, low, high) or pair
    for number, other in ((low, high), (high, low)):
        thing = db.session.get_one(kind.model, number)
        audit.record(f"{kind.noun}.told-apart", thing, by, other=(None, other))
    return pair


def decided(kind: Kind, low: int, high: int) -> DistinctPair | None:
    """Find what was said of a pair."""
    query = select(DistinctPair).where(
        kind.of(DistinctPair, "low") == low, kind.of(DistinctPair, "high") == high
    )
    return db.session.scalar(query)


def doubt_again(pair: DistinctPair, by: Any) -> None:
    """Forget that two records are two: they are proposed again."""
    kind = PEOPLE if pair.low_person_id else BODIES
    ids = (kind.of(pair, "low"), kind.of(pair, "high"))
    db.session.delete(pair)
    for number, other in (ids, ids[::-1]):
        if thing := db.session.get(kind.model, number):
            audit.record(f"{kind.noun}.doubted", thing, by, other=(other, None))
