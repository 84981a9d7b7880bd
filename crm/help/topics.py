"""The tasks that are explained, in the order somebody new meets them, and what they are explained for."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Topic:
    """A task: its address, what it is called, what it answers, and the parts of the program it belongs to.

    `areas` are blueprints and single endpoints. Its text is `texts/<slug>.md`, its picture
    `static/src/help/<slug>.png`, made by `make pictures`.
    """

    slug: str
    title: Any
    summary: Any
    areas: tuple[str, ...]

    @property
    def picture(self) -> str:
        """The name of its picture among the assets."""
        return f"help/{self.slug}.png"


TOPICS = (
    Topic(
        "anfang", _l("The first ten minutes"), _l("What stands where, and what a day begins with."),
        ("home", "accounts", "calendars"),
    ),
    Topic(
        "anruf", _l("Log a call in one line"), _l("Type as you would tell it, look once, press Enter."),
        ("quicklog",),
    ),
    Topic(
        "beratung", _l("Log a talk with several municipalities"),
        _l("Who was there, what it was about, what comes next; the same round again with one press."),
        ("consultations",),
    ),
    Topic(
        "wiedervorlagen", _l("Work through follow-ups and mails"),
        _l("Mark as done, put off, wait for somebody; turn a mail into a talk."),
        ("follow_ups", "inbox", "bulk"),
    ),
    Topic(
        "finden", _l("Find anything again"),
        _l("One field over everything, lists with filters, saved views."),
        ("search", "views", "organisations", "task_fields"),
    ),
    Topic(
        "kontakte", _l("Keep people and their functions right"),
        _l("One entry a person, dated functions, duplicates, the work after an election."),
        ("contacts", "duplicates", "bodies", "elections", "handovers", "consents", "reviews"),
    ),
    Topic(
        "kooperation", _l("Lead a group from the idea to the contract"),
        _l("One state for each partner; the stage of the group follows from it."),
        ("cooperations", "resolutions", "proceedings"),
    ),
    Topic(
        "foerderung", _l("Apply for funding and keep deadlines"),
        _l("What is still missing, at whom, and where the application lies."), ("funding",),
    ),
    Topic(
        "erfahrung", _l("Ask who has done it before"),
        _l("The most similar cooperations with their reasons, and the public practice examples."),
        ("examples", "practice"),
    ),
    Topic(
        "veranstaltung", _l("Hold an event"), _l("From the plan to the certificates."),
        ("events", "invitations", "registrations", "guests", "mailings", "mail", "attendance", "feedback"),
    ),
    Topic(
        "material", _l("Hand out materials"), _l("Versions, stock, who holds what, and the newest for all."),
        ("materials", "dispatches", "documents"),
    ),
    Topic(
        "protokoll", _l("Agree on minutes"), _l("Draft, check by those who took part, release."), ("minutes",)
    ),
    Topic(
        "berichte", _l("Read, check and freeze reports"), _l("Every figure opens the records behind it."),
        ("reports", "releases", "definitions", "closing"),
    ),
    Topic(
        "listen", _l("Take lists over"), _l("Look first, decide what is doubtful, take it back as a whole."),
        ("imports", "register", "geography"),
    ),
    Topic(
        "datenschutz", _l("Keep the rights of people"),
        _l("Access, correction, objection, erasure, archive."),
        ("privacy", "rights", "reads", "retention", "notices", "barriers"),
    ),
    Topic(
        "verwaltung", _l("Manage accounts and settings"), _l("Who may do what, second factor, the log."),
        (
            "office", "auditing", "second_factor", "sign_on", "accounts.users", "accounts.new_user",
            "accounts.edit_user", "accounts.lock_user",
        ),
    ),
)  # fmt: skip


def topic(slug: str) -> Topic | None:
    """Find a topic by its address."""
    return next((one for one in TOPICS if one.slug == slug), None)


def topic_of(endpoint: str) -> Topic | None:
    """Find what explains a page: it names the page itself, or the part of the program it belongs to."""
    names = endpoint, endpoint.partition(".")[0]
    return next((one for name in names for one in TOPICS if name in one.areas), None)


@cache
def text_of(topic: Topic) -> str:
    """Read the text of a topic: Markdown, in German; links begin at its root."""
    return (TEXTS / f"{topic.slug}.md").read_text(encoding="utf-8")


def below(prefix: str, text: str) -> str:
    """Let the links of a text lead into a program that lives below a path."""
    return text.replace("](/", f"]({prefix}/")
