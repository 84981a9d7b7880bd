"""Why somebody is not written to; every list of people names those it left out, and why."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from crm.contacts.models import MailBasis
from crm.labels import Labelled, name_members


class Skip(Labelled):
    """The reason somebody is left out of an audience or a mailing."""

    INVITED = "invited"
    LIMITED = "limited"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    NOT_ASKED = "not-asked"
    NO_FUNCTION = "no-function"
    NO_ADDRESS = "no-address"
    ANSWERED = "answered"
    NEVER_WRITTEN = "never-written"
    HAS_IT = "has-it"
    SAME_ADDRESS = "same-address"


name_members(
    {
        Skip.INVITED: _l("already invited"),
        Skip.LIMITED: _l("data are only kept: restricted or objected to"),
        Skip.OBJECTED: _l("objected to mailings"),
        Skip.WITHDRAWN: _l("withdrew the agreement"),
        Skip.NOT_ASKED: _l("was not asked"),
        Skip.NO_FUNCTION: _l("no current function"),
        Skip.NO_ADDRESS: _l("no mail address"),
        Skip.ANSWERED: _l("has answered"),
        Skip.NEVER_WRITTEN: _l("was never written to"),
        Skip.HAS_IT: _l("has got it already"),
        Skip.SAME_ADDRESS: _l("another person with the same address gets it"),
    }
)
_FORBIDDEN = {
    MailBasis.OBJECTED: Skip.OBJECTED,
    MailBasis.WITHDRAWN: Skip.WITHDRAWN,
    MailBasis.NOT_ASKED: Skip.NOT_ASKED,
}


def against(basis: MailBasis, in_office: bool, email: str | None, limited: bool = False) -> Skip | None:
    """Tell why somebody may not be written to in mailings; an office is a reason only while it is held."""
    if limited:
        return Skip.LIMITED
    if basis in _FORBIDDEN:
        return _FORBIDDEN[basis]
    if basis is MailBasis.OFFICE and not in_office:
        return Skip.NO_FUNCTION
    return None if email else Skip.NO_ADDRESS


def by_reason(skipped: Iterable[tuple[str, Skip]]) -> list[tuple[Skip, list[str]]]:
    """Sort names into reasons, in the order of the reasons."""
    found: dict[Skip, list[str]] = {}
    for name, reason in skipped:
        found.setdefault(reason, []).append(name)
    return [(reason, found[reason]) for reason in Skip if reason in found]
