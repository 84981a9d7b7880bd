"""Find entries of the index: candidates come from the database, their order from `folding.rank`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Select,
    case,
    func,
    literal,
    select,
)

from crm import folding
from crm.db import db
from crm.folding import Match
from crm.search import narrowing
from crm.search.asking import Asked
from crm.search.making import FORMER_KEY
from crm.search.models import DocumentText, EntryKind, SearchEntry, SearchText, SearchUse
from crm.search.narrowing import GRAM, MENTIONED, visible_to
from crm.search.people import OUTSIDE

# Kinds whose records bear a name that somebody may misspell.
NAMED = (
    EntryKind.ORGANISATION, EntryKind.PERSON, EntryKind.COOPERATION, EntryKind.EVENT, EntryKind.MATERIAL,
)  # fmt: skip
PLACE_OF = {kind: place for place, kind in enumerate(EntryKind)}
MOST_OF_KIND, MOST_LISTED, MOST_RANKED, MOST_ALIKE, FEW = 40, 500, 100, 200, 3
IN_TEXT = Match.ANYWHERE + 1
ALIKE = IN_TEXT + 1
# How much alike a name must be, and where somebody bears the very name that was typed.
NEAR, CLOSE, MOST_CLOSE, LONG_WORD, MOST_GRAMS = 0.55, 0.65, 6, 5, 24
_SHOWN = (
    SearchEntry.id, SearchEntry.kind, SearchEntry.record_id, SearchEntry.title, SearchEntry.note,
    SearchEntry.day, SearchEntry.weight, SearchEntry.names, SearchEntry.former, SearchEntry.keys,
    SearchEntry.sort_key, SearchEntry.context, SearchEntry.confidential,
)  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """A record that answers; `match` tells how well, the smaller the better."""

    entry_id: int
    kind: EntryKind
    record_id: int
    title: str
    note: str
    day: date | None
    match: int
    confidential: bool = False
    former: str = ""

    @property
    def order(self) -> tuple[int, int]:
        """Which of the best of two kinds comes first."""
        return self.match, PLACE_OF[self.kind]


@dataclass(frozen=True)
class Answer:
    """Hits by kind, the kind of the best first; how many there are of each; what was left out."""

    hits: dict[EntryKind, list[Hit]]
    counts: dict[EntryKind, int]
    problems: tuple[str, ...] = ()
    alike: bool = False

    @property
    def total(self) -> int:
        """How many hits there are."""
        return sum(self.counts.values())


def find(user: Any, asked: Asked, kind: EntryKind | None = None) -> Answer:
    """Answer a question: some of every kind, or up to five hundred of one; words nobody used, by likeness."""
    filters, problems = narrowing.conditions(user, asked)
    if asked.is_empty or (not filters and not narrowing.said(asked)):
        return Answer({}, {}, tuple(problems))
    query = visible_to(user, select(SearchEntry).where(*filters))
    wanted = query.where(*narrowing.matching(asked))
    wanted = wanted if kind is None else wanted.where(SearchEntry.kind == kind)
    rows = db.session.execute(_best(wanted, asked, MOST_OF_KIND if kind is None else MOST_LISTED)).all()
    hits, counts = _ranked(asked, rows), _counts(rows)
    if kind is None and _may_be_misspelt(asked, hits) and (found := _alike(query, asked, hits)):
        return _with_alike(hits, counts, found, problems)
    return Answer(_in_order(hits), counts, tuple(problems))


def _in_order(hits: dict[EntryKind, list[Hit]]) -> dict[EntryKind, list[Hit]]:
    return dict(sorted(hits.items(), key=lambda pair: pair[1][0].order))


def _with_alike(hits: Any, counts: Any, found: list[Hit], problems: list[str]) -> Answer:
    """Put what is written alike behind what was found."""
    for hit in found:
        hits.setdefault(hit.kind, []).append(hit)
        counts[hit.kind] = counts.get(hit.kind, 0) + 1
    return Answer(_in_order(hits), counts, tuple(problems), alike=True)


def _best(query: Select[Any], asked: Asked, most: int) -> Select[Any]:
    """Select the likeliest of every kind: called so before those that only mention it, the newest first.

    Each row also says how many of its kind there are, and how many of them are called so.
    """
    named = case((SearchEntry.kind.in_(NAMED), func.length(SearchEntry.title_folded)), else_=0)
    columns = (
        SearchEntry.id, SearchEntry.kind, narrowing.tier(asked).label("tier"), SearchEntry.weight,
        named.label("named"), SearchEntry.day, SearchEntry.record_id,
    )  # fmt: skip
    found = query.with_only_columns(*columns).subquery().c
    order = (found.tier, found.weight, found.named, found.day.desc().nulls_last(), found.record_id)
    called = case((found.tier < MENTIONED, 1), else_=0)
    placed = select(
        found.id, found.tier,
        func.row_number().over(partition_by=found.kind, order_by=order).label("place"),
        func.count().over(partition_by=found.kind).label("of_kind"),
        func.sum(called).over(partition_by=found.kind).label("called"),
    ).subquery()  # fmt: skip
    best: Any = select(*_SHOWN, placed.c.tier, placed.c.of_kind, placed.c.called)
    likeliest: Select[Any] = best.join(placed, placed.c.id == SearchEntry.id).where(placed.c.place <= most)
    return likeliest.order_by(SearchEntry.kind, placed.c.place)


def _is_beside_the_point(row: Any) -> bool:
    """Whoever looks for Marburg does not mean everything in its county."""
    return row.kind is EntryKind.ORGANISATION and row.called > 0 and row.tier >= MENTIONED


def _counts(rows: Any) -> dict[EntryKind, int]:
    """How many hits there are of each kind."""
    strict = EntryKind.ORGANISATION
    return {row.kind: int(row.called or row.of_kind) if row.kind is strict else row.of_kind for row in rows}


def _ranked(asked: Asked, rows: Any) -> dict[EntryKind, list[Hit]]:
    """Bring the likeliest rows into the order of the ranking, by kind; those behind keep their own."""
    scored: dict[EntryKind, list[tuple[Any, Hit]]] = {}
    late: dict[EntryKind, list[Hit]] = {}
    for row in rows:
        if _is_beside_the_point(row):
            continue
        if len(scored.setdefault(row.kind, [])) < MOST_RANKED:
            scored[row.kind].append(_scored(asked, row))
        else:
            late.setdefault(row.kind, []).append(_hit(row, IN_TEXT))
    return {
        kind: [hit for _key, hit in sorted(found, key=lambda one: one[0])] + late.get(kind, [])
        for kind, found in scored.items()
        if found
    }


def _scored(asked: Asked, row: Any) -> tuple[Any, Hit]:
    names, former = row.names.split("\n"), row.former.split("\n") if row.former else []
    keys = row.keys.split("\n") if row.keys else []
    score = folding.rank(
        asked.words, names, former=former,
        keys=[key for key in keys if not key.startswith(FORMER_KEY)],
        former_keys=[key[1:] for key in keys if key.startswith(FORMER_KEY)],
        context=row.context,
    )  # fmt: skip
    match = IN_TEXT if score is None else int(score.match)
    if row.weight >= OUTSIDE:
        match = max(match, int(Match.WITHOUT_ADDITION))
    recent = -row.day.toordinal() if row.day else 0
    rest = (True, True, True) if score is None else (score.former, score.off_hint, score.folded_only)
    key = (match, row.weight, *rest, recent, row.sort_key, row.record_id)
    old = next((name for name in former if folding.rank(asked.words, [name])), "") if rest[0] else ""
    return key, _hit(row, match, old)


def _hit(row: Any, match: int, former: str = "") -> Hit:
    return Hit(row.id, row.kind, row.record_id, row.title, row.note, row.day, match, row.confidential, former)


def _may_be_misspelt(asked: Asked, hits: dict[EntryKind, list[Hit]]) -> bool:
    """Few are called so, and what was typed is long enough to be a misspelt name."""
    longest = max(folding.search_words(asked.words), key=len, default="")
    if asked.phrases or len(longest) <= GRAM or longest.isdigit():
        return False
    if hits and len(asked.words.split()) > 1:
        return False
    return len(_called(hits)) < FEW


def _called(hits: dict[EntryKind, list[Hit]]) -> list[Hit]:
    """Those found by their name."""
    return [hit for some in hits.values() for hit in some if hit.kind in NAMED and hit.match < IN_TEXT]


def _alike(query: Select[Any], asked: Asked, hits: dict[EntryKind, list[Hit]]) -> list[Hit]:
    """What is written alike: candidates share trigrams, and their likeness is weighed.

    Where somebody is called so, only what differs by a letter or two is meant; what lies outside Hessen is
    meant only where nothing else is.
    """
    words = folding.search_words(asked.words)
    grams = sorted({word[at : at + GRAM] for word in words for at in range(len(word) - GRAM + 1)})[
        :MOST_GRAMS
    ]
    shared: Any = sum(
        (case((SearchEntry.title_folded.contains(gram), 1), else_=0) for gram in grams), literal(0)
    )
    order = (shared.desc(), SearchEntry.weight, func.length(SearchEntry.names), SearchEntry.record_id)
    few = query.where(SearchEntry.kind.in_(NAMED), shared >= max(1, len(grams) // 3))
    found = {one.entry_id for some in hits.values() for one in some}
    likely = db.session.execute(few.with_only_columns(*_SHOWN).order_by(*order).limit(MOST_ALIKE))
    rows = [row for row in likely if row.id not in found]
    least = CLOSE if _called(hits) else NEAR
    inside = [row for row in rows if row.weight < OUTSIDE]
    return _closest(asked, inside, least) or _closest(asked, rows, least)


def _closest(asked: Asked, rows: list[Any], least: float) -> list[Hit]:
    names: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda row: (row.weight, row.sort_key, row.record_id)):
        for name in _spelt(row):
            names.setdefault(name, []).append(row)
    best = folding.closest(asked.words, names, MOST_CLOSE, least)
    found = dict.fromkeys(row for name in best for row in names[name])
    return [_hit(row, ALIKE) for row in found][:MOST_CLOSE]


def _spelt(row: Any) -> list[str]:
    """What of a record somebody may misspell: its names; of a title every long word."""
    names = [*row.names.split("\n"), *row.former.split("\n")]
    titled = row.kind in (EntryKind.COOPERATION, EntryKind.EVENT)
    return names + ([word for word in row.names.split() if len(word) >= LONG_WORD] if titled else [])


def last_used(user: Any, most: int) -> list[Hit]:
    """What this user opened last and may still see, the latest first."""
    used = (SearchUse.kind == SearchEntry.kind) & (SearchUse.record_id == SearchEntry.record_id)
    query = visible_to(user, select(SearchEntry).join(SearchUse, used).where(SearchUse.user_id == user.id))
    latest = query.order_by(SearchUse.used_at.desc(), SearchUse.id.desc()).limit(most)
    return [_hit(row, Match.EXACT) for row in db.session.execute(latest.with_only_columns(*_SHOWN))]


def sizes() -> dict[EntryKind, int]:
    """How many records of each kind the index knows."""
    counted = select(SearchEntry.kind, func.count()).group_by(SearchEntry.kind)
    found = {kind: number for kind, number in db.session.execute(counted)}  # noqa: C416 mypy
    return {kind: found.get(kind, 0) for kind in EntryKind}


def one(user: Any, kind: EntryKind, record_id: int) -> int | None:
    """Number of the entry of a record, if this user may see it."""
    mine = select(SearchEntry.id).where(SearchEntry.kind == kind, SearchEntry.record_id == record_id)
    return db.session.scalar(visible_to(user, mine))


def words_of_document(document_id: int) -> str | None:
    """The words of a document as the worker read them; None while it has not."""
    query = select(DocumentText.plain).where(DocumentText.document_id == document_id)
    return db.session.scalar(query)


def plain_texts(hits: Sequence[Hit]) -> dict[int, str]:
    """The texts of some hits to quote from."""
    query = select(SearchText.entry_id, SearchText.plain)
    query = query.where(SearchText.entry_id.in_([hit.entry_id for hit in hits]))
    return {number: plain for number, plain in db.session.execute(query)} if hits else {}  # noqa: C416 mypy
