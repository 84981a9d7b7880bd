"""From bytes to areas with an official key; whatever is no such file is refused in a sentence."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from crm.importing import Finding, Refused
from crm.text import Unreadable, clean_line

Ring = list[tuple[float, float]]
Polygons = list[list[Ring]]

FEWEST_POINTS = 4
LONGEST_SOURCE = 300
_AGS = ("ags", "ags_0", "gemeindeschluessel", "amtlicher_gemeindeschluessel", "schluessel", "key")
_ARS = ("ars", "rs", "ars_0", "rs_0", "regionalschluessel")
_NAMES = ("gen", "name", "gemeindename", "gemeinde")
# Where Germany lies: a longitude and a latitude that have changed places are seen by it.
_LONGITUDES, _LATITUDES = (5.0, 16.0), (47.0, 56.0)
_FOREIGN = (
    (re.compile(rb"\s*<(?:!doctype|html|\?xml|head|body|kml|gml)", re.IGNORECASE), "HTML/XML"),
    (re.compile(rb"%PDF-"), "PDF"),
    (re.compile(rb"PK\x03\x04"), "ZIP"),
    (re.compile(rb"SQLite format 3"), "GeoPackage"),
    (re.compile(rb"\x00\x00\x27\x0a"), "Shapefile"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "Excel"),
)


@dataclass(frozen=True, slots=True)
class Area:
    """One area of a file: its place in the file, its key (empty when it bears none), name and shape."""

    number: int
    key: str
    name: str
    polygons: Polygons

    @property
    def called(self) -> str:
        """Name it in a finding."""
        return f"{self.key} {self.name}".strip() or _("Area %(number)s", number=self.number)


@dataclass(frozen=True, slots=True)
class Collection:
    """A file in which every shape is right."""

    areas: list[Area]
    attribution: str
    points: int


@dataclass(slots=True)
class _Count:
    most: int
    points: int = 0
    wrong: list[Finding] = field(default_factory=list)


class _NoNumber(ValueError):
    """NaN or Infinity, which JSON does not know."""


def read(content: bytes, most_points: int) -> Collection:
    """Read a GeoJSON FeatureCollection of areas; raises Refused with everything that is wrong."""
    # Each point and each ring opens a bracket; a file of nothing but brackets would fill the memory.
    if content.count(b"[") + content.count(b"{") > 2 * most_points:
        raise _too_many(most_points)
    document = _document(content)
    features = _features(document)
    count = _Count(most_points)
    areas = [area for number, one in enumerate(features, 1) if (area := _area(number, one, count))]
    if count.wrong:
        raise Refused(count.wrong)
    return Collection(areas, line_of(document.get("attribution"), LONGEST_SOURCE), count.points)


def line_of(value: Any, limit: int) -> str:
    """Clean a text from a file and cut it; what is no text or holds control characters is empty."""
    try:
        text = (clean_line(value) if isinstance(value, str) else None) or ""
    except Unreadable:
        return ""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _document(content: bytes) -> dict[str, Any]:
    if not content.strip(b"\r\n\t \x00"):
        raise Refused.because(_("The file is empty."))
    for begin, kind in _FOREIGN:
        if begin.match(content):
            raise _other(kind)
    text = _text(content)
    if text.lstrip()[:1] not in ("{", "["):
        raise _other(_("some other text"))
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as broken:
        said = _("here the file stops being JSON. Perhaps it was cut off on the way.")
        raise Refused([Finding(broken.lineno, "", "", said)]) from broken
    except _NoNumber as broken:
        raise Refused.because(
            _("The file holds „%(word)s“ where a number should stand.", word=broken)
        ) from broken
    except (RecursionError, ValueError) as broken:
        raise Refused.because(
            _("The file is nested too deeply or holds monstrous numbers. No map program writes that.")
        ) from broken
    if not isinstance(document, dict):
        raise _other("JSON")
    return document


def _other(kind: str) -> Refused:
    if kind == "ZIP":
        return Refused.because(_("This is a ZIP archive. Unpack it and choose the GeoJSON file inside."))
    said = _("This is no GeoJSON file with areas but %(kind)s. Export the areas as GeoJSON.", kind=kind)
    return Refused.because(said)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise Refused.because(_("The file is no text in UTF-8, so it is no GeoJSON.")) from broken


def _refuse_constant(word: str) -> Any:
    raise _NoNumber(word)


def _features(document: dict[str, Any]) -> list[Any]:
    kind, features = document.get("type"), document.get("features")
    if kind != "FeatureCollection" or not isinstance(features, list):
        raise _other(kind[:40] if isinstance(kind, str) and kind != "FeatureCollection" else "JSON")
    if not features:
        raise Refused.because(_("There is no area in this file."))
    return features


def _area(number: int, feature: Any, count: _Count) -> Area | None:
    """Read one feature; what is wrong with it is noted, and then there is no area."""
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    named = {key.lower().removeprefix("de:"): value for key, value in properties.items()}
    name = next((text for key in _NAMES if (text := line_of(named.get(key), 100))), "")
    area = Area(number, key_in(named), name, [])
    try:
        area.polygons.extend(_polygons(feature.get("geometry"), count))
    except _Wrong as wrong:
        count.wrong.append(Finding(None, "", area.called, str(wrong)))
        return None
    return area


def key_in(named: dict[str, Any]) -> str:
    """Find the official key (AGS) among properties; from a regional key (ARS) it is taken out."""
    for names, digits in ((_AGS, 8), (_ARS, 12)):
        for name in names:
            key = _digits(named.get(name), digits)
            if key:
                return key if digits == 8 else key[:5] + key[9:]
    return ""


def _digits(value: Any, number: int) -> str:
    """Give a key of so many digits; a zero in front that a table program ate is put back."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = re.sub(r"\s", "", str(value)[:40])
    if not (text.isascii() and text.isdigit() and number - 1 <= len(text) <= number):
        return ""
    return text.zfill(number)


