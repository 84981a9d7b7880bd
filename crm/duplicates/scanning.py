"""Pairs likely to be one: only those that share a key are compared, so that 10,000 take a second or two."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import combinations
from typing import Any, NamedTuple

from crm.duplicates.likeness import sound
from crm.duplicates.scoring import Known, Verdict, score

# A key that so many share says nothing about two of them.
MOST_OF_A_KEY = 200
LONGEST_NAME = 5


class Pair(NamedTuple):
    """Two records by number, the lower one first, and what speaks for one."""

    low: int
    high: int
    verdict: Verdict
    low_name: str
    high_name: str


def pairs(
    records: Iterable[Any],
    keys: Callable[[Any], Iterable[Hashable]],
    judge: Callable[[Any, Any], Verdict | None],
) -> list[Pair]:
    """Judge every pair that shares a key; the surest first, then in the order of their numbers."""
    groups: dict[Hashable, list[Any]] = defaultdict(list)
    for one in records:
        for key in set(keys(one)):
            groups[key].append(one)
    seen: set[tuple[int, int]] = set()
    found = []
    for group in groups.values():
        if 1 < len(group) <= MOST_OF_A_KEY:
            found += [pair for one in combinations(group, 2) if (pair := _judged(*one, seen, judge))]
    return sorted(found, key=lambda pair: (pair.verdict.level.rank, pair.low, pair.high))


def _judged(one: Any, other: Any, seen: set[tuple[int, int]], judge: Any) -> Pair | None:
    low, high = (one, other) if one.id < other.id else (other, one)
    if (low.id, high.id) in seen:
        return None
    seen.add((low.id, high.id))
    verdict = judge(low, high)
    return Pair(low.id, high.id, verdict, low.name, high.name) if verdict else None


def of_people(people: Iterable[Known]) -> list[Pair]:
    """Find people entered twice."""
    return pairs(people, keys_of, score)


def keys_of(person: Known) -> Iterator[Hashable]:
    """The keys of a person: pairs that `score` takes for one share at least one of them."""
    for mail in person.mails:
        yield "mail", mail
    for mobile in person.mobiles:
        yield "mobile", mobile
    yield "name", _letters(person.words)
    if 2 < len(person.words) <= LONGEST_NAME:
        for left_out in range(len(person.words)):
            yield "name", _letters(person.words[:left_out] + person.words[left_out + 1 :])
    for place in person.places:
        for word in person.words:
            yield place, word
        if len(person.words) == 1:
            yield place, "sound", sound(person.words[0])


def _letters(words: tuple[str, ...]) -> str:
    """The letters of a name, sorted: whatever is written together or apart has the same."""
    return "".join(sorted("".join(words)))
