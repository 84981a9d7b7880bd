"""What is done with the calendars of a person."""

from typing import Any

from crm import audit


def renew_addresses(user: Any) -> None:
    """Give the feeds of a person new addresses; the old ones rest on a number that is no more."""
    user.feed_number += 1
    audit.record("user.feeds-renewed", user, user)
