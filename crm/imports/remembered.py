"""What the columns of lists mean as somebody chose it: kept by kind and headings, for the next one."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from crm.db import db, now
from crm.folding import fold
from crm.imports.mapping import Mapping
from crm.imports.models import ImportMapping
from crm.labels import Labelled


def wishes(kind: str, header: Sequence[str], fields: type[Labelled]) -> dict[int, Labelled | None]:
    """The meanings chosen for a list with these headings; empty where nobody chose any."""
    kept = _kept(kind, header)
    known = {one.value: one for one in fields}
    return {
        int(place): known.get(value or "")
        for place, value in (kept.meanings if kept is not None else {}).items()
        if value is None or value in known
    }


def keep(kind: str, columns: Mapping[Any], by: Any) -> None:
    """Keep what the columns of a list mean, those that are left out, too."""
    meanings = {
        str(place): columns.meanings[place].value if place in columns.meanings else None
        for place in range(len(columns.header))
    }
    kept = _kept(kind, columns.header)
    if kept is None:
        kept = ImportMapping(kind=kind, header=_mark(columns.header))
        db.session.add(kept)
    if kept.meanings != meanings:
        kept.meanings, kept.at, kept.by_id = meanings, now(), getattr(by, "id", None)
    db.session.flush()


def _kept(kind: str, header: Sequence[str]) -> ImportMapping | None:
    query = select(ImportMapping).where(ImportMapping.kind == kind, ImportMapping.header == _mark(header))
    return db.session.scalar(query)


def _mark(header: Sequence[str]) -> str:
    plain = "\x1f".join(fold(name) or name for name in header)
    return hashlib.sha256(plain.encode()).hexdigest()
