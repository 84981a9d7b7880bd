"""The text of a mail that was sent as a web page. Nothing is loaded, nothing is run, links stand as text.

A walk from left to right over tags and texts: the reader of the standard library needs seconds for 20 KB of
unfinished tags (CVE-2025-6069 and its kin), and a mail is written by strangers.
"""

import html
import re

_COMMENTS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", ">"))
_PIECES = re.compile(r"(<[^<>]*>)")
_TAG = re.compile(r"<\s*(/?)\s*([a-zA-Z][a-zA-Z0-9:]{0,30})")
_TARGET = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_UNSEEN = {"script", "style", "head", "title", "template", "svg", "math", "object", "iframe", "select"}
_BLOCKS = {
    "p", "div", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section",
    "article", "header", "footer", "hr", "dl", "dt", "dd", "form", "fieldset", "center", "address",
    "blockquote",
}  # fmt: skip
_APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"}
LONGEST_LINK, MOST_OPEN = 500, 10


def text_of(page: str) -> str:
    """Give the words of a web page as plain text: paragraphs, lists with dashes, quotations with `> `."""
    walk = _Walk()
    for piece in _PIECES.split(_without_comments(page)):
        if piece.startswith("<") and piece.endswith(">"):
            walk.tag(piece)
        else:
            walk.words(piece)
    return walk.result()


def _without_comments(page: str) -> str:
    for begin, end in _COMMENTS:
        first, *others = page.split(begin)
        # A comment that never ends swallows nothing: what follows may be the mail.
        page = first + "".join(one.partition(end)[2] if end in one else one for one in others)
    return page


class _Walk:
    """What is read so far: finished lines, and the pieces and the depth of quotation of the next."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.depth = self.depth_of_line = 0
        self.skipped = ""
        self.links: list[tuple[str, int]] = []

    def tag(self, piece: str) -> None:
        match = _TAG.match(piece)
        if match is None:
            return
        closes, name = match[1] == "/", match[2].lower()
        if self.skipped:
            self.skipped = "" if closes and name == self.skipped else self.skipped
        elif name in _UNSEEN and not closes and not piece.endswith("/>"):
            self.skipped = name
        elif name == "a":
            self._link(piece, closes)
        else:
            self._layout(name, closes)

    def _layout(self, name: str, closes: bool) -> None:
        if name == "br":
            self._end_line()
        elif name in _BLOCKS:
            if self.pieces:
                self._end_line()
            if name in _APART and self.lines and self.lines[-1]:
                self.lines.append("")
        if name == "blockquote":
            self.depth = max(self.depth - 1, 0) if closes else min(self.depth + 1, 9)
        if name == "li" and not closes:
            self._add("- ")
        if name in ("td", "th") and closes:
            self._add(" ")

    def _link(self, piece: str, closes: bool) -> None:
        if not closes:
            match = _TARGET.search(piece)
            found = html.unescape(next((one for one in match.groups() if one), "")) if match else ""
            self.links = [*self.links[-MOST_OPEN:], (found.strip()[:LONGEST_LINK], len(self.pieces))]
        elif self.links:
            target, begin = self.links.pop()
            shown = "".join(self.pieces[begin:]).strip()
            plain = target.removeprefix("mailto:")
            if target.lower().startswith(("http://", "https://", "mailto:")) and plain != shown:
                self._add(f" ({plain})" if shown else plain)

    def words(self, piece: str) -> None:
        if not self.skipped:
            self._add(" ".join(html.unescape(f"|{piece}|").split())[1:-1])

    def _add(self, text: str) -> None:
        if text.startswith(" ") and (not self.pieces or self.pieces[-1].endswith(" ")):
            text = text[1:]
        if text:
            self.depth_of_line = self.depth_of_line if self.pieces else self.depth
            self.pieces.append(text)

    def _end_line(self) -> None:
        line = "".join(self.pieces).rstrip()
        self.lines.append("> " * self.depth_of_line + line if line else "")
        self.pieces, self.links = [], [(target, 0) for target, _begin in self.links]

    def result(self) -> str:
        """The lines with the marks of quotations, never more than one empty line in a row."""
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n")
