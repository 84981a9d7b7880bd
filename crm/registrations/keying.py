"""By what a guest is compared, found and sorted."""

from crm.addresses import comparable
from crm.folding import fold, name_key
from crm.registrations.models import Registration


def set_keys(registration: Registration) -> None:
    """Derive the keys from name, address and organisation as they are now."""
    registration.address_key = comparable(registration.email) if registration.email else None
    registration.search_text = fold(f"{registration.name} {registration.organisation_text or ''}")[:600]
    registration.sort_key = name_key(registration.last_name, registration.first_name)
