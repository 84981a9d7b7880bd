"""Where the words of a question stand in a text: the piece around the first of them, each of them marked."""

import re
from collections.abc import Sequence
from functools import lru_cache

from crm import folding
from crm.search.asking import Asked

# (text, is it marked)
Parts = list[tuple[str, bool]]
_WORD = re.compile(r"[^\W_]+")
_folded = lru_cache(maxsize=8192)(folding.fold)
BEFORE, LENGTH, SEARCHED = 60, 220, 30_000


def sought(asked: Asked) -> list[str]:
    """The folded words to be marked."""
    found = folding.search_words(asked.words)
    for phrase in asked.phrases:
        found += folding.fold(phrase).split()
    return list(dict.fromkeys(found))


def marked(text: str, words: Sequence[str]) -> Parts:
    """Take a text apart into what is marked and what is not."""
    parts: Parts = []
    place = 0
    for match in _WORD.finditer(text):
        if _holds(match[0], words):
            parts += [(text[place : match.start()], False), (match[0], True)]
            place = match.end()
    parts.append((text[place:], False))
    return [part for part in parts if part[0]]


def excerpt(text: str, words: Sequence[str]) -> Parts:
    """Give the piece of a text around the first of the words; without any of them its beginning."""
    text = text[:SEARCHED]
    at = next((match.start() for match in _WORD.finditer(text) if _holds(match[0], words)), 0)
    begin = max(at - BEFORE, 0)
    if begin:
        begin = text.find(" ", begin, at) + 1 or begin
    end = min(begin + LENGTH, len(text))
    if end < len(text):
        end = max(text.rfind(" ", at, end), at + 1) if " " in text[at:end] else end
    parts = marked(_joined(text[begin:end]), words)
    before, after = ("… " if begin else ""), (" …" if end < len(text) else "")
    return [part for part in ((before, False), *parts, (after, False)) if part[0]]


def _joined(text: str) -> str:
    """Bring paragraphs into one line, with a dot between them."""
    return re.sub(r"\s+", " ", re.sub(r"\s*\n\s*", " · ", text.strip()))


def holds_any(text: str, words: Sequence[str]) -> bool:
    """Tell whether one of the words stands in a text."""
    return any(_holds(match[0], words) for match in _WORD.finditer(text[:SEARCHED]))


def _holds(typed: str, words: Sequence[str]) -> bool:
    folded = _folded(typed)
    # Words of one or two letters would light up everywhere.
    return any(word in folded if len(word) > 2 else folded == word for word in words)
