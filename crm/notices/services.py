"""Keep what people were told."""

from sqlalchemy.exc import IntegrityError

from crm.db import db
from crm.notices import queries
from crm.notices.models import NoticeText


def keep(text: str) -> str:
    """Keep a wording, once, and give its mark; of two who keep it at the same moment one does."""
    mark = queries.mark_of(text)
    if queries.by_mark(mark) is None:
        try:
            with db.session.begin_nested():
                db.session.add(NoticeText(mark=mark, text=text))
        except IntegrityError:
            # Somebody else was told the same in this very moment.
            return mark
    return mark
