"""Reports on all of Hessen: reach, white spots, and the map."""
