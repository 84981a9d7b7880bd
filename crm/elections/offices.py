"""Which functions an election touches: by role, and among other functions by words of the title.

Who leads is never read off a title: in cities with a lord mayor "Bürgermeister" is the deputy.
"""

from typing import Any

from sqlalchemy import func, or_

from crm.contacts.models import Function, FunctionRole
from crm.elections.models import ElectionKind

# The office that must not stand empty: where nobody is known in it, the checklist asks for somebody.
PRIMARY = {
    ElectionKind.COUNCIL: FunctionRole.COUNCIL_CHAIR,
    ElectionKind.HEAD: FunctionRole.HEAD,
    ElectionKind.SESSION: FunctionRole.COUNCIL_CHAIR,
}
ROLES = {
    ElectionKind.COUNCIL: (FunctionRole.COUNCIL_CHAIR, FunctionRole.COUNCILLOR, FunctionRole.DEPUTY),
    ElectionKind.HEAD: (FunctionRole.HEAD,),
    ElectionKind.SESSION: (FunctionRole.COUNCIL_CHAIR, FunctionRole.DEPUTY),
}
_BOARD = ("beigeordnet", "stadtrat", "stadträt", "stadtverordnetenvorsteh", "kreistagsvorsitz")
_COUNCIL = (
    *_BOARD, "stadtverordnete", "gemeindevertret", "kreistagsabgeordnet", "kreistagsmitglied", "fraktion",
    "ausschussvorsitz", "ortsvorsteh", "ortsbeirat", "mitglied des kreistag", "mitglied im kreistag",
    "mitglied des magistrats", "mitglied im magistrat", "mitglied des gemeindevorstand",
    "mitglied im gemeindevorstand", "mitglied des kreisausschuss", "mitglied im kreisausschuss",
)  # fmt: skip
# Words of titles among "other functions", in small letters.
WORDS: dict[ElectionKind, tuple[str, ...]] = {
    ElectionKind.COUNCIL: _COUNCIL,
    ElectionKind.HEAD: (),
    ElectionKind.SESSION: _BOARD,
}
# Staff that works for a body was not elected into it.
STAFF_WORDS = ("büro", "geschäftsstelle", "geschäftsführ", "referent", "sekretari", "schriftführ")


def touched(kind: ElectionKind) -> Any:
    """The condition that a function is asked about after an election of a kind."""
    if kind is ElectionKind.HEAD:
        return Function.is_head
    title = func.lower(Function.title)
    named = or_(*(title.contains(word) for word in WORDS[kind]))
    of_staff = or_(*(title.contains(word) for word in STAFF_WORDS))
    return or_(Function.role.in_(ROLES[kind]), (Function.role == FunctionRole.OTHER) & named & ~of_staff)


def fills(kind: ElectionKind, role: FunctionRole, is_head: bool) -> bool:
    """Tell whether a function fills the office that must not stand empty."""
    return is_head if kind is ElectionKind.HEAD else role is PRIMARY[kind]
