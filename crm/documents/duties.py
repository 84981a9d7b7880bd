"""What the worker does for documents: draw pictures of their pages."""

from typing import Any

from crm import jobs
from crm.db import db
from crm.documents import contents
from crm.documents.models import PagePicture, Preview
from crm.documents.passes import each_once

DUTY, AT_ONCE = "document-pictures", 20


@jobs.duty(DUTY)
def draw_pictures() -> None:
    """Draw what nobody has drawn yet, what came last first: somebody may be waiting for it."""
    made = Preview.document_id, contents.pictures_of, _keep
    each_once(DUTY, contents.WITH_PICTURES, *made, most=AT_ONCE, newest_first=True)


def _keep(document_id: int, drawn: Any) -> None:
    db.session.add(Preview(document_id=document_id, pages=drawn.pages, drawn=len(drawn.pictures)))
    db.session.flush()
    db.session.add_all(
        PagePicture(
            document_id=document_id, number=number, width=one.width, height=one.height, content=one.content
        )
        for number, one in enumerate(drawn.pictures, start=1)
    )
