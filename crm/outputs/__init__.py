"""Files with names of people that were handed out: what, to whom of the staff, by which filters."""
