"""A clock for codes that change every half minute."""

import pytest
import time_machine

from crm.db import now

MOMENT = now().replace(second=10, microsecond=0)


@pytest.fixture
def standing():
    """The clock stands still in the middle of a half minute."""
    with time_machine.travel(MOMENT, tick=False) as clock:
        yield clock
