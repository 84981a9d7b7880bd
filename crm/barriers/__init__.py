"""Reported barriers: taken without an account, answered within six weeks, forgotten a year later."""
