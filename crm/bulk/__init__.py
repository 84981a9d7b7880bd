"""Sammelaktionen: one change to many records at once, looked at before and taken back as a whole."""
