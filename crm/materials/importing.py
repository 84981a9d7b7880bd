"""A list of materials from a CSV file: a row each, told by its number; read twice it changes nothing."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from crm.addresses import web_address
from crm.importing import Finding, Refused
from crm.materials import queries, services
from crm.materials.issued import read_issued
from crm.materials.kinds import MaterialKind, Whose, YearBasis
from crm.reading import Misread
from crm.text import Unreadable, clean_line

LARGEST_FILE = 5_000_000
COLUMNS = (
    "material_id", "title", "year", "year_basis", "date", "kind", "publisher", "series", "of_centre",
    "source_url", "source_precision", "note",
)  # fmt: skip
NEEDED = ("material_id", "title", "kind")
EXACT = "exact address"
WHOSE = {"yes": Whose.OWN, "no": Whose.FOREIGN, "unknown": Whose.UNKNOWN, "": Whose.UNKNOWN}
KINDS = {
    "Broschüre": MaterialKind.BROCHURE,
    "Leitfaden": MaterialKind.GUIDE,
    "Vortragsfolien": MaterialKind.SLIDES,
    "Mustervertrag": MaterialKind.TEMPLATE_CONTRACT,
    "FAQ": MaterialKind.FAQ,
    "Studie": MaterialKind.STUDY,
    "Dokumentation": MaterialKind.DOCUMENTATION,
    "Faltblatt": MaterialKind.LEAFLET,
    "Förderrichtlinie": MaterialKind.FUNDING_RULES,
    "Internetseite": MaterialKind.WEB_PAGE,
    "Bericht": MaterialKind.REPORT,
    "Drucksache": MaterialKind.PARLIAMENTARY_PAPER,
    "Interview": MaterialKind.INTERVIEW,
    "Abschlussarbeit": MaterialKind.THESIS,
    "Sonstiges": MaterialKind.OTHER,
}
_LIMITS = {
    "material_id": 40,
    "title": 300,
    "source_url": 300,
    "note": 2_000,
}


@dataclass
class Taken:
    """What a list did, or would do."""

    rows: int = 0
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0


def read(content: bytes) -> list[dict[str, Any]]:
    """Read a list; raises Refused with all that is wrong in it."""
    lines = _lines(content)
    findings: list[Finding] = []
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, line in lines:
        row = _row(number, line, findings)
        if row["source_key"] in seen:
            findings.append(Finding(number, "material_id", row["source_key"], _("stands here twice.")))
        seen.add(row["source_key"])
        rows.append(row)
    if findings:
        raise Refused(findings)
    return rows


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    if len(content) > LARGEST_FILE:
        raise Refused.because(_("The file is too large."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused.because(_("The file is not written in UTF-8.")) from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise Refused.because(_("These columns are missing: %(names)s.", names=", ".join(missing)))
        for line in reader:
            yield reader.line_num, {name: line.get(name) or "" for name in COLUMNS}
    except csv.Error:
        raise Refused.because(_("Line %(num)s is no line of a CSV file.", num=reader.line_num)) from None


def _row(number: int, line: dict[str, str], findings: list[Finding]) -> dict[str, Any]:
    """Give a line as values for the service; what is wrong is noted and left empty."""

    def wrong(column: str, message: str) -> None:
        findings.append(Finding(number, column, line[column], message))

    plain = {name: _cleaned(name, line[name], wrong) for name in COLUMNS}
    for name in NEEDED:
        if not plain[name] and not any(one.line == number and one.column == name for one in findings):
            wrong(name, _("is missing."))
    kind = KINDS.get(plain["kind"])
    if plain["kind"] and kind is None:
        wrong("kind", _("is none of the known kinds: %(kinds)s.", kinds=", ".join(KINDS)))
    if plain["of_centre"] not in WHOSE:
        wrong("of_centre", _("is not yes, no or unknown."))
    issued, basis = _issued(plain, wrong)
    link = _link(plain)
    return {
        "source_key": plain["material_id"], "title": plain["title"], "kind": kind,
        "publisher": plain["publisher"] or None, "series": plain["series"] or None,
        "whose": WHOSE.get(plain["of_centre"], Whose.UNKNOWN), "note": plain["note"] or None,
        "issued": issued, "year_basis": basis, "link": link,
        "source": None if link else plain["source_url"] or None,
    }  # fmt: skip


def _cleaned(name: str, text: str, wrong: Any) -> str:
    try:
        plain = clean_line(text) or ""
    except Unreadable as problem:
        wrong(name, str(problem))
        return ""
    if len(plain) > _LIMITS.get(name, 200):
        wrong(name, _("is longer than %(limit)s characters.", limit=_LIMITS.get(name, 200)))
        return ""
    return plain


def _issued(plain: dict[str, str], wrong: Any) -> tuple[str | None, YearBasis]:
    """When it appeared: the day or month if it is there, else the year; inferred and unknown stay so."""
    try:
        basis = YearBasis(plain["year_basis"] or YearBasis.UNKNOWN.value)
    except ValueError:
        wrong("year_basis", _("is not stated, inferred or unknown."))
        return None, YearBasis.UNKNOWN
    column = "date" if plain["date"] else "year"
    if basis is YearBasis.UNKNOWN or not plain[column]:
        return None, YearBasis.UNKNOWN
    try:
        return read_issued(plain[column]), basis
    except Misread as problem:
        wrong(column, str(problem))
        return None, YearBasis.UNKNOWN


def _link(plain: dict[str, str]) -> str | None:
    """Only an exact address with http or https becomes a link; everything else says where it was found."""
    url = plain["source_url"]
    if plain["source_precision"] != EXACT or not url.startswith(("http://", "https://")):
        return None
    try:
        return web_address(url)
    except Misread:
        return None


def take(rows: list[dict[str, Any]], by: Any) -> Taken:
    """Enter what is new and change what differs; versions added by hand since then stay as they are."""
    done = Taken(rows=len(rows))
    for row in rows:
        known = queries.by_source(row["source_key"])
        if known is None:
            services.create(dict(row), by)
            done.new.append(row["title"])
        elif _changed(known, row, by):
            done.changed.append(row["title"])
        else:
            done.unchanged += 1
    return done


def _changed(known: Any, row: dict[str, Any], by: Any) -> bool:
    """Bring a known material in line with its row; its first version is the one the list speaks of."""
    of_version = {name: row[name] for name in services.VERSION if name in row}
    of_material = {name: value for name, value in row.items() if name not in of_version}
    first = known.versions[-1]
    before = known.version, first.version
    same_fields = {"task_fields": [one.id for one in known.task_fields]}
    services.change(known, of_material | same_fields, by)
    services.change_version(first, of_version, by)
    return (known.version, first.version) != before
