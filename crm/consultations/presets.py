"""What a new form holds before anybody types: today, me, the values used last, or an earlier group."""

from typing import Any

from crm.consultations import queries
from crm.consultations.forms import stored
from crm.consultations.models import Channel, Consultation, ConsultationKind
from crm.db import today
from crm.fields import coerce_number

CALL = "anruf"


def wished(user: Any, arguments: Any) -> dict[str, Any]:
    """Give the values for an address: ?kommune=, ?wie= (same group), ?folgt= (next talk), ?weg=anruf."""
    found = {"held_on": today(), "staff": [user.id], "follow_up_owner": user.id} | _used_last(user, arguments)
    earlier = _earlier(user, arguments)
    if earlier is not None:
        found |= _like(earlier, user)
        found |= {"follows_id": earlier.id} if "folgt" in arguments else {}
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
        "task_fields": [one.id for one in earlier.task_fields if one.holds_on(today())],
        "confidential": earlier.confidential,
        "kind": earlier.kind,
        "channel": earlier.channel,
    }
