"""Reports on cooperations: as at a day, over time, from the first event to the grant."""
