"""What the frame of every page needs: look, language, the three lists of the navigation."""

from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import func, literal, select

from config import LANGUAGES
from crm.access import Permission
from crm.accounts.sessions import seconds_left
from crm.barriers import queries as barriers
from crm.db import db
from crm.follow_ups import queries as follow_ups
from crm.follow_ups.models import FollowUp
from crm.help.topics import topic_of
from crm.i18n import language
from crm.inbox import queries as inbox
from crm.mail import queries as mails

MAIN = (
    ("home.index", _l("Overview"), "house", Permission.READ_CONTENT),
    ("follow_ups.index", _l("Follow-ups"), "check2-square", Permission.READ_CONTENT),
    ("inbox.index", _l("Inbox"), "inbox", Permission.WRITE_CONSULTATIONS),
    ("consultations.index", _l("Talks"), "chat-left-text", Permission.READ_CONTENT),
    ("organisations.index", _l("Municipalities"), "buildings", Permission.READ_REGISTER),
    ("cooperations.index", _l("Cooperations"), "diagram-3", Permission.READ_CONTENT),
    ("events.index", _l("Events"), "calendar-event", Permission.READ_CONTENT),
    ("calendars.show", _l("Calendar"), "calendar3", Permission.READ_CONTENT),
    ("funding.deadlines", _l("Deadlines"), "alarm", Permission.READ_CONTENT),
    ("reports.index", _l("Reports"), "bar-chart", Permission.READ_CONTENT),
)
REFERENCE = (
    ("contacts.index", _l("Contacts"), "people", Permission.READ_CONTENT),
    ("bodies.index", _l("Other bodies"), "bank", Permission.READ_REGISTER),
    ("examples.index", _l("Examples"), "award", Permission.READ_CONTENT),
    ("materials.index", _l("Materials"), "book", Permission.READ_CONTENT),
    ("task_fields.index", _l("Task fields"), "tags", Permission.READ_CONTENT),
    ("funding.rules", _l("Funding rules"), "cash-coin", Permission.READ_CONTENT),
)
KEEPING = (
    ("elections.index", _l("Elections"), "check2-all", Permission.READ_CONTENT),
    ("mail.index", _l("Outbox"), "envelope-paper", Permission.WRITE_EVENTS),
    ("imports.index", _l("Imports"), "box-arrow-in-down", Permission.IMPORT_LISTS),
    ("register.index", _l("Register"), "database", Permission.MANAGE_REGISTER),
    ("home.removed", _l("Removed"), "trash", Permission.WRITE_PEOPLE),
    ("privacy.index", _l("Data protection"), "shield-lock", Permission.MANAGE_PRIVACY),
    ("privacy.processing", _l("Processing"), "journal-text", Permission.READ_PROCESSING),
    ("retention.index", _l("Retention periods"), "hourglass-split", Permission.READ_RETENTION),
    ("accounts.users", _l("Users"), "person-gear", Permission.MANAGE_USERS),
    ("reads.index", _l("Confidential reads"), "eye", Permission.MANAGE_USERS),
    ("office.edit", _l("Settings"), "gear", Permission.MANAGE_SETTINGS),
)
LOW = REFERENCE + KEEPING

# Where “G, then a letter” leads. B, W and K are those of the design; N logs a talk, so G N lists the talks.
JUMPS = {
    "home.index": "S", "follow_ups.index": "W", "consultations.index": "N", "organisations.index": "K",
    "cooperations.index": "O", "events.index": "V", "calendars.show": "C", "funding.deadlines": "F",
    "reports.index": "B", "contacts.index": "P", "task_fields.index": "A",
    "inbox.index": "E",
}  # fmt: skip

# The daily list needs no name above it; the others are found by theirs.
_LISTS = (("", MAIN), (_l("Look up"), REFERENCE), (_l("Keep in order"), KEEPING))


def first_page(user: Any) -> str:
    """The endpoint somebody begins with: managers see the year, all others their day."""
    manages = user.may(Permission.READ_STAFF_FIGURES) and not user.must_change_password
    return "home.management" if manages else "home.index"


def look() -> dict[str, Any]:
    """Values of base.html."""
    # The record itself: every look through the proxy costs, and a page asks for two dozen rights.
    user = current_user._get_current_object() if current_user and current_user.is_authenticated else None
    due, stuck, mails_open, reports = _signs(user)
    return {
        "lang": language(),
        "look": _look(user),
        "due_count": due,
        "mails_stuck": stuck,
        "mails_open": mails_open,
        "barriers_open": reports,
        "help_url": _help_url(),
        "navigation": [(name, _links(entries, user, due, stuck, mails_open)) for name, entries in _LISTS],
    }


def _help_url() -> str:
    found = topic_of(request.endpoint or "")
    return url_for("help.show", topic_slug=found.slug) if found else url_for("help.index")


