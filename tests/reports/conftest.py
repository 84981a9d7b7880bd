"""Contacts of all ways that several tests look at."""

import pytest

from tests.reports.contacts import first, second, usual


@pytest.fixture
def scattered(prepared):
    """Contacts at random."""
    prepared(usual)


@pytest.fixture
def seeded(prepared, seed):
    """Contacts at random, others for each seed."""
    prepared({1: first, 2: second}[seed])
