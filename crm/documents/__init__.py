"""Attachments, kept in the database so that transaction and backup cover them."""
