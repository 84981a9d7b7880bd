"""The office itself: its name, address and sender, and how its papers look."""
