"""What a row asks of a talk, as plain values: compared with what is stored, kept by the run, set again.

Of what it wrote, a run keeps texts about people as marks only, that of a follow-up and the words in doubt
included: what is deleted for good must not live on in an import. What it overwrote it keeps as it was, to set
it back, until it is taken back or 90 days have passed (`crm/imports/forgetting.py`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import selectinload

from crm.consultations.models import (
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationStaff,
    ConsultationTaskField,
)
from crm.db import chunks, db
from crm.imports import runs
from crm.imports.talks.entries import TalkEntry
from crm.imports.talks.parties import Parties
from crm.imports.talks.staff import Staff

State = dict[str, Any]
TABLE = Consultation.__tablename__
KEYS = (
    "held_on", "kind", "channel", "parties", "task_fields", "staff", "duration_minutes", "note", "agreements",
    "next_step", "place", "file_reference", "cooperation_id",
)  # fmt: skip
COLUMNS = (
    "duration_minutes", "note", "agreements", "next_step", "place", "file_reference", "cooperation_id",
)  # fmt: skip
PERSONAL = ("note", "agreements", "next_step")
CONTENT, TITLE, DUE = "_content", "_title", "_due"
_LINKS = (
    (ConsultationStaff, ConsultationStaff.user_id, "staff"),
    (ConsultationTaskField, ConsultationTaskField.task_field_id, "task_fields"),
)


@dataclass(frozen=True)
class Meant:
    """What of a row is clear: its day, kind, bodies, people of the house, fields and group."""

    day: date
    kind: ConsultationKind
    channel: Channel
    parties: Parties
    staff: Staff
    fields: Sequence[int]
    minutes: int | None
    group: int | None


def desired(entry: TalkEntry, meant: Meant) -> State:
    """Give the state a row asks for."""
    day = meant.day
    return {
        "held_on": day.isoformat(), "kind": meant.kind.value, "channel": meant.channel.value,
        "parties": [[one.id, one.name_on(day)] for one in meant.parties.places],
        "task_fields": sorted(meant.fields), "staff": sorted(meant.staff.ids),
        "duration_minutes": meant.minutes, "note": _note(entry, meant), "agreements": entry.result or None,
        "next_step": _next_step(entry), "place": entry.venue or None, "file_reference": entry.file or None,
        "cooperation_id": meant.group, DUE: _due(entry, meant), CONTENT: entry.content, TITLE: _title(meant),
    }  # fmt: skip


def _title(meant: Meant) -> str:
    names = [one.name_on(meant.day) for one in meant.parties.places]
    more = f" + {len(names) - 3}" if len(names) > 3 else ""
    return f"{meant.day:%d.%m.%Y} {', '.join(names[:3])}{more}"


def _due(entry: TalkEntry, meant: Meant) -> State | None:
    """The follow-up of a row: only for a day ahead, and only if somebody of the house takes care of it."""
    if entry.back.due is None or not meant.staff.ids:
        return None
    text = " ".join((entry.result or entry.topic or entry.back.words).split())[:500]
    return {"due_on": entry.back.due.isoformat(), "text": text, "owner_id": meant.staff.ids[0]}


def _next_step(entry: TalkEntry) -> str | None:
    back = entry.back
    return None if back.is_over or not back.words else back.words


def _note(entry: TalkEntry, meant: Meant) -> str | None:
    """Give the note of the list and below it, line by line, what it says in words.

    It is stored, so it is German whoever imports it.
    """
    with force_locale("de"):
        listed = "\n".join([_("From the list:"), *(f"- {one}" for one in _facts(entry, meant))])
    return "\n\n".join(filter(None, (entry.note, listed)))


def _facts(entry: TalkEntry, meant: Meant) -> Iterator[str]:
    yield _("Municipalities: %(names)s", names=" / ".join(entry.places.split("\n")))
    said: list[tuple[str, Any]] = [
        (entry.topic, lambda text: _("Topic: %(topic)s", topic=text)),
        (entry.people, lambda text: _("Who was there: %(names)s", names=text)),
        (entry.way_text, lambda text: _("Kind: %(kind)s", kind=text)),
        (entry.group if meant.group is None else "", lambda text: _("Cooperation: %(name)s", name=text)),
        (entry.duration_text, lambda text: _("Duration: %(duration)s", duration=text)),
        (entry.return_text, lambda text: _("To come back to: %(words)s", words=text)),
        (", ".join(meant.staff.words), lambda text: _("Advised by: %(names)s", names=text)),
    ]
    yield from (words(text) for text, words in said if text)
    if meant.day.isoformat() != entry.date_text and entry.day.day is None:
        yield _("Day in the list: %(day)s", day=entry.date_text or "–")


def load(ids: Iterable[int]) -> dict[int, Consultation]:
    """Talks by number, those in the trash too, with their bodies."""
    return runs.records_by_number(Consultation, ids, selectinload(Consultation.participations))


def links_of(ids: Iterable[int]) -> dict[tuple[int, str], list[int]]:
    """Who advised (`staff`) and what it was about (`task_fields`) by the number of the talk."""
    found: dict[tuple[int, str], list[int]] = {}
    for chunk in chunks(sorted(set(ids))):
        parts = [
            select(model.consultation_id, column, literal(name)).where(model.consultation_id.in_(chunk))
            for model, column, name in _LINKS
        ]
        for talk, number, name in db.session.execute(union_all(*parts)):
            found.setdefault((talk, name), []).append(number)
    return found


def stored(talk: Consultation, links: dict[tuple[int, str], list[int]]) -> State:
    """Give the state a talk is in; `links` are those of `links_of`."""
    return {
        "held_on": talk.held_on.isoformat(), "kind": talk.kind.value, "channel": talk.channel.value,
        "parties": [[one.organisation_id, one.organisation_name] for one in talk.participations],
        "task_fields": sorted(links.get((talk.id, "task_fields"), [])),
        "staff": sorted(links.get((talk.id, "staff"), [])), "duration_minutes": talk.duration_minutes,
        "note": talk.note, "agreements": talk.agreements, "next_step": talk.next_step, "place": talk.place,
        "file_reference": talk.file_reference, "cooperation_id": talk.cooperation_id,
    }  # fmt: skip


def kept(state: State) -> State:
    """What a run keeps of a state: texts about people as marks."""
    marked = {key: runs.mark(value) if key in PERSONAL and value else value for key, value in state.items()}
    due = state.get(DUE)
    return marked | ({DUE: due | {"text": runs.mark(due["text"])}} if due else {})


def same(key: str, written: Any, value: Any) -> bool:
    """Tell whether a value is the one a run wrote."""
    if key in PERSONAL and value:
        return bool(written == runs.mark(value))
    return bool(written == value)
