"""Who came to an event, named and counted."""
