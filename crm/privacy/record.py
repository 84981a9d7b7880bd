"""The record of processing (Art. 30), made from the registry and from nothing else."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.privacy import registry
from crm.privacy.terms import Column, Erase, Processing
from crm.privacy.words import column_label

MEASURES = (
    _l("Only who has an account comes in; roles decide who reads, writes, and sees what is confidential."),
    _l("Every change leaves an event in the log, without the personal values."),
    _l("No page loads anything from another server; connections are encrypted by the reverse proxy."),
    _l("Backups are checked from the first to the last byte; erasures are repeated after a restore."),
    _l("A test compares this record with the database: a column nobody declared stops the release."),
)
HEAD = (
    _l("Activity"), _l("Purpose"), _l("Legal basis"), _l("Whose data"), _l("Which data"), _l("Recipients"),
    _l("Period"), _l("Not personal"), _l("Tables"),
)  # fmt: skip
ERASED_HOW = {
    Erase.BLANK: _l("emptied"),
    Erase.NAME: _l("replaced by “erased person”"),
    Erase.MENTION: _l("the name is replaced in the text"),
    Erase.FILE: _l("stays until the file goes"),
    Erase.REMADE: _l("made anew without the name"),
    Erase.EMPTIED: _l("the values go, the event stays"),
    Erase.KEPT: _l("stays"),
    Erase.STAFF: _l("stays"),
    Erase.LINK: _l("stays as a number"),
}


@dataclass(frozen=True)
class Activity:
    """One activity as the page and the file show it."""

    slug: str
    title: str
    purpose: str
    basis: str
    whom: str
    data: str
    recipients: str
    period: str
    facts_are: str
    tables: str
    rules: list[tuple[str, str, str, str]]

    @property
    def row(self) -> list[str]:
        """Its line in the file."""
        return [
            self.title, self.purpose, self.basis, self.whom, self.data, self.recipients, self.period,
            self.facts_are, self.tables,
        ]  # fmt: skip


def activities() -> list[Activity]:
    """Give all activities in the order of the registry."""
    return [_activity(one) for one in registry.PROCESSINGS]


def _activity(one: Processing) -> Activity:
    whom = dict.fromkeys(str(who.label) for entry in one.entries for who in entry.of)
    columns = [column for entry in one.entries for column in entry.columns]
    data = dict.fromkeys(
        column_label(each.table, each.name) for each in columns if each.erase is not Erase.LINK
    )
    return Activity(
        one.slug, str(one.title), str(one.purpose), str(one.basis),
        "; ".join(whom) or _("nobody"), ", ".join(data) or _("none"),
        str(one.recipients), str(one.period), str(one.facts_are),
        ", ".join(entry.table for entry in one.entries),
        [_rule(each) for each in columns],
    )  # fmt: skip


def _rule(one: Column) -> tuple[str, str, str, str]:
    """Give column, its name on screen, what an erasure does with it, and why it stays if it does."""
    words = column_label(one.table, one.name)
    return f"{one.table}.{one.name}", words, str(ERASED_HOW[one.erase]), str(one.reason)
