"""Notes as people type them: paragraphs, lists, bold, links; no HTML, no images, nothing that could run."""

from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

_reader = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": False}).enable(
    ["list", "emphasis", "newline", "link", "escape"]
)
_reader.validateLink = lambda url: url.startswith(("https://", "http://", "mailto:", "/"))  # type: ignore[method-assign]


def markdown(text: str | None) -> Markup:
    """Render a note; plain text looks right too."""
    return Markup(_reader.render(text or ""))  # noqa: S704 the reader escapes everything it does not know


def excerpt(text: str | None, length: int = 240) -> str:
    """Give the beginning of a note as plain words, without its marks."""
    blocks = [token for token in _reader.parse(text or "") if token.type == "inline"]
    words = " · ".join("".join(_plain(part) for part in block.children or ()) for block in blocks)
    return words if len(words) <= length else words[: length - 1].rsplit(" ", 1)[0] + " …"


def _plain(part: Any) -> str:
    return " " if part.type in ("softbreak", "hardbreak") else str(part.content)
