"""Who is invited to an event, and what they answered."""
