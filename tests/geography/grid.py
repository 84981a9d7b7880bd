"""A small made-up map: nine squares of a tenth of a degree, three by three, keyed with real keys."""

import json

# Row by row from the south-west; every one exists today.
NINE = (
    "Lahntal", "Cölbe", "Kirchhain",
    "Marburg", "Amöneburg", "Stadtallendorf",
    "Weimar (Lahn)", "Ebsdorfergrund", "Neustadt (Hessen)",
)  # fmt: skip
KEYS = dict(
    zip(
        NINE,
        (
            "06534012", "06534006", "06534011", "06534014", "06534001", "06534018", "06534020", "06534008",
            "06534016",
        ),
        strict=True,
    )
)  # fmt: skip
SOURCE = "© Amt für Quadrate, dl-de/by-2-0"
WEST, SOUTH, SIDE = 8.7, 50.7, 0.1


def square(x, y, side=SIDE):
    """A closed ring."""
    x, y = WEST + x * SIDE, SOUTH + y * SIDE
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return [[round(east, 5), round(north, 5)] for east, north in corners]


def feature(key, rings, kind="Polygon", **properties):
    """One area with its key."""
    return {
        "type": "Feature",
        "properties": {"ags": key} | properties,
        "geometry": {"type": kind, "coordinates": rings},
    }


def features():
    """The nine squares."""
    return [
        feature(KEYS[name], [square(number % 3, number // 3)], name=name) for number, name in enumerate(NINE)
    ]


def collection(found=None, **more):
    """The bytes of a file."""
    document = {"type": "FeatureCollection", "attribution": SOURCE} | more
    return json.dumps(document | {"features": features() if found is None else found}).encode()
