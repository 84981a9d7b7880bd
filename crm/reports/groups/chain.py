"""The chain from event to grant: what came after what, how long it took, where groups stand still.

A line is a cooperation, not a Kommune: contract and grant exist once for all its partners; with a line for
each of them one grant would count many times. Only the beginning, event and talk, is asked of each Kommune.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from flask_babel import gettext as _

from crm.cooperations.kinds import OVER, Stage
from crm.cooperations.on_day import groups_on
from crm.reports import territory, titles, words
from crm.reports.facts import MEDIAN, Book, Dimension, Fact, Measure, SeveralReading, stands
from crm.reports.groups import around, chain_events, chain_links
from crm.reports.groups.chain_links import LINKS, Chain
from crm.reports.scope import Scope
from crm.reports.sheet import DAYS, Cell, Figure, Number, Sheet, Table
from crm.reports.territory import Territory

ALL, ON_THE_WAY, QUIET, STUCK, RUNNING, GONE, MOVED = (
    "ketten", "unterwegs", "tage-seither", "seit-langem", "laufend", "vorbei", "bewegt",
)  # fmt: skip
NOTHING = "keines"
# So many days without a new link are long.
LONG = 365


def read(user: Any, scope: Scope) -> SeveralReading:
    """Ask for the chains, as far as somebody may see the talks in them."""
    land = territory.load()
    came = chain_events.attended(land)
    events, pairs = chain_events.pairs(user, scope, land, came)
    groups = around.looked_at(groups_on(scope.cutoff), scope, land)
    days = chain_events.event_days()
    found = chain_links.chains(user, groups, land, came, days, scope.cutoff)
    pair_book = chain_events.pair_book(events, pairs, scope, land)
    event_book = chain_events.event_book(events, pairs, pair_book, scope, land)
    steps = chain_links.step_book(found, scope, land)
    others = (event_book, pair_book, steps)
    make = partial(_sheet, others=others, found=found, user=user)
    return SeveralReading(_book(found, scope, land), make, others=others)


def _book(found: list[Chain], scope: Scope, land: Territory) -> Book:
    names = chain_links.link_names() | {NOTHING: _("none of these")}
    columns = (_("Cooperation"), *chain_links.link_names().values(), _("Talks"), _("Stage"))
    dimension = Dimension("glied", _("Last chain link reached"), names, always=True)
    facts = tuple(_fact(one, scope) for one in found)
    return Book(facts, columns, _measures(), (dimension,), titles.cooperations, scope, land, "chains")


def _fact(chain: Chain, scope: Scope) -> Fact:
    group, last = chain.group, max(chain.days, default=None)
    since = (scope.cutoff - last).days if last else None
    state = RUNNING if group.stage is Stage.RUNNING else GONE if group.stage in OVER else ON_THE_WAY
    cells: tuple[Cell, ...] = (
        around.link_to(group), *(_day(chain, one) for one in LINKS), Number(chain.talks),
        str(group.stage.label),
    )  # fmt: skip
    moved = any(scope.period.since <= day <= scope.cutoff for day in chain.days)
    keys = {
        "glied": (chain.last or NOTHING,),
        "lage": (state,),
        MOVED: (MOVED,) if moved else (),
    }
    values = {QUIET: since} if since is not None and state == ON_THE_WAY else {}
    return Fact(group.id, cells, keys, values)


def _day(chain: Chain, link: str) -> Cell:
    if link not in chain.reached:
        return None
    return chain.reached[link] or _("day not known")


def _measures() -> tuple[Measure, ...]:
    way = _("on their way")
    return (
        Measure(ALL, _("Cooperations")),
        Measure(ON_THE_WAY, _("On their way"), where=stands("lage", ON_THE_WAY), words=way),
        Measure(QUIET, _("Days since then (median)"), MEDIAN, DAYS, words=way),
        Measure(STUCK, _("of them for more than a year"), where=_is_stuck, words=_("nothing new for a year")),
        Measure(RUNNING, _("Running"), where=stands("lage", RUNNING), words=_("running")),
        Measure(GONE, _("Ended or abandoned"), where=stands("lage", GONE), words=_("ended or abandoned")),
        Measure(
            MOVED,
            _("With progress in the period"),
            where=_moved,
            words=_("reached a chain link in the period"),
        ),
    )


def _is_stuck(fact: Fact) -> bool:
    return fact.values.get(QUIET, 0) > LONG


def _moved(fact: Fact) -> bool:
    return bool(fact.keys[MOVED])


def _sheet(book: Book, others: tuple[Book, ...], found: list[Chain], user: Any) -> Sheet:
    events, pairs, steps = others
    (lasts,), (ways,) = book.dimensions, steps.dimensions
    whole, on_the_way, quiet, stuck, running, gone, moved = book.measures
    _all, followed, *_rest = events.measures
    _came, _talked, talk_days = pairs.measures
    standing = (whole, on_the_way, quiet, stuck, running, gone)
    tables = (
        around.only_counts(steps.by(ways, _("Time per step"), steps.measures), steps.measures),
        book.by(lasts, _("Where groups stand, by the last link"), standing),
        events.listing("anlaesse", _("Events and the talks that followed"), _event_total(events, pairs)),
        _lines(book, moved),
        _between(found, moved, book),
    )
    figures = (
        Figure(_("Events followed by a talk"), events.number(followed), _of_all(events)),
        Figure(_("From event to talk (median)"), pairs.number(talk_days), _("for each municipality")),
        Figure(_("With progress in the period"), book.number(moved), _("cooperations, in the period")),
        Figure(_("On their way"), book.number(on_the_way), _("neither running nor over, on the cut-off day")),
        Figure(_("Nothing new for a year"), book.number(stuck), _("of those on their way")),
    )
    return Sheet(_definition(book.scope, user), figures, None, tables)


def _lines(book: Book, moved: Measure) -> Table:
    """List chains with the day of each link, without the stage of the group."""
    made = book.among(moved).listing("ketten", _("Chains with a link in the period"))
    return replace(made, columns=made.columns[:-1], rows=tuple(row[:-1] for row in made.rows))


def _between(found: list[Chain], moved: Measure, book: Book) -> Table:
    """List the same chains with the days between neighbouring links, and from the first to the last."""
    shown = {one.id for one in moved.of(book.facts)}
    names = chain_links.link_names()
    columns = tuple(_("to %(link)s", link=names[after]) for after in LINKS[1:])
    rows = tuple(
        (around.link_to(one.group), *(Number(days, unit=DAYS) for days in one.steps), _whole(one))
        for one in found
        if one.group.id in shown
    )
    head = (_("Cooperation"), *columns, _("First to last"))
    return Table("abstaende", _("Days between the links"), head, rows)


def _whole(chain: Chain) -> Number:
    return Number((chain.days[-1] - chain.days[0]).days if chain.days else None, unit=DAYS)


def _event_total(events: Book, pairs: Book) -> tuple[Cell, ...]:
    came, talked, _days = pairs.measures
    return _("Sum"), None, pairs.number(came), pairs.number(talked), None, None


def _of_all(events: Book) -> str:
    whole, _followed, waiting, *_rest = events.measures
    return _(
        "of %(all)s held in the period; for %(open)s the six months are not over",
        all=events.number(whole).text, open=events.number(waiting).text,
    )  # fmt: skip


def _definition(scope: Scope, user: Any) -> words.Definition:
    unit = _(
        "Chains: a line for each cooperation that had begun by the cut-off day. For the talk after an event:"
        " every Kommune from which somebody came to an event of the period, once for each event."
    )
    rule = _(
        "The report says what came after what, never that one caused the other. Talk after an event: the "
        "first held talk in which the municipality took part, after the last day of the event and at most "
        "six months later; a former municipality counts as what it had become by then. Talks are looked "
        "for until today."
    )
    return words.definition(
        scope, unit, rule, (_("Talks"), words.talks_seen(user)), (_("Chain links"), _links())
    )


def _links() -> str:
    return _(
        "Event: the last one in the six months before all else that is known of the group at which one of "
        "its municipalities was. Talk: the first of the group, initiation talk or another. Group: the "
        "second partner is interested. Resolutions, contract: the last partner has resolved, signed. "
        "Grant: the first. Review: the contract was evaluated. A step counts where both its links are "
        "known, at the later day."
    )
