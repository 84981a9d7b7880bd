"""The way out: restrict, offer to the archive, hear its decision, erase; or lift the restriction."""

from typing import Any

from flask_babel import gettext as _

from crm import audit, records
from crm.contacts import services as contacts
from crm.contacts.models import Person
from crm.db import db, now
from crm.errors import RuleBroken
from crm.privacy import journal, queries, sealing
from crm.privacy.erasing import empty_for_good, needles_for, say_anew
from crm.privacy.linking import numbers_of, subject_of
from crm.privacy.models import Case, CaseState

ON_REQUEST, AFTER_SILENCE, REPLAYED = "released", "silence", "replayed"


def restrict(person: Person, because: str, by: Any) -> Case:
    """Take somebody out of sight; refuses where that is done already."""
    if queries.case_of(person.id) is not None:
        raise RuleBroken(_("The person is restricted or erased already."))
    case = Case(
        person_id=person.id, restricted_at=now(), restricted_because=because,
        restricted_by_id=getattr(by, "id", None),
    )  # fmt: skip
    db.session.add(case)
    if person.removed_at is None:
        records.remove([person, *person.functions], by, "person.removed")
    audit.record("privacy.restricted", case, by)
    who = subject_of(person.id)
    case.counts = dict(sealing.seal(case, who))
    say_anew(who)
    _forget_loaded(case)
    return case


def lift(case: Case, by: Any) -> None:
    """Put somebody back where they were; raises RuleBroken where another leads there by now.

    Who lay in the trash before the restriction lies there again.
    """
    _check(case, CaseState.RESTRICTED, CaseState.OFFERED)
    sealing.unseal(case)
    case.state, case.lifted_at, case.lifted_by_id = CaseState.LIFTED, now(), getattr(by, "id", None)
    audit.record("privacy.lifted", case, by)
    _forget_loaded(case)
    person = queries.person(case.person_id)
    # A restricted person cannot be removed: what is not older than the restriction was done by it.
    if person is not None and person.removed_at is not None and person.removed_at >= case.restricted_at:
        contacts.restore_person(person, by)
        contacts.name_anew(person)


def offer(cases: list[Case], by: Any) -> None:
    """Note that the archive was offered what is kept about some people; from today it has six months."""
    for case in cases:
        _check(case, CaseState.RESTRICTED)
        case.state, case.offered_at, case.offered_by_id = CaseState.OFFERED, now(), getattr(by, "id", None)
        audit.record("privacy.offered", case, by)


def release(case: Case, decision: str, by: Any) -> None:
    """Note that the archive has decided: it does not take it, or has taken its copy."""
    _check(case, CaseState.OFFERED)
    case.released_at, case.released_by_id, case.decision = now(), getattr(by, "id", None), decision
    audit.record("privacy.released", case, by)


def erase(case: Case, last_name_too: bool, because: str, by: Any) -> None:
    """Erase somebody for good, in the caller's transaction; raises RuleBroken with all that forbids it."""
    _check(case, CaseState.OFFERED)
    if not queries.may_be_erased(case):
        day = queries.silent_until(case)
        raise RuleBroken(
            _("The archive has not decided yet, and has time until %(day)s.", day=f"{day:%d.%m.%Y}")
        )
    naming = queries.documents_naming(needles_for(case, last_name_too))
    obstacles = queries.obstacles(numbers_of(case.person_id), naming)
    if obstacles:
        raise RuleBroken(" ".join([_("Not erased."), *obstacles]))
    case.rule = ON_REQUEST if case.released_at else AFTER_SILENCE
    case.erased_because = because
    finish(case, last_name_too, by)


def finish(case: Case, last_name_too: bool, by: Any) -> None:
    """Empty everything and write the protocol: numbers, no names."""
    case.last_name_too = last_name_too
    case.hashes = journal.hashes_of(case)
    counts = empty_for_good(case, needles_for(case, last_name_too))
    db.session.refresh(case)
    case.state, case.erased_at, case.erased_by_id = CaseState.ERASED, now(), getattr(by, "id", None)
    case.counts = dict(counts)
    audit.record("privacy.erased", case, by)
    _forget_loaded(case)


def _check(case: Case, *states: CaseState) -> None:
    if case.state not in states:
        raise RuleBroken(_("This step was done already, or another one comes first. Open the case anew."))


def _forget_loaded(case: Case) -> None:
    """Rows were changed past the session: it must read them again."""
    db.session.flush()
    db.session.expire_all()
    db.session.refresh(case)
