"""Frozen reports: the answer that was given, with all it counted, unchangeable; compared with today."""
