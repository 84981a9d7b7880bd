"""What of a referral counts in reports, so that a closed quarter can watch over it."""

from crm.closing.guard import RULES, Rule
from crm.examples.models import Referral

RULES[Referral] = Rule(("consultation_id", "cooperation_id"), lambda one: one.consultation)
