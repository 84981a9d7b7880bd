"""An invented official register of the whole of Germany in the real format, with Hessen as it really is."""

from collections.abc import Iterator
from datetime import date
from itertools import count, product

from crm.organisations.elsewhere import STATES
from crm.organisations.facts import AREA, COUNTY, REGION, BodyFact, facts
from crm.register.checking import HESSEN

DAY, COUNTED_ON = date(2027, 1, 31), date(2024, 12, 31)
# Counties and municipalities of each other Land, in their usual order; with Hessen some 400 and 10,950.
SIZES = {
    "01": (15, 1104), "02": (1, 1), "03": (45, 941), "04": (2, 2), "05": (53, 396), "07": (36, 2301),
    "08": (44, 1101), "09": (96, 2056), "10": (6, 52), "11": (1, 1), "12": (18, 413), "13": (8, 724),
    "14": (13, 416), "15": (14, 218), "16": (22, 801),
}  # fmt: skip
MARKS = {"Gemeinde": "64", "Stadt": "63", "Sonderstatusstadt": "63", "kreisfreie Stadt": "61", AREA: "66"}
BEFORE = (
    "", "Alten", "Neuen", "Ober", "Nieder", "Groß", "Klein", "Hohen", "Bad ", "Sankt ", "Markt ", "Unter",
    "Wald", "Hinter", "Vorder", "Mittel", "Langen", "Kirch", "Schön", "Burg",
)  # fmt: skip
STEMS = (
    "Birken", "Eichen", "Rosen", "Linden", "Bären", "Wolfs", "Hasel", "Sand", "Stein", "Erlen", "Fisch",
    "Hirsch", "König", "Mühl", "Münch", "Reichen", "Roten", "Schwarz", "Weiß", "Ritters", "Adels", "Buchen",
    "Dachs", "Falken", "Gold", "Heiden", "Immen", "Kalten", "Lauter", "Quer",
)  # fmt: skip
ENDINGS = (
    "dorf", "heim", "stadt", "hausen", "bach", "berg", "burg", "feld", "furt", "hagen", "ingen", "kirchen",
    "münde", "rode", "tal", "wald", "weiler", "brück", "leben", "au",
)  # fmt: skip
UNION_OF = 4


def germany() -> bytes:
    """Give the file, some 13,500 lines of 220 characters."""
    names = (before + (stem if not before or before[-1] == " " else stem.casefold()) + ending
             for before, stem, ending in product(BEFORE, STEMS, ENDINGS))  # fmt: skip
    found = list(_hessen())
    for state, (counties, municipalities) in SIZES.items():
        found += _state(state, counties, municipalities, names)
    return "\n".join(found).encode() + b"\n"


def _line(kind: int, key: str, name: str, mark: str = "", union: str = "", more: str = "") -> str:
    head = f"{kind}{DAY:%Y%m%d}{key:8}{union:4}{name[:50]:50}{'':50}{mark:2}"
    return f"{head:128}{more}".ljust(220)


def _figures(hectares: int, people: int, postcode: str) -> str:
    return f"{hectares:011d}{people:011d}{people // 2:011d}    {postcode:5}"


def _state(state: str, counties: int, municipalities: int, names: Iterator[str]) -> Iterator[str]:
    """One Land: counties, in each its unions and municipalities."""
    yield _line(10, state, STATES[state])
    for number in range(1, counties + 1):
        county = f"{state}0{number:02d}"
        yield _line(40, county, f"Kreis Nr. {county}", "43")
        share = range(1, municipalities // counties + (number <= municipalities % counties) + 1)
        for place in share:
            if place % UNION_OF == 1:
                yield _line(50, county, f"Verband {county} {place}", "52", f"5{place:03d}")
            figures = _figures(500 + 7 * place, 900 + 131 * place, f"{10000 + 17 * place + number}")
            union = f"5{place - (place - 1) % UNION_OF:03d}"
            yield _line(
                60, f"{county}{place:03d}", next(names), "63" if place % 9 == 0 else "64", union, figures
            )


def _hessen() -> Iterator[str]:
    """Hessen as the built-in register has it on the day, so that nothing of it is missing."""
    yield _line(10, HESSEN, STATES[HESSEN])
    unions = count(1)
    for body in facts().bodies:
        if body.holds_on(DAY):
            yield from _body(body, next(unions))


def _body(body: BodyFact, number: int) -> Iterator[str]:
    key = next(one.key for one in body.keys if one.holds_on(DAY))
    called = next(one for one in body.designations if one.holds_on(DAY))
    if called.type == REGION:
        yield _line(20, key, called.official_name)
    elif called.type == COUNTY:
        yield _line(40, key, called.official_name, "44")
    else:
        if called.type == "kreisfreie Stadt":
            yield _line(40, key[:5], called.official_name, "41")
        people = next((one.population for one in body.populations if one.counted_on == COUNTED_ON), 0)
        figures = _figures(round(float(body.area_km2 or 0) * 100), people, body.postcode or "")
        yield _line(60, key, called.official_name, MARKS[called.type], f"0{number:03d}", figures)
