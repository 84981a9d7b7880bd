"""Empty for good what a case has sealed, and clean every place that names the person."""

from collections import Counter
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
from crm.privacy.linking import Subject, linked, rows_of, subject_of
from crm.privacy.models import Case, SealedValue
from crm.privacy.needles import Needles, needles_of
from crm.register.models import WaitingFile
from crm.search import services as search
from crm.search.models import EntryKind


def needles_for(case: Case, last_name_too: bool) -> Needles:
    """By which words the person of a case is found in texts."""
    rows = [one.sealed for one in _sealed(case)]
    return needles_of(rows, last_name_too)


def addresses_of(case: Case) -> set[str]:
    """Mail addresses that were sealed."""
    return {
        one.sealed[name] for one in _sealed(case) for name in ("email", "recipient") if one.sealed.get(name)
    }


def empty_for_good(case: Case, needles: Needles) -> Counter[str]:
    """Erase what hangs on the person and every mention; give of each table how many rows it were."""
    who = subject_of(case.person_id, addresses_of(case))
    counts = sealing.seal(case, who)
    for one in _sealed(case):
        counts[one.table_name] += 1
        _name_erased(one)
    counts["outgoing_mails"] += _forget_mails(who)
    counts["merge_moves"] += _forget_merges(who)
    counts["waiting_files"] += _delete(WaitingFile, WaitingFile.id.is_not(None))
    counts["audit_events"] += _redact(who)
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


def _forget_mails(who: Subject) -> int:
    """Take away what hangs on mails to the person, and the mails that lie as files."""
    mails = [row["message_id"] for row in rows_of(registry.ENTRIES["outgoing_mails"], who)]
    emptied = select(OutgoingMail.message_id).where(OutgoingMail.recipient == "")
    folder, done = Path(current_app.config["MAIL_FOLDER"]), 0
    for one in {*mails, *db.session.scalars(emptied)}:
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


def _redact(who: Subject) -> int:
    """Leave in the protocol that something happened to the rows, and not what."""
    done = 0
    for entry in linked():
        rows = [row["id"] for row in rows_of(entry, who)]
        done += redact(entry.table, rows) if rows else 0
    return done


def _delete(model: Any, condition: Any) -> int:
    done: Any = db.session.execute(
        delete(model).where(condition).execution_options(synchronize_session=False)
    )
    return int(done.rowcount)
