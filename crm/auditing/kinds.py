"""What events are about, in groups that one looks for."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.audit import EVENTS

# Beginnings of the names of events; what has none of them belongs to the rest.
GROUPS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "konten": (_l("Users"), ("user.",)),
    "einstellungen": (_l("Settings and catalogues"), ("office.", "task-field.", "funding.rules")),
    "verzeichnis": (_l("Register"), ("organisation.", "body.", "boundary.")),
    "kontakte": (_l("Contacts"), ("person.", "function.", "election.")),
    "beratungen": (_l("Talks"), ("consultation.", "quarter.", "minutes.", "minutes-template.")),
    "wiedervorlagen": (_l("Follow-ups"), ("follow-up.",)),
    "kooperationen": (
        _l("Cooperations"),
        (
            "cooperation.", "partner.", "resolution.", "study.", "approval.", "document.", "funding.",
            "example.",
        ),
    ),
    "veranstaltungen": (_l("Events"), ("event.", "invitation.", "registration.")),
    "materialien": (_l("Materials"), ("material.",)),
    "datenschutz": (
        _l("Data protection"),
        ("privacy.", "right.", "consent.", "contact.reviewed", "retention."),
    ),
    "mails": (_l("Mails"), ("mail.", "inbox.")),
    "listen": (_l("Reports and imports"), ("report.", "saved-report.", "view.", "import.")),
}  # fmt: skip
REST = "sonstiges"
# Whoever administers may see all of these anyway; what other records hold is for those who may read it.
SHOWN = frozenset({"users", "office", "task_fields", "organisations"})


def choices() -> list[tuple[str, Any]]:
    """Offer the groups by name."""
    return [(name, text) for name, (text, _starts) in GROUPS.items()] + [(REST, _l("Other"))]


def group_of(event: str) -> str:
    """Give the group an event belongs to: that of the longest beginning."""
    fitting = [
        (len(start), group)
        for group, (_text, starts) in GROUPS.items()
        for start in starts
        if event.startswith(start)
    ]
    return max(fitting)[1] if fitting else REST


def events_of(group: str) -> list[str]:
    """Give the names of all events of a group."""
    return [name for name in EVENTS if group_of(name) == group]
