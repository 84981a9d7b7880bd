"""Every period of the program, as plain data: what it holds for, how long, on which ground, and what happens.

How a rule is done stands in the area whose data it is about; that area hands it to `doing.DOINGS`. Rules that
nothing has to do for (what is never stored, what is kept) stand here to be read.
"""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from crm.labels import Labelled, name_members

HOURS_A_DAY = 24


class Outcome(Labelled):
    """What happens when a period is over."""

    DELETE = "delete"
    EMPTY = "empty"
    ANONYMISE = "anonymise"
    FLAG = "flag"
    NONE = "none"


class Unit(Labelled):
    """Days are whole days in Hessen, so a period ends at midnight; hours are counted from the moment."""

    DAYS = "days"
    HOURS = "hours"


name_members(
    {
        Outcome.DELETE: _l("is deleted"),
        Outcome.EMPTY: _l("text is deleted, the row stays"),
        Outcome.ANONYMISE: _l("becomes anonymous, counts stay"),
        Outcome.FLAG: _l("is put forward for review"),
        Outcome.NONE: _l("nothing goes by itself"),
        Unit.DAYS: _l("days"),
        Unit.HOURS: _l("hours"),
    }
)

NEED, DUTY, SAFETY, CARE = (
    _l("Art. 5 (1) (e) GDPR: no longer than needed"),
    _l("Art. 6 (1) (e) GDPR with section 3 HDSIG: duty of files"),
    _l("Art. 32 GDPR: security"),
    _l("Art. 9 and 25 GDPR: data about health, as little as possible"),
)


@dataclass(frozen=True)
class Rule:
    """One rule. `period` counts in `unit` from `begins`; `least` and `most` are the bounds on screen.

    `setting` names the setting of the program that gives the usual period, `period_of` another rule whose
    period holds here as well. A rule whose bounds are equal cannot be changed: the program rests on it.
    """

    key: str
    slug: str
    begins: Any
    basis: Any
    outcome: Outcome
    period: int = 0
    unit: Unit = Unit.DAYS
    least: int = 0
    most: int = 0
    setting: str | None = None
    period_of: str | None = None

    @property
    def title(self) -> Any:
        """Say what it holds for."""
        return TITLES[self.key]

    @property
    def is_changeable(self) -> bool:
        """Tell whether the period may be another one."""
        return self.least < self.most

    @property
    def acts(self) -> bool:
        """Tell whether something happens by itself."""
        return self.outcome is not Outcome.NONE

    def in_words(self, period: int) -> str:
        """Say a period: 14 days, 24 hours."""
        days, rest = divmod(period, HOURS_A_DAY)
        if self.unit is Unit.HOURS and (rest or days < 2):
            return ngettext("%(num)d hour", "%(num)d hours", period)
        return ngettext("%(num)d day", "%(num)d days", period if self.unit is Unit.DAYS else days)


def _hours(days: int) -> dict[str, Any]:
    """A fixed period from the moment, because people are promised it to the minute."""
    hours = days * HOURS_A_DAY
    return {"period": hours, "unit": Unit.HOURS, "least": hours, "most": hours}


TITLES: dict[str, Any] = {
    "mails": _l("Texts and addresses of mails sent"),
    "mail-files": _l("Mails written as files"),
    "needs": _l("Needs of guests: food, allergies, access"),
    "unconfirmed": _l("Registrations that nobody confirmed"),
    "guests": _l("Names and addresses of guests"),
    "answers": _l("Names and remarks in answers to invitations"),
    "opinions": _l("Texts guests wrote as feedback"),
    "inbox": _l("Texts of mails in the inbox"),
    "barriers": _l("Who reported a barrier"),
    "minutes-checks": _l("Who checked minutes, and remarks on them"),
    "imports": _l("Old texts that lists replaced"),
    "merges": _l("What merges of duplicates remember"),
    "bulk-actions": _l("What actions on selections remember"),
    "drafts": _l("Drafts nobody saved"),
    "submissions": _l("Marks against saving a form twice"),
    "waiting-files": _l("Files of imports nobody decided about"),
    "consent-links": _l("Requests to agree that nobody confirmed"),
    "example-inquiries": _l("Questions whether a practice example still holds"),
    "silent-contacts": _l("Contacts not heard from for long"),
    "outputs": _l("Log of files with names"),
    "sessions": _l("Sessions"),
    "attempts": _l("Attempts to sign in"),
    "public-posts": _l("Counting marks of public forms"),
    "reads": _l("Who read what is confidential"),
    "runs": _l("Log of erasures"),
    "password-links": _l("Links to a new password"),
    "exports": _l("Lists, reports and papers as files"),
    "notes": _l("Talks, groups and what else belongs to the file"),
    "audit": _l("Histories: who changed what"),
}

