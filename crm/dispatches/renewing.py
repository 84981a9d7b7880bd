"""Send the newest version to all who hold an older one: those it concerns now, and nobody twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from crm.contacts.models import Person
from crm.db import db, today
from crm.dispatches import addressing, letters, queries, services
from crm.dispatches.addressing import Addressee, Found
from crm.dispatches.models import Dispatch, DispatchRecipient, Way
from crm.errors import RuleBroken
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.materials.models import MaterialVersion


@dataclass(frozen=True)
class Sent:
    """What came of it."""

    mails: int
    skipped: int


def check(version: MaterialVersion) -> None:
    """Refuse what cannot be sent; raises RuleBroken."""
    if version.is_outdated:
        raise RuleBroken(_("There is a newer version by now. Send that one."))
    if version.material.is_withdrawn:
        raise RuleBroken(_("This material is not handed out any more."))
    services.refuse_empty(version)


def send(version: MaterialVersion, by: Any) -> Sent:
    """Write the mails to all it concerns now, once; raises RuleBroken. The caller commits and rings.

    Whoever comes second waits for the first at the version's row and then finds everybody served. Should two
    get past it all the same, the unique key of a recipient refuses the second as a whole.
    """
    _hold(version)
    check(version)
    _hold_people(one.person_id for one in queries.holders(by, version.material_id))
    found = addressing.of_older(by, version.material)
    if not found.people:
        raise RuleBroken(_("Nobody is left to get the new version."))
    _give_up(once_key(version, one) for one in [*found.people, *found.sharing])
    made = _made(version, found, by)
    services.send(made, version, MailKind.NEW_VERSION, {one.key: one for one in found.people})
    services.note(version, made, by)
    return Sent(len(found.people), len(found.skipped))


def once_key(version: MaterialVersion, who: Addressee) -> str | None:
    """The mark of one new version for one holder; the database takes it once."""
    return f"{version.id}-{who.key}"


def _hold(version: MaterialVersion) -> None:
    """Let nobody send it at the same time."""
    held = select(MaterialVersion.id).where(MaterialVersion.id == version.id).with_for_update()
    db.session.execute(held)
    db.session.refresh(version.material, ["versions"])


def _give_up(keys: Iterable[str | None]) -> None:
    """Let those whose mail never went be written to anew, and nobody send the old one after all."""
    theirs = DispatchRecipient.once_key.in_([one for one in keys if one])
    for one in db.session.scalars(select(DispatchRecipient).where(theirs, queries.lost())):
        one.once_key = None
        mail = update(OutgoingMail).where(OutgoingMail.once_key == letters.once_key(one.token_hash))
        quiet = {"synchronize_session": False}
        db.session.execute(mail.values(state=MailState.DROPPED).execution_options(**quiet))
    db.session.flush()


def _made(version: MaterialVersion, found: Found, by: Any) -> Dispatch:
    """Log who gets it; those who share an address with one of them hold it from then on, too."""
    made = Dispatch(
        version_id=version.id, way=Way.MAIL, handed_on=today(), renews=True, by_id=getattr(by, "id", None)
    )
    made.recipients = [
        DispatchRecipient(
            version_id=version.id, person_id=one.person_id, organisation_id=one.organisation_id,
            once_key=once_key(version, one),
        )
        for one in [*found.people, *found.sharing]
    ]  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise RuleBroken(_("A colleague is sending it at this moment. Nobody gets it twice.")) from None
    return made


def _hold_people(numbers: Iterable[int | None]) -> None:
    """Nobody objects unseen while the mails are written."""
    query = select(Person.id).where(Person.id.in_([one for one in numbers if one])).order_by(Person.id)
    db.session.execute(query.with_for_update(read=True)).all()
