"""What hangs on a person or a body, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import ngettext

from crm.db import BERLIN
from crm.duplicates.choosing import BODY_FIELDS, PERSON_FIELDS
from crm.field_names import LABELS
from crm.invitations.models import Invitation


def rows_in_words(numbers: Mapping[str, int]) -> list[str]:
    """Say how many rows of which kind, those that are there."""
    return [row_in_words(table, number) for table, number in numbers.items() if number]


def row_in_words(table: str, number: int) -> str:
    """Say a number of rows of one kind: 3 talks."""
    return _COUNTED[table](number)


_COUNTED: dict[str, Callable[[int], str]] = {
    "functions": lambda number: ngettext("%(num)s function", "%(num)s functions", number),
    "participation_people": lambda number: ngettext("%(num)s talk", "%(num)s talks", number),
    "participations": lambda number: ngettext("%(num)s talk", "%(num)s talks", number),
    "follow_ups": lambda number: ngettext("%(num)s follow-up", "%(num)s follow-ups", number),
    "invitations": lambda number: ngettext("%(num)s invitation", "%(num)s invitations", number),
    "registrations": lambda number: ngettext("%(num)s registration", "%(num)s registrations", number),
    "outgoing_mails": lambda number: ngettext("%(num)s mail", "%(num)s mails", number),
    "dispatch_recipients": lambda number: ngettext("%(num)s material", "%(num)s materials", number),
    "documents": lambda number: ngettext("%(num)s document", "%(num)s documents", number),
    "programme_items": lambda number: ngettext("%(num)s programme item", "%(num)s programme items", number),
    "minutes_checks": lambda number: ngettext(
        "%(num)s check of minutes", "%(num)s checks of minutes", number
    ),
    "minutes_remarks": lambda number: ngettext(
        "%(num)s remark on minutes", "%(num)s remarks on minutes", number
    ),
    "consents": lambda number: ngettext("%(num)s consent", "%(num)s consents", number),
    "rights_requests": lambda number: ngettext("%(num)s request", "%(num)s requests", number),
    "output_people": lambda number: ngettext("%(num)s file", "%(num)s files", number),
    "contact_reviews": lambda number: ngettext("%(num)s review", "%(num)s reviews", number),
    "practice_examples": lambda number: ngettext(
        "%(num)s practice example", "%(num)s practice examples", number
    ),
    "example_places": lambda number: ngettext(
        "%(num)s place in an example", "%(num)s places in examples", number
    ),
    "example_inquiries": lambda number: ngettext(
        "%(num)s question about an example", "%(num)s questions about examples", number
    ),
    "cooperation_partners": lambda number: ngettext("%(num)s cooperation", "%(num)s cooperations", number),
    "funding_applications": lambda number: ngettext("%(num)s application", "%(num)s applications", number),
    "body_members": lambda number: ngettext("%(num)s membership", "%(num)s memberships", number),
    "events": lambda number: ngettext("%(num)s event", "%(num)s events", number),
    "event_hosts": lambda number: ngettext("%(num)s event as host", "%(num)s events as host", number),
    "head_counts": lambda number: ngettext("%(num)s head count", "%(num)s head counts", number),
}


def answers_in_words(found: list[tuple[str, Invitation, Invitation]]) -> list[str]:
    """Say what both answered to one invitation, and when, so that one sees which answer holds."""
    return [f"{title}: {_answer(one)} / {_answer(other)}" for title, one, other in found]


def _answer(one: Invitation) -> str:
    day = one.answered_at and f"{one.answered_at.astimezone(BERLIN):%d.%m.%Y}"
    more = "; ".join(text for text in (day, one.represented_by, one.remark) if text)
    return f"{one.answer.label} ({more})" if more else str(one.answer.label)


def column_in_words(table: str, column: str) -> str:
    """Name a column as forms do."""
    own: dict[str, Any] = {"people": PERSON_FIELDS, "organisations": BODY_FIELDS}.get(table, {})
    return str(own.get(column) or LABELS.get(column, column))
