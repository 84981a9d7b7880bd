"""What the statement on accessibility says of this version; whoever evaluates anew changes it here."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

# A test fails a year after this day.
EVALUATED_ON = date(2026, 11, 26)
ENFORCEMENT = "Durchsetzungs- und Überwachungsstelle Barrierefreie Informationstechnik"
ENFORCEMENT_SEAT = "Landeskompetenzzentrum Barrierefreie IT beim Regierungspräsidium Gießen"
ENFORCEMENT_URL = (
    "https://lbit.hessen.de/Durchsetzungs-und-Ueberwachungsstelle/Durchsetzungsverfahren-beantragen"
)


@dataclass(frozen=True)
class Limit:
    """Something that is not accessible: what, why, and what to use instead."""

    what: Any
    why: Any
    instead: Any


LIMITS = (
    Limit(
        _l("Use with a screen reader"),
        _l("No test with people who use one has taken place yet. Automatic tools find about a third of all "
           "barriers."),
        _l("Tell us what does not work; we give the information by telephone or mail."),
    ),
    Limit(
        _l("Charts and the map of Hessen"),
        _l("They are drawings."),
        _l("The same numbers stand in a table beside each of them."),
    ),
    Limit(
        _l("Documents that guests or municipalities handed in"),
        _l("They come from elsewhere, for example as scanned paper."),
        _l("On request the office gives their content in another form."),
    ),
    Limit(
        _l("Texts that colleagues type, for example notes"),
        _l("They may lack headings or plain language; the program cannot check that."),
        _l("The office explains them on request."),
    ),
)  # fmt: skip
