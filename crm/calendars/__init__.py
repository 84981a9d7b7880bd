"""One calendar over everything with a day, and feeds of it."""
