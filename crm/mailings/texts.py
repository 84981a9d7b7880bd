"""Texts of mailings: a fixed set of words in braces, and a text to begin with for every kind.

Words are put in by plain replacing, once: whatever a name or a title holds comes out as it is.
"""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from crm.braces import BRACED, put_in
from crm.events.models import Event, EventState
from crm.mail.models import MailKind
from crm.office.queries import office

PLACEHOLDERS: dict[str, Any] = {
    "name": _l("name of the person, with title"),
    "funktion": _l("function of the person"),
    "kommune": _l("municipality or organisation"),
    "titel": _l("title of the event"),
    "zeit": _l("day and time"),
    "ort": _l("place, or the video meeting"),
    "link": _l("personal page for registering"),
    "absage": _l("the place on that page for declining"),
    "frist": _l("last day for registering"),
    "unterlagen": _l("documents for guests, a line each"),
    "rueckmeldung": _l("anonymous feedback page"),
    "text": _l("text for guests"),
    "grund": _l("reason of the cancellation"),
    "bisher": _l("day or place before the change, as far as they do not hold any more"),
}
# They say something only in mails of this kind; elsewhere they are filled, but nobody is offered them.
_ONLY = {"rueckmeldung": MailKind.THANKS, "grund": MailKind.CALLED_OFF, "bisher": MailKind.CHANGE}
# They may be empty, and nothing is amiss.
MAY_BE_EMPTY = {"bisher"}
_GAP = "\n\n"
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_FACTS = "{titel}\n{zeit}\n{ort}"
_GREETING, _CLOSING = _l("Good day {name},"), _l("Kind regards")
_SUBJECTS = {
    MailKind.SAVE_THE_DATE: _l("Please note the date: {titel}"),
    MailKind.INVITATION: _l("Invitation: {titel}"),
    MailKind.REMINDER: _l("We look forward to your answer: {titel}"),
    MailKind.CHANGE: _l("New date or place: {titel}"),
    MailKind.CALLED_OFF: _l("Cancelled: {titel}"),
    MailKind.THANKS: _l("Thank you for coming: {titel}"),
}
_UNTIL = _l("Please register by {frist}.")
_REASON = _l("The reason: {grund}")
_YOUR_PAGE = _l("If you cannot come now, please tell us on your personal page:\n{link}")
_PARTS: dict[MailKind, tuple[Any, ...]] = {
    MailKind.SAVE_THE_DATE: (
        _l("please note this date:"),
        _FACTS,
        _l("An invitation with programme and registration follows. An entry for your calendar is attached."),
    ),
    MailKind.INVITATION: (
        _l("we cordially invite you:"),
        _FACTS,
        _l("Programme and registration are on your personal page:\n{link}"),
        _UNTIL,
        _l("If you cannot come, please tell us there, or name somebody who comes instead:\n{absage}"),
    ),
    MailKind.REMINDER: (
        _l("we have not heard from you yet about this event:"),
        _FACTS,
        _l("Will you come? Registering takes a minute:\n{link}"),
        _UNTIL,
        _l("If you cannot come, a short answer helps us to plan:\n{absage}"),
    ),
    MailKind.CHANGE: (
        _l("date or place of this event have changed. It now takes place like this:"),
        _FACTS,
        "{bisher}",
        _l("The attached entry corrects your calendar."),
        _YOUR_PAGE,
    ),
    MailKind.CALLED_OFF: (
        _l("this event does not take place:"),
        _FACTS,
        _REASON,
        _l("The attached entry takes it out of your calendar. We ask for your understanding."),
    ),
    MailKind.THANKS: (
        _l("thank you for coming:"),
        _FACTS,
        _l("The documents are here:\n{unterlagen}"),
        _l("Rate the event, please; nobody sees who wrote:\n{rueckmeldung}"),
        _l("If you would like advice on this subject for your municipality, simply answer this mail."),
    ),
}
KINDS = tuple(_PARTS)


def start(event: Event, kind: MailKind, with_documents: bool) -> tuple[str, str]:
    """Give subject and body to begin with, in German; sentences about what is not known are left out."""
    with force_locale("de"):
        left_out = _left_out(event)
        parts = [str(one) for one in (_GREETING, *_PARTS[kind]) if one not in left_out]
        closing = f"{_CLOSING}\n{office().name or 'KIKZ'}"
        subject = str(_SUBJECTS[kind])
    if not with_documents:
        parts = [one for one in parts if "{unterlagen}" not in one]
    body = "\n\n".join([*parts, closing])
    return subject, body if event.where or event.video_link else body.replace("\n{ort}", "")


def _left_out(event: Event) -> list[Any]:
    """Sentences about what an event does not say, or about a page nobody can see yet."""
    known = {
        _UNTIL: event.register_until,
        _REASON: event.cancelled_because,
        _YOUR_PAGE: event.state is not EventState.PLANNED,
    }
    return [sentence for sentence, value in known.items() if not value]


def offered(kind: MailKind) -> dict[str, Any]:
    """Words in braces that say something in a mail of a kind, and what they mean."""
    return {word: meaning for word, meaning in PLACEHOLDERS.items() if _ONLY.get(word, kind) is kind}


def used(text: str) -> set[str]:
    """The words in braces of a text that are filled."""
    return set(BRACED.findall(text)) & set(PLACEHOLDERS)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in; what came in with a value is not looked at again.

    A paragraph of nothing but words that mean nothing here is left out.
    """
    parts = text.split(_GAP)
    filled = [put_in(one, values) for one in parts]
    said = zip(parts, filled, strict=True)
    return _GAP.join(after for before, after in said if after.strip() or not before.strip())


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """Put the values into the head of a mail, where nothing may break the line or be taken for a command."""
    return one_line(fill(text, values))


def one_line(text: str) -> str:
    """Make a text fit for the head of a mail."""
    return " ".join(_BREAKS.sub(" ", text).replace("=?", "= ?").split())
