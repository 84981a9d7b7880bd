"""How alike two names are. Pure functions over folded words."""

import re
from enum import IntEnum
from functools import lru_cache
from itertools import permutations

from crm.contacts.names import STARTING
from crm.folding import fold

# Of two people of one name in one family, who is who.
ELDER, YOUNGER = {"sen", "senior"}, {"jun", "junior", "jr"}
_NOT_NAMES = STARTING | {"herr", "frau", "med", "jur", "rer", "nat", "phil", "habil", "ing"} | ELDER | YOUNGER
_ENDINGS = set("aeos")
SHORTEST_WITH_A_SLIP = 4
_CODES = {
    **dict.fromkeys("aeijouy", "0"), "b": "1", **dict.fromkeys("fvw", "3"), **dict.fromkeys("gkq", "4"),
    "l": "5", **dict.fromkeys("mn", "6"), "r": "7", **dict.fromkeys("sz", "8"),
}  # fmt: skip


class Name(IntEnum):
    """How well two names fit, best first."""

    SAME = 0
    LONGER = 1
    NEAR = 2
    INITIAL = 3
    # Andrea and Andreas, Mario and Maria: more often two people than a slip.
    ENDING = 4
    LAST_ONLY = 5
    SHARED = 6
    OTHER = 7


@lru_cache(maxsize=65536)
def words_of(text: str) -> tuple[str, ...]:
    """Give the folded words of a name in the order of the alphabet, without titles and additions."""
    words = [word for word in fold(text).split() if word not in _NOT_NAMES]
    return tuple(sorted(words or fold(text).split()))


def generation(text: str) -> str:
    """Tell who of a family it is, where the name says so: sen, jun or nothing."""
    words = set(fold(text).split())
    return "sen" if words & ELDER else "jun" if words & YOUNGER else ""


def compare(one: tuple[str, ...], other: tuple[str, ...]) -> Name:
    """Say how well two names fit, from their words; a name of one word is a last name alone."""
    if not one or not other:
        return Name.OTHER
    if one == other:
        return Name.SAME
    left, right = _apart(one, other)
    if _written_together(left, right):
        return Name.SAME
    if not left or not right:
        shorter = min(len(one), len(other))
        return Name.LONGER if shorter > 1 else Name.LAST_ONLY
    if len(left) == len(right) == 1:
        return _of_one_word(left[0], right[0], len(one) + len(other) > 2)
    return Name.SHARED if len(left) < len(one) else Name.OTHER


def _of_one_word(left: str, right: str, more: bool) -> Name:
    """All other words are the same."""
    if more and min(len(left), len(right)) == 1 and left[0] == right[0]:
        return Name.INITIAL
    if min(len(left), len(right)) >= SHORTEST_WITH_A_SLIP and (one_slip(left, right) or sounds(left, right)):
        return Name.ENDING if _differ_in_ending(left, right) else Name.NEAR
    return Name.SHARED if more else Name.OTHER


def _differ_in_ending(left: str, right: str) -> bool:
    shorter, longer = sorted((left, right), key=len)
    if longer[:-1] == shorter:
        return longer[-1] in _ENDINGS
    return left[:-1] == right[:-1] and left[-1] in _ENDINGS and right[-1] in _ENDINGS


def _written_together(left: list[str], right: list[str]) -> bool:
    """Anna-Lena is Annalena."""
    few, many = sorted((left, right), key=len)
    if len(few) != 1 or not 1 < len(many) < 4:
        return False
    return any("".join(order) == few[0] for order in permutations(many))


def _apart(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The words that only one of both has."""
    left, right = list(one), list(other)
    for word in one:
        if word in right:
            left.remove(word)
            right.remove(word)
    return left, right


def one_slip(left: str, right: str) -> bool:
    """Tell whether two words differ by one letter too many, too few, another one, or two turned round."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return left == right
    start = next(
        (place for place, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), None
    )
    if start is None:
        return True
    rest_left, rest_right = left[start:], right[start:]
    turned = rest_left[:2] == rest_right[1::-1] and rest_left[2:] == rest_right[2:]
    return (
        turned
        or rest_left[1:] == rest_right[1:]
        or rest_left[1:] == rest_right
        or rest_left == rest_right[1:]
    )


def sounds(left: str, right: str) -> bool:
    """Tell whether two words sound the same in German, begin and end alike: Meier and Mayr."""
    return left[0] == right[0] and left[-1] == right[-1] and sound(left) == sound(right)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Write a folded word in the digits of the Kölner Phonetik."""
    digits = "".join(_digits(word, place) for place in range(len(word)))
    single = re.sub(r"(.)\1+", r"\1", digits)
    return single[:1] + single[1:].replace("0", "")


def _digits(word: str, place: int) -> str:
    letter, before, after = word[place], word[place - 1 : place], word[place + 1 : place + 2]
    if letter in _CODES:
        return _CODES[letter]
    if letter == "p":
        return "3" if after == "h" else "1"
    if letter in "dt":
        return "8" if after and after in "csz" else "2"
    if letter == "x":
        return "8" if before and before in "ckq" else "48"
    if letter == "c":
        hard = "ahkloqrux" if not before else "ahkoqux"
        return "4" if after and after in hard and not (before and before in "sz") else "8"
    return "" if letter == "h" else letter
