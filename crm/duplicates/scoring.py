"""Whether two people are likely to be one. A pure function, and the reasons it gives."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.addresses import comparable
from crm.duplicates.likeness import Name, compare, generation, words_of
from crm.folding import fold
from crm.labels import Labelled, name_members

_MOBILE = re.compile(r"(?:0049|49|0)?(1[567]\d{7,10})")
# Addresses of offices, not of people: to share one says nothing.
OF_OFFICES = {
    "info", "post", "poststelle", "rathaus", "gemeinde", "stadt", "stadtverwaltung", "gemeindeverwaltung",
    "verwaltung", "kontakt", "mail", "office", "zentrale", "burgermeister", "burgermeisterin",
    "burgermeisteramt",
    "hauptamt", "bauamt", "kammerei", "vorzimmer", "sekretariat", "landrat", "magistrat", "gemeindevorstand",
    "service", "presse", "ordnungsamt", "finanzen", "personal", "burgerburo", "kreisausschuss",
}  # fmt: skip


class Level(Labelled):
    """How sure it is that two records are one."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def rank(self) -> int:
        """Its place, the surest first."""
        return list(Level).index(self)


name_members({Level.SURE: _l("sure"), Level.LIKELY: _l("likely"), Level.POSSIBLE: _l("possible")})


@dataclass(frozen=True)
class Known:
    """What two people are compared by; `places` are organisations by number, held ever, with their names."""

    id: int
    words: tuple[str, ...]
    generation: str = ""
    mails: frozenset[str] = frozenset()
    mobiles: frozenset[str] = frozenset()
    places: dict[int, str] = field(default_factory=dict, compare=False)
    name: str = ""


@dataclass(frozen=True)
class Verdict:
    """How sure it is, and why: `same-mail`, `name-near` and so on; `place` is where both are."""

    level: Level
    reasons: tuple[str, ...]
    place: str = ""


def known(
    number: int,
    name: str,
    mails: Iterable[str | None] = (),
    phones: Iterable[str | None] = (),
    places: dict[int, str] | None = None,
) -> Known:
    """Make what is compared of a name as it is written, addresses, phones and organisations."""
    return Known(
        number,
        words_of(name),
        generation(name),
        frozenset(mail_key(one) for one in mails if one),
        frozenset(found for one in phones if one and (found := mobile_key(one))),
        places or {},
        name.strip(),
    )


def mail_key(address: str) -> str:
    """Write an address as it is compared; the slow way only where letters ask for it."""
    return address.strip().casefold() if address.isascii() else comparable(address)


def mobile_key(phone: str) -> str:
    """Give the digits of a mobile number without the lead, or nothing: other phones belong to offices."""
    found = _MOBILE.fullmatch(re.sub(r"\D", "", phone.replace("(0)", "")))
    return found.group(1) if found else ""


def is_of_office(mail: str) -> bool:
    """Tell whether an address belongs to an office by its name."""
    return fold(mail.partition("@")[0]).replace(" ", "") in OF_OFFICES


def score(one: Known, other: Known) -> Verdict | None:
    """Judge a pair; None where nothing speaks for one person."""
    alike = compare(one.words, other.words)
    mails, mobiles = one.mails & other.mails, one.mobiles & other.mobiles
    shared = one.places.keys() & other.places.keys()
    reasons = ["same-mail"] * bool(mails) + ["same-mobile"] * bool(mobiles)
    level = _by_contact(alike, mails, mobiles) if reasons else None
    level = level or _by_name(one, other, alike, bool(shared))
    if level is None:
        return None
    reasons += [f"name-{alike.name.lower().replace('_', '-')}"] if alike is not Name.OTHER else ["name-other"]
    if one.generation != other.generation and one.generation and other.generation:
        level = Level.POSSIBLE
        reasons.append("generations")
    if _differ(one, other):
        reasons.append("mails-differ")
    return Verdict(level, tuple(reasons), one.places[min(shared)] if shared else "")


def _by_contact(alike: Name, mails: frozenset[str], mobiles: frozenset[str]) -> Level | None:
    own = bool(mobiles) or any(not is_of_office(mail) for mail in mails)
    if alike in (Name.SAME, Name.LONGER, Name.NEAR, Name.INITIAL):
        return Level.SURE if own or alike is Name.SAME else Level.LIKELY
    if alike in (Name.ENDING, Name.LAST_ONLY, Name.SHARED):
        return Level.LIKELY if own else None
    return Level.POSSIBLE if own else None


def _differ(one: Known, other: Known) -> bool:
    return bool(one.mails and other.mails and not one.mails & other.mails)


def _by_name(one: Known, other: Known, alike: Name, together: bool) -> Level | None:
    differ, single = _differ(one, other), len(one.words) == 1 or len(other.words) == 1
    if together:
        return _in_one_place(alike, differ, single)
    if alike is Name.SAME and not single:
        placeless = not one.places or not other.places
        return Level.LIKELY if placeless and not differ else Level.POSSIBLE
    return Level.POSSIBLE if alike is Name.LONGER and not (one.mails and other.mails) else None


def _in_one_place(alike: Name, differ: bool, single: bool) -> Level | None:
    if alike is Name.SAME:
        return Level.LIKELY if differ or single else Level.SURE
    if alike is Name.LONGER:
        return Level.LIKELY
    if alike in (Name.NEAR, Name.INITIAL):
        return Level.POSSIBLE if differ or single else Level.LIKELY
    return Level.POSSIBLE if alike in (Name.ENDING, Name.LAST_ONLY) and not differ else None


def in_words(verdict: Verdict) -> list[str]:
    """Say the reasons of a verdict."""
    words = {
        "same-mail": _("same e-mail address"),
        "same-mobile": _("same mobile number"),
        "name-same": _("same name"),
        "name-longer": _("one name has a part more"),
        "name-near": _("names alike but for one letter, or in sound"),
        "name-initial": _("first name only as an initial"),
        "name-ending": _("names alike but for the ending"),
        "name-last-only": _("last name the same, first name missing"),
        "name-shared": _("part of the name the same"),
        "name-other": _("other name"),
        "generations": _("one is called senior, the other junior"),
        "mails-differ": _("different e-mail addresses"),
        "same-website": _("same website"),
    }
    found = [words[one] for one in verdict.reasons]
    return [*found, _("both in %(place)s", place=verdict.place)] if verdict.place else found
