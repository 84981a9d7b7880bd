"""Papers that leave the program: the same plain words for the page one prints and for the PDF one files."""

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from crm.markdown import tree

TYPESET = Path(__file__).resolve().parent / "typeset"
LONGEST_URL = 2000

# No PDF holds these: controls, the byte-order mark and what is no character at all.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
# A word that does not end, as an address does not, may be broken here and there; so may a tower of accents.
_ENDLESS = re.compile("[!-~\\w]{24}(?=[!-~\\w])|[\u0300-\u036f]{24}(?=[\u0300-\u036f])")


@dataclass(frozen=True)
class Fact:
    """One line of the facts at the top; `url` makes it a link."""

    label: str
    value: str
    url: str = ""


@dataclass(frozen=True)
class Table:
    """A part of rows; a cell may have several lines. `widths` are shares of the line."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    widths: list[int]
    kind: str = "table"


@dataclass(frozen=True)
class Prose:
    """A part of text as it was typed in a note."""

    title: str
    text: str
    kind: str = "prose"


@dataclass(frozen=True)
class Paper:
    """All that stands in a paper, in its language. `mark` is printed on every page."""

    language: str
    title: str
    reference: str
    facts: list[Fact]
    parts: list[Table | Prose]
    head: list[str] = field(default_factory=list)
    mark: str = ""
    pages: str = "{page} / {pages}"


def to_pdf(paper: Paper, base_address: str = "") -> bytes:
    """Typeset a paper as tagged PDF (PDF/UA-1); the same paper always gives the same bytes.

    Links inside the program need its `base_address`. This takes a moment: hold no transaction meanwhile.
    """
    words = asdict(paper) | {"parts": [_part(one, base_address) for one in paper.parts]}
    return typeset("paper.typ", words)


def typeset(layout: str, words: dict[str, Any]) -> bytes:
    """Typeset words by a layout of `crm/typeset` as tagged PDF; they hold a `title` and a `language`.

    Every word stays a word, whatever signs are in it. Hold no transaction meanwhile.
    """
    # Whoever typesets nothing need not carry it.
    import typst

    plain = _without_unprintable(words)
    return typst.compile(
        str(TYPESET / layout),
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        font_paths=[str(TYPESET)],
        sys_inputs={"paper": json.dumps({**_breakable(plain), "name": plain["title"]})},
    )


def _part(part: Table | Prose, base_address: str) -> dict[str, Any]:
    if isinstance(part, Table):
        return asdict(part)
    return {"kind": part.kind, "title": part.title, "blocks": _linked(tree(part.text), base_address)}


def _linked(blocks: list[dict[str, Any]], base_address: str) -> list[dict[str, Any]]:
    """Complete the addresses in a note; those no PDF can hold stay plain words."""
    for block in blocks:
        for run in block.get("runs", ()):
            if run and run["url"].startswith("/"):
                run["url"] = base_address and urljoin(base_address, run["url"])
            if run and len(run["url"]) > LONGEST_URL:
                run["url"] = ""
        for item in block.get("items", ()):
            _linked(item, base_address)
    return blocks


def _without_unprintable(words: Any) -> Any:
    return _each(words, lambda text: _UNPRINTABLE.sub("\ufffd", text), ())


def _breakable(words: Any) -> Any:
    return _each(words, lambda text: _ENDLESS.sub("\\g<0>\u200b", text), ("url", "kind", "language"))


def _each(words: Any, change: Any, but: tuple[str, ...]) -> Any:
    """Change every text of a structure, except under the names in `but`."""
    if isinstance(words, str):
        return change(words)
    if isinstance(words, list):
        return [_each(one, change, but) for one in words]
    if isinstance(words, dict):
        return {name: one if name in but else _each(one, change, but) for name, one in words.items()}
    return words
