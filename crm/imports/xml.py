"""Read the XML of office files piece by piece; document types and entities are refused, depth is limited."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

DEEPEST, MOST_ELEMENTS = 60, 2_000_000


class Malformed(ValueError):
    """The XML is broken or holds what no office file needs."""


@dataclass(slots=True)
class Element:
    """An element that was asked for: its name without prefix, attributes, parent's name, and its text."""

    name: str
    attributes: dict[str, str]
    parent: str = ""
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything written inside."""
        return "".join(self.pieces)

    def get(self, name: str) -> str:
        """Give an attribute, whatever prefix it has; empty where there is none."""
        return self.attributes.get(name, "")


Take = Callable[[Element], None]


class _Collector:
    """Hand the wanted elements on while the parser runs; they nest in nothing of their own kind."""

    def __init__(self, take: Take, wanted: set[str], within: set[str], but: set[str]):
        self.take, self.wanted, self.within, self.but = take, wanted, within, but
        self.path: list[str] = []
        self.open: Element | None = None
        self.skipped = self.seen = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = bare(tag)
        if len(self.path) > DEEPEST:
            raise Malformed("too deep")
        if self.open is None and name in self.wanted:
            plain = {bare(key): value for key, value in attributes.items()}
            self.open = Element(name, plain, self.path[-1] if self.path else "")
        elif name in self.but:
            self.skipped += 1
        self.path.append(name)

    def end(self, tag: str) -> None:
        name = bare(tag)
        self.path.pop()
        if self.open is not None and name == self.open.name:
            self.seen += 1
            if self.seen > MOST_ELEMENTS:
                raise Malformed("too many elements")
            self.take(self.open)
            self.open = None
        elif name in self.but:
            self.skipped -= 1

    def text(self, data: str) -> None:
        if self.open is not None and not self.skipped and self.path[-1] in self.within:
            self.open.pieces.append(data)


def bare(tag: str) -> str:
    """Give the name of a tag without its prefix."""
    return tag.rpartition(":")[2]


def parser(start: Any, end: Any, text: Any) -> expat.XMLParserType:
    """Make a parser that refuses document types, and with them all entities of a file's own."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, text
    made.StartDoctypeDeclHandler = _refuse
    return made


def _refuse(*_what: object) -> None:
    raise Malformed("a document type")


def feed(made: expat.XMLParserType, xml: bytes) -> None:
    """Let a parser read all of it; raises Malformed."""
    try:
        made.Parse(xml, True)
    except expat.ExpatError as wrong:
        raise Malformed(str(wrong)) from wrong


def each(
    xml: bytes, wanted: set[str], take: Take, within: Iterable[str] = (), but: Iterable[str] = ()
) -> None:
    """Hand on the elements of some names, with the text of the elements `within` them; raises Malformed."""
    collector = _Collector(take, wanted, set(within), set(but))
    feed(parser(collector.start, collector.end, collector.text), xml)


def elements(xml: bytes, wanted: set[str]) -> list[Element]:
    """Give the few elements of some names."""
    found: list[Element] = []
    each(xml, wanted, found.append)
    return found
