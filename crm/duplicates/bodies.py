"""Bodies entered twice: found by name, website or address, and merged like people. Kommunen never are.

A merger of Kommunen is a succession in the register, not a double; only bodies of our own are taken here.
"""

from collections.abc import Hashable, Iterator
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit, records
from crm.bodies import services as bodies
from crm.bodies.models import BodyMember
from crm.consultations.models import Participation
from crm.cooperations.models import Partner
from crm.db import db
from crm.duplicates import scanning
from crm.duplicates.choosing import span, taken
from crm.duplicates.journal import Journal, locked
from crm.duplicates.likeness import Name, compare
from crm.duplicates.models import DistinctPair, Merge
from crm.duplicates.references import OF_BODIES
from crm.duplicates.scanning import Pair
from crm.duplicates.scoring import Known, Level, Verdict, is_of_office, known
from crm.errors import RuleBroken
from crm.organisations.models import Level as Standing
from crm.organisations.models import Organisation

# Words that say what kind of body it is, not which one.
COMMON = {"ev", "e", "v", "gmbh", "mbh", "ag", "zweckverband", "zv", "verband", "eg", "ggmbh"}  # fmt: skip


def body(number: int, name: str, website: str | None, email: str | None) -> Known:
    """Make what bodies are compared by; the website's host stands in the place of a mobile number."""
    host = urlsplit(website or "").netloc.removeprefix("www.").casefold()
    plain = known(number, name, [email])
    return Known(number, plain.words, mails=plain.mails, mobiles=frozenset([host] if host else []), name=name)


def core(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that say which body it is."""
    return tuple(word for word in words if word not in COMMON) or words


def score(one: Known, other: Known) -> Verdict | None:
    """Judge two bodies; None where nothing speaks for one."""
    hosts = one.mobiles & other.mobiles
    mails = {mail for mail in one.mails & other.mails if hosts or not is_of_office(mail)}
    reasons = ["same-mail"] * bool(mails) + ["same-website"] * bool(hosts)
    alike = compare(core(one.words), core(other.words))
    if one.words == other.words:
        return Verdict(Level.SURE, (*reasons, "name-same"))
    close = alike in (Name.LONGER, Name.NEAR, Name.ENDING)
    if alike is Name.SAME or close:
        level = Level.LIKELY if reasons or alike is Name.SAME else Level.POSSIBLE
        return Verdict(level, (*reasons, f"name-{alike.name.lower()}"))
    return Verdict(Level.POSSIBLE, tuple(reasons)) if reasons else None


def keys_of(one: Known) -> Iterator[Hashable]:
    """The keys of a body: pairs that `score` takes for one share at least one of them."""
    yield from (("host", host) for host in one.mobiles)
    yield from (("mail", mail) for mail in one.mails)
    yield "name", one.words
    yield from (("word", word) for word in core(one.words))
    yield "letters", "".join(sorted("".join(core(one.words))))


def read() -> list[Known]:
    """Read all bodies, in the order of their numbers."""
    query = select(Organisation.id, Organisation.name, Organisation.website, Organisation.email)
    query = query.where(Organisation.level == Standing.BODY).order_by(Organisation.id)
    return [body(*row) for row in db.session.execute(query)]


def pairs() -> list[Pair]:
    """Find all bodies likely to be entered twice, but for those said to be two."""
    decided = db.session.execute(select(DistinctPair.low_organisation_id, DistinctPair.high_organisation_id))
    apart = {(row[0], row[1]) for row in decided}
    found = scanning.pairs(read(), keys_of, score)
    return [one for one in found if (one.low, one.high) not in apart]


def alike(name: str, website: str | None = None, email: str | None = None) -> list[tuple[Known, Verdict]]:
    """Find bodies likely to be the one that is typed, the surest first."""
    typed = body(0, name, website, email)
    found = [(one, verdict) for one in read() if (verdict := score(one, typed))] if typed.words else []
    return sorted(found, key=lambda pair: (pair[1].level.rank, pair[0].id))[:5]


def both(low_id: int, high_id: int) -> list[Organisation]:
    """Load two bodies, in the order of their numbers; Kommunen are none."""
    query = select(Organisation).where(
        Organisation.id.in_((low_id, high_id)), Organisation.level == Standing.BODY
    )
    return list(db.session.scalars(query.order_by(Organisation.id)))


def merge_bodies(
    kept_id: int, lost_id: int, versions: dict[int, str], chosen: dict[str, str], by: Any
) -> Merge:
    """Make one of two bodies; `versions` and `chosen` are as with people. A counted day needs a reason."""
    if kept_id == lost_id:
        raise RuleBroken(_("Choose two different records."))
    kept, lost = locked(Organisation, (kept_id, lost_id), versions)
    _check(kept, lost)
    one, other = sorted((kept, lost), key=lambda body: body.id)
    values = taken(one, other, chosen) | span(one, other)
    merge = Merge(kept_organisation_id=kept.id, lost_organisation_id=lost.id, by_id=by.id)
    db.session.add(merge)
    journal, name = Journal(merge), values.pop("name")
    if name != kept.name:
        journal.change(kept.designations[-1], {"name": name, "official_name": name})
    journal.change(kept, values)
    bodies.describe(kept)
    audit.record("body.merged", kept, by, merge=(None, lost.id))
    _drop_same_members(journal, kept.id, lost.id)
    journal.move_all(OF_BODIES, kept.id, lost.id, set())
    records.remove([lost], by, "body.merged")
    return merge


def _check(kept: Organisation, lost: Organisation) -> None:
    """Refuse Kommunen, and what cannot become one without losing something."""
    if {kept.level, lost.level} != {Standing.BODY}:
        raise RuleBroken(
            _("Municipalities are not merged here. Their merger is a succession in the register.")
        )
    ids = (kept.id, lost.id)
    member = select(BodyMember.id).where(BodyMember.body_id.in_(ids), BodyMember.organisation_id.in_(ids))
    if db.session.scalar(member.limit(1)):
        raise RuleBroken(_("One is a member of the other. Take out that membership first."))
    if _shared(Participation.consultation_id, Participation.organisation_id, ids):
        raise RuleBroken(_("Both took part in the same talk. Take one of them out of that talk first."))
    if _shared(Partner.cooperation_id, Partner.organisation_id, ids):
        raise RuleBroken(_("Both are partners of the same cooperation. Take one of them out of it first."))


def _shared(where: Any, who: Any, ids: tuple[int, int]) -> bool:
    first, second = (select(where).where(who == number) for number in ids)
    return db.session.scalar(first.where(where.in_(second)).limit(1)) is not None


def _drop_same_members(journal: Journal, kept: int, lost: int) -> None:
    """Memberships of one pair never overlap: the kept body's own stays."""
    for side, other_side in (("body_id", "organisation_id"), ("organisation_id", "body_id")):
        rows = list(db.session.scalars(select(BodyMember).where(getattr(BodyMember, side).in_((kept, lost)))))
        own = [one for one in rows if getattr(one, side) == kept]
        for row in (one for one in rows if getattr(one, side) == lost):
            if any(getattr(one, other_side) == getattr(row, other_side) and _meet(one, row) for one in own):
                journal.drop(row)


def _meet(left: BodyMember, right: BodyMember) -> bool:
    starts = [one.valid_from for one in (left, right) if one.valid_from]
    ends = [one.valid_to for one in (left, right) if one.valid_to]
    return not starts or not ends or max(starts) <= min(ends)
