"""Contacts nobody has heard of for a long time: put before somebody, who decides."""
