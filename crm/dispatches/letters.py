"""The mails with a download link, in German, and the links themselves: random, kept as a hash, for a time."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from crm import links
from crm.db import BERLIN, now
from crm.dispatches import queries
from crm.dispatches.addressing import Addressee
from crm.dispatches.models import DispatchRecipient
from crm.i18n import day
from crm.mailings.letters import OPT_OUT
from crm.mailings.texts import one_line
from crm.materials.models import MaterialVersion
from crm.office.queries import office
from crm.tokens import hash_of, new_token

LIFETIME, MOST_OPENED = timedelta(days=90), 20
LONGEST_TOKEN = 100


def give_link(recipient: DispatchRecipient) -> str:
    """Give somebody a link that lives a while, and nobody but the mail knows."""
    token = new_token()
    recipient.token_hash, recipient.expires_at = hash_of(token), now() + LIFETIME
    return token


def once_key(token_hash: str | None) -> str:
    """The mark by which there is one mail for one link."""
    return f"{queries.MARK}{token_hash}"


def row(recipient: DispatchRecipient, who: Addressee, version: MaterialVersion, token: str) -> dict[str, Any]:
    """The mail to one recipient as a row of the outbox; one that nobody asked for says how to end them."""
    renews = recipient.dispatch.renews
    away = (
        links.own(f"/keine-post/{links.make(OPT_OUT, who.person_id)}") if renews and who.person_id else None
    )
    with force_locale("de"):
        subject = _("New version: %(title)s") if renews else "%(title)s"
        body = _body(recipient, who, version, links.to("dispatches.fetch", token=token), away)
        return {
            "recipient": who.email, "recipient_name": one_line(who.name)[:300],
            "subject": one_line(subject % {"title": version.material.title})[:300], "body": body,
            "unsubscribe_url": away, "once_key": once_key(recipient.token_hash), "person_id": who.person_id,
        }  # fmt: skip


def _body(
    recipient: DispatchRecipient, who: Addressee, version: MaterialVersion, link: str, away: str | None
) -> str:
    ends: datetime = recipient.expires_at or now()
    first = _("as agreed, here is the material:")
    if recipient.dispatch.renews:
        first = _("there is a new version of what you have got from us. The older one no longer holds.")
    parts = [
        _("Good day %(name)s,", name=who.name.partition(",")[0]) if who.person_id else _("Good day,"),
        first,
        f"{version.material.title}\n{version.called}, {version.appeared}",
        _("You get it here until %(day)s:", day=day(ends.astimezone(BERLIN).date())) + f"\n{link}",
    ]
    if recipient.dispatch.note and not recipient.dispatch.renews:
        parts.append(recipient.dispatch.note)
    parts.append(f"{_('Kind regards')}\n{office().name or 'KIKZ'}")
    if away:
        parts.append(_("You do not want mails of this kind any more? One click is enough:") + f"\n{away}")
    return "\n\n".join(parts)
