"""What guests thought of an event."""
