"""A cell with many names taken apart. What parts names may also stand inside one, so the whole goes first.

What a text by itself means is read in `naming.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crm.folding import fold
from crm.imports.talks.naming import Names

_ABOVE = {fold(word) for word in ("dto.", "dito", "s.o.", "s. o.", "wie oben", "wie vor", "ebenso", "ditto")}
_SIGNS = {'"', "''", "„", "”", '-"-', '–"–', '- " -'}
_SLASH = r"\s*/\s*"
_MARKS = (
    r"\s*[\r\n]+\s*", r"\s*;\s*", r"\s*,\s*", r"\s*\+\s*", r"\s+(?:u\.|und|&|sowie)\s+", r"\s*&\s*",
    r"\s+[-–]\s+", _SLASH,
)  # fmt: skip
_MORE = re.compile(
    r"[\s,]*\b(?:u\.\s?a\.|u\.\s?v\.\s?m\.|etc\.?|usw\.?|und andere|u\.\s?w\.)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cell:
    """The names of a cell, whether it points to the row above, and words for others that it does not name."""

    names: tuple[str, ...] = ()
    is_above: bool = False
    others: str = ""


def take_apart(text: str, names: Names) -> Cell:
    """Part a cell into names; each keeps the letters of the list."""
    plain = text.strip().strip(",;/+").strip()
    if plain in _SIGNS or fold(plain) in _ABOVE:
        return Cell((plain,), is_above=True)
    if not re.search(r"[^\W_]", plain):
        return Cell((plain,) if plain else ())
    more = _MORE.search(plain)
    found = _parts(_MORE.sub("", plain), names)
    return Cell(tuple(dict.fromkeys(found)), others=more[0].strip(" ,") if more else "")


def roughly(text: str) -> list[str]:
    """Part a cell at every mark, before the register is known."""
    return [part.strip() for part in re.split("|".join(_MARKS), text) if part.strip()]


def _parts(text: str, names: Names) -> Iterator[str]:
    whole = re.sub(r"[^\S\r\n]+", " ", text).strip(" ,;/+\r\n")
    if not whole:
        return
    if names.knows(whole):
        yield re.sub(r"\s+", " ", whole)
        return
    for mark in _MARKS:
        parts = _split(mark, whole)
        if len(parts) < 2:
            continue
        if mark == _SLASH:
            yield from _joined(parts, names)
        else:
            for part in parts:
                yield from _parts(part, names)
        return
    yield from _hyphened(whole, names)


def _split(mark: str, text: str) -> list[str]:
    """Split at a mark that does not stand in brackets."""
    covered = re.sub(r"\([^()]*\)", lambda found: "\x1a" * len(found[0]), text)
    parts, begin = [], 0
    for found in re.finditer(mark, covered):
        parts.append(text[begin : found.start()])
        begin = found.end()
    return [part.strip() for part in (*parts, text[begin:]) if part.strip()]


def _joined(parts: list[str], names: Names) -> Iterator[str]:
    """Put together again what a slash parts inside a name: Homberg/Efze."""
    at = 0
    while at < len(parts):
        pair = "/".join(parts[at : at + 2])
        if at + 1 < len(parts) and names.knows(pair):
            yield pair
            at += 2
        else:
            yield from _hyphened(parts[at], names)
            at += 1


def _hyphened(text: str, names: Names) -> Iterator[str]:
    halves = [half.strip() for half in re.split(r"[-–]", text)]
    if len(halves) > 1 and not names.knows(text) and all(names.knows(half) for half in halves):
        yield from halves
    else:
        yield text
