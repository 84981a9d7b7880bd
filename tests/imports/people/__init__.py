"""Lists of people, all of them invented."""
