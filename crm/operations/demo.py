"""Believable demo data: real municipalities, invented people, talks and follow-ups."""

ACCOUNTS: list[tuple[str, str]] = []


class NotEmpty(Exception):
    """There are talks already; demo data would mix with real ones."""


def fill() -> tuple[str, dict[str, int]]:
    """Fill an empty database."""
    raise NotEmpty("noch nicht")