def _signs(user: Any) -> tuple[int, bool, int, tuple[int, int]]:
    """Ask in one statement what is due on one's desk, whether mails are stuck, how many wait in the inbox,
    and how many reported barriers wait and are overdue."""
    if not user or not user.may(Permission.READ_CONTENT):
        return 0, False, 0, (0, 0)
    if not user.may(Permission.WRITE_EVENTS):
        return follow_ups.due_count(user), False, 0, (0, 0)
    due = follow_ups.due(user).with_only_columns(func.count(FollowUp.id))
    waiting = inbox.open_count() if user.may(Permission.WRITE_CONSULTATIONS) else select(literal(0))
    reports = barriers.waiting(), barriers.overdue()
    asked = select(due.scalar_subquery(), mails.stuck(), waiting.scalar_subquery(), *reports)
    number, stuck, mails_open, *counted = db.session.execute(asked).one()
    return number, stuck, mails_open, (counted[0], counted[1])


def _look(user: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "theme": user.theme if user else "auto",
        "density": user.density if user else "roomy",
        "hotkeys": bool(user and user.hotkeys),
        "languages": [],
    }
    if user:
        found["session_seconds"] = int(current_app.config["SESSION_IDLE"].total_seconds())
        found["session_left"] = seconds_left()
        found["extend_url"] = url_for("accounts.extend")
    else:
        found["languages"] = [
            {
                "code": code,
                "text": text,
                "url": f"{request.path}?sprache={code}",
                "current": code == language(),
            }
            for code, text in LANGUAGES.items()
        ]
    return found


def _links(entries: Any, user: Any, due: int, stuck: bool, mails_open: int) -> list[dict[str, Any]]:
    area = (request.endpoint or "").partition(".")[0]
    counts = {"follow_ups.index": (due, _l("due")), "inbox.index": (mails_open, _l("to do"))}
    return [
        {
            "endpoint": endpoint, "text": text, "icon": icon,
            "url": url_for(first_page(user) if endpoint == MAIN[0][0] else endpoint),
            "current": _is_current(area, endpoint),
            "count": counts.get(endpoint, (0, ""))[0],
            "counted": counts.get(endpoint, (0, ""))[1],
            "alert": stuck and endpoint == "mail.index", "jump": JUMPS.get(endpoint, ""),
        }
        for endpoint, text, icon, permission in entries
        if user and user.may(permission)
    ]  # fmt: skip


# Areas whose pages belong to a group, but for those that stand under another entry.
_OF_GROUPS = ("resolutions", "proceedings", "funding", "documents")
_ENTRIES = {
    "resolutions.calendar": "calendars.show", "funding.deadlines": "funding.deadlines",
    "accounts.new_user": "accounts.users", "accounts.edit_user": "accounts.users",
    "accounts.lock_user": "accounts.users", "second_factor.reset": "accounts.users",
    "bulk.index": "home.removed", "bulk.undo": "home.removed",
    "geography.boundaries": "register.index", "geography.preview": "register.index",
}  # fmt: skip
# Areas all of whose pages stand under one entry of another area.
_UNDER = {
    "auditing": "accounts.users", "handovers": "organisations.index", "reviews": "privacy.index",
    "consents": "contacts.index", "dispatches": "materials.index", "minutes": "consultations.index",
    "releases": "reports.index", "definitions": "reports.index", "closing": "reports.index",
    "quicklog": "consultations.index",
}  # fmt: skip
# Pages of documents say at the end of their name what the documents hang on.
_HUNG_ON = {"event": "events.index", "talk": "consultations.index", "organisation": "organisations.index"}
# Areas whose pages are pages of an event.
_OF_EVENTS = ("events", "invitations", "registrations", "mailings", "attendance", "feedback")


def _is_current(area: str, endpoint: str) -> bool:
    if area == "documents" and (hung := _HUNG_ON.get((request.endpoint or "").rpartition("_")[2])):
        return endpoint == hung
    if area in _OF_EVENTS:
        return endpoint == "events.index"
    if area in _UNDER:
        return endpoint == _UNDER[area]
    if area in _OF_GROUPS or request.endpoint in _ENTRIES:
        return endpoint == _entry_of(request.endpoint or "")
    if area == "rights":
        return endpoint == ("privacy.index" if request.endpoint == "rights.index" else "contacts.index")
    if area == "privacy":
        record = request.endpoint == "privacy.processing"
        return endpoint == ("privacy.processing" if record else "privacy.index")
    if area == "duplicates":
        of_bodies = "bodies" in (request.endpoint or "")
        return endpoint == ("bodies.index" if of_bodies else "contacts.index")
    whole = area not in ("accounts", "home")
    here = "home.index" if request.endpoint == "home.management" else request.endpoint
    return area == endpoint.partition(".")[0] and (whole or here == endpoint)


def _entry_of(endpoint: str) -> str:
    """Name the entry of the navigation a page of these areas stands under."""
    if endpoint in _ENTRIES:
        return _ENTRIES[endpoint]
    return "funding.rules" if endpoint.endswith("rules") else "cooperations.index"
