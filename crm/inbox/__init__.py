"""Mails that came in: dropped as files, read as text, assigned to talks."""
