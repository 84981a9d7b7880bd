"""Closed quarters: what was counted then is corrected only with a reason and a visible mark."""
