"""Saved views: what a list is narrowed to, its order and its columns, under a name."""
