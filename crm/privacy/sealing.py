"""A restricted person is not hidden but taken out: what is personal lies sealed with the case.

So no list, file or index can show it, whoever wrote the list. Lifting the restriction puts it back.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, select, update

from crm.consultations.models import Participation, ParticipationPerson
from crm.db import db
from crm.duplicates.rows import pack, unpack
from crm.events.models import ProgrammeItem
from crm.folding import fold
from crm.follow_ups.models import FollowUp
from crm.mail.models import OPEN, MailState, OutgoingMail
from crm.naming import RESTRICTED
from crm.privacy import ageing, registry
from crm.privacy.linking import Subject, linked, rows_of, subject_of
from crm.privacy.models import Case, SealedValue
from crm.privacy.terms import Column, Entry, Erase
from crm.registrations.models import Registration
from crm.search import services as search
from crm.search.models import EntryKind


def seal(case: Case, who: Subject) -> Counter[str]:
    """Take what is personal out of every row about somebody; give of each table how many rows it were."""
    _drop_mails(who)
    counts: Counter[str] = Counter()
    for entry in linked():
        for row in rows_of(entry, who):
            counts[entry.table] += _seal_row(case, entry, row)
    db.session.flush()
    describe_anew(who)
    return +counts


def _seal_row(case: Case, entry: Entry, row: dict[str, Any]) -> int:
    emptied = {one.name: emptied_value(one, RESTRICTED) for one in own_columns(entry)}
    full = {name: row[name] for name, value in emptied.items() if row[name] not in (None, "", value)}
    if not full:
        return 0
    kept = {name: pack(value) for name, value in full.items()}
    db.session.add(SealedValue(case_id=case.id, table_name=entry.table, row_id=row["id"], sealed=kept))
    write(entry.table, row["id"], {name: emptied[name] for name in full})
    return 1


def unseal(case: Case) -> None:
    """Put everything back where it stood, but where somebody has written something new meanwhile.

    What retention has let go of meanwhile, or would, does not come back.
    """
    ageing.forget_past(case)
    for one in case.values:
        table = registry.table_of(one.table_name)
        row = db.session.execute(select(table).where(table.c.id == one.row_id)).mappings().one_or_none()
        if row is not None and not row.get("forgotten_at"):
            write(one.table_name, one.row_id, _back(one, dict(row)))
    case.values.clear()
    db.session.flush()
    describe_anew(subject_of(case.person_id))


def _back(one: SealedValue, row: dict[str, Any]) -> dict[str, Any]:
    """Give the values that return to a row."""
    table = registry.table_of(one.table_name)
    columns = {column.name: column for column in own_columns(registry.ENTRIES[one.table_name])}
    back = {
        name: unpack(table.c[name].type, value)
        for name, value in one.sealed.items()
        if row[name] == emptied_value(columns[name], RESTRICTED)
    }
    if one.table_name == "registrations" and "address_key" in back:
        # Who registered again meanwhile has the address there now; an event knows each only once.
        others = Registration.event_id == row["event_id"], Registration.address_key == back["address_key"]
        if db.session.scalar(select(Registration.id).where(*others).limit(1)):
            del back["address_key"]
    return back


def describe_anew(who: Subject) -> None:
    """Make the entries of the index anew that name somebody: rows were changed past the session."""
    people = ParticipationPerson.person_id.in_(who.ids)
    of_kinds = {
        EntryKind.PERSON: who.ids,
        EntryKind.CONSULTATION: _numbers(
            select(Participation.consultation_id).join(ParticipationPerson).where(people)
        ),
        EntryKind.FOLLOW_UP: _numbers(select(FollowUp.id).where(FollowUp.person_id.in_(who.ids))),
        EntryKind.EVENT: _numbers(select(ProgrammeItem.event_id).where(ProgrammeItem.person_id.in_(who.ids))),
    }
    # Always in the same order, so that two transactions never wait for each other.
    for kind in EntryKind:
        search.refresh(kind, of_kinds.get(kind, ()))


def _numbers(query: Any) -> set[int]:
    return set(db.session.scalars(query.execution_options(include_removed=True)))


def own_columns(entry: Entry) -> Iterator[Column]:
    """Give the columns of a table that are emptied where a row is about the person."""
    return (one for one in entry.columns if one.erase in (Erase.BLANK, Erase.NAME))


def emptied_value(column: Column, words: str) -> Any:
    """Give what stands in a column instead of what was personal."""
    stored = registry.table_of(column.table).c[column.name]
    if column.erase is Erase.NAME:
        return fold(words) if column.name in ("sort_key", "search_text") else words
    return None if stored.nullable else ""


def write(name: str, number: int, values: dict[str, Any]) -> None:
    """Change a row past the session, but not past its version: whoever has it open must see it."""
    if not values:
        return
    table = registry.table_of(name)
    db.session.execute(update(table).where(table.c.id == number).values(**values, **next_version(table)))


def next_version(table: Table) -> dict[str, Any]:
    """Give what counts the version of a row up, where rows have one."""
    return {"version": table.c.version + 1} if "version" in table.c else {}


def _drop_mails(who: Subject) -> None:
    """Send nothing any more that still waits."""
    mails = [row["id"] for row in rows_of(registry.ENTRIES["outgoing_mails"], who)]
    waiting = update(OutgoingMail).where(OutgoingMail.id.in_(mails), OutgoingMail.state.in_(OPEN))
    db.session.execute(waiting.values(state=MailState.DROPPED).execution_options(synchronize_session="fetch"))
