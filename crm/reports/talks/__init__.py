"""The activity report: talks and participations, counted once and split by everything it shows."""
