"""Kommunen and other bodies: the dated register."""
