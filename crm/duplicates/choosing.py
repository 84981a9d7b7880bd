"""What of two records the one that remains takes: a proposal for every field, and where nobody may choose."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.contacts.models import MailBasis, Person

ONE, OTHER, BOTH = "one", "other", "both"
PERSON_FIELDS = {
    "academic_title": _l("Academic title"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "phone": _l("Other phone"),
    "email": _l("Other e-mail"),
    "note": _l("Remark"),
}
BODY_FIELDS = {
    "name": _l("Name"),
    "address": _l("Address"),
    "phone": _l("Phone"),
    "email": _l("E-mail"),
    "website": _l("Website"),
}
# Texts that can be joined; all others are one value or the other.
JOINED = {"note"}
# Names: the longer one says more. Of everything else the newer one is right more often.
NAMES = {"academic_title", "first_name", "last_name"}
# An objection is never lost. A consent is a fact, which outlasts that somebody was never asked.
STRICTEST = (
    MailBasis.OBJECTED, MailBasis.WITHDRAWN, MailBasis.CONSENT, MailBasis.NOT_ASKED, MailBasis.OFFICE,
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One field of both records, and what is proposed: ONE, OTHER or BOTH."""

    name: str
    label: Any
    one: Any
    other: Any
    preset: str

    @property
    def is_open(self) -> bool:
        """Tell whether there is anything to choose."""
        return bool(self.one and self.other and self.one != self.other)

    @property
    def joins(self) -> bool:
        """Tell whether both can be kept."""
        return self.name in JOINED

    @property
    def only(self) -> Any:
        """The value where there is nothing to choose."""
        return self.one or self.other


def choices(one: Any, other: Any) -> list[Choice]:
    """Put the fields of two records side by side, each with a proposal."""
    fields = PERSON_FIELDS if isinstance(one, Person) else BODY_FIELDS
    return [
        Choice(name, label, getattr(one, name), getattr(other, name), _preset(name, one, other))
        for name, label in fields.items()
    ]


def _preset(name: str, one: Any, other: Any) -> str:
    left, right = getattr(one, name), getattr(other, name)
    if not left or not right:
        return ONE if left else OTHER
    if name in JOINED:
        return BOTH if left != right else ONE
    if name in NAMES and len(left) != len(right):
        return ONE if len(left) > len(right) else OTHER
    return ONE if one.updated_at >= other.updated_at else OTHER


def taken(one: Any, other: Any, chosen: dict[str, str]) -> dict[str, Any]:
    """Give the columns that remain; without a choice the proposal holds."""
    return {
        choice.name: _value(choice, chosen.get(choice.name) or choice.preset)
        for choice in choices(one, other)
    }


def _value(choice: Choice, chosen: str) -> Any:
    if not choice.is_open:
        return choice.only
    if chosen == BOTH and choice.joins:
        return f"{choice.one}\n\n{choice.other}"
    return choice.one if chosen == ONE else choice.other


def basis(one: Person, other: Person) -> dict[str, Any]:
    """Give the stricter of two bases of mailings, with the earlier day of two of the same."""
    first, second = sorted((one, other), key=lambda person: STRICTEST.index(person.mail_basis))
    day = first.mail_basis_on
    if first.mail_basis is second.mail_basis and second.mail_basis_on:
        day = min(day or second.mail_basis_on, second.mail_basis_on)
    return {"mail_basis": first.mail_basis, "mail_basis_on": day} | _limits(one, other)


def _limits(one: Person, other: Person) -> dict[str, Any]:
    """A restriction or objection of either holds for both, from the earlier day."""
    days = {name: [getattr(one, name), getattr(other, name)] for name in ("restricted_on", "objected_on")}
    return {name: min(filter(None, found), default=None) for name, found in days.items()}


def span(one: Any, other: Any) -> dict[str, Any]:
    """Give the widest time of two bodies; an open end stays open."""
    first, last = (one.valid_from, other.valid_from), (one.valid_to, other.valid_to)
    return {
        "valid_from": None if None in first else min(first),
        "valid_to": None if None in last else max(last),
    }
