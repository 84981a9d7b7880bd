"""Notes as people type them: paragraphs, lists, bold, links; no HTML, no images, nothing that could run."""

from markdown_it import MarkdownIt
from markupsafe import Markup

_reader = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": False}).enable(
    ["list", "emphasis", "newline", "link", "escape"]
)
_reader.validateLink = lambda url: url.startswith(("https://", "http://", "mailto:", "/"))  # type: ignore[method-assign]


def markdown(text: str | None) -> Markup:
    """Render a note; plain text looks right too."""
    return Markup(_reader.render(text or ""))  # noqa: S704 the reader escapes everything it does not know
