"""What of a row has no field of its own, in German sentences for the description of the group.

It is stored, so it is German whoever imports it, and the same row gives the same words every time.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask_babel import force_locale
from flask_babel import gettext as _

from crm.i18n import euros
from crm.imports.catalogue import Status
from crm.imports.entries import LONGEST_URL, Entry

LONGEST = 500
# What the list calls the kinds of its sources.
_SOURCES = {
    "centre or programme page": "Seite des Zentrums oder des Programms",
    "company or project page": "Seite eines Unternehmens oder Projekts",
    "contract or council document": "Vertrag oder Sitzungsunterlage",
    "ministry press release": "Pressemitteilung des Ministeriums",
    "municipal or district page": "Seite einer Kommune",
    "newspaper or local portal": "Zeitung oder örtliches Portal",
    "party or member-of-parliament page": "Seite einer Partei oder eines Mitglieds des Landtags",
    "wiki": "Wiki",
}
_BASES = {"inferred": "erschlossen", "stated": ""}
_GRANTED, _EXPECTED = (
    ("granted", "bewilligt", "zugesagt"),
    ("expected", "erwartet", "in aussicht", "beantragt"),
)


def is_granted(entry: Entry) -> bool | None:
    """Tell whether the sum was granted or is expected; None where the list leaves it open."""
    basis = entry.basis.casefold()
    if basis.startswith(_GRANTED) or (not basis and entry.status is Status.GRANTED):
        return True
    return False if basis.startswith(_EXPECTED) else None


def description(entry: Entry, open_names: Sequence[str], fields: Sequence[str], parent: str) -> str | None:
    """Give the note of the list and below it, line by line, what else it says."""
    with force_locale("de"):
        facts = [*_open(open_names, fields), *_facts(entry), *_around(entry, parent)]
        listed = "\n".join([_("From the list:"), *(f"- {one}" for one in facts)]) if facts else ""
    return "\n\n".join(filter(None, (entry.note, listed))) or None


def _facts(entry: Entry) -> Iterator[str]:
    if entry.status_text:
        yield _("State: %(state)s", state=entry.status_text)
    if entry.year and not _is_said(entry.year.words, entry):
        yield _("Year: %(year)s", year=_year(entry))
    if entry.begin and not entry.begin.day:
        yield _("Start by the source: %(day)s", day=entry.begin.words)
    if entry.end and not entry.end.day:
        yield _("End: %(day)s", day=entry.end.words)
    if said := _money(entry):
        yield said
    if entry.others:
        yield _("Further partners: %(names)s", names=entry.others)
    if entry.incomplete:
        yield _("The list of partners is not complete in the source.")


def _year(entry: Entry) -> str:
    if not entry.year:
        return ""
    basis = _BASES.get(entry.year_basis, "" if entry.year_basis == "unknown" else entry.year_basis)
    return f"{entry.year.words}, {basis}" if basis else entry.year.words


def _is_said(year: str, entry: Entry) -> bool:
    """A year that the begin, the end or the grant names already says nothing more."""
    return any(one.words.endswith(year) for one in (entry.begin, entry.end, entry.granted) if one)


def _money(entry: Entry) -> str:
    """What no application and no study tells: the programme without a sum, the money for a study."""
    if entry.sum is not None and is_granted(entry) is not None and not entry.is_study:
        return ""
    if entry.sum is None and not entry.programme and not entry.granted:
        return ""
    parts = [_sum(entry.sum) if entry.sum is not None else _("sum not named")]
    parts += [entry.programme] if entry.programme else []
    parts += [entry.granted.words] if entry.granted else []
    return _("Grant: %(words)s", words=", ".join(parts))


def _sum(amount: Decimal) -> str:
    return euros(amount)


def _open(names: Sequence[str], fields: Sequence[str]) -> Iterator[str]:
    if names:
        yield _("Partners not assigned: %(names)s", names=", ".join(f"„{name}“" for name in names))
    if fields:
        yield _("Task field: %(names)s", names=", ".join(f"„{name}“" for name in fields))


def _around(entry: Entry, parent: str) -> Iterator[str]:
    if parent:
        yield _("Parent programme: %(name)s", name=parent)
    if entry.url and not kept_url(entry):
        yield _("Source: %(name)s", name=entry.url)
    if entry.source_kind:
        yield _("Kind of source: %(kind)s", kind=_SOURCES.get(entry.source_kind, entry.source_kind))
    if entry.source_id:
        yield _("Mark in the list: %(mark)s", mark=entry.source_id)


def kept_url(entry: Entry) -> str | None:
    """Give the address of the source if it is one and fits."""
    fits = len(entry.url) <= LONGEST_URL and entry.url.startswith(("https://", "http://"))
    return entry.url if fits else None


def of_application(entry: Entry) -> str | None:
    """What the list says about an application that has no field there."""
    with force_locale("de"):
        parts = [entry.programme] if entry.programme else []
        if "rounded" in entry.basis.casefold() or "gerundet" in entry.basis.casefold():
            parts.append(_("rounded in the source"))
        if is_granted(entry) is False:
            parts.append(_("announced, not granted"))
        if entry.granted and not entry.granted.day:
            parts.append(_("granted %(day)s", day=entry.granted.words))
        elif not entry.granted and entry.year:
            parts.append(_year(entry))
        return (_("From the list: %(words)s", words="; ".join(parts))[:LONGEST]) if parts else None


def of_the_end(entry: Entry) -> str:
    """Why a cooperation ended, in the words of the list."""
    with force_locale("de"):
        said = _("Ended according to the list")
        return (f"{said}: {entry.note}" if entry.note else f"{said}.")[:LONGEST].replace("\n", " ")