_EVENT, _MADE, _USED = _l("after the end of the event"), _l("after it was made"), _l("after it was last used")
_CAME, _DONE, _ASKED = (
    _l("after they came in"),
    _l("after they were dealt with"),
    _l("after it was asked for"),
)
_EXPIRED = _l("after the link has ended")
_HEARD = _l("after they were last heard from")
_AT_ONCE, _PLAN, _WITH = _l("never stored"), _l("by the plan of files"), _l("with the record")
_EMPTY, _DELETE, _ANONYMISE, _NONE = Outcome.EMPTY, Outcome.DELETE, Outcome.ANONYMISE, Outcome.NONE
_HOUR: dict[str, Any] = {"period": 1, "unit": Unit.HOURS, "least": 1, "most": 1}

# Mails come first: what guests are forgotten with empties some of them, too.
_ALL = (
    Rule("mails", "mails", _MADE, NEED, _EMPTY, 90, least=30, most=365),
    Rule("mail-files", "mails-als-datei", _MADE, NEED, _DELETE, 90, least=7, most=365),
    Rule("needs", "bedarfe", _EVENT, CARE, _EMPTY, 14, least=1, most=60),
    Rule("unconfirmed", "nicht-bestaetigt", _CAME, NEED, _ANONYMISE, 7, least=2, most=30),
    Rule("consent-links", "einverstaendnis-links", _ASKED, NEED, _DELETE, 7, least=2, most=30),
    Rule("example-inquiries", "beispiel-nachfragen", _EXPIRED, NEED, _DELETE, 365, least=90, most=1095),
    Rule("guests", "gaeste", _EVENT, NEED, _ANONYMISE, 180, Unit.DAYS, 30, 730, "PARTICIPANTS_KEEP_DAYS"),
    Rule("answers", "antworten", _EVENT, NEED, _EMPTY, period_of="guests"),
    Rule("opinions", "rueckmeldungen", _EVENT, NEED, _EMPTY, period_of="guests"),
    Rule("inbox", "posteingang", _DONE, NEED, _EMPTY, 90, least=14, most=365),
    Rule("barriers", "barrieren", _DONE, NEED, _EMPTY, 365, least=90, most=1095),
    Rule("minutes-checks", "protokoll-pruefungen", _ASKED, NEED, _DELETE, 180, least=90, most=730),
    Rule("imports", "importe", _MADE, NEED, _EMPTY, 90, least=14, most=365),
    Rule("merges", "zusammenfuehrungen", _MADE, NEED, _DELETE, **_hours(90)),
    Rule("bulk-actions", "sammelaktionen", _MADE, NEED, _DELETE, **_hours(30)),
    Rule("drafts", "entwuerfe", _USED, NEED, _DELETE, **_hours(14)),
    Rule("submissions", "formularmarken", _MADE, SAFETY, _DELETE, **_hours(30)),
    Rule("waiting-files", "wartende-dateien", _CAME, NEED, _DELETE, **_hours(1)),
    Rule("sessions", "sitzungen", _USED, SAFETY, _DELETE, 90, least=7, most=180),
    Rule("attempts", "anmeldeversuche", _MADE, SAFETY, _DELETE, 90, least=7, most=180),
    Rule("public-posts", "zaehlmarken", _MADE, SAFETY, _DELETE, **_HOUR),
    Rule("reads", "einsicht", _MADE, SAFETY, _DELETE, 365, least=90, most=1095),
    Rule("outputs", "ausgabenprotokoll", _MADE, DUTY, _DELETE, 1095, least=365, most=3650),
    Rule("silent-contacts", "stille-kontakte", _HEARD, NEED, Outcome.FLAG, 730, least=365, most=1825),
    Rule("runs", "protokoll", _MADE, DUTY, _DELETE, 1095, least=365, most=3650),
    Rule("password-links", "passwort-links", _ASKED, SAFETY, _NONE, **_HOUR),
    Rule("exports", "ausgaben", _AT_ONCE, NEED, _NONE),
    Rule("notes", "vermerke", _PLAN, DUTY, _NONE),
    Rule("audit", "aenderungen", _WITH, DUTY, _NONE),
)

RULES: dict[str, Rule] = {rule.key: rule for rule in _ALL}
SLUGS: dict[str, Rule] = {rule.slug: rule for rule in _ALL}
