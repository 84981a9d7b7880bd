"""Texts sent to many: invitations, reminders, thanks."""
