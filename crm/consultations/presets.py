"""What a form holds before anybody types: today, me, the values used last, an earlier group; the stored."""

from typing import Any

from flask_babel import gettext as _

from crm.attendance import services as attendance
from crm.consultations import groups, queries
from crm.consultations.forms import ConsultationForm, stored
from crm.consultations.models import Channel, Consultation, ConsultationKind
from crm.cooperations import queries as cooperations
from crm.db import today
from crm.events import queries as events
from crm.events.models import Event
from crm.fields import asked_day, coerce_number
from crm.i18n import day
from crm.inbox import queries as inbox
from crm.inbox import services as mails
from crm.inbox import suggesting
from crm.named_text import written
from crm.registrations import queries as registrations
from crm.registrations.models import GuestKind, Registration

CALL = "anruf"


def wished(user: Any, arguments: Any) -> dict[str, Any]:
    """Give the values for an address.

    ?kommune=, ?kooperation= (its partners), ?wie= (same round), ?folgt= (next talk), ?weg=anruf, ?tag=,
    ?mail=.
    """
    found = {
        "held_on": asked_day(arguments.get("tag")) or today(),
        "staff": [user.id],
        "follow_up_owner": user.id,
    } | _used_last(user, arguments)
    earlier = _earlier(user, arguments)
    if earlier is not None:
        found |= _like(earlier, user)
        found |= {"follows_id": earlier.id} if "folgt" in arguments else {}
    number = arguments.get("kooperation", type=coerce_number)
    found |= _of_group(number, arguments) if number else {}
    found |= _of_event(arguments) | _of_mail(arguments)
    places = [place for place in arguments.getlist("kommune", type=coerce_number) if place]
    return found | ({"organisations": places} if places else {})


def _used_last(user: Any, arguments: Any) -> dict[str, Any]:
    """A call is a call; anything else starts with the last values that were none."""
    if arguments.get("weg") == CALL:
        return {"kind": ConsultationKind.SINGLE, "channel": Channel.PHONE}
    last = queries.last_logged_by(user, but=Channel.PHONE)
    if last is None:
        return {"channel": Channel.ON_SITE}
    # A committee of yesterday is no committee of today; single and group follow the number of organisations.
    usual = last.kind in (ConsultationKind.SINGLE, ConsultationKind.GROUP)
    return {"kind": last.kind if usual else None, "channel": last.channel}


def _earlier(user: Any, arguments: Any) -> Consultation | None:
    name = "folgt" if "folgt" in arguments else "wie"
    number = arguments.get(name, type=coerce_number)
    return queries.one(user, number) if number else None


def _like(earlier: Consultation, user: Any) -> dict[str, Any]:
    """Take over who was there and what it was about, never what was said."""
    like = stored(earlier, {}, user)
    return {
        "organisations": like.organisations,
        "parties": [{"organisation": row["organisation"], "people": row["people"]} for row in like.parties],
        "cooperation": like.cooperation,
        "task_fields": [one.id for one in earlier.task_fields if one.holds_on(today())],
        "confidential": earlier.confidential,
        "kind": earlier.kind,
        "channel": earlier.channel,
    }


def as_stored(talk: Consultation, by: Any) -> dict[str, Any]:
    """Give what the form of a talk holds before anybody types, with what a saving is compared with."""
    held = stored(talk, {}, by, groups.told_in(talk.id))
    form = ConsultationForm(formdata=None, obj=held)
    form.begin()
    found = {name: getattr(held, name) for name in form.data if hasattr(held, name)}
    texts = {name: written(found[name] or "") for name in ("note", "agreements", "next_step")}
    return found | texts | {"version": form.version.data, "base": form.base.data}


def _of_event(arguments: Any) -> dict[str, Any]:
    """A talk with a guest of an event begins with where the guest comes from and what the event was about."""
    number, guest_number, person = (
        arguments.get(name, type=coerce_number) for name in ("veranstaltung", "gast", "person")
    )
    event = events.one(number) if number else None
    if event is None:
        return {}
    fields = [one.id for one in event.task_fields if one.holds_on(today())]
    found: dict[str, Any] = {
        "task_fields": fields,
        "kind": ConsultationKind.SINGLE,
        "note": _contact_from(event),
    }
    guest = registrations.one(event.id, guest_number) if guest_number else None
    if guest is None:
        return found
    people: list[Any] = [one for one in (person or guest.person_id,) if one]
    if guest.organisation_id is None:
        return found if not guest.name else found | {"note": _naming(found["note"], guest)}
    if not people and guest.name:
        # The chips of the form make a new person of this.
        people = [f"+{guest.name}"]
    row = {"organisation": str(guest.organisation_id), "people": people}
    return found | {"organisations": [guest.organisation_id], "parties": [row]}


def _of_mail(arguments: Any) -> dict[str, Any]:
    """A talk made of a mail begins with what the mail suggests; the form shows it before it is saved."""
    number = arguments.get("mail", type=coerce_number)
    item = inbox.one(number) if number else None
    if item is None or not item.is_open:
        return {}
    suggestion = suggesting.suggest(item)
    speakers: dict[int, list[int]] = {}
    for person, place in suggestion.people.items():
        speakers.setdefault(place, []).append(person)
    places = suggestion.organisations
    return {
        "organisations": places,
        "parties": [{"organisation": str(one), "people": speakers.get(one, [])} for one in places],
        "task_fields": suggestion.task_fields,
        "kind": ConsultationKind.GROUP if len(places) > 1 else ConsultationKind.SINGLE,
        "channel": Channel.MAIL,
        "held_on": mails.day_of(item),
        "note": mails.first_note(item),
    }


def _naming(note: str, guest: Registration) -> str:
    """Keep in words who it was, where there is no row for a person."""
    called = "" if guest.kind is GuestKind.OTHER else str(guest.kind.label)
    return f"{note.removesuffix('.')}: " + ", ".join(
        part for part in (guest.name, called, guest.from_where) if part
    )


def meet_wish(arguments: Any, talk: Consultation, by: Any) -> None:
    """Close what an address logs a talk for: the wish of a guest, or a mail. Raises RuleBroken."""
    mail = arguments.get("mail", type=coerce_number)
    item = inbox.one(mail) if mail else None
    if item is not None:
        mails.settle(item, by, consultation_id=talk.id)
    number, guest = (arguments.get(name, type=coerce_number) for name in ("veranstaltung", "gast"))
    found = registrations.one(number, guest) if number and guest else None
    if found is not None:
        attendance.note_wish(found, False, by)


def _contact_from(event: Event) -> str:
    if event.day is None:
        return _("Contact from the event “%(title)s”.", title=event.title)
    return _("Contact from the event “%(title)s” of %(day)s.", title=event.title, day=day(event.day))


def _of_group(number: int, arguments: Any) -> dict[str, Any]:
    """A talk of a group begins with its partners and task fields; a call with one of them names the one."""
    group = cooperations.one(number)
    if group is None:
        return {}
    fields = [one.id for one in group.task_fields if one.holds_on(today())]
    found: dict[str, Any] = {"cooperation": [group.id], "task_fields": fields}
    if arguments.get("weg") == CALL:
        return found
    here = [one.organisation_id for one in group.partners if not one.has_gone and one.organisation.exists]
    kind = ConsultationKind.GROUP if len(here) > 1 else ConsultationKind.SINGLE
    return found | {"organisations": here, "kind": kind}
