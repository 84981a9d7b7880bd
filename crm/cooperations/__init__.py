"""Cooperation groups (Kooperationen): partners, each with a step of its own, and the stage that follows."""
