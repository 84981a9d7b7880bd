"""Questions about the office."""

from crm.db import db
from crm.office.models import NUMBER, YEAR, Office

ONLY_ONE, UNSAVED = 1, 0
CENTRE = "Kompetenzzentrum für Interkommunale Zusammenarbeit"
USUAL_PATTERN = f"IKZ {YEAR}/{NUMBER}"


def office() -> Office:
    """The settings as they are saved, or the usual ones, unsaved, as long as nobody did."""
    return db.session.get(Office, ONLY_ONE) or Office(
        id=ONLY_ONE,
        version=UNSAVED,
        name="",
        address="",
        base_address="",
        sender="",
        file_reference=USUAL_PATTERN,
        print_head="",
        officer="",
        shows_examples=False,
    )


def issuer() -> str:
    """Whose pages guests see."""
    return office().name or CENTRE
