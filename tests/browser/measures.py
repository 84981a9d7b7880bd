"""What is measured in a page itself: `page.evaluate(f"{MEASURES}.structure()")` gives a list of faults."""

from pathlib import Path

import pytest

# `make test` looks at the light one, `make stress` at the other, too.
THEMES = ["light", pytest.param("dark", marks=pytest.mark.stress)]
MEASURES = Path(__file__).with_name("reach.js").read_text(encoding="utf-8")
