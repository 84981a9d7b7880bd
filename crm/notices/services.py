"""Keep what people were told."""

from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from crm.db import db
from crm.notices import queries
from crm.notices.models import NoticeText


def keep(text: str, promised: Mapping[str, int] | None = None) -> str:
    """Keep a wording, once, and give its mark; of two who keep it at the same moment one does.

    `promised` are the periods in days that it names, by the rule of retention.
    """
    mark = queries.mark_of(text)
    if queries.by_mark(mark) is None:
        try:
            with db.session.begin_nested():
                db.session.add(
                    NoticeText(mark=mark, text=text, promised=dict(promised) if promised else None)
                )
        except IntegrityError:
            # Somebody else was told the same in this very moment.
            return mark
    return mark
