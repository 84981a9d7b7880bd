"""Notes as people type them: paragraphs, lists, bold, links; no HTML, no images, nothing that could run."""

from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.list import list_block
from markdown_it.token import Token
from markupsafe import Markup

Blocks = list[dict[str, Any]]

# Lists within lists; each is two levels of the reader: the list and its item.
DEEPEST = 6

_reader = MarkdownIt("zero", {"html": False, "breaks": True, "linkify": False}).enable(
    ["list", "emphasis", "newline", "link", "escape"]
)
_reader.validateLink = lambda url: url.startswith(("https://", "http://", "mailto:", "/"))  # type: ignore[method-assign]


def _list(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Begin no list deeper than that: the reader would drop all that follows, so a row of dashes is text."""
    return state.level < 2 * DEEPEST and list_block(state, first, last, silent)


_reader.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})


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


def tree(text: str | None) -> Blocks:
    """Give a note as plain blocks for what is no HTML: paragraphs of runs, and lists of such blocks."""
    found: Blocks = []
    blocks = [found]
    lists: list[list[Blocks]] = []
    for token in _reader.parse(text or ""):
        if token.type == "inline":
            blocks[-1].append({"kind": "paragraph", "runs": _runs(token)})
        elif token.type.endswith("_list_open"):
            lists.append(_list_in(blocks[-1], token))
        elif token.type.endswith("_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            blocks.append([])
            lists[-1].append(blocks[-1])
        elif token.type == "list_item_close":
            blocks.pop()
    return found


def plain(text: str | None) -> str:
    """Give a note as lines for a mail: without its marks, lists with dashes or numbers."""
    return "\n\n".join(_lines(block) for block in tree(text))


def _lines(block: dict[str, Any]) -> str:
    if block["kind"] == "paragraph":
        return "".join("\n" if run is None else _words(run) for run in block["runs"])
    numbered, found = block["kind"] == "numbers", []
    for number, item in enumerate(block["items"], start=block["start"]):
        mark = f"{number}. " if numbered else "- "
        said = "\n".join(_lines(one) for one in item)
        found.append(mark + said.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(found)


def _words(run: dict[str, Any]) -> str:
    """The words of a run; where they hide an address, it stands behind them."""
    shown, url = str(run["text"]), str(run["url"])
    return f"{shown} ({url})" if url and url not in (shown, f"mailto:{shown}") else shown


def _list_in(blocks: Blocks, token: Token) -> list[Blocks]:
    """Begin a list among other blocks; give the place of its items."""
    numbered = token.type.startswith("ordered")
    items: list[Blocks] = []
    start = int(token.attrs.get("start", 1))
    blocks.append({"kind": "numbers" if numbered else "bullets", "start": start, "items": items})
    return items


def _runs(block: Token) -> list[dict[str, Any] | None]:
    """Give the words of a paragraph in one style each; None is the end of a line."""
    found: list[dict[str, Any] | None] = []
    depth, url = {"strong": 0, "em": 0}, ""
    for part in block.children or ():
        name = part.type.partition("_")[0]
        if part.type in ("softbreak", "hardbreak"):
            found.append(None)
        elif name == "link":
            url = str(part.attrs["href"]) if part.nesting == 1 else ""
        elif part.nesting:
            depth[name] += part.nesting
        elif part.content:
            style = {"bold": depth["strong"] > 0, "italic": depth["em"] > 0}
            found.append({"text": part.content, "url": url} | style)
    return found
