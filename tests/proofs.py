"""The tables of docs/nachweise as data: promises, the tests they name, figures and controls."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent
ROOT = TESTS.parent
DOCUMENTS = sorted((ROOT / "docs/nachweise").glob("*.md"))
CONTROLS = ("Gegenprobe", "Gegenversuch")
# A path, or a name after two colons; names at the beginning of code without a path count, too.
NAMED = re.compile(r"([\w/]+\.py)|(?:::|`)(test_\w*(?:…\w*)?)(?!\w*\.py)|`(…\w+)")


class Promise(NamedTuple):
    """One line: what is promised, the figure, and the column of the control as it stands."""

    name: str
    figure: str
    control: str


@cache
def functions(path):
    """Name the tests of a file."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {one.name for one in nodes if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")}


def _base(text):
    """Give the folder that a document's paths begin at, if it says so."""
    found = re.search(r"(?:Pfade ab|liegen in) `tests/(\w*)/?`", text)
    return TESTS / found[1] if found else TESTS


def _place(path, folder):
    """Find a file: from the folder of the document, the project, the tests, or the program."""
    candidates = (folder / path, ROOT / path, TESTS / path, ROOT / "crm" / path)
    return next((one for one in candidates if one.is_file()), None)


def read(text):
    """Give every line of a document as (line, files it names, names of tests in it, paths of nothing).

    A name without a path is one of a file named in its line, or of the last one above.
    """
    near, folder = [], _base(text)
    for line in text.splitlines():
        named = NAMED.findall(line)
        files = {path: _place(path, folder) for path, _name, _cut in named if path}
        near = [file for file in files.values() if file] or near[-1:]
        names = [name or cut for _path, name, cut in named if name or cut]
        yield line, near, names, [path for path, file in files.items() if file is None]


def missing(text):
    """Name the tests and files of a document that do not exist, and names that are not written out."""
    lost = []
    for _line, files, names, nowhere in read(text):
        known = {test for file in files for test in functions(file)}
        lost += nowhere + [name for name in names if "…" in name or name not in known]
    return lost


def promises(text):
    """Give the lines of every table that has a column for controls."""
    head = []
    for line in text.splitlines():
        cells = [one.strip() for one in line.strip().removeprefix("|").removesuffix("|").split(" | ")]
        if not line.startswith("|"):
            head = []
        elif not head:
            head = cells
        elif head[-1] in CONTROLS and not line.startswith(("| ---", "|---")):
            yield Promise(cells[head.index("Zusage")], cells[-2], cells[-1])


def is_none(control):
    """Tell whether a column says that there is no control."""
    return control.strip(" –|") == "" or control.startswith(("keine", "nicht belegt", "schon vorhanden"))


def controls(text):
    """Give, by the column of a control, the tests it names as tests/area/test_x.py::test_name."""
    found = {}
    for line, files, _names, _nowhere in read(text):
        for one in promises(f"| Zusage | Zahl | Gegenprobe |\n{line}") if line.startswith("|") else ():
            names = [name for _path, name, _cut in NAMED.findall(one.control) if name]
            places = [next((file for file in files if name in functions(file)), None) for name in names]
            found[one.control] = [
                f"{place.relative_to(ROOT)}::{name}"
                for place, name in zip(places, names, strict=True)
                if place
            ]
    return found
