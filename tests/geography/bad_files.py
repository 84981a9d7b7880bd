"""Files that are no boundaries, each with words its answer must hold."""

import json

from tests.geography.grid import KEYS, collection, feature, square

LAHNTAL = KEYS["Lahntal"]


def one(rings, kind="Polygon"):
    """A file of one area."""
    return collection([feature(LAHNTAL, rings, kind, name="Lahntal")])


def ring(*points):
    """A file of one ring."""
    return one([[list(point) for point in points]])


def bare(**document):
    """A file of anything."""
    return json.dumps(document).encode()


def with_geometry(geometry):
    """A file of one feature with this geometry."""
    return collection([{"type": "Feature", "properties": {"AGS": LAHNTAL}, "geometry": geometry}])


BOW_TIE = ((8.7, 50.7), (8.8, 50.8), (8.8, 50.7), (8.7, 50.8), (8.7, 50.7))
UTM = ((477000, 5630000), (478000, 5630000), (478000, 5631000), (477000, 5630000))
SWAPPED = ((50.7, 8.7), (50.7, 8.8), (50.8, 8.8), (50.7, 8.7))
TEXT = collection().decode()

BAD = {
    "nothing": (b"", "leer"),
    "blanks": (b" \r\n\x00", "leer"),
    "a page": (b"<!DOCTYPE html><html>404</html>", "HTML"),
    "a map of Google": (b'<?xml version="1.0"?><kml/>', "XML"),
    "a paper": (b"%PDF-1.7 \xff", "PDF"),
    "packed": (b"PK\x03\x04\x00", "ZIP-Archiv"),
    "a shapefile": (b"\x00\x00\x27\x0a\x00", "Shapefile"),
    "a geopackage": (b"SQLite format 3\x00", "GeoPackage"),
    "a table": (b"AGS;Name\n06534012;Lahntal\n", "sondern anderer Text"),
    "cut off": (collection()[:900], "abgeschnitten"),
    "UTF-16": (TEXT.encode("utf-16"), "UTF-8"),
    "Latin-1": (TEXT.replace("Lahntal", "Cölbe").replace("\\u", "u").encode("latin-1"), "UTF-8"),
    "a list": (b"[]", "keine GeoJSON-Datei"),
    "a word": (b'"FeatureCollection"', "sondern anderer Text"),
    "a broken list": (b"[1, 2", "Zeile 1"),
    "one area": (bare(type="Feature", geometry=None), "sondern Feature"),
    "TopoJSON": (bare(type="Topology", objects={}), "sondern Topology"),
    "no areas": (bare(type="FeatureCollection", features=[]), "keine Fläche"),
    "areas as text": (bare(type="FeatureCollection", features="viele"), "keine GeoJSON-Datei"),
    "no number": (TEXT.replace("8.7,", "NaN,", 1).encode(), "NaN"),
    "no end": (TEXT.replace("8.7,", "-Infinity,", 1).encode(), "-Infinity"),
    "beyond floats": (TEXT.replace("8.7,", "1e999,", 1).encode(), "keine Zahl"),
    "beyond reason": (TEXT.replace("8.7,", "9" * 5000 + ",", 1).encode(), "übergroße Zahlen"),
    "a pit": (b"[" * 100_000, "verschachtelt"),
    "a pit of objects": (b'{"a":' * 50_000, "verschachtelt"),
    "metres": (ring(*UTM), "UTM"),
    "wrong degrees": (ring((190, 50), (191, 50), (191, 51), (190, 50)), "keine Grad"),
    "swapped": (ring(*SWAPPED), "Breite vor der Länge"),
    "open": (ring((8.7, 50.7), (8.8, 50.7), (8.8, 50.8), (8.7, 50.8)), "nicht geschlossen"),
    "three points": (ring((8.7, 50.7), (8.8, 50.7), (8.7, 50.7)), "nur 3 von mindestens 4 Punkten"),
    "there and back": (ring((8.7, 50.7), (8.8, 50.7), (8.9, 50.7), (8.7, 50.7)), "keine richtige Fläche"),
    "crossing": (ring(*BOW_TIE), "Linien kreuzen sich"),
    "a hole outside": (one([square(0, 0), square(2, 2, 0.02)]), "keine richtige Fläche"),
    "words for numbers": (ring(("8,7", "50,7"), (8.8, 50.7), (8.8, 50.8), ("8,7", "50,7")), "keine Zahl"),
    "truth for numbers": (ring((True, 50.7), (8.8, 50.7), (8.8, 50.8), (True, 50.7)), "keine Zahl"),
    "one coordinate": (ring((8.7,), (8.8,), (8.9,), (8.7,)), "ohne zwei Koordinaten"),
    "no rings": (one([]), "leere oder beschädigte Liste"),
    "an empty ring": (one([[]]), "leere oder beschädigte Liste"),
    "numbers for rings": (one([8.7, 50.7]), "leere oder beschädigte Liste"),
    "one ring too deep": (one([[square(0, 0)]]), "nur 1 von mindestens 4 Punkten"),
    "nowhere": (with_geometry(None), "Polygon oder MultiPolygon"),
    "a point": (with_geometry({"type": "Point", "coordinates": [8.7, 50.7]}), "Polygon oder MultiPolygon"),
    "geometry as text": (with_geometry("POLYGON((8.7 50.7))"), "Polygon oder MultiPolygon"),
    "features as numbers": (bare(type="FeatureCollection", features=[1, None]), "Fläche 2"),
    "a key twice": (
        collection([feature(LAHNTAL, [square(0, 0)]), feature(LAHNTAL, [square(1, 0)])]),
        "zweimal in der Datei",
    ),
    "two keys of one": (
        collection([feature("06435014", [square(0, 0)]), feature("06415000", [square(1, 0)])]),
        "zweimal in der Datei",
    ),
    "nobody known": (collection([feature("05315000", [square(0, 0)])]), "Keine der 1 Flächen"),
    "no keys": (collection([feature(None, [square(0, 0)])]), "Keine der 1 Flächen"),
}  # fmt: skip
