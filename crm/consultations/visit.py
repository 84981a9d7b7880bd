"""What the page of a talk shows of other areas. One statement says what there is; only that is asked for."""

from typing import Any

from sqlalchemy import select

from crm.access import Permission
from crm.closing import queries as closing
from crm.closing.models import Correction
from crm.consultations import queries
from crm.consultations.models import Consultation
from crm.db import counts
from crm.dispatches import panel as dispatches
from crm.dispatches.models import Dispatch
from crm.documents import queries as documents
from crm.documents import sources as files
from crm.examples import referring
from crm.examples.models import Referral
from crm.inbox import queries as inbox
from crm.inbox.models import InboxItem
from crm.minutes import queries as minutes
from crm.minutes.models import Minutes


def gathered(user: Any, talk: Consultation) -> dict[str, Any]:
    """Give what hangs on a talk: later talks, corrections, minutes, referrals, mails, materials, files."""
    own = {one: select(one).where(one.consultation_id == talk.id) for one in _HANGING}
    later, filed = queries.following(user, talk.id), documents.of(user, files.on_talk(talk.id))
    after, papers, *numbers = counts([later, filed, *own.values()])
    there = dict(zip(own, numbers, strict=True))
    writes = user.may(Permission.WRITE_CONSULTATIONS)
    return {
        "later": queries.followed_by(user, talk.id) if after else [],
        "documents": documents.panel(user, files.on_talk(talk.id)) if papers else documents.Panel([], 0),
        "corrections": closing.of_consultation(talk.id) if there[Correction] else [],
        "minutes": minutes.of_talk(talk.id) if there[Minutes] else None,
        "referrals": referring.of_talk(talk.id) if there[Referral] else [],
        "mails": inbox.from_mails(talk.id) if writes and there[InboxItem] else [],
        "handed": dispatches.of_talk(user, talk.id, bool(there[Dispatch])),
    }


_HANGING: tuple[Any, ...] = (Correction, Minutes, Referral, InboxItem, Dispatch)
