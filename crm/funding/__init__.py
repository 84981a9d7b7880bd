"""Funding: dated rules, readiness, applications on their way, obligations after the grant."""
