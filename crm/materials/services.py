"""What is done with materials: entered with a first version, revised, given a file. Nothing is deleted."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crm import audit, folding
from crm.db import db
from crm.documents import services as documents
from crm.errors import RuleBroken
from crm.materials import queries
from crm.materials.kinds import YearBasis
from crm.materials.models import Material, MaterialVersion
from crm.task_fields.models import TaskField

VERSION = ("label", "issued", "year_basis", "valid_from", "valid_to", "link", "source")


def create(values: dict[str, Any], by: Any, upload: Any = None) -> Material:
    """Enter a material with its first version and, if there is one, its file; raises RuleBroken."""
    of_version, of_material = _parted(values)
    fields = of_material.pop("task_fields", ())
    material = Material(**of_material | _searched(of_material))
    material.task_fields = _fields(fields)
    db.session.add(material)
    audit.record("material.created", material, by)
    add_version(material, of_version, by, upload)
    return material


def change(material: Material, values: dict[str, Any], by: Any) -> None:
    """Change what holds for all versions."""
    fields = _fields(values.pop("task_fields", ()))
    before = [one.name for one in material.task_fields]
    for name, value in (values | _searched(values)).items():
        if getattr(material, name) != value:
            setattr(material, name, value)
    after = [one.name for one in fields]
    said = {}
    if set(after) != set(before):
        material.task_fields = fields
        said["task_fields"] = (sorted(before), sorted(after))
    if said or audit.difference(material):
        audit.record("material.changed", material, by, **said)


def add_version(material: Material, values: dict[str, Any], by: Any, upload: Any = None) -> MaterialVersion:
    """Enter the next version; the ones before are outdated from now on. Raises RuleBroken."""
    _check(values)
    db.session.flush()
    made = MaterialVersion(material_id=material.id, number=queries.next_number(material.id), **values)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        raise RuleBroken(_("A colleague has entered a version just now. Look at it first.")) from None
    db.session.expire(material, ["versions"])
    audit.record("material.version-added", material, by, version_of=(None, made.called))
    if upload:
        put_file(made, upload, by)
    return made


def change_version(version: MaterialVersion, values: dict[str, Any], by: Any) -> None:
    """Correct what is said of a version."""
    _check(values)
    called = version.called
    for name, value in values.items():
        if getattr(version, name) != value:
            setattr(version, name, value)
    if found := audit.difference(version):
        plain = {name: (old, new) for name, (old, new) in found.items()}
        db.session.flush()
        said = plain | {"version_of": (called, version.called)}
        audit.record("material.version-changed", version.material, by, **said)


def put_file(version: MaterialVersion, upload: Any, by: Any) -> None:
    """Give a version its file; the one before, a wrong one, goes for good. Raises RuleBroken."""
    held = select(MaterialVersion.id).where(MaterialVersion.id == version.id).with_for_update()
    db.session.execute(held)
    if (before := queries.file_of(version.id)) is not None:
        documents.remove(before, version.material, by)
    documents.attach(upload, version.material, by, material_version_id=version.id)
    db.session.expire(version, ["document"])


def _parted(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    of_version = {name: values[name] for name in VERSION if name in values}
    return of_version, {name: value for name, value in values.items() if name not in VERSION}


def _fields(ids: Any) -> list[TaskField]:
    return list(db.session.scalars(select(TaskField).where(TaskField.id.in_(ids)))) if ids else []


def _searched(values: dict[str, Any]) -> dict[str, Any]:
    """How a material is found and sorted."""
    parts = (values.get(name) for name in ("title", "series", "publisher"))
    return {"search_text": folding.search_text(*parts), "sort_key": folding.sort_key(values["title"])[:400]}


def _check(values: dict[str, Any]) -> None:
    first, last = values.get("valid_from"), values.get("valid_to")
    if first and last and last < first:
        raise RuleBroken(_("The last day lies before the first day."), "valid_to")
    if (values.get("year_basis") is YearBasis.UNKNOWN) != (not values.get("issued")):
        message = _("Enter when it appeared, or choose “year not known”; one of the two.")
        raise RuleBroken(message, "issued")
