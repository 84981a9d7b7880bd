"""Doubles: people and bodies entered twice are found, merged, and if need be unmerged."""
