"""Guests of an event: seats, waiting list, public registration."""
