"""The one search key for German names: umlauts, ß, hyphens and abbreviations make no difference.

Folding happens on both sides, when a name is stored and when somebody searches, so "Mueller", "Müller" and
"muller" meet. It knows no area; what is matched against what is the caller's business.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

LONGEST_QUERY = 200
MOST_WORDS = 12
ALIKE = 0.5

# Letters of DIN 91379 and their kin that have no decomposition into a base letter and a mark.
_BARE = {
    "łƚ": "l", "đðɖ": "d", "ħ": "h", "ŧ": "t", "ŋɲ": "n", "ĸƙ": "k", "øɵ": "o", "ıɨ": "i", "əǝɛ": "e",
    "ʒƶ": "z", "ǥ": "g", "ƒ": "f", "ɓƀ": "b", "ƥ": "p", "ʉ": "u", "ʋ": "v", "ƴ": "y",
    "æ": "ae", "œ": "oe", "þ": "th",
}  # fmt: skip
_LETTERS = str.maketrans({letter: bare for letters, bare in _BARE.items() for letter in letters})
_APOSTROPHES = str.maketrans(dict.fromkeys("'’‘‛`´ʹʺʼʻʽʾʿˈˊˋ·‧"))
_UNSEEN = {"Mn", "Me", "Cf", "Cs"}
_WORD = re.compile(r"[^\W_]+")
_STRETCH = re.compile("(?<=[aou])e+")

# Small words are cut to the letter offices write for them: "an der Lahn" and "a. d. Lahn" are one.
_SMALL = {
    **dict.fromkeys(("vor", "von", "vom"), "v"),
    **dict.fromkeys(("der", "dem", "den"), "d"),
    **dict.fromkeys(("am", "an"), "a"),
    **dict.fromkeys(("im", "in"), "i"),
    "bei": "b",
    "sankt": "st",
}
_OPENED = {
    **dict.fromkeys(("lk", "lkr", "krs", "landk", "landkr", "landkre", "landkrei", "landkreis"), "kreis"),
    "ffm": "frankfurt a main",
    "gde": "gemeinde",
    "lda": "lumda",
    "odw": "odenwald",
    "rh": "rhein",
    "str": "strasse",
    "ts": "taunus",
    "vdh": "v d hohe",
    **dict.fromkeys(("vb", "vbg"), "vogelsberg"),
    "ww": "westerwald",
}
# At the end these may be the beginning of a longer word somebody is still typing ("Gem…ünden", "Kr…onberg").
_OPENED_INSIDE = {"gem": "gemeinde", "kr": "kreis"}
_ON_THE_HEIGHT = re.compile(r"\bv d h\b")
_TITLES = {"stadt", "gemeinde", "kommune", "kreisstadt", "marktgemeinde", "marktflecken", "magistrat", "d"}
_ADDITION = re.compile(r"\s*\(.*|\s+(?:am|an|a|im|i|vor|v|bei|b)(?:\.|\s).*", re.IGNORECASE | re.DOTALL)


class Match(IntEnum):
    """How well a name fits a query, best first."""

    EXACT = 0
    WITHOUT_ADDITION = 1
    PREFIX = 2
    WORDS = 3
    INSIDE = 4
    ANYWHERE = 5


class Score(NamedTuple):
    """What a hit is worth; scores compare with `<`, the smaller is the better."""

    match: Match
    former: bool
    off_hint: bool
    folded_only: bool


class _Query(NamedTuple):
    whole: str
    core: str
    hints: tuple[str, ...]
    plain: str
    digits: str


class _Name(NamedTuple):
    folded: str
    joined: str
    short: str
    plain: str
    plain_short: str


def fold(text: str) -> str:
    """Give the search key of a text: base letters only, words parted by one blank."""
    words = [_STRETCH.sub("", word) for word in _WORD.findall(_base_letters(text))]
    last = len(words) - 1
    words = [_OPENED_INSIDE.get(word, word) if place < last else word for place, word in enumerate(words)]
    folded = " ".join(_OPENED.get(word) or _SMALL.get(word, word) for word in words)
    return _ON_THE_HEIGHT.sub("v d hohe", folded)


@lru_cache(maxsize=1024)
def sort_key(text: str) -> str:
    """Give the key to sort by as in a German register (like DIN 5007-1): ä as a, ß as ss, marks ignored."""
    return " ".join(_WORD.findall(_base_letters(text)))


def name_key(last: str | None, first: str | None = None) -> str:
    """Give the key to sort people by: all called Damm stand before the first Damm-Bechtel."""
    # Two blanks come before one, so that a last name ends before it goes on.
    return "  ".join(key for key in (sort_key(last or ""), sort_key(first or "")) if key)[:400]


def search_text(*texts: str | None) -> str:
    """Give what is stored to be searched: every text folded, and once more without blanks."""
    folded = [fold(text) for text in texts if text]
    keys = dict.fromkeys(key for text in folded for key in (text, _join(text)) if key)
    return " | ".join(keys)


def search_words(query: str) -> list[str]:
    """Give the folded words that every candidate must contain somewhere in its `search_text`."""
    parsed = _parse(query[:LONGEST_QUERY])
    if parsed.digits:
        return [parsed.digits]
    words = list(dict.fromkeys(parsed.core.split()))
    return ([word for word in words if len(word) > 1] or words)[:MOST_WORDS]


def rank(
    query: str,
    names: Iterable[str],
    *,
    former: Iterable[str] = (),
    keys: Iterable[str] = (),
    former_keys: Iterable[str] = (),
    context: str = "",
) -> Score | None:
    """Say how well an organisation answers to a query, or None.

    `context` is further text (kind, county, official name): it decides between namesakes, and it may hold the
    words that the names lack.
    """
    parsed = _parse(query[:LONGEST_QUERY])
    if parsed.digits:
        return _best(_rank_keys(parsed.digits, keys, False), _rank_keys(parsed.digits, former_keys, True))
    if not parsed.whole:
        return None
    off = bool(parsed.hints) and not _inside(parsed.hints, _key(context))
    dated = [*((name, False) for name in names), *((name, True) for name in former)]
    best = _best(*(_rank_name(parsed, name, old, off) for name, old in dated))
    everything = _key(" ".join([context, *(name for name, _old in dated)])) if best is None else ""
    if best is None and _inside(parsed.core.split(), everything):
        return Score(Match.ANYWHERE, former=False, off_hint=off, folded_only=True)
    return best


def without_addition(name: str) -> str:
    """Give a name without what tells it from namesakes: Wetter of Wetter (Hessen), Kelsterbach as it is."""
    return _ADDITION.sub("", name)


def closest(query: str, names: Iterable[str], n: int = 3, least: float = ALIKE) -> list[str]:
    """Give up to n names that look most like a misspelt query, the likeliest first.

    `least` is how much alike they must be, from 0 (nothing in common) to 1 or above (the same).
    """
    wanted = _parse(query[:LONGEST_QUERY]).core
    scored = ((_likeness(wanted, name), name) for name in dict.fromkeys(names))
    good = sorted((-likeness, sort_key(name), name) for likeness, name in scored if likeness >= least)
    return [name for _likeness_down, _key, name in good[:n]]


def _base_letters(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_APOSTROPHES)
        text = "".join(letter for letter in text if unicodedata.category(letter) not in _UNSEEN)
    return text.translate(_LETTERS)


def _join(folded: str) -> str:
    return _STRETCH.sub("", folded.replace(" ", ""))


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))


@lru_cache(maxsize=32768)
def _key(text: str) -> str:
    return fold(text)


@lru_cache(maxsize=512)
def _parse(query: str) -> _Query:
    whole, plain = fold(query), _plain(query)
    words = whole.split()
    hints: list[str] = []
    if "b" in words[:-1]:
        words, hints = _split_near(words)
    while len(words) > 1 and words[0] in _TITLES:
        hints.append(words.pop(0))
    digits = whole.replace(" ", "")
    is_key = re.fullmatch("[0-9]{2,}", digits)
    return _Query(whole, " ".join(words), tuple(hints), plain, digits if is_key else "")


def _split_near(words: list[str]) -> tuple[list[str], list[str]]:
    """Read "Weimar b. Marburg" as Weimar, with Marburg to choose among namesakes; "b. Marburg" as Marburg."""
    place = words.index("b")
    return (words[:place], words[place + 1 :]) if place else (words[1:], [])


@lru_cache(maxsize=32768)
def _forms(name: str) -> _Name:
    short = _ADDITION.sub("", name)
    folded = fold(name)
    return _Name(folded, _join(folded), fold(short), _plain(name), _plain(short))


def _rank_name(query: _Query, name: str, former: bool, off_hint: bool) -> Score | None:
    forms = _forms(name)
    matches = [_match(text, forms.folded, forms.short, forms.joined) for text in {query.whole, query.core}]
    found = [match for match in matches if match is not None]
    if not found:
        return None
    match = min(found)
    plain = _match(query.plain, forms.plain, forms.plain_short, forms.plain.replace(" ", ""))
    return Score(match, former, off_hint, folded_only=plain is None or plain > match)


def _match(query: str, name: str, short: str, joined: str) -> Match | None:
    together = query.replace(" ", "")
    if not together:
        return None
    if query == name or together == joined:
        return Match.EXACT
    if query == short:
        return Match.WITHOUT_ADDITION
    if name.startswith(query):
        return Match.PREFIX
    if _begin_in_order(query.split(), name.split()):
        return Match.WORDS
    return Match.INSIDE if together in joined else None


def _begin_in_order(parts: list[str], words: list[str]) -> bool:
    """Tell whether each part begins a word of its own, in the same order."""
    rest = iter(words)
    return all(any(word.startswith(part) for word in rest) for part in parts)


def _rank_keys(digits: str, keys: Iterable[str], former: bool) -> Score | None:
    wanted = (digits, f"0{digits}")
    matches = [Match.EXACT if key in wanted else Match.PREFIX for key in keys if key.startswith(wanted)]
    return Score(min(matches), former, off_hint=False, folded_only=False) if matches else None


def _inside(words: Iterable[str], text: str) -> bool:
    return all(word in text for word in words)


def _best(*scores: Score | None) -> Score | None:
    return min((score for score in scores if score is not None), default=None)


def _likeness(wanted: str, name: str) -> float:
    """Weigh the letters in their order (trigrams) and without order: 1 for equal, 0 for nothing in common."""
    forms = _forms(name)
    return max(_dice(wanted, text) for text in {forms.folded, forms.short})


def _dice(left: str, right: str) -> float:
    pairs = ((_trigrams(left), _trigrams(right)), (_letters(left), _letters(right)))
    return sum(len(one & other) / max(len(one) + len(other), 1) for one, other in pairs)


@lru_cache(maxsize=32768)
def _trigrams(folded: str) -> frozenset[str]:
    padded = [f"  {word} " for word in folded.split()]
    return frozenset(word[place : place + 3] for word in padded for place in range(len(word) - 2))


@lru_cache(maxsize=32768)
def _letters(folded: str) -> frozenset[tuple[str, int]]:
    """Give the letters, the second a told apart from the first."""
    return frozenset((letter, folded[:place].count(letter)) for place, letter in enumerate(folded))
