"""As whom somebody comes: read from what a function is called."""

from collections.abc import Iterable

from crm.folding import fold
from crm.organisations.models import Level
from crm.registrations.models import GuestKind

# What functions are called, by their folded beginnings; the first that fits holds.
_KINDS = (
    (GuestKind.HEAD, ("burgermeister", "oberburgermeister", "landrat", "landratin")),
    (GuestKind.COUNCILLOR, (
        "stadtverordnet", "gemeindevertret", "kreistag", "fraktion", "ortsbeirat", "stadtrat", "ortsvorsteh",
    )),
    (GuestKind.MANAGEMENT, (
        "buroleit", "amtsleit", "hauptamtsleit", "fachbereichsleit", "fachdienstleit", "abteilungsleit",
        "kammer", "dezernent", "leiter", "leitung",
    )),
    (GuestKind.STAFF, ("sachbearbeit", "mitarbeit", "referent", "verwaltungsfach")),
    (GuestKind.CITIZEN, ("burger", "burgerin", "einwohner", "privat")),
)  # fmt: skip


def kind_of(parts: Iterable[str], level: Level | None) -> GuestKind:
    """Tell from a function, else from the kind of place, as whom somebody came."""
    words = [word for part in parts for word in fold(part).split()]
    for kind, beginnings in _KINDS:
        exact = kind is GuestKind.CITIZEN
        if any(word in beginnings if exact else word.startswith(beginnings) for word in words):
            return kind
    return GuestKind.COUNTY if level is Level.COUNTY else GuestKind.OTHER
