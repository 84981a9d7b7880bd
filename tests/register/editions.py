"""Official files made for tests: the built-in register as it was on a day, printed as GV100AD."""

from datetime import date
from pathlib import Path

import pytest

from crm.organisations.facts import AREA, COUNTY, REGION, facts

OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "official"
MARKS = {"Gemeinde": "64", "Stadt": "63", "Sonderstatusstadt": "63", "kreisfreie Stadt": "61", AREA: "66"}
LATER = date(2027, 1, 31)


def official(edition):
    """The bytes of a real edition, or skip."""
    path = OFFICIAL / f"GV100AD_{edition}_hessen.txt"
    if not path.is_file():
        pytest.skip(f"official edition {edition} is not beside the project")
    return path.read_bytes()


def line(kind, day, key, name, mark="", union="", seat="", figures="", postcode=""):
    """One record of 220 characters."""
    head = f"{kind}{day:%Y%m%d}{key:8}{union:4}{name[:50]:50}{seat:50}{mark:2}"
    return f"{head:128}{figures:33}    {postcode:5}".ljust(220)


def municipality(day, key, name, mark="64", hectares=1000, people=5000, postcode="35091"):
    """A record 60."""
    figures = f"{hectares:011d}{people:011d}{people // 2:011d}"
    return line(60, day, key, name, mark, "0" + key[5:], figures=figures, postcode=postcode)


def at(rows, day):
    """What held on a day."""
    return next(row for row in rows if row.holds_on(day))


def records(day, people_on=date(2024, 12, 31)):
    """Records of the built-in register as it was on a day, by key."""
    found = {"06": line(10, day, "06", "Hessen")}
    for body in facts().bodies:
        if not body.holds_on(day):
            continue
        key, called = at(body.keys, day).key, at(body.designations, day)
        if called.type == REGION:
            found[key] = line(20, day, key, called.official_name)
        elif called.type == COUNTY:
            found[key] = line(40, day, key, called.official_name, "44")
        else:
            if called.type == "kreisfreie Stadt":
                found[key[:5]] = line(40, day, key[:5], called.official_name, "41")
            people = next((one.population for one in body.populations if one.counted_on == people_on), 0)
            hectares = round(float(body.area_km2 or 0) * 100)
            found[key] = municipality(
                day, key, called.official_name, MARKS[called.type], hectares, people, body.postcode or ""
            )
    return found


def printed(found):
    """The file of these records, in the order of the official one."""
    return "\n".join(found[key] for key in sorted(found)).encode() + b"\n"


def edition(day, changes=None, without=(), **added):
    """The register of a day as a file, with other names {key: name}, without some keys, with records more."""
    found = records(day)
    for key, name in (changes or {}).items():
        found[key] = found[key][:22] + f"{name[:50]:50}" + found[key][72:]
    for key in without:
        del found[key]
    return printed(found | {key.removeprefix("k"): record for key, record in added.items()})


def with_line(content, number, change):
    """The same file with one line changed."""
    lines = content.decode().split("\n")
    lines[number - 1] = change(lines[number - 1])
    return "\n".join(lines).encode()
