"""Keep the index in step with the records. Callers commit."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from flask_babel import force_locale
from sqlalchemy import delete, inspect, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.cooperations.models import Cooperation
from crm.db import chunks, db, now, today
from crm.documents.models import Document
from crm.events.models import Event
from crm.follow_ups.models import FollowUp
from crm.materials.models import Material
from crm.organisations.models import Organisation
from crm.search import files, happenings, papers, people, work
from crm.search.making import Made
from crm.search.models import EntryKind, SearchEntry, SearchText, SearchUse

KINDS: dict[EntryKind, tuple[Any, Callable[[Sequence[int]], list[Made]]]] = {
    EntryKind.ORGANISATION: (Organisation, people.organisations),
    EntryKind.PERSON: (Person, people.people),
    EntryKind.COOPERATION: (Cooperation, work.groups),
    EntryKind.EVENT: (Event, happenings.events),
    EntryKind.CONSULTATION: (Consultation, work.talks),
    EntryKind.FOLLOW_UP: (FollowUp, work.promises),
    EntryKind.DOCUMENT: (Document, files.documents),
    EntryKind.MATERIAL: (Material, papers.materials),
}
AT_ONCE, MOST_USES = 200, 50
_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def refresh(kind: EntryKind, ids: Iterable[int]) -> None:
    """Make the entries of some records anew; those of records that are gone or in the trash go, too."""
    for chunk in chunks(sorted(set(ids)), AT_ONCE):
        _hold(kind, chunk)
        made = _described(kind, chunk)
        gone = set(chunk) - {one.record_id for one in made}
        if gone:
            mine = (SearchEntry.kind == kind) & SearchEntry.record_id.in_(gone)
            db.session.execute(delete(SearchEntry).where(mine), execution_options=_QUIET)
        if made:
            _write(made)


# The session holds no entries that it would have to be told of.
_QUIET = {"synchronize_session": False}


def _hold(kind: EntryKind, ids: Sequence[int]) -> None:
    """Wait for whoever is making these entries, so that what is read then is not older than theirs."""
    if db.engine.dialect.name == "postgresql":
        mine = select(SearchEntry.id).where(SearchEntry.kind == kind, SearchEntry.record_id.in_(ids))
        db.session.execute(mine.order_by(SearchEntry.record_id).with_for_update())


def _described(kind: EntryKind, ids: Sequence[int]) -> list[Made]:
    with force_locale("de"):
        return KINDS[kind][1](ids)


def _write(made: list[Made]) -> None:
    """Store entries and their texts, new or not, but never an older version over a newer one."""
    made = sorted(made, key=lambda one: one.record_id)
    rows = _upsert(SearchEntry, [one.entry() for one in made], ("kind", "record_id"), by_version=True)
    returned = db.session.execute(rows.returning(SearchEntry.id, SearchEntry.record_id))
    numbers = {record: number for number, record in returned}
    written = [one for one in made if one.record_id in numbers]
    texts = [{"entry_id": numbers[one.record_id], **one.texts()} for one in written]
    if texts:
        db.session.execute(_upsert(SearchText, texts, ("entry_id",)))


def _upsert(model: Any, rows: list[dict[str, Any]], key: tuple[str, ...], by_version: bool = False) -> Any:
    database = db.engine.dialect.name
    query = _INSERTS[database](model).values(rows)
    fresh = {name: query.excluded[name] for name in rows[0] if name not in key}
    # SQLite has one writer at a time, and gives the numbers of deleted rows away again.
    newer = model.record_version <= query.excluded.record_version if by_version else None
    where = newer if database == "postgresql" else None
    return query.on_conflict_do_update(index_elements=key, set_=fresh, where=where)


def behind(kind: EntryKind) -> set[int]:
    """Numbers of records of a kind whose entry is missing, is of another version, or outlived them."""
    model, _describe = KINDS[kind]
    of_kind = (SearchEntry.kind == kind) & (SearchEntry.record_id == model.id)
    stale = or_(
        SearchEntry.id.is_(None),
        SearchEntry.record_version != model.version,
        SearchEntry.renew_on <= today(),
    )
    changed = select(model.id).outerjoin(SearchEntry, of_kind).where(stale)
    orphaned = select(SearchEntry.record_id).where(
        SearchEntry.kind == kind, SearchEntry.record_id.not_in(select(model.id))
    )
    found = set(db.session.scalars(changed)) | set(db.session.scalars(orphaned))
    return found - homeless(kind, found)


def homeless(kind: EntryKind, ids: set[int]) -> set[int]:
    """Those of these documents that were replaced or hang on something in the trash: they need no entry."""
    if kind is not EntryKind.DOCUMENT or not ids:
        return set()
    known = select(SearchEntry.record_id).where(SearchEntry.kind == kind, SearchEntry.record_id.in_(ids))
    made = {one.record_id for chunk in chunks(sorted(ids), AT_ONCE) for one in _described(kind, chunk)}
    return ids - made - set(db.session.scalars(known))


def rebuild() -> Iterator[EntryKind]:
    """Make the whole index anew, some hundred records at a time; give the kind after each of them.

    The caller commits in between: nobody else could write meanwhile.
    """
    for kind, (model, _describe) in KINDS.items():
        ids = set(db.session.scalars(select(model.id)))
        ids |= set(db.session.scalars(select(SearchEntry.record_id).where(SearchEntry.kind == kind)))
        for chunk in chunks(sorted(ids), AT_ONCE):
            refresh(kind, chunk)
            yield kind


def out_of_step() -> dict[EntryKind, list[int]]:
    """Compare every entry with its record; give the numbers of those that differ, by kind."""
    found = {}
    for kind, (model, _describe) in KINDS.items():
        ids = set(db.session.scalars(select(model.id)))
        known = select(SearchEntry.record_id).where(SearchEntry.kind == kind)
        ids |= set(db.session.scalars(known))
        wrong = [number for chunk in chunks(sorted(ids), AT_ONCE) for number in _different(kind, chunk)]
        if wrong:
            found[kind] = wrong
    return found


def _different(kind: EntryKind, ids: Sequence[int]) -> list[int]:
    made = {one.record_id: one.entry() | one.texts() for one in _described(kind, ids)}
    query = (
        select(SearchEntry, SearchText.plain, SearchText.folded)
        .join(SearchText, SearchText.entry_id == SearchEntry.id)
        .where(SearchEntry.kind == kind, SearchEntry.record_id.in_(ids))
    )
    stored = {}
    columns = [one.key for one in inspect(SearchEntry).column_attrs if one.key != "id"]
    for entry, plain, folded in db.session.execute(query):
        own = {name: getattr(entry, name) for name in columns}
        stored[entry.record_id] = own | {"plain": plain, "folded": folded}
    return [number for number in ids if made.get(number) != stored.get(number)]


def forget_old_words() -> int:
    """Let no piece of a word that was changed or erased stay in the index of SQLite; give the steps done.

    A row that is changed leaves the old trigrams behind until the pieces of the index are joined.
    """
    if db.engine.dialect.name != "sqlite":
        return 0
    db.session.execute(text("INSERT INTO search_fts(search_fts) VALUES ('optimize')"))
    return 1


def note_use(user_id: int, kind: EntryKind, record_id: int) -> None:
    """Note that somebody opened a hit; of long ago nothing is kept."""
    row = {"user_id": user_id, "kind": kind, "record_id": record_id, "used_at": now()}
    db.session.execute(_upsert(SearchUse, [row], ("user_id", "kind", "record_id")))
    mine = select(SearchUse.id).where(SearchUse.user_id == user_id)
    kept = mine.order_by(SearchUse.used_at.desc(), SearchUse.id.desc()).limit(MOST_USES)
    forgotten = (SearchUse.user_id == user_id) & SearchUse.id.not_in(kept)
    db.session.execute(delete(SearchUse).where(forgotten), execution_options=_QUIET)
