"""Task fields (Aufgabenfelder), two levels, dated."""
