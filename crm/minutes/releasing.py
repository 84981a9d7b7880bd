"""Release minutes: kept word for word, filed as a paper on the talk, sent to those who took part."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from crm import audit
from crm.consultations.models import Consultation
from crm.db import db, now
from crm.documents.models import Document
from crm.documents.queries import versions
from crm.documents.services import in_confidence, told
from crm.documents.sniffing import PDF
from crm.errors import RuleBroken
from crm.i18n import day
from crm.minutes import letters, queries
from crm.minutes.checking import refuse_gaps, refuse_open, summary
from crm.minutes.facts import public_part
from crm.minutes.kinds import CheckAnswer, MinutesState
from crm.minutes.models import Minutes, MinutesCheck, MinutesRelease
from crm.minutes.people import Reader
from crm.minutes.services import refuse_fixed, refuse_unfit, tick_off
from crm.minutes.sheets import LANGUAGE, Content, content_of, sheet_of
from crm.office.models import Office
from crm.papers import Paper


@dataclass(frozen=True)
class Ready:
    """What is released, read before it is typeset: the paper, what is kept, and from which version."""

    minutes_id: int
    version: int
    edition: int
    paper: Paper
    content: Content
    file_name: str


def next_edition(minutes: Minutes) -> int:
    """The number of the edition that would be released now."""
    query = select(func.max(MinutesRelease.edition)).where(MinutesRelease.minutes_id == minutes.id)
    return (db.session.scalar(query) or 0) + 1


def prepare(minutes: Minutes, issuer: Office, reason: str | None) -> Ready:
    """Read all that is released; typesetting comes after it and without a transaction. Raises RuleBroken."""
    refuse_fixed(minutes)
    refuse_unfit(minutes.consultation)
    refuse_gaps(minutes)
    checks, edition = queries.checks(minutes), next_edition(minutes)
    refuse_open(checks)
    if edition > 1 and not reason:
        raise RuleBroken(_("Say in a few words what was corrected."), "reason")
    public, more = public_part(minutes.consultation, issuer), about(minutes, checks, edition)
    return Ready(
        minutes.id, minutes.version, edition,
        sheet_of(content_of(minutes, public, more, kept=False)).paper(issuer),
        content_of(minutes, public, more, kept=True), file_name(minutes.consultation, edition),
    )  # fmt: skip


@force_locale(LANGUAGE)
def about(minutes: Minutes, checks: list[MinutesCheck], edition: int) -> list[tuple[str, str]]:
    """Say how minutes were checked, and of a correction which edition it is."""
    found = [(_("Version"), str(edition))] if edition > 1 else []
    if checks and minutes.over_at:
        words = summary(checks)
        if minutes.silence_agrees and any(one.answer is CheckAnswer.SILENT for one in checks):
            words = _("%(result)s; as announced, silence counts as agreement", result=words)
        found.append((_("Checked with"), _("%(result)s (until %(day)s)", result=words, day=_until(minutes))))
    return found


def _until(minutes: Minutes) -> str:
    return day(minutes.deadline_on)


def file_name(talk: Consultation, edition: int) -> str:
    """Name the file: Protokoll-2026-11-22-Cölbe-u-a-Fassung-2.pdf."""
    first, *others = talk.places
    place = re.sub(r"\W+", "-", first).strip("-")[:60]
    version = f"-Fassung-{edition}" if edition > 1 else ""
    return f"Protokoll-{talk.held_on:%Y-%m-%d}-{place}{'-u-a' if others else ''}{version}.pdf"


def release(ready: Ready, pdf: bytes, reason: str | None, readers: list[Reader], by: Any) -> MinutesRelease:
    """Release what was read and typeset, if nothing changed meanwhile. Raises RuleBroken."""
    minutes = queries.hold(ready.minutes_id)
    if minutes.version != ready.version:
        raise RuleBroken(_("Somebody changed these minutes meanwhile. Look at them once more."))
    refuse_unfit(minutes.consultation)
    made = MinutesRelease(
        minutes_id=minutes.id, edition=ready.edition, content=ready.content, reason=reason,
        released_at=now(), released_by_id=by.id, released_by_name=by.name,
        document_id=_file(minutes, ready, pdf, by).id,
    )  # fmt: skip
    made.digest = digest_of(made)
    db.session.add(made)
    minutes.state, minutes.deadline_on = MinutesState.RELEASED, None
    tick_off(minutes, by)
    audit.record("minutes.released", minutes, by, edition=(None, ready.edition))
    letters.send_released(made, readers, ready.file_name, pdf)
    return made


def _file(minutes: Minutes, ready: Ready, pdf: bytes, by: Any) -> Document:
    """Put the paper on the talk; a correction is the next version of the paper before."""
    talk, before = minutes.consultation, _newest(queries.releases(minutes.id))
    made = Document(
        file_name=ready.file_name, media_type=PDF.media_type, size=len(pdf), content=pdf,
        uploaded_by_id=by.id, consultation_id=talk.id, previous_id=before.id if before else None,
        confidential=in_confidence(talk) or (before is not None and before.confidential),
    )  # fmt: skip
    db.session.add(made)
    if before:
        # The index leaves it out from now on.
        before.updated_at = now()
    db.session.flush()
    audit.record("document.attached", talk, by, documents=(None, told(made)))
    return made


def _newest(before: list[MinutesRelease]) -> Document | None:
    """The paper that a correction replaces, or the file that somebody put in its place."""
    return versions(before[0].document)[0] if before else None


def digest_of(release: MinutesRelease) -> str:
    """The SHA-256 over all that is kept of a release; PostgreSQL gives moments in the zone of its server."""
    text = json.dumps(
        [
            release.minutes_id, release.edition, release.content, release.reason, release.released_by_id,
            release.released_by_name, release.released_at.astimezone(UTC).isoformat(), release.document_id,
        ],
        ensure_ascii=False,
        sort_keys=True,
    )  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()
