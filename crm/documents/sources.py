"""What a document hangs on, in words and with its page: a resolution, an event, a talk, a group, a place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from crm.access import Permission
from crm.audit import AuditEvent
from crm.consultations import queries as consultations
from crm.cooperations.models import Cooperation, Partner
from crm.db import db
from crm.documents import queries
from crm.documents.models import OWNERS, Document
from crm.events.models import Event
from crm.funding.models import Application, Paper
from crm.history import KEPT_BACK
from crm.i18n import day
from crm.organisations.models import Level, Organisation
from crm.resolutions.models import Resolution
from crm.resolutions.services import in_words


@dataclass(frozen=True)
class Place:
    """Where a file hangs: whose history tells of it, in words, the page it is on, the column, who may write.

    `crumb` is name and address of the list above; `listed` and `adds` are those of the list of its documents
    and of the form for one more, if it has such a list.
    """

    owner: Any
    title: str
    words: str
    url: str
    column: dict[str, int]
    crumb: tuple[str, str]
    listed: str = ""
    adds: str = ""
    writes: Permission = Permission.WRITE_DOCUMENTS

    @property
    def of_event(self) -> bool:
        """Tell whether it hangs on an event."""
        return "event_id" in self.column

    @property
    def is_confidential(self) -> bool:
        """Tell whether everything that hangs on it is confidential."""
        return getattr(self.owner, "confidential", False)


def _of_group(group: Cooperation, words: str, url: str, **column: int) -> Place:
    crumb = _("Cooperations"), url_for("cooperations.index")
    return Place(group, group.title, words, url, column, crumb)


def resolution_place(resolution_id: int) -> Place | None:
    """Find a resolution of a group that is not removed."""
    query = (
        select(Resolution)
        .join(Resolution.partner)
        .join(Partner.cooperation)
        .where(Resolution.id == resolution_id, Cooperation.removed_at.is_(None))
        .options(joinedload(Resolution.partner).joinedload(Partner.cooperation))
    )
    found = db.session.scalar(query)
    if found is None:
        return None
    group = found.partner.cooperation
    url = url_for("cooperations.show", cooperation_id=group.id)
    return _of_group(group, in_words(found), url, resolution_id=found.id)


def paper_place(paper_id: int) -> Place | None:
    """Find a paper of an application of a group that is not removed."""
    query = (
        select(Paper, Cooperation)
        .join(Application, Application.id == Paper.application_id)
        .join(Cooperation, Cooperation.id == Application.cooperation_id)
        .where(Paper.id == paper_id, Cooperation.removed_at.is_(None))
    )
    row = db.session.execute(query).first()
    if row is None:
        return None
    paper, group = row
    url = url_for("funding.show", cooperation_id=group.id)
    return _of_group(group, str(paper.kind.label), url, paper_id=paper.id)


def event_place(event_id: int) -> Place | None:
    """Find an event that is not removed."""
    found = db.session.get(Event, event_id)
    if found is None or found.removed_at is not None:
        return None
    url, crumb = url_for("events.show", event_id=found.id), (_("Events"), url_for("events.index"))
    column = {"event_id": found.id}
    words = str(found.kind.label)
    return Place(found, found.title, words, url, column, crumb, writes=Permission.WRITE_EVENTS)


def talk_place(consultation_id: int) -> Place | None:
    """Find a talk that whoever asks may see."""
    found = consultations.one(current_user, consultation_id)
    if found is None:
        return None
    url = url_for("consultations.show", consultation_id=found.id)
    crumb = _("Talks"), url_for("consultations.index")
    words = f"{day(found.held_on)}, {', '.join(found.places)}"
    listed = url_for("documents.of_talk", consultation_id=found.id)
    adds = url_for("documents.attach_to_talk", consultation_id=found.id)
    return Place(found, found.heading, words, url, {"consultation_id": found.id}, crumb, listed, adds)


def group_place(cooperation_id: int) -> Place | None:
    """Find a group that is not removed."""
    found = db.session.scalar(select(Cooperation).where(Cooperation.id == cooperation_id))
    if found is None:
        return None
    url = url_for("cooperations.show", cooperation_id=found.id)
    crumb = _("Cooperations"), url_for("cooperations.index")
    listed = url_for("documents.of_group", cooperation_id=found.id)
    adds = url_for("documents.attach_to_group", cooperation_id=found.id)
    return Place(found, found.title, _("Cooperation"), url, {"cooperation_id": found.id}, crumb, listed, adds)


def organisation_place(organisation_id: int) -> Place | None:
    """Find a municipality or another body that is not removed."""
    found = db.session.scalar(select(Organisation).where(Organisation.id == organisation_id))
    if found is None:
        return None
    if found.level is Level.BODY:
        words, url = _("Body"), url_for("bodies.show", body_id=found.id)
        crumb = _("Other bodies"), url_for("bodies.index")
    else:
        words, url = _("Municipality"), url_for("organisations.show", organisation_id=found.id)
        crumb = _("Municipalities"), url_for("organisations.index")
    listed = url_for("documents.of_organisation", organisation_id=found.id)
    adds = url_for("documents.attach_to_organisation", organisation_id=found.id)
    return Place(found, found.name, words, url, {"organisation_id": found.id}, crumb, listed, adds)


FINDERS: dict[str, Callable[[int], Place | None]] = {
    "resolution_id": resolution_place, "paper_id": paper_place, "event_id": event_place,
    "consultation_id": talk_place, "cooperation_id": group_place, "organisation_id": organisation_place,
}  # fmt: skip


def place_of(document: Document) -> Place | None:
    """Find what a file hangs on; None when that lies in the trash, or is hidden from whoever asks."""
    for name in OWNERS:
        if (number := getattr(document, name)) is not None:
            # The file of a material is on the page of its version, and on no page of its own.
            return FINDERS[name](number) if name in FINDERS else None
    return None


def document(document_id: int) -> tuple[Any, Place | None]:
    """Load a file without its bytes, and what it hangs on, as far as whoever asks may see it."""
    found = queries.one(current_user, document_id)
    return found, place_of(found) if found else None


def on_talk(consultation_id: int) -> ColumnElement[bool]:
    """Give the condition for the files of a talk."""
    return Document.consultation_id == consultation_id


def on_group(cooperation_id: int) -> ColumnElement[bool]:
    """Give the condition for the files of a group, with those of its resolutions and its application."""
    own = select(Resolution.id).join(Resolution.partner).where(Partner.cooperation_id == cooperation_id)
    papers = select(Paper.id).join(Application, Application.id == Paper.application_id)
    return or_(
        Document.cooperation_id == cooperation_id,
        Document.resolution_id.in_(own),
        Document.paper_id.in_(papers.where(Application.cooperation_id == cooperation_id)),
    )


def on_organisation(organisation_id: int) -> ColumnElement[bool]:
    """Give the condition for the files of a municipality or body."""
    return Document.organisation_id == organisation_id


def of_event(event_id: int) -> list[Document]:
    """The files of an event, by name; of each the newest version."""
    query = select(Document).where(Document.event_id == event_id, queries.newest())
    return list(db.session.scalars(query.order_by(Document.file_name, Document.id).limit(200)))


_TOLD_OF = {
    "consultations": Document.consultation_id, "cooperations": Document.cooperation_id,
    "organisations": Document.organisation_id,
}  # fmt: skip


def names_kept_back(events: list[AuditEvent]) -> set[str]:
    """Names of files that became confidential after a history told them, unless one may read such files."""
    owners = {(one.record_type, one.record_id) for one in events if one.name.startswith("document.")}
    own = [_TOLD_OF[kind] == number for kind, number in owners if kind in _TOLD_OF]
    known = bool(current_user) and current_user.is_authenticated
    if not own or (known and current_user.may(Permission.READ_CONFIDENTIAL)):
        return set()
    query = select(Document.file_name).where(Document.confidential, or_(*own))
    return set(db.session.scalars(query))


KEPT_BACK.append(names_kept_back)
