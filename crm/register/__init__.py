"""The official register file (GV100AD): read, checked, compared as at its own day, taken over."""
