"""Lists from elsewhere taken over: what came from which row, and the way back."""
