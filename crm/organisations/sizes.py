"""Size classes of municipalities, as reports and lists use them."""

import enum
from typing import Any

from flask_babel import lazy_gettext as _l


class SizeClass(enum.Enum):
    """How many people live in a municipality."""

    UP_TO_5000 = "up-to-5000"
    UP_TO_10000 = "5001-10000"
    UP_TO_20000 = "10001-20000"
    UP_TO_50000 = "20001-50000"
    ABOVE_50000 = "above-50000"

    @property
    def label(self) -> Any:
        """Name the class on screen."""
        return LABELS[self]

    @property
    def bounds(self) -> tuple[int, int]:
        """Give the least and the most inhabitants."""
        return BOUNDS[self]

    def holds(self, inhabitants: int) -> bool:
        """Tell whether a municipality of so many inhabitants is in the class."""
        least, most = self.bounds
        return least <= inhabitants <= most


LABELS = {
    SizeClass.UP_TO_5000: _l("up to 5,000"),
    SizeClass.UP_TO_10000: _l("5,001 to 10,000"),
    SizeClass.UP_TO_20000: _l("10,001 to 20,000"),
    SizeClass.UP_TO_50000: _l("20,001 to 50,000"),
    SizeClass.ABOVE_50000: _l("above 50,000"),
}
BOUNDS = {
    SizeClass.UP_TO_5000: (0, 5_000),
    SizeClass.UP_TO_10000: (5_001, 10_000),
    SizeClass.UP_TO_20000: (10_001, 20_000),
    SizeClass.UP_TO_50000: (20_001, 50_000),
    SizeClass.ABOVE_50000: (50_001, 2_147_483_647),
}
