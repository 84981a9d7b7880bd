"""Plain rules and facts for tests of judgement."""

from datetime import date
from decimal import Decimal

from crm.cooperations.kinds import LegalForm
from crm.funding.facts import Facts, Share
from crm.funding.models import RuleSet
from crm.funding.standard import STANDARD

DAY = date(2026, 11, 25)


def rules(year=2021, **over):
    """The rules of one of the five years, with changes."""
    values = next(one for one in STANDARD if str(year) in one["name"])
    empty = dict.fromkeys(("exceptional_partners", "least_years", "least_gain", "most_inhabitants"))
    return RuleSet(**empty | values | over)


def share(name, before=None, after=None, **over):
    """A partner with its yearly costs, in whole euros."""
    sums = {
        name: Decimal(value) for name, value in (("before", before), ("after", after)) if value is not None
    }
    return Share(name, since=date(2026, 2, 4), **sums | over)


def facts(*names, **over):
    """A group of Kommunen that agreed on something that lasts five years."""
    values = {
        "day": DAY, "rules": rules(),
        "partners": [share(name) for name in names or ("Cölbe", "Lahntal", "Wetter")],
        "legal_form": LegalForm.AGREEMENT, "starts_on": date(2027, 1, 1), "term_until": date(2031, 12, 31),
    }  # fmt: skip
    return Facts(**values | over)
