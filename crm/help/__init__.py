"""How the work is done with the program, a page a task."""
