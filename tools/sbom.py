#!/usr/bin/env python3
"""Write the bill of materials (CycloneDX 1.6, JSON): every package and every file browsers get.

sbom.py FOLDER [FILE]: FOLDER holds the wheels of wheelhouse.sh; their SHA-512 and licences go into FILE.
"""

import hashlib
import re
import sys
from collections.abc import Iterator
from importlib.metadata import metadata, version
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from license_expression import get_spdx_licensing
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parent.parent
MAKER = OrganizationalEntity(
    name="Kompetenzzentrum für Interkommunale Zusammenarbeit", urls=[XsUri("https://www.ikz-hessen.de")]
)
SPDX = get_spdx_licensing()
# What their authors say in words only, read from their licence files.
IN_WORDS = {
    "blinker": "MIT", "flask-sqlalchemy": "BSD-3-Clause", "flask-wtf": "BSD-3-Clause", "huey": "MIT",
    "itsdangerous": "BSD-3-Clause", "jinja2": "BSD-3-Clause", "markdown-it-py": "MIT", "mdurl": "MIT",
    "segno": "BSD-3-Clause", "wtforms": "BSD-3-Clause", "pypdfium2": "BSD-3-Clause AND Apache-2.0",
}  # fmt: skip
OWN = "LicenseRef-KIKZ"
# Files of others that browsers get from us, packed out of a wheel; all other files are the program's own.
FOREIGN = {
    "bootstrap.css": ("bootstrap", re.compile(rb"Bootstrap\s+v([\d.]+)"), "MIT"),
    "icons.svg": ("bootstrap-icons", None, "MIT"),
}


def pinned(text: str) -> dict[str, str]:
    """Give name and version of every pin that holds on this machine."""
    lines = [line.rstrip(" \\") for line in text.splitlines() if "==" in line and not line.startswith(" ")]
    wanted = [Requirement(line) for line in lines]
    return {
        canonicalize_name(one.name): next(iter(one.specifier)).version
        for one in wanted
        if one.marker is None or one.marker.evaluate()
    }


def licence(name: str) -> str:
    """Give the licence of an installed package as an SPDX expression; exit where nobody has said it."""
    told = metadata(name)
    for words in (told.get("License-Expression"), IN_WORDS.get(name), told.get("License")):
        if words and len(words) < 200 and not SPDX.validate(words).errors:
            return str(SPDX.parse(words))
    sys.exit(f"Die Lizenz von {name} ist unbekannt. Tragen Sie sie in tools/sbom.py ein.")


def _sum(data: bytes) -> HashType:
    return HashType(alg=HashAlgorithm.SHA_512, content=hashlib.sha512(data).hexdigest())


def _properties(name: str, kind: str) -> list[Property]:
    """What TR-03183-2 asks of a component beside its name."""
    told = {
        "filename": name,
        "archive": "archive" if kind == "wheel" else "no archive",
        "structured": "structured",
    }
    told["executable"] = "executable" if kind in ("wheel", "js") else "non-executable"
    return [Property(name=f"bsi:component:{key}", value=value) for key, value in told.items()]


def packages(folder: Path) -> Iterator[Component]:
    """Describe each pinned package by its wheel; exit where the wheel or the package is missing."""
    wheels = {parse_wheel_filename(path.name)[:2]: path for path in folder.glob("*.whl")}
    by_name = {(canonicalize_name(name), str(number)): path for (name, number), path in wheels.items()}
    for name, number in sorted(pinned((ROOT / "requirements.txt").read_text(encoding="utf-8")).items()):
        wheel = by_name.get((name, number))
        if wheel is None:
            sys.exit(f"Das Paket {name} {number} fehlt in {folder}. Abhilfe: tools/wheelhouse.sh {folder}")
        if version(name) != number:
            sys.exit(f"Installiert ist {name} {version(name)}, verlangt {number}. Abhilfe: tools/setup.sh")
        yield Component(
            name=name, version=number, type=ComponentType.LIBRARY, bom_ref=f"{name}=={number}",
            purl=PackageURL("pypi", name=name, version=number), hashes=[_sum(wheel.read_bytes())],
            licenses=[LicenseExpression(licence(name))], properties=_properties(wheel.name, "wheel"),
        )  # fmt: skip


def front_end() -> Iterator[Component]:
    """Describe each file that browsers get: our own, and those packed out of Bootstrap-Flask."""
    sys.path.insert(0, str(ROOT))
    from crm.assets import _bare, _bootstrap, pack

    style = (_bootstrap() / "css" / "bootstrap.min.css").read_bytes()
    for name, path in sorted({**pack().paths, "bootstrap.css": None}.items()):
        data = path.read_bytes() if path else _bare(style)
        foreign = FOREIGN.get(name)
        number = found[1].decode() if foreign and foreign[1] and (found := foreign[1].search(style)) else None
        yield Component(
            name=foreign[0] if foreign else f"ikz-beratung/{name}",
            version=number or (f"Bootstrap-Flask {version('bootstrap-flask')}" if foreign else None),
            type=ComponentType.LIBRARY if foreign else ComponentType.FILE, bom_ref=f"static/{name}",
            hashes=[_sum(data)], properties=_properties(name, Path(name).suffix.lstrip(".")),
            licenses=[LicenseExpression(foreign[2])] if foreign else [LicenseExpression(OWN)],
        )  # fmt: skip


def bill(folder: Path) -> Bom:
    """Put all components and their dependencies together."""
    bom = Bom()
    program = Component(name="IKZ-Beratung", type=ComponentType.APPLICATION, bom_ref="ikz-beratung")
    bom.metadata.component, bom.metadata.manufacturer = program, MAKER
    found = {part.name: part for part in packages(folder)}
    files = list(front_end())
    for part in (*found.values(), *files):
        bom.components.add(part)
    bom.register_dependency(program, [*found.values(), *files])
    for name, part in found.items():
        needs = [Requirement(text) for text in metadata(name).get_all("Requires-Dist") or []]
        names = {
            canonicalize_name(one.name)
            for one in needs
            if one.marker is None or one.marker.evaluate({"extra": ""})
        }
        bom.register_dependency(part, [found[one] for one in sorted(names & found.keys())])
    return bom


def main(folder: str, target: str = "sbom.cdx.json") -> None:
    """Write the bill of materials."""
    bom = bill(Path(folder))
    Path(target).write_text(JsonV1Dot6(bom).output_as_string(indent=1), encoding="utf-8")
    print(f"{target}: {len(bom.components)} Bestandteile")


if __name__ == "__main__":
    main(*sys.argv[1:])
