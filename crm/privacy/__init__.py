"""Data protection: what is personal, what somebody is told of it, and how it goes."""
