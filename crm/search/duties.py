"""What the worker does for the index: find what is out of step (after an upgrade all of it), read files."""

from crm import jobs
from crm.db import chunks, db
from crm.documents import contents
from crm.documents.passes import each_once
from crm.search import papers, services
from crm.search.models import DocumentText, EntryKind

FILES, AT_ONCE = "search-files", 50


@jobs.duty("search")
def catch_up() -> None:
    """Make entries anew that are missing, too old, or of records that are gone; in short transactions."""
    for kind in services.KINDS:
        # To look needs no lock that keeps others from writing.
        db.session.rollback()
        db.session.connection(execution_options={"write": False})
        ids = sorted(services.behind(kind))
        db.session.rollback()
        for chunk in chunks(ids, services.AT_ONCE):
            if jobs.stopping():
                return
            services.refresh(kind, chunk)
            db.session.commit()


@jobs.duty(FILES)
def read_files() -> None:
    """Read the words of attachments nobody has read yet."""
    each_once(FILES, contents.WITH_TEXT, DocumentText.document_id, contents.text_of, _keep, AT_ONCE)


def _keep(document_id: int, plain: str) -> None:
    db.session.add(DocumentText(document_id=document_id, plain=plain))
    db.session.flush()
    services.refresh(EntryKind.DOCUMENT, [document_id])
    services.refresh(EntryKind.MATERIAL, papers.held_by(document_id))
