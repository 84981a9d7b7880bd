"""Whom a mail may concern: suggestions from its address, its domain and its subject. Nothing is taken unseen.

The first source that says something clear decides; the screen names it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from crm.accounts import queries as accounts
from crm.addresses import spellings
from crm.contacts.models import Function, Person
from crm.db import db, today
from crm.folding import fold, without_addition
from crm.inbox.headers import addresses_in
from crm.inbox.models import InboxItem
from crm.organisations.models import KOMMUNEN, PARTIES, Organisation
from crm.task_fields import queries as task_fields

# At these addresses anybody may be at home, so their domains say nothing about an organisation.
FREE = {
    "aol.com", "arcor.de", "email.de", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de",
    "gmx.info", "gmx.net", "googlemail.com", "hotmail.com", "hotmail.de", "icloud.com", "live.com", "live.de",
    "mac.com", "mail.de", "mailbox.org", "me.com", "msn.com", "o2online.de", "online.de", "online.home.de",
    "outlook.com", "outlook.de", "posteo.de", "proton.me", "protonmail.com", "t-online.de", "unitybox.de",
    "vodafone.de", "vodafonemail.de", "web.de", "yahoo.com", "yahoo.de", "ymail.com",
}  # fmt: skip
# Names of Kommunen that are ordinary words as well; a subject means the word.
_ORDINARY = {fold(name) for name in ("Wetter", "Linden", "Mücke", "Lich", "Grebenau", "Wald")}
_FROM = re.compile(r"^[>\s*]*(?:von|from)\s*:\**(.*)$", re.IGNORECASE | re.MULTILINE)
MOST, MOST_FIELDS, LOOKED_AT = 12, 3, 4_000


@dataclass(frozen=True)
class Suggestion:
    """Numbers of organisations, people with the organisation each speaks for, and why; or names in doubt.

    `stranger` is the name of a sender whom the contacts do not know.
    """

    organisations: list[int] = field(default_factory=list)
    people: dict[int, int] = field(default_factory=dict)
    task_fields: list[int] = field(default_factory=list)
    why: str = ""
    stranger: str = ""


@dataclass(frozen=True)
class _Own:
    """Addresses and domains of the office itself, which say nothing about who is advised."""

    addresses: set[str]
    domains: set[str]

    def has(self, address: str) -> bool:
        return address in self.addresses or _domain(address) in self.domains


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _own() -> _Own:
    addresses = {one.email.lower() for one in accounts.everybody()}
    return _Own(addresses, {_domain(one) for one in addresses} - FREE)


def _partners(item: InboxItem, own: _Own, quoted: str = "") -> list[str]:
    """With whom it was exchanged: the sender, or for a mail of our own who is below it, else who got it."""
    sender = (item.sender_address or "").lower()
    if sender and not own.has(sender):
        return [sender]
    below = [one for text in _FROM.findall(quoted[:LOOKED_AT]) for one in addresses_in(text)]
    found = [one for one in below if not own.has(one)][:1]
    return found or [one for one in addresses_in(item.recipients or "") if not own.has(one)][:MOST]


def suggest(item: InboxItem) -> Suggestion:
    """What an open mail may be about, as its form is preset."""
    own = _own()
    partners = _partners(item, own, item.quoted or "")
    known = _by_address(partners)
    found = known or _by_domain(partners) or _by_subject(item.subject or "") or Suggestion()
    is_new = known is None and item.sender_address in partners
    stranger = (item.sender_name or "") if is_new else ""
    return replace(found, task_fields=_fields_in(item.subject or ""), stranger=stranger)


def organisations_of(items: Iterable[InboxItem]) -> dict[int, list[str]]:
    """Names of organisations that the addresses of mails suggest, by the number of the mail: for lists."""
    own, items = _own(), list(items)
    below = _beginnings([item.id for item in items if own.has((item.sender_address or "").lower())])
    partners = {item.id: _partners(item, own, below.get(item.id, "")) for item in items}
    whole = {one for some in partners.values() for one in some}
    known = _bearers(whole)
    places = _at_domains({_domain(one) for one in whole if one not in known})
    numbers = {
        number: _distinct(place for one in some for _who, place in known.get(one, ()))
        or _clear(places, {_domain(one) for one in some})
        for number, some in partners.items()
    }
    names = _names({place for some in numbers.values() for place in some})
    return {number: [names[place] for place in some if place in names] for number, some in numbers.items()}


def _beginnings(numbers: list[int]) -> dict[int, str]:
    """The first lines of the earlier mails below some."""
    begin = func.substr(InboxItem.quoted, 1, LOOKED_AT)
    query = select(InboxItem.id, begin).where(InboxItem.id.in_(numbers), InboxItem.quoted.is_not(None))
    return {number: text for number, text in db.session.execute(query)} if numbers else {}  # noqa: C416 mypy


def _distinct(numbers: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(numbers))[:MOST]


def _names(numbers: set[int]) -> dict[int, str]:
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(numbers))
    return {number: name for number, name in db.session.execute(query)} if numbers else {}  # noqa: C416 mypy


def _by_address(addresses: list[str]) -> Suggestion | None:
    known = _bearers(set(addresses))
    pairs = [pair for one in addresses for pair in known.get(one, ())]
    if not pairs:
        return None
    # One address of several people is an office, not a person.
    single = [some for some in known.values() if len({person for person, _place in some}) == 1]
    people = {person: place for some in single for person, place in some[:1]}
    shown = ", ".join(one for one in addresses if one in known)
    return Suggestion(
        _distinct(place for _person, place in pairs), people, [],
        _("Suggested because %(address)s is known among the contacts.", address=shown[:200]),
    )  # fmt: skip


def _bearers(addresses: set[str]) -> dict[str, list[tuple[int, int]]]:
    """Who bears some addresses: (person, organisation) of the functions held today, by address.

    An official address belongs to one function, a personal one to all of them.
    """
    spelt = {spelling: one for one in addresses for spelling in spellings(one)}
    found: dict[str, list[tuple[int, int]]] = {}
    if not spelt:
        return found
    for person, place, address in _held_by(Function.email, spelt):
        found.setdefault(spelt[address], []).append((person, place))
    official = {(address, person) for address, pairs in found.items() for person, _place in pairs}
    for person, place, address in _held_by(Person.email, spelt):
        if (spelt[address], person) not in official:
            found.setdefault(spelt[address], []).append((person, place))
    return found


def _held_by(column: Any, spelt: dict[str, str]) -> Iterable[Any]:
    """Person, organisation and address of the functions held today whose address is one of these."""
    lowered = func.lower(column)
    query = select(Function.person_id, Function.organisation_id, lowered).join(Function.person)
    query = query.where(Function.on(today()), lowered.in_(spelt)).order_by(Function.id)
    return db.session.execute(query.limit(500))


def _by_domain(addresses: list[str]) -> Suggestion | None:
    domains = {_domain(one) for one in addresses}
    places = _at_domains(domains)
    found = _clear(places, domains)
    domain = ", ".join(sorted(one for one in domains if places.get(one)))
    if found:
        why = _("Suggested because other people there have addresses at %(domain)s.", domain=domain)
        return Suggestion(found, {}, [], why)
    if domain:
        names = _names({place for some in places.values() for place in sorted(some)[:5]})
        shown = _(" or ").join(sorted(names.values()))
        return Suggestion(why=_("%(domain)s can be several: %(names)s.", domain=domain, names=shown))
    return None


def _clear(places: dict[str, set[int]], domains: set[str]) -> list[int]:
    """The organisations of domains that lead to one each."""
    return sorted({place for one in domains for place in places.get(one, ()) if len(places[one]) == 1})


def _at_domains(domains: set[str]) -> dict[str, set[int]]:
    """Organisations whose people or offices have addresses at some domains today."""
    wanted = {one for one in domains if one} - FREE
    found: dict[str, set[int]] = {}
    if not wanted:
        return found
    held = select(_domain_of(Function.email), Function.organisation_id).join(Function.person)
    held = held.where(Function.on(today()))
    offices = select(_domain_of(Organisation.email), Organisation.id).where(Organisation.level.in_(PARTIES))
    for query, column in ((held, Function.email), (offices, Organisation.email)):
        for domain, place in db.session.execute(
            query.where(_domain_of(column).in_(wanted)).distinct().limit(500)
        ):
            found.setdefault(domain, set()).add(place)
    return found


def _domain_of(column: Any) -> Any:
    lowered = func.lower(column)
    if db.engine.dialect.name == "sqlite":
        return func.substr(lowered, func.instr(lowered, "@") + 1)
    return func.split_part(lowered, "@", 2)


def _by_subject(subject: str) -> Suggestion | None:
    """Kommunen that a subject names with their whole name; of several namesakes none."""
    rest = f" {fold(subject)} "
    query = select(Organisation.id, Organisation.name).where(
        Organisation.level.in_(KOMMUNEN), Organisation.on(today())
    )
    called: dict[str, set[int]] = {}
    for number, name in db.session.execute(query):
        for one in {fold(name), fold(without_addition(name))} - _ORDINARY:
            called.setdefault(one, set()).add(number)
    places: list[int] = []
    # The longest first: "Landkreis Kassel" is not the city as well.
    for name in sorted(called, key=len, reverse=True):
        if f" {name} " in rest:
            rest = rest.replace(f" {name} ", "  ")
            places += called[name] if len(called[name]) == 1 else []
    if not places:
        return None
    return Suggestion(_distinct(places), {}, [], _("Suggested because the subject names it."))


def _fields_in(subject: str) -> list[int]:
    """Task fields that a subject names."""
    words = f" {fold(subject)} "
    named = [one for one in task_fields.current() if one.parent_id and f" {fold(one.name)} " in words]
    return [one.id for one in named[:MOST_FIELDS]]
