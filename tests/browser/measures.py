"""What is measured in a page itself: `page.evaluate(f"{MEASURES}.structure()")` gives a list of faults."""

from pathlib import Path

MEASURES = Path(__file__).with_name("reach.js").read_text(encoding="utf-8")
