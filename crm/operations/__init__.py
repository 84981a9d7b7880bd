"""Set-up, backup, restore, demo data."""
