"""What is done with handing out: logged with copies and mails, taken back, and the link that counts."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from crm import audit
from crm.consultations.models import COUNTED, Consultation
from crm.contacts.models import Person
from crm.db import db, now, short_write, today
from crm.dispatches import addressing, letters, queries
from crm.dispatches.addressing import Addressee
from crm.dispatches.models import Dispatch, DispatchRecipient, Way
from crm.dispatches.words import nobody
from crm.errors import RuleBroken
from crm.mail.bulk import post_all
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.materials import stock
from crm.materials.kinds import Movement
from crm.materials.models import MaterialVersion
from crm.organisations.models import Organisation

WITH_COPIES = (Way.POST, Way.IN_PERSON)
GONE = (MailState.SENDING, MailState.SENT)


def hand_out(version: MaterialVersion, values: dict[str, Any], by: Any) -> Dispatch:
    """Log that a version was handed out; mails go into the outbox, copies leave the stock. Raises RuleBroken.

    `values` holds way, handed_on, copies, note, organisations and people by number, and consultation_id or
    event_id where it belongs to one. At an event copies may be laid out for nobody in particular.
    """
    plain = dict(values)
    places = queries.places_by_number(plain.pop("organisations", ()))
    people = queries.people_by_number(plain.pop("people", ()))
    _check(version, plain, people.values(), places.values())
    made = Dispatch(version_id=version.id, by_id=getattr(by, "id", None), **plain)
    made.recipients = [
        DispatchRecipient(version_id=version.id, person_id=one.id, organisation_id=_place_of(one, places))
        for one in people.values()
    ] + [
        DispatchRecipient(version_id=version.id, organisation_id=one.id)
        for one in places.values()
        if not any(_place_of(person, places) == one.id for person in people.values())
    ]
    db.session.add(made)
    db.session.flush()
    _take_copies(made, version, by)
    if made.way is Way.MAIL:
        send(made, version, MailKind.MATERIAL, _addressees(made, people, places))
    note(version, made, by)
    return made


def in_talk(talk: Consultation, copies: int | None) -> dict[str, Any]:
    """What it means that something was handed over in a talk: on its day, to all who took part."""
    there = [one.organisation_id for one in talk.participations if one.presence in COUNTED]
    return {
        "way": Way.IN_PERSON, "handed_on": min(talk.held_on, today()), "copies": copies or 0,
        "consultation_id": talk.id, "organisations": there,
    }  # fmt: skip


def _place_of(person: Person, places: dict[int, Organisation]) -> int | None:
    """For which organisation somebody gets it: one of those named, else that of the first function."""
    held = [one.organisation_id for one in addressing.current(person)]
    return next((one for one in held if one in places), held[0] if held else None)


def _check(
    version: MaterialVersion, values: dict[str, Any], people: Iterable[Person], places: Iterable[Organisation]
) -> None:
    if version.material.is_withdrawn:
        raise RuleBroken(_("This material is not handed out any more."))
    laid_out = values.get("event_id") and values.get("copies") and values["way"] is Way.IN_PERSON
    if not people and not places and not laid_out:
        at_event = values.get("event_id")
        raise RuleBroken(nobody(at_event), "copies" if at_event else "organisations")
    if values["handed_on"] > today():
        raise RuleBroken(_("The day lies after today."), "handed_on")
    copies, way = values.get("copies") or 0, values["way"]
    if copies and way not in WITH_COPIES:
        raise RuleBroken(_("Copies go by post or by hand only."), "copies")
    if way is Way.POST and not copies:
        raise RuleBroken(_("Enter how many copies each of them gets."), "copies")
    if way is Way.MAIL:
        _check_mail(version, people, places)


def _check_mail(version: MaterialVersion, people: Iterable[Person], places: Iterable[Organisation]) -> None:
    refuse_empty(version)
    if without := addressing.refused(people, places):
        names = "; ".join(f"{name} ({reason.label})" for name, reason in without[:5])
        said = _("No mail can go to: %(names)s. Enter an address there, or choose another way.", names=names)
        raise RuleBroken(said, "organisations")


def refuse_empty(version: MaterialVersion) -> None:
    """Refuse to send a link to what has neither file nor address."""
    if not version.has_content:
        raise RuleBroken(_("This version has neither a file nor a link. Give it one first."))


def _take_copies(made: Dispatch, version: MaterialVersion, by: Any) -> None:
    if made.copies:
        stock.book(version, Movement.OUT, made.all_copies, by, made.handed_on, dispatch_id=made.id)


def _addressees(
    made: Dispatch, people: dict[int, Person], places: dict[int, Organisation]
) -> dict[str, Addressee]:
    found = {}
    for one in made.recipients:
        person, place = people.get(one.person_id or 0), places.get(one.organisation_id or 0)
        name = person.name if person else place.name if place else ""
        email = addressing.address_of(person, one.organisation_id) if person else place and place.email
        who = Addressee(name, email or "", one.person_id, one.organisation_id)
        found[who.key] = who
    return found


def send(made: Dispatch, version: MaterialVersion, kind: MailKind, whom: dict[str, Addressee]) -> int:
    """Write a mail with a link of its own for every recipient of `whom` into the outbox."""
    mailed = [one for one in made.recipients if one.key in whom]
    tokens = {one.id: letters.give_link(one) for one in mailed}
    db.session.flush()
    rows = [letters.row(one, whom[one.key], version, tokens[one.id]) for one in mailed]
    return post_all(kind, rows)


def note(version: MaterialVersion, made: Dispatch, by: Any) -> None:
    """Note that it was handed out."""
    said = {"version_of": (None, version.text), "recipients": (None, len(made.recipients))}
    audit.record("material.handed-out", _noted_on(made, version), by, **said)


def _noted_on(made: Dispatch, version: MaterialVersion) -> Any:
    """The talk, whose history is hidden with it, or else the material."""
    if made.consultation_id is None:
        return version.material
    talk = select(Consultation).where(Consultation.id == made.consultation_id)
    return db.session.scalars(talk.execution_options(include_removed=True)).one()


def take_back(made: Dispatch, by: Any) -> None:
    """Take a handing out back that was entered by mistake: copies return, mails that lie there are not sent.

    Raises RuleBroken once a mail has gone.
    """
    numbers = [one.id for one in made.recipients]
    keys = [letters.once_key(one.token_hash) for one in made.recipients if one.token_hash]
    held = select(OutgoingMail.state).where(OutgoingMail.once_key.in_(keys)).with_for_update()
    if any(state in GONE for state in db.session.scalars(held)):
        raise RuleBroken(_("The mails have gone. What was sent stays in the log."))
    waiting = update(OutgoingMail).where(OutgoingMail.once_key.in_(keys))
    # They never went, and without their entry nobody could tell any more from whom they are hidden.
    empty = {"recipient": "", "recipient_name": "", "subject": "", "body": "", "unsubscribe_url": None}
    dropped = {"state": MailState.DROPPED, "last_error": _("taken back")} | empty
    db.session.execute(waiting.values(**dropped).execution_options(synchronize_session=False))
    version = made.material_version
    said = {"version_of": (version.text, None), "recipients": (len(numbers), None)}
    noted_on = _noted_on(made, version)
    if made.copies:
        stock.book(version, Movement.IN, made.all_copies, by)
    stock.forget_dispatch(made.id)
    for one in made.recipients:
        db.session.delete(one)
    db.session.delete(made)
    audit.record("material.taken-back", noted_on, by, **said)


def open_link(recipient: DispatchRecipient) -> bool:
    """Count one use of a download link; False where it has ended. Two at once are counted as two."""
    table = DispatchRecipient
    counted = (
        update(table)
        .where(table.id == recipient.id, table.expires_at > now(), table.opened_count < letters.MOST_OPENED)
        .values(opened_count=table.opened_count + 1, opened_at=now())
    )
    with short_write() as connection:
        return bool(connection.execute(counted).rowcount)
