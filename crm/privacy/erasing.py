"""Empty for good what a case has sealed, and clean every place that names the person."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import delete, or_, select

from crm.audit import redact
from crm.consultations import queries as consultations
from crm.db import db
from crm.duplicates.models import DistinctPair, Merge, MergeMove
from crm.mail import attachments
from crm.mail.carriers import file_of
from crm.mail.models import OutgoingMail
from crm.naming import ERASED
from crm.privacy import cleaning, registry, sealing
from crm.privacy.holders import others_phones
from crm.privacy.linking import Subject, linked, rows_of, subject_of
from crm.privacy.models import Case, SealedValue
from crm.privacy.needles import Needles, needles_of
from crm.search import services as search
from crm.search.models import EntryKind

_NAMES = ("first_name", "last_name")


def needles_for(case: Case, last_name_too: bool) -> Needles:
    """By which words the person of a case is found in texts: none that others are reached by, too."""
    who = subject_of(case.person_id)
    found = needles_of([_marks(one, who) for one in _sealed(case)], last_name_too)
    phones = set(found.phones) - others_phones(who.ids, found.phones)
    contacts = set(found.contacts) - who.shared
    return replace(found, contacts=tuple(sorted(contacts)), phones=tuple(sorted(phones)))


def _marks(one: SealedValue, who: Subject) -> dict[str, Any]:
    """Give what a sealed row tells of addresses; names only from the person's own record."""
    own = one.table_name == "people" and one.row_id in who.ids
    return {name: value for name, value in one.sealed.items() if own or name not in _NAMES}


def empty_for_good(case: Case, needles: Needles) -> Counter[str]:
    """Erase what hangs on the person and every mention; give of each table how many rows it were."""
    who = subject_of(case.person_id)
    counts = sealing.seal(case, who)
    for one in _sealed(case):
        counts[one.table_name] += 1
        _name_erased(one)
    counts["outgoing_mails"] += _forget_mails(case)
    counts["merge_moves"] += _forget_merges(who)
    counts["audit_events"] += _redact(case, who)
    counts["sealed_values"] += _delete(SealedValue, SealedValue.case_id == case.id)
    say_anew(who)
    counts.update(cleaning.sweep(needles))
    return +counts


def say_anew(who: Subject) -> None:
    """Describe the talks that name somebody by number anew: in their texts nothing has changed."""
    talks = db.session.scalars(consultations.ids_naming(who.ids))
    search.refresh(EntryKind.CONSULTATION, talks)


def _sealed(case: Case) -> list[SealedValue]:
    query = select(SealedValue).where(SealedValue.case_id == case.id).order_by(SealedValue.id)
    return list(db.session.scalars(query))


def _name_erased(one: SealedValue) -> None:
    """Say “erased” instead of “restricted” where a name must stand."""
    entry = registry.ENTRIES[one.table_name]
    sealing.write(
        one.table_name,
        one.row_id,
        {column.name: sealing.emptied_value(column, ERASED) for column in sealing.own_columns(entry)},
    )


def _forget_mails(case: Case) -> int:
    """Take away what hangs on mails to the person, and those of them that lie as files."""
    mine = select(SealedValue.row_id).where(
        SealedValue.case_id == case.id, SealedValue.table_name == "outgoing_mails"
    )
    mails = select(OutgoingMail.message_id).where(OutgoingMail.id.in_(mine))
    folder, done = Path(current_app.config["MAIL_FOLDER"]), 0
    for one in db.session.scalars(mails):
        file = file_of(folder, one)
        done += file.is_file()
        file.unlink(missing_ok=True)
    attachments.drop_of_emptied()
    return done


def _forget_merges(who: Subject) -> int:
    """Forget what merges with doubles of the person remember: they cannot be undone any more."""
    mine = select(Merge.id).where(or_(Merge.kept_person_id.in_(who.ids), Merge.lost_person_id.in_(who.ids)))
    pairs = or_(DistinctPair.low_person_id.in_(who.ids), DistinctPair.high_person_id.in_(who.ids))
    return _delete(MergeMove, MergeMove.merge_id.in_(mine)) + _delete(DistinctPair, pairs)


def _redact(case: Case, who: Subject) -> int:
    """Leave in the protocol that something happened to the rows, and not what."""
    done, sealed = 0, _sealed(case)
    for entry in linked():
        also = {one.row_id for one in sealed if one.table_name == entry.table}
        rows = [row["id"] for row in rows_of(entry, who, also)]
        done += redact(entry.table, rows) if rows else 0
    return done


def _delete(model: Any, condition: Any) -> int:
    done: Any = db.session.execute(
        delete(model).where(condition).execution_options(synchronize_session=False)
    )
    return int(done.rowcount)
