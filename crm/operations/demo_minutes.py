"""Minutes of two talks of the demo: one just begun, one released and filed."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from crm.accounts.models import User
from crm.consultations.models import Consultation, ConsultationState
from crm.db import today
from crm.minutes import drafting, queries, releasing, services
from crm.minutes.facts import public_part
from crm.minutes.models import Minutes
from crm.office.queries import office
from crm.papers import to_pdf

WRITTEN = {
    "situation": "Stand in den Kommunen:\n\n- Alle führen die Aufgabe allein, mit wenig Personal.\n"
    "- Vertretung im Urlaub ist überall schwierig.\n\nOffene Fragen:\n\n- Welche Kosten entstehen heute?",
    "results": "Die Teilnehmenden halten fest:\n\n- Eine Zusammenarbeit soll geprüft werden.\n"
    "- Das Zentrum stellt Beispiele zusammen.",
    "next_meeting": "In etwa sechs Wochen; das Zentrum lädt ein.",
}


def fill(talks: Iterable[Consultation], by: User) -> int:
    """Write minutes of the last two talks of several places that everybody may read; give their number."""
    suited = [one for one in talks if one.state is ConsultationState.HELD and not one.confidential]
    several = [one for one in suited if len(one.participations) > 2]
    last, before = sorted(several, key=lambda one: (one.held_on, one.id))[:-3:-1]
    _begun(last, {}, by)
    _released(_begun(before, WRITTEN, by), by)
    return 2


def _begun(talk: Consultation, written: dict[str, str], by: User) -> Minutes:
    begun = drafting.draft(public_part(talk, office()), queries.texts(talk.kind))
    due = today() + timedelta(days=30)
    task: dict[str, Any] = {"text": "Kosten zusammenstellen", "responsible": talk.places[0], "due_on": due}
    rows = [task] if written else []
    return services.draft(talk, vars(begun) | written, rows, by)


def _released(minutes: Minutes, by: User) -> None:
    issuer = office()
    ready = releasing.prepare(minutes, issuer, None)
    releasing.release(ready, to_pdf(ready.paper, issuer.base_address), None, [], by)
