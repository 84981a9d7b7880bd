"""Materials in the words of the index: one entry each, with the words of the files of all its versions."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.db import db, today
from crm.documents.models import Document
from crm.folding import fold
from crm.materials.models import Material, MaterialVersion
from crm.search.making import Made, said, turning
from crm.search.models import DocumentText, EntryKind


def materials(ids: Sequence[int]) -> list[Made]:
    """Describe materials; what stands in a confidential file is not among it."""
    texts = _texts(ids)
    query = select(Material).where(Material.id.in_(ids))
    query = query.options(selectinload(Material.versions), selectinload(Material.task_fields))
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return [_material(one, texts[one.id]) for one in found]


def _texts(ids: Sequence[int]) -> dict[int, list[str]]:
    """The words of the files of some materials, the newest version first."""
    query = (
        select(MaterialVersion.material_id, Document.file_name, DocumentText.plain)
        .join(Document, Document.material_version_id == MaterialVersion.id)
        .outerjoin(DocumentText, DocumentText.document_id == Document.id)
        .where(MaterialVersion.material_id.in_(ids), Document.confidential.is_(False))
        .order_by(MaterialVersion.number.desc(), Document.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for material_id, name, plain in db.session.execute(query):
        found[material_id] += [name, plain or ""]
    return found


def _material(one: Material, texts: list[str]) -> Made:
    fields = " ".join(field.name for field in one.task_fields)
    newest = one.newest if one.versions else None
    gone = _("not handed out any more") if one.is_withdrawn else ""
    parts: list[Any] = [one.kind.label, newest and newest.called, newest and newest.appeared, gone]
    about = fold(f"{fields} {one.series or ''} {one.publisher or ''} {one.kind.label}")
    named = [part for version in one.versions for part in (version.label, version.link, version.source)]
    return Made(
        EntryKind.MATERIAL, one.id, one.version, one.title,
        " · ".join(str(part) for part in parts if part),
        weight=int(one.is_withdrawn), task_fields=[field.id for field in one.task_fields],
        names=[one.title], context=about, text=said(one.note, *named, *texts), sort_key=one.sort_key,
        renew_on=turning(today(), [one.withdrawn_on], []),
    )  # fmt: skip


def held_by(document_id: int) -> list[int]:
    """Numbers of the materials one of whose versions has this file."""
    query = select(MaterialVersion.material_id).join(
        Document, Document.material_version_id == MaterialVersion.id
    )
    return list(db.session.scalars(query.where(Document.id == document_id)))
