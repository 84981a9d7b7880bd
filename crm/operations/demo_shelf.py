"""The shelf of the demo: what the centre wrote, to whom it was handed in talks, what may be passed on."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from crm.accounts.models import User
from crm.consultations.models import Consultation, ConsultationState
from crm.cooperations.kinds import Stage
from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.dispatches import services as dispatches
from crm.examples import services as examples
from crm.materials import services, stock
from crm.materials.kinds import MaterialKind, Movement, Whose, YearBasis
from crm.materials.models import Material, MaterialVersion
from crm.task_fields.models import TaskField

COPIES, TALKS, PUBLISHER = 200, 20, "Kompetenzzentrum für IKZ"
# Title, kind, task field, years of its versions.
WRITTEN = (
    ("Leitfaden Gemeinsamer Bauhof", MaterialKind.GUIDE, "Bauhof", ("2022", "2025")),
    ("Mustervertrag Standesamtsbezirk", MaterialKind.TEMPLATE_CONTRACT, "Standesamt", ("2023",)),
    ("Fragen und Antworten zur Förderung", MaterialKind.FAQ, "Fördermittelmanagement", ("2021", "2024")),
    ("Faltblatt: Zusammen geht mehr", MaterialKind.LEAFLET, "", ("2025",)),
)
SUMMARY = (
    "Die Partner erledigen die Aufgabe gemeinsam; Personal und Geräte stehen allen zur Verfügung. "
    "Vertretung im Urlaub ist seitdem gesichert, und größere Anschaffungen teilen sie sich."
)


def fill(talks: Iterable[Consultation], by: User) -> dict[str, int]:
    """Store it; give the numbers of what was made."""
    fields = {one.name: one.id for one in db.session.scalars(select(TaskField))}
    made = [_material(title, kind, fields.get(field), years, by) for title, kind, field, years in WRITTEN]
    _hand_out(made, [one for one in talks if one.state is ConsultationState.HELD], by)
    running = select(Cooperation).where(Cooperation.stage == Stage.RUNNING).order_by(Cooperation.id)
    released = [_example(group, by) for group in db.session.scalars(running.limit(2))]
    return {"Materialien": len(made), "Praxisbeispiele": len(released)}


def _material(title: str, kind: MaterialKind, field: int | None, years: Sequence[str], by: User) -> Material:
    """One with all its versions; of each printed copies came in."""
    values: dict[str, Any] = {"title": title, "kind": kind, "whose": Whose.OWN, "publisher": PUBLISHER}
    values["task_fields"] = [field] if field else []
    made = services.create(values | _version(years[0]), by)
    for year in years[1:]:
        services.add_version(made, _version(year), by)
    for version in made.versions:
        stock.book(version, Movement.IN, COPIES, by)
    return made


def _version(year: str) -> dict[str, Any]:
    return {"issued": year, "year_basis": YearBasis.STATED, "link": "https://kikz.example/materialien"}


def _hand_out(materials: Sequence[Material], talks: Iterable[Consultation], by: User) -> None:
    """Hand each in turn over in the last talks; every other turn it is an old version, if there is one."""
    before_today = [one for one in talks if one.held_on < today()]
    latest = sorted(before_today, key=lambda one: (one.held_on, one.id), reverse=True)[:TALKS]
    for number, talk in enumerate(latest):
        turn, which = divmod(number, len(materials))
        version = (min if turn % 2 else max)(materials[which].versions, key=_age)
        dispatches.hand_out(version, dispatches.in_talk(talk, 1), by)


def _age(version: MaterialVersion) -> int:
    return version.number


def _example(group: Cooperation, by: User) -> Any:
    values: dict[str, Any] = {
        "title": group.title, "summary": SUMMARY, "legal_form": group.legal_form, "saving_euros": 42_000,
        "saving_note": "im ersten vollen Jahr", "person_id": None, "documents": [],
    }  # fmt: skip
    return examples.release(group, values, by)