class _Wrong(ValueError):
    """A shape that is none."""


def _polygons(geometry: Any, count: _Count) -> Iterator[list[Ring]]:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _Wrong(_("has no area: a Polygon or MultiPolygon is needed."))
    polygons = geometry.get("coordinates")
    for rings in _list([polygons] if kind == "Polygon" else polygons):
        yield [_ring(ring, count) for ring in _list(rings)]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _Wrong(_("has an empty or broken list of coordinates."))
    return value


def _too_many(most: int) -> Refused:
    return Refused.because(
        _("The file has more than %(most)s points. Take a generalised edition.", most=most)
    )


def _ring(ring: Any, count: _Count) -> Ring:
    points = _list(ring)
    count.points += len(points)
    if count.points > count.most:
        raise _too_many(count.most)
    if len(points) < FEWEST_POINTS:
        raise _Wrong(_("has a ring of %(n)s points; at least 4 are needed.", n=len(points)))
    read = [_point(one) for one in points]
    if read[0] != read[-1]:
        raise _Wrong(_("has a ring that is not closed: the last point must equal the first."))
    return read


def _point(position: Any) -> tuple[float, float]:
    if not isinstance(position, list) or len(position) < 2:
        raise _Wrong(_("has a point without two coordinates."))
    x, y = position[:2]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in (x, y)):
        raise _Wrong(_("has a coordinate that is no number."))
    if not (abs(x) <= 180 and abs(y) <= 90):
        raise _Wrong(_out_of_range(x, y))
    if _LATITUDES[0] <= x <= _LATITUDES[1] and _LONGITUDES[0] <= y <= _LONGITUDES[1]:
        raise _Wrong(_("has latitude before longitude; GeoJSON wants the longitude first."))
    return float(x), float(y)


def _out_of_range(x: float, y: float) -> str:
    if not (math.isfinite(x) and math.isfinite(y)):
        return _("has a coordinate that is no number.")
    if abs(x) > 1000 and abs(y) > 1000:
        return _("has coordinates in metres (such as UTM). Convert the file to WGS 84 (EPSG:4326).")
    return _("has coordinates that are no degrees (WGS 84).")
