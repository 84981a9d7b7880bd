"""Links that nobody used: the request for an agreement goes after some days."""

from crm.consents.models import Consent
from crm.retention import doing

doing.deletes("consent-links", Consent, Consent.created_at, Consent.given_on.is_(None))
