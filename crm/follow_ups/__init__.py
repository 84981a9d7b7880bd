"""Wiedervorlagen: owner, due day, what they hang on."""
